// SPDX-License-Identifier: Apache-2.0
// The same for import and import(): hooks of Node.js 18.19 and newer.
import { fileURLToPath } from "node:url";
import rule from "./node_rule.cjs";

let told = null;

export async function initialize(data) {
  told = data;
}

export async function resolve(specifier, context, next) {
  let error = rule.refusal(told, specifier, null);
  if (error === null) {
    const found = await next(specifier, context);
    const file = found.url.startsWith("file:") ? fileURLToPath(found.url) : null;
    error = rule.refusal(told, specifier, file);
    if (error === null) return found;
  }
  error.code = "ERR_MODULE_NOT_FOUND";
  throw error;
}
