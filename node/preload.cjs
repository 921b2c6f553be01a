// What every Node process of a run loads first: the program by Pulumi.yaml (nodeargs), and all of them by the environment
// that `npm run pulumi` sets. Plain JavaScript, readable to every Node there is.
"use strict";
require("./requireNode.cjs");
require("./lazySdk.cjs");
// The language host that can be built from Go modules does not know `typescript: false` of Pulumi.yaml.
delete process.env.PULUMI_NODEJS_TYPESCRIPT;
// The engine starts a provider that is never asked for anything; it is to end with a killed engine like the one that is.
if (process.argv[1]?.includes("dynamic-provider"))
  setTimeout(() => require("../provider/stopWithEngine.ts").stopWithEngine(), 1000).unref();
