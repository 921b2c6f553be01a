import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message);
const uuid = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

const gitHubSchema = z.strictObject({
  repository: text(/^[\w.-]+\/[\w.-]+$/, "must be owner/name"),
  /** Each of them gets a credential of its own; a branch or a pull request as such gets none. */
  environments: z
    .array(text(/^[\w.-]+$/, "must be names of environments"))
    .min(1)
    .default(["preview", "staging", "prod"]),
});

const azureDevOpsSchema = z.strictObject({
  issuer: text(
    new RegExp(`^https://(vstoken\\.dev\\.azure\\.com/${uuid}|login\\.microsoftonline\\.com/${uuid}/v2\\.0)$`),
    "must be the issuer the service connection shows",
  ),
  subject: text(/^\S+$/, "must be the subject the service connection shows"),
});

/** What can be configured; descriptions for people: Pulumi.yaml. */
const inputsSchema = z.strictObject({
  location: text(/^[a-z0-9]+$/, "must be a region such as westeurope"),
  /** The vault's name and the storage account's are made of it, which may have 24 characters. */
  name: text(/^[a-z](?!.*--)[a-z0-9-]{1,16}[a-z0-9]$/, "must be 3 to 18 lower-case letters, digits and single dashes, with a letter first"),
  stack: text(/^[\w.-]{1,64}$/, "must be the name of a stack"),
  schedule: text(/^([\d*/,-]+ ){4}[\d*/,-]+$/, "must be five fields of cron, in UTC, such as 30 3 * * *"),
  image: text(/^[\w.:/-]+@sha256:[0-9a-f]{64}$/, "must name an image with its digest: a tag can be moved to another image"),
  registry: text(
    new RegExp(`^/subscriptions/${uuid}/resourceGroups/[^/]+/providers/Microsoft\\.ContainerRegistry/registries/[A-Za-z0-9]{5,50}$`, "i"),
    "must be the resource ID of a container registry",
  ).optional(),
  alertEmails: z.array(z.email("must be e-mail addresses")).min(1, "must say who is told when a run fails"),
  gitHub: gitHubSchema.optional(),
  azureDevOps: azureDevOpsSchema.optional(),
  redundancy: z.enum(["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]),
});
export type Inputs = Readonly<z.infer<typeof inputsSchema>>;

/** @throws RunError with all problems at once, by key */
export function readInputs(config: pulumi.Config): Inputs {
  const object = (key: string) => {
    const value = config.getObject<object>(key);
    return value === undefined || Object.keys(value).length === 0 ? undefined : value;
  };
  const parsed = inputsSchema.safeParse({
    location: config.get("location") ?? "",
    name: config.get("name") ?? "",
    stack: config.get("stack") ?? "prod",
    schedule: config.get("schedule") ?? "30 3 * * *",
    image: config.get("image") ?? "",
    registry: config.get("registry") || undefined,
    alertEmails: config.getObject("alertEmails") ?? [],
    gitHub: object("gitHub"),
    azureDevOps: object("azureDevOps"),
    redundancy: config.get("redundancy") ?? "Standard_ZRS",
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new pulumi.RunError(["The configuration is not right; nothing was changed.", ...problems].join("\n"));
}

/** Where resources go. */
export interface Place {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: string;
}
