// What every Node process of a run loads first: the program by Pulumi.yaml (nodeargs), and all of them by the environment
// that `npm run pulumi` sets. Plain JavaScript, readable to every Node there is.
"use strict";
require("./requireNode.cjs");
require("./lazySdk.cjs");
// The language host that can be built from Go modules does not know `typescript: false` of Pulumi.yaml.
delete process.env.PULUMI_NODEJS_TYPESCRIPT;
// A killed engine leaves its program behind, and a provider that is never asked for anything: they are to end with it, like
// the provider that works.
const [, part] = /[/\\]cmd[/\\](dynamic-provider|run)[/\\]/.exec(process.argv[1] ?? "") ?? [];
if (part !== undefined) {
  const engine = part === "run" ? process.argv[process.argv.indexOf("--engine") + 1] : process.argv[2];
  setTimeout(() => require("../provider/stopWithEngine.ts").stopWithEngine(engine), 1000).unref();
}
