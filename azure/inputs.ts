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
    .default(["preview", "drift", "staging", "prod"]),
});

const azureDevOpsSchema = z.strictObject({
  issuer: text(
    new RegExp(`^https://(vstoken\\.dev\\.azure\\.com/${uuid}|login\\.microsoftonline\\.com/${uuid}/v2\\.0)$`),
    "must be the issuer the service connection shows",
  ),
  subject: text(/^\S+$/, "must be the subject the service connection shows"),
});

/** What can be configured; descriptions for people: Pulumi.yaml. */
const inputsSchema = z
  .strictObject({
    location: text(/^[a-z0-9]+$/, "must be a region such as westeurope"),
    /** The vault's name and the storage account's are made of it, which may have 24 characters. */
    name: text(
      /^[a-z](?!.*--)[a-z0-9-]{1,16}[a-z0-9]$/,
      "must be 3 to 18 lower-case letters, digits and single dashes, with a letter first",
    ),
    stacks: z.array(text(/^[\w.-]{1,64}$/, "must be names of stacks")).min(1, "must name a stack"),
    schedule: text(
      /^[\d*/,-]+ [\d*/,-]+ \* \* \*$/,
      "must be cron in UTC that runs every day, such as 30 3 * * *: somebody is told where no run succeeded in 26 hours",
    ),
    /** Without one there is no job yet, and nothing to alert about. */
    image: text(/^[\w.:/-]+@sha256:[0-9a-f]{64}$/, "must name an image with its digest: a tag can be moved to another image").optional(),
    registry: text(
      new RegExp(`^/subscriptions/${uuid}/resourceGroups/[^/]+/providers/Microsoft\\.ContainerRegistry/registries/[A-Za-z0-9]{5,50}$`, "i"),
      "must be the resource ID of a container registry",
    ).optional(),
    alertEmails: z.array(z.email("must be e-mail addresses")),
    gitHub: gitHubSchema.optional(),
    azureDevOps: azureDevOpsSchema.optional(),
    redundancy: z.enum(["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]),
  })
  .refine(({ image, alertEmails }) => image === undefined || alertEmails.length > 0, {
    path: ["alertEmails"],
    message: "must say who is told when a run fails",
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
    stacks: config.getObject("stacks") ?? ["staging", "prod"],
    schedule: config.get("schedule") ?? "30 3 * * *",
    image: config.get("image") || undefined,
    registry: config.get("registry") || undefined,
    alertEmails: config.getObject("alertEmails") ?? [],
    gitHub: object("gitHub"),
    azureDevOps: object("azureDevOps"),
    redundancy: config.get("redundancy") ?? "Standard_ZRS",
  });
  const project = `${pulumi.getProject()}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(project));
  const unknown = keys.map((key) => key.slice(project.length)).filter((key) => !(key in inputsSchema.shape));
  if (parsed.success && unknown.length === 0) return parsed.data;
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `  ${path.join(".")}: ${message}`),
    ...unknown.map((key) => `  ${key}: is no key of this project; see Pulumi.yaml`),
  ];
  throw new pulumi.RunError(["The configuration is not right; nothing was changed.", ...problems].join("\n"));
}

/** Where resources go. */
export interface Place {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: string;
}
