import * as pulumi from "@pulumi/pulumi";
import type { ManagedType } from "./essentials/schema.ts";
import { userTypeToken } from "./tokens.ts";

export interface UserTypeArgs {
  /** The account's primary address, as the account stores it. Another address is another resource. */
  readonly email: string;
  /** The type the account should have: `end_user`, `functional_account` or `silent_user`. */
  readonly type: ManagedType;
  /** Why, for people who read the diff. It never causes a change by itself. */
  readonly reason: string;
}

/**
 * All of the provider that Pulumi keeps in the state: where to find it. The text stays the same in every version, so
 * that an old state always runs today's code (docs/decisions/0001).
 */
export const userTypeProvider = 'exports.handler=()=>require("./provider/load.cjs")("./userType.provider.ts")';

/** The type of one Proofpoint Essentials account. Creating adopts an account that exists; deleting leaves it as it is. */
export class UserType extends pulumi.CustomResource {
  declare readonly email: pulumi.Output<string>;
  declare readonly type: pulumi.Output<ManagedType>;
  declare readonly reason: pulumi.Output<string>;

  constructor(name: string, args: UserTypeArgs, options?: pulumi.CustomResourceOptions) {
    super(userTypeToken, name, { ...args, __provider: userTypeProvider }, options);
  }
}
