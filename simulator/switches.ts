/** What is known of the API only by inference or not at all: each can be set either way, and a client must survive all. */
export interface Switches {
  /** What a PUT does to fields it leaves out. */
  readonly put: "replace" | "merge";
  /** Field names of the sender lists: `safe_list_senders`/`block_list_senders` or the older `white_…`/`black_…`. */
  readonly naming: "safe" | "white";
  /** The list of users: in an envelope, or the bare array of older servers. */
  readonly userList: "envelope" | "bare";
  /** A PUT that turns a functional account back into an end user. */
  readonly backToEndUser: "allowed" | "refused" | "ignored";
  /** Whether conversions to end_user above `user_licenses` are refused, as creating users is. */
  readonly licenceCap: "on_create" | "on_create_and_convert";
  /** Whether a silent user counts in `active_users`. */
  readonly silentUser: "counts" | "is_free";
  /** The body a PUT of exemptions takes: addresses joined by commas, a JSON array, or an object with `emails`. `any` takes all three. */
  readonly exemptionsBody: "any" | "text" | "array" | "object";
  /** The elements of `GET /endpoints/{domain}`. */
  readonly endpoints: "strings" | "objects";
  /** How booleans and numbers are written: as JSON has them, or as text. */
  readonly scalars: "json" | "text";
  /** Whether people may log in with a password alone. */
  readonly localLogin: "allowed" | "refused";
}

export const defaultSwitches: Switches = {
  put: "replace",
  naming: "safe",
  userList: "envelope",
  backToEndUser: "allowed",
  licenceCap: "on_create",
  silentUser: "counts",
  exemptionsBody: "any",
  endpoints: "strings",
  scalars: "json",
  localLogin: "allowed",
};

/** The settings each switch knows, for the command line. */
export const switchValues: { readonly [Name in keyof Switches]: readonly Switches[Name][] } = {
  put: ["replace", "merge"],
  naming: ["safe", "white"],
  userList: ["envelope", "bare"],
  backToEndUser: ["allowed", "refused", "ignored"],
  licenceCap: ["on_create", "on_create_and_convert"],
  silentUser: ["counts", "is_free"],
  exemptionsBody: ["any", "text", "array", "object"],
  endpoints: ["strings", "objects"],
  scalars: ["json", "text"],
  localLogin: ["allowed", "refused"],
};
