"use strict";
module.exports = require("./lazy.cjs")(() => require("typescript"));
