// One clear sentence instead of a syntax error. Pulumi loads this before the program (Pulumi.yaml, nodeargs), the
// provider before itself; it must stay readable to every Node there is.
"use strict";
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error(
    "This project needs Node 22.18 or newer, and this is Node " +
      process.versions.node +
      " (" +
      process.execPath +
      "). " +
      "Use `npm run pulumi -- ...`, which brings its own Node, or install a newer Node and make it the first on PATH.",
  );
  process.exit(1);
}
