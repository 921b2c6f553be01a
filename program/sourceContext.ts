import { createReadSecret } from "./hr/secret.ts";
import type { SourceContext } from "./hr/sourceContext.ts";

/** The real surroundings of a read: this process's folder, environment and clock. */
export function sourceContext(say: (line: string) => void): SourceContext {
  const projectRoot = process.cwd();
  return {
    projectRoot,
    readSecret: createReadSecret(process.env, projectRoot),
    say,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    now: Date.now,
  };
}
