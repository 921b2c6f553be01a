// What every script of package.json loads first.
"use strict";
require("./requireNode.cjs");

// npm hands a signal to the shell it runs a script with, which ends and tells nobody. Whoever is left alone by that is told
// here, as if the signal had come to them.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGTERM");
}, 200).unref();
