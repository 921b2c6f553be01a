// What every Node process of a run loads first: the program by Pulumi.yaml (nodeargs), the provider by the environment
// that `npm run pulumi` sets. Plain JavaScript, readable to every Node there is.
"use strict";
require("./requireNode.cjs");
require("./lazySdk.cjs");
