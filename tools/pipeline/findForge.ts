import { azureDevOps } from "./azureDevOps.ts";
import type { Forge, ForgeEnvironment } from "./forge.ts";
import { gitHub } from "./gitHub.ts";

/** The forge this process runs in, or none: then nothing is written there, and Pulumi's output says the same. */
export function findForge(environment: ForgeEnvironment): Forge {
  if (environment["GITHUB_ACTIONS"] === "true") return gitHub(environment);
  if (environment["TF_BUILD"] === "True") return azureDevOps(environment);
  const nothing = () => Promise.resolve();
  return { comment: nothing, raise: nothing, settle: nothing, summarize: nothing };
}
