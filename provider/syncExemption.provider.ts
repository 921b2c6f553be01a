import type { dynamic } from "@pulumi/pulumi";
import { foldAddress } from "./essentials/address.ts";
import { resourceName } from "./resourceName.ts";
import { configure, currentSession, sharedExemptions } from "./session.ts";
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
    if (typeof news.email === "string" && news.email.trim() !== "") return { inputs: news };
    return { failures: [{ property: "email", reason: `${JSON.stringify(news.email)} must be an address` }] };
  },

  async diff(_id: string, olds: SyncExemptionState, news: SyncExemptionArgs): Promise<dynamic.DiffResult> {
    const moved = foldAddress(olds.email) !== foldAddress(news.email);
    return { changes: moved, replaces: moved ? ["email"] : [] };
  },

  async create({ email }: SyncExemptionArgs): Promise<dynamic.CreateResult<SyncExemptionState>> {
    const adopted = (await sharedExemptions()).has(foldAddress(email));
    if (!adopted) await currentSession().exempter.add(email);
    return { id: resourceName(email), outs: { email, adopted } };
  },

  async read(id: string, known?: SyncExemptionState): Promise<dynamic.ReadResult<SyncExemptionState>> {
    if (!(await sharedExemptions()).has(id)) return { id: "" };
    const props = { email: known?.email ?? id, adopted: known?.adopted ?? true };
    return { id, props, inputs: props };
  },

  /** What was there before this program stays. */
  async delete(_id: string, { email, adopted }: SyncExemptionState): Promise<void> {
    if (!adopted) await currentSession().essentials.removeExemption(email, `remove the Azure sync exemption of ${email}`);
  },
} satisfies dynamic.ResourceProvider<SyncExemptionArgs, SyncExemptionState>;
