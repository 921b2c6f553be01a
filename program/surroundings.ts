import * as pulumi from "@pulumi/pulumi";
import type { SourceContext } from "./hr/source.ts";
import { sourceContext } from "./sourceContext.ts";

/** What a run takes from outside its configuration: the clock, the environment, the project's folder, the engine. */
export function surroundings(): { readonly source: SourceContext; readonly now: Date; readonly preview: boolean; readonly stack: string } {
  return {
    now: new Date(),
    preview: pulumi.runtime.isDryRun(),
    stack: pulumi.getStack(),
    source: sourceContext((line) => void pulumi.log.info(line)),
  };
}
