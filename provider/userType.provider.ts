import type { dynamic } from "@pulumi/pulumi";
import { z } from "zod";
import { foldAddress } from "./essentials/address.ts";
import { EssentialsError } from "./essentials/errors.ts";
import { managedTypes } from "./essentials/schema.ts";
import { setType } from "./essentials/setType.ts";
import { configure, currentSession } from "./session.ts";
import type { UserTypeArgs } from "./userType.ts";

const inputs = z.object({
  email: z.string().regex(/^[^\s@]+@[^\s@]+$/, "is not an e-mail address"),
  type: z.enum(managedTypes, `is not a type that may be set; use ${managedTypes.join(", ")}`),
  reason: z.string("must be a text"),
});

/** The lifecycle of `UserType`. Only `create` and `update` can write, and only through `setType`. */
export const provider = {
  async configure(request: dynamic.ConfigureRequest): Promise<void> {
    configure((key) => request.config.get(key));
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

  async diff(_id: string, olds: UserTypeArgs, news: UserTypeArgs): Promise<dynamic.DiffResult> {
    const moved = foldAddress(olds.email) !== foldAddress(news.email);
    return { changes: moved || olds.type !== news.type, replaces: moved ? ["email"] : [] };
  },

  async create({ email, type, reason }: UserTypeArgs): Promise<dynamic.CreateResult<UserTypeArgs>> {
    const { essentials, verifier, users } = currentSession();
    const user = (await users()).get(foldAddress(email));
    if (!user) {
      throw new EssentialsError({
        code: "not_found",
        attempt: `adopt ${email}`,
        cameBack: "the organisation has no such user",
        advice: "Accounts are never created here. Create it in the Proofpoint console first, or run again if it was just deleted.",
      });
    }
    const stored = user.type === type ? user.email : await setType(essentials, verifier, email, type);
    return { id: foldAddress(email), outs: { email: stored, type, reason } };
  },

  async read(id: string, known?: UserTypeArgs): Promise<dynamic.ReadResult> {
    const user = (await currentSession().users()).get(id);
    if (!user) return { id: "" };
    const props = { email: user.email, type: user.type, reason: known?.reason ?? "" };
    return { id, props, inputs: props };
  },

  async update(_id: string, _olds: UserTypeArgs, { email, type, reason }: UserTypeArgs): Promise<dynamic.UpdateResult<UserTypeArgs>> {
    const { essentials, verifier } = currentSession();
    return { outs: { email: await setType(essentials, verifier, email, type), type, reason } };
  },

  /** Stops managing: the account keeps its type. */
  async delete(): Promise<void> {},
} satisfies dynamic.ResourceProvider<UserTypeArgs, UserTypeArgs>;
