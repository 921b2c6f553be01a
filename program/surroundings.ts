import * as pulumi from "@pulumi/pulumi";
import { createReadSecret } from "./hr/secret.ts";
import type { SourceContext } from "./hr/source.ts";

/** What a run takes from outside its configuration: the clock, the environment, the project's folder, the engine. */
export function surroundings(): { readonly source: SourceContext; readonly now: Date; readonly preview: boolean; readonly stack: string } {
  const projectRoot = process.cwd();
  return {
    now: new Date(),
    preview: pulumi.runtime.isDryRun(),
    stack: pulumi.getStack(),
    source: {
      projectRoot,
      readSecret: createReadSecret(process.env, projectRoot),
      say: (line) => void pulumi.log.info(line),
      sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
      now: Date.now,
    },
  };
}
