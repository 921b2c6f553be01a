// The only code of the provider that runs before Node's version is known: plain JavaScript, for any Node.
"use strict";
require("../node/requireNode.cjs");

/** @param {string} file a provider module in this folder */
module.exports = (file) => require(file).provider;
