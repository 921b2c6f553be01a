import { FleetError, type Member } from "./settings.ts";

export interface Selection {
  /** Stacks by name; all where none is named. */
  readonly only: readonly string[];
  /** `2/8`: the second of eight parts, for as many machines. */
  readonly shard: string | undefined;
}

/**
 * The organisations one run is about, in the order of the file. Parts are every n-th organisation, so that a new one at the
 * end moves nobody.
 * @throws FleetError for a stack nobody knows, or a part there is not
 */
export function select(members: readonly Member[], { only, shard }: Selection): readonly Member[] {
  const strangers = only.filter((name) => !members.some(({ stack }) => stack === name));
  if (strangers.length > 0) throw new FleetError(`The fleet has no stack ${strangers.join(", ")}.`);
  const named = only.length === 0 ? members : members.filter(({ stack }) => only.includes(stack));
  if (shard === undefined) return named;
  const [, part = 0, of = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(shard)?.map(Number) ?? [];
  if (part < 1 || part > of) throw new FleetError(`--shard is "${shard}"; it is a part of so many, such as 2/8.`);
  return named.filter((_, at) => at % of === part - 1);
}
