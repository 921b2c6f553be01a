import { onOneLine } from "../../provider/essentials/errors.ts";
import type { Count } from "../../seats/planPush.ts";
import { serviceId } from "../../seats/readExport.ts";

/** "Acme (us1/1042), Professional: 12 → 9" */
export function describe({ title, seats, before }: Count): string {
  return onOneLine(`${title}: ${before === undefined ? "" : `${before} → `}${seats}`);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** "Acme (us1/1042)", or the name alone where it is the ID. */
export function label({ id, name }: Named): string {
  return serviceId(name) === serviceId(id) ? name : `${name} (${id})`;
}

/** The same, of one of a list; the ID where it is none of them. */
export function nameOf(list: readonly Named[], id: string): string {
  const found = list.find((each) => each.id === id);
  return found ? label(found) : id;
}
