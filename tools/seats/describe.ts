import { onOneLine } from "../../provider/essentials/errors.ts";
import type { Count } from "../../seats/planPush.ts";

/** "Acme (us1/1042), Professional: 12 → 9" */
export function describe({ title, seats, before }: Count): string {
  return onOneLine(`${title}: ${before === undefined ? "" : `${before} → `}${seats}`);
}

/** "Acme (us1/1042)", or the ID alone where nobody says what it is called. */
export function nameOf(list: readonly { readonly id: string; readonly name: string }[], id: string): string {
  const name = list.find((each) => each.id === id)?.name ?? id;
  return name === id ? id : `${name} (${id})`;
}
