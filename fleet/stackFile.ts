import { isDeepStrictEqual } from "node:util";
import { parseDocument, stringify } from "yaml";
import { FleetError, type Member } from "./settings.ts";

const mark = "# Written by npm run fleet -- init from fleet.yaml. Change it there.";

/** Pulumi reads YAML 1.1, in which 2027-03-31 is a moment and `on` is true unless they stand in quotes. */
const asPulumiReads = { schema: "yaml-1.1" } as const;

type StackFile = Readonly<Record<string, unknown>> & { readonly config?: Readonly<Record<string, unknown>> };

/**
 * What a stack's file is to be. What Pulumi wrote there about its secrets, an approval somebody gave, and secret values stay.
 * @param before the file as it is; empty where there is none
 * @throws FleetError for a file that is somebody else's
 */
export function stackFile({ stack, config }: Member, before: string): string {
  const document = parseDocument(before);
  const { config: old = {}, ...rest } = (document.toJS() ?? {}) as StackFile;
  // `pulumi stack init` may have made the file, with its salt alone.
  if (Object.keys(old).length > 0 && !before.startsWith(mark))
    throw new FleetError(`Pulumi.${stack}.yaml was not written by the fleet. Give the organisation another stack, or move that file away.`);
  const kept = Object.entries(old).filter(([key, value]) => key === "proofpoint:approval" || isSecret(value));
  const keys = Object.entries(config).map(([key, value]) => [`proofpoint:${key}`, value] as const);
  return `${mark}\n${stringify({ ...rest, config: { ...Object.fromEntries(keys), ...Object.fromEntries(kept) } }, asPulumiReads)}`;
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

/** Whether a file says what it is to say. Pulumi writes it anew where somebody sets a key, with numbers as text. */
export function isUpToDate(member: Member, before: string): boolean {
  const asText = (content: string): unknown => parseDocument(content, { schema: "failsafe" }).toJS();
  return before !== "" && isDeepStrictEqual(asText(stackFile(member, before)), asText(before));
}
