// Mocha's own report, and one plain line at its end that any tool can read.
"use strict";
// The mocha of the project that is tested: azure/ has its own.
const { Spec } = require(require.resolve("mocha", { paths: [process.cwd()] })).reporters;

module.exports = class extends Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
  }
};
