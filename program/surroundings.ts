import * as pulumi from "@pulumi/pulumi";
import type { SourceContext } from "./hr/source.ts";
import { sourceContext } from "./sourceContext.ts";

/** What a run takes from outside its configuration: the clock, the environment, the project's folder, the engine. */
export interface Surroundings {
  readonly source: SourceContext;
  readonly now: Date;
  readonly preview: boolean;
  readonly stack: string;
  /** ISO 8601; in a preview nobody knows it yet, so that a saved plan fits whenever it is applied. */
  readonly appliedAt: pulumi.Output<string>;
}

export function surroundings(): Surroundings {
  const now = new Date();
  const preview = pulumi.runtime.isDryRun();
  return {
    now,
    appliedAt: pulumi.output(preview ? (pulumi.unknown as unknown as string) : now.toISOString()),
    preview,
    stack: pulumi.getStack(),
    source: sourceContext((line) => void pulumi.log.info(line)),
  };
}
