"use strict";
/**
 * A module that is loaded when one of its properties is first read.
 * @param {() => any} load
 */
module.exports = (load) =>
  new Proxy(
    {},
    {
      // `__esModule` keeps the SDK from copying all properties, which would load it at once.
      get: (_target, property) => (property === "__esModule" ? true : property === "default" ? load() : load()[property]),
    },
  );
