import type { dynamic } from "@pulumi/pulumi";
import { z } from "zod";
import { foldAddress } from "./essentials/address.ts";
import { EssentialsError } from "./essentials/errors.ts";
import { managedTypes, type AccountType, type ManagedType } from "./essentials/schema.ts";
import { setType } from "./essentials/setType.ts";
import { afterLook, afterWrite, isFlip, type Written } from "./flips.ts";
import { resourceName } from "./resourceName.ts";
import { configure, currentSession, ReportedBefore, sharedExemptions, sharedUsers, withoutStack } from "./session.ts";
import type { UserTypeArgs } from "./userType.ts";

const inputs = z.object({
  // No stricter than the API: an odd address that exists there is managed like any other.
  email: z.string("must be a text").min(1, "must not be empty"),
  type: z.enum(managedTypes, `is not a type that may be set; use ${managedTypes.join(", ")}`),
  reason: z.string("must be a text"),
});

/** What is known of an account: as declared, but the type is whatever it really is; and what became of it once it was written. */
interface UserTypeState extends Omit<UserTypeArgs, "type">, Partial<Written> {
  readonly type: AccountType;
}

/** The lifecycle of `UserType`. Only `create` and `update` can write, and only through `setType`. */
export const provider = {
  async configure(request: dynamic.ConfigureRequest): Promise<void> {
    configure((key) => request.config.get(`proofpoint:${key}`));
  },

  async check(_olds: unknown, news: UserTypeArgs): Promise<dynamic.CheckResult<UserTypeArgs>> {
    const result = inputs.safeParse(news);
    if (result.success) return { inputs: news };
    return {
      failures: result.error.issues.map((issue) => {
        const property = String(issue.path[0] ?? "");
        return { property, reason: `${JSON.stringify(news[property as keyof UserTypeArgs])} ${issue.message}` };
      }),
    };
  },

  async diff(_id: string, olds: UserTypeState, news: UserTypeArgs): Promise<dynamic.DiffResult> {
    const moved = foldAddress(olds.email) !== foldAddress(news.email);
    return { changes: moved || olds.type !== news.type, replaces: moved ? ["email"] : [] };
  },

  async create({ email, type, reason }: UserTypeArgs): Promise<dynamic.CreateResult<UserTypeState>> {
    const user = (await sharedUsers()).get(foldAddress(email));
    if (!user) {
      throw new EssentialsError({
        code: "not_found",
        attempt: `adopt ${email}`,
        cameBack: "the organisation has no such user",
        advice: "Accounts are never created here. Create it in the Proofpoint console first, or run again if it was just deleted.",
      });
    }
    const id = resourceName(email);
    if (user.type === type) return { id, outs: { email: user.email, type, reason } };
    return { id, outs: { email: await makeType(email, type), type, reason, ...afterWrite(type, {}, new Date()) } };
  },

  async read(id: string, known?: UserTypeState): Promise<dynamic.ReadResult<UserTypeState>> {
    let user;
    try {
      user = (await sharedUsers()).get(id);
    } catch (error) {
      // One resource has failed the refresh with the cause; the others keep what is known instead of repeating it.
      if (error instanceof ReportedBefore && known) return { id, props: known, inputs: declared(known) };
      throw withoutStack(error, "nothing was changed.");
    }
    if (!user) return { id: "" };
    const seen = { email: user.email, type: user.type, reason: known?.reason ?? "" };
    if (!known) return { id, props: seen, inputs: seen };
    const exempt = isFlip(known, user.type) && (await isExempt(id));
    return { id, props: { ...seen, ...afterLook(known, user.type, new Date(), exempt) }, inputs: seen };
  },

  async update(_id: string, olds: UserTypeState, { email, type, reason }: UserTypeArgs): Promise<dynamic.UpdateResult<UserTypeState>> {
    return { outs: { email: await makeType(email, type), type, reason, ...afterWrite(type, olds, new Date()) } };
  },

  /** Stops managing: the account keeps its type. */
  async delete(): Promise<void> {},
} satisfies dynamic.ResourceProvider<UserTypeArgs, UserTypeState>;

/** Who may have undone what was written is worth one more list, and no failed refresh. */
async function isExempt(id: string): Promise<boolean> {
  return sharedExemptions("quietly").then(
    (exempt) => exempt.has(id),
    () => false,
  );
}

/** The inputs of a state: what was written is no part of them. */
function declared({ email, type, reason }: UserTypeState): Pick<UserTypeState, "email" | "type" | "reason"> {
  return { email, type, reason };
}

async function makeType(email: string, type: ManagedType): Promise<string> {
  const { essentials, verifier } = await currentSession();
  return setType(essentials, verifier, email, type);
}
