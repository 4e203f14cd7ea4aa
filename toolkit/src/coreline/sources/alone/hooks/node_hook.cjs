// SPDX-License-Identifier: Apache-2.0
// Loaded by every Node.js that a test of the core starts (NODE_OPTIONS=--require): makes the wrap
// absent for require, and registers the same for import.
"use strict";

const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const told = require(path.join(__dirname, "coreline_alone.json"));
const { refusal } = require(path.join(__dirname, "node_rule.cjs"));

const plain = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  let error = refusal(told, request, null);
  if (error === null) {
    const found = plain.call(this, request, ...rest);
    error = refusal(told, request, found);
    if (error === null) return found;
  }
  throw error;
};

if (typeof Module.register === "function") {
  Module.register("./node_hook.mjs", pathToFileURL(__filename), { data: told });
}
