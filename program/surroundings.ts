import * as pulumi from "@pulumi/pulumi";
import type { SourceContext } from "./hr/sourceContext.ts";
import { sourceContext } from "./sourceContext.ts";

/** What a run takes from outside its configuration: the clock, the environment, the project's folder, the engine. */
export interface Surroundings {
  readonly source: SourceContext;
  readonly now: Date;
  readonly preview: boolean;
  readonly stack: string;
  /**
   * Makes an output that nobody knows in a preview. What may be different when the up runs, without changing what it does,
   * is no part of a saved plan: otherwise a feed that was written once more would end the up with 1 after its last change.
   */
  readonly unlessPreview: <T>(value: T) => pulumi.Output<T>;
}

export function surroundings(): Surroundings {
  const preview = pulumi.runtime.isDryRun();
  return {
    now: new Date(),
    unlessPreview: (value) => pulumi.output(preview ? pulumi.unknown : value) as never,
    preview,
    stack: pulumi.getStack(),
    source: sourceContext((line) => void pulumi.log.info(line)),
  };
}
