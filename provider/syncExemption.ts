import * as pulumi from "@pulumi/pulumi";
import { syncExemptionToken } from "./tokens.ts";

export interface SyncExemptionArgs {
  /** The account's primary address. Another address is another resource. */
  readonly email: string;
}

/** All of the provider that Pulumi keeps in the state; see userType.ts. */
export const syncExemptionProvider = 'exports.handler=()=>require("./provider/load.cjs")("./syncExemption.provider.ts")';

/**
 * An address that Entra directory sync leaves alone, so that it does not turn a functional account back. Creating adopts
 * one that is there; deleting removes only what was created.
 */
export class SyncExemption extends pulumi.CustomResource {
  declare readonly email: pulumi.Output<string>;
  /** It was there before this program, and stays when it is no longer needed. */
  declare readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: SyncExemptionArgs, options?: pulumi.CustomResourceOptions) {
    super(syncExemptionToken, name, { ...args, adopted: undefined, __provider: syncExemptionProvider }, options);
  }
}
