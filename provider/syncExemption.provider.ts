import type { dynamic } from "@pulumi/pulumi";
import { foldAddress } from "./essentials/address.ts";
import { isExemptable } from "./essentials/azureSync.ts";
import { resourceName } from "./resourceName.ts";
import { configure, currentSession, ReportedBefore, sharedExemptions, withoutStack } from "./session.ts";
import type { SyncExemptionArgs } from "./syncExemption.ts";

interface SyncExemptionState extends SyncExemptionArgs {
  readonly adopted: boolean;
}

/** The lifecycle of `SyncExemption`. */
export const provider = {
  async configure(request: dynamic.ConfigureRequest): Promise<void> {
    configure((key) => request.config.get(`proofpoint:${key}`));
  },

  async check(_olds: unknown, news: SyncExemptionArgs): Promise<dynamic.CheckResult<SyncExemptionArgs>> {
    if (typeof news.email === "string" && isExemptable(news.email)) return { inputs: news };
    return { failures: [{ property: "email", reason: `${JSON.stringify(news.email)} must be an address` }] };
  },

  async diff(_id: string, olds: SyncExemptionState, news: SyncExemptionArgs): Promise<dynamic.DiffResult> {
    const moved = foldAddress(olds.email) !== foldAddress(news.email);
    return { changes: moved, replaces: moved ? ["email"] : [] };
  },

  async create({ email }: SyncExemptionArgs): Promise<dynamic.CreateResult<SyncExemptionState>> {
    const adopted = (await sharedExemptions()).has(foldAddress(email));
    if (!adopted) await (await currentSession()).exempter.add(email);
    return { id: resourceName(email), outs: { email, adopted } };
  },

  async read(id: string, known?: SyncExemptionState): Promise<dynamic.ReadResult<SyncExemptionState>> {
    let exempt;
    try {
      exempt = (await sharedExemptions()).has(id);
    } catch (error) {
      // As for users: one resource has failed the refresh with the cause.
      if (error instanceof ReportedBefore && known) return { id, props: known, inputs: declared(known) };
      throw withoutStack(error, "nothing was changed.");
    }
    if (!exempt) return { id: "" };
    const props = { email: known?.email ?? id, adopted: known?.adopted ?? true };
    return { id, props, inputs: declared(props) };
  },

  /** What was there before this program stays. */
  async delete(_id: string, { email, adopted }: SyncExemptionState): Promise<void> {
    try {
      if (!adopted) await (await currentSession()).exempter.remove(email);
    } catch (error) {
      throw withoutStack(error, "run again.");
    }
  },
} satisfies dynamic.ResourceProvider<SyncExemptionArgs, SyncExemptionState>;

/** The inputs of a state. The SDK's type wants all of it; what only the provider knows would show as a change in every refresh. */
function declared({ email }: SyncExemptionState): SyncExemptionState {
  return { email } as SyncExemptionState;
}
