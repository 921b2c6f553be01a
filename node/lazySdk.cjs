// The Pulumi SDK loads the TypeScript compiler and npm's dependency solver at every start, for turning functions into
// text. Nothing here is ever turned into text (docs/decisions/0001), so both are loaded when they are first used, which
// is never. It takes half a second from each of the three Node processes of a run.
"use strict";
const { registerHooks } = require("node:module");
const { pathToFileURL } = require("node:url");

const lazy = new Map([
  ["typescript", pathToFileURL(require.resolve("./lazyTypescript.cjs")).href],
  ["@npmcli/arborist", pathToFileURL(require.resolve("./lazyArborist.cjs")).href],
]);

registerHooks({
  resolve(specifier, context, next) {
    const url = lazy.get(specifier);
    const bySdk = url !== undefined && context.parentURL !== undefined && context.parentURL.includes("/node_modules/@pulumi/pulumi/");
    return bySdk ? { url, format: "commonjs", shortCircuit: true } : next(specifier, context);
  },
});
