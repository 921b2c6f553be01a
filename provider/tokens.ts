/** The tokens of the resources in state, import files and logs. */
export const userTypeToken = "pulumi-nodejs:dynamic/proofpoint:UserType";
export const syncExemptionToken = "pulumi-nodejs:dynamic/proofpoint:SyncExemption";
