import type { Essentials } from "../provider/essentials/client.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Feed } from "./hr/row.ts";
import { readFeed, type SourceContext } from "./hr/source.ts";
import type { Exception } from "./policy/exceptions.ts";
import { readExceptions } from "./readExceptions.ts";
import type { Settings } from "./settings.ts";

/** Everything a decision rests on, read once, whole, and at the same time. */
export interface Gathered {
  readonly feed: Feed;
  readonly users: readonly User[];
  readonly exceptions: readonly Exception[];
}

/** @throws what could not be read: half of it is no ground for a decision */
export async function gather(settings: Settings, essentials: Essentials, source: SourceContext): Promise<Gathered> {
  const [feed, users, exceptions] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
  ]);
  return { feed, users, exceptions };
}
