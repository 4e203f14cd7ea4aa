// SPDX-License-Identifier: Apache-2.0
// What is refused: a package of the wrap by its name, and whatever resolves to a file of the
// repository itself, where the wrap still is.
"use strict";

const path = require("node:path");

function refusal(told, request, found) {
  const parts = request.split("/");
  const name = request.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
  let wrap = Object.hasOwn(told.node, name) ? told.node[name] : null;
  if (wrap === null && found !== null && path.isAbsolute(found)) {
    const inside = found.startsWith(told.repository + path.sep);
    const inner = inside ? found.slice(told.repository.length + 1).split(path.sep) : [];
    if (inside && !inner.includes("node_modules")) wrap = "outside the core";
  }
  if (wrap === null) return null;
  const whose = wrap === "outside the core" ? wrap : `of the wrap ${wrap}`;
  const error = new Error(
    `Cannot find module '${request}': it is ${whose}, blocked by coreline check --standalone`,
  );
  error.code = "MODULE_NOT_FOUND";
  return error;
}

module.exports = { refusal };
