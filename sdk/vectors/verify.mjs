// SPDX-License-Identifier: Apache-2.0
//
// A second verifier of license files, in Node with nothing but its own crypto, written from
// docs/reference/license-format.md. The tests run it over licenses.json, where it must give the
// same answer as the SDK. It may be copied into products that are not written in Python.
//
//     node verify.mjs licenses.json    prints one JSON line for each vector that it answers

import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { readFileSync } from "node:fs";

const DAY = 86_400;
const TOKEN_MAX = 64 * 1024;
const ARMOR_MAX = 256 * 1024;
const NESTING_MAX = 16;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;
const KEY = /^[A-Za-z0-9_-]{43}$/;
const PURPOSE = /^(lease|license|release|revocations)$/;
const BLOCK =
  /-----BEGIN CORELINE (LICENSE|LEASE|REVOCATIONS|KEY)-----\n((?:[A-Za-z0-9_.-]{64}\n)*(?:[A-Za-z0-9_.-]{1,63}\n)?)-----END CORELINE \1-----(?:\n|$)/y;

export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

function check(condition, code) {
  if (!condition) throw new Refused(code);
}

// The armor: strict blocks, nothing between them.
export function readArmor(text) {
  check(text.length <= ARMOR_MAX, "too-large");
  const plain = text.replaceAll("\r\n", "\n").replace(/^[ \t\n]+|[ \t\n]+$/g, "");
  const blocks = { LICENSE: [], LEASE: [], REVOCATIONS: [], KEY: [] };
  for (BLOCK.lastIndex = 0; BLOCK.lastIndex < plain.length; ) {
    const match = BLOCK.exec(plain);
    check(match, "armor-malformed");
    blocks[match[1]].push(match[2].replaceAll("\n", ""));
  }
  check(blocks.KEY.length <= 4, "chain-too-long");
  check(blocks.REVOCATIONS.length <= 2, "armor-malformed");
  check(blocks.LICENSE.length <= 1 && blocks.LEASE.length <= 1, "armor-malformed");
  return blocks;
}

// Node's decoder skips what is not base64url, so only what encodes back to the same is taken.
function decode(part) {
  const raw = Buffer.from(part, "base64url");
  check(raw.toString("base64url") === part, "token-malformed");
  return raw;
}

function parse(raw) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw));
  } catch {
    throw new Refused("token-malformed");
  }
  checkNesting(value, NESTING_MAX);
  return value;
}

function checkNesting(value, left) {
  if (value === null || typeof value !== "object") return;
  check(left > 0, "token-malformed");
  for (const item of Object.values(value)) checkNesting(item, left - 1);
}

const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

// The only form: keys sorted by code point, no spaces, whole numbers that doubles keep.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    return `{${keys.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  if (typeof value === "number") {
    check(Number.isSafeInteger(value), "token-not-canonical");
    return String(value);
  }
  if (typeof value === "string") check(value.isWellFormed(), "token-not-canonical");
  return JSON.stringify(value);
}

const headerText = (typ, kid) => `{"alg":"Ed25519","typ":"${typ}","kid":"${kid}"}`;

function headerKid(raw, typ) {
  const kid = raw.subarray(-45, -2).toString("latin1");
  if (KEY.test(kid) && raw.equals(Buffer.from(headerText(typ, kid)))) return kid;
  const header = parse(raw);
  check(isObject(header), "token-malformed");
  check(header.alg === "Ed25519", "algorithm-refused");
  check(header.typ === typ, "type-wrong");
  const allowed = new Set(["alg", "typ", "kid"]);
  check(Object.keys(header).every((key) => allowed.has(key)), "header-refused");
  check(typeof header.kid === "string" && KEY.test(header.kid), "key-unknown");
  throw new Refused("token-not-canonical");
}

function takeApart(token, typ) {
  check(token.length <= TOKEN_MAX, "too-large");
  const parts = token.split(".");
  check(parts.length === 3, "token-malformed");
  const kid = headerKid(decode(parts[0]), typ);
  const payload = decode(parts[1]);
  const signature = decode(parts[2]);
  check(signature.length === 64, "token-malformed");
  return { kid, payload, signature, signed: Buffer.from(`${parts[0]}.${parts[1]}`) };
}

function readVerified(opened, key) {
  check(verifySignature(null, opened.signed, key, opened.signature), "signature-wrong");
  const claims = parse(opened.payload);
  check(isObject(claims), "token-malformed");
  check(canonical(claims) === opened.payload.toString("utf8"), "token-not-canonical");
  return claims;
}

// Keys: a root is text, its id the JWK thumbprint (RFC 7638).
const publicKey = (x) =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });

const keyId = (x) =>
  createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");

export function readRoots(texts) {
  check(texts.length > 0, "no-root-keys");
  const roots = new Map();
  for (const text of texts) {
    const x = text.trim().slice("ed25519:".length);
    const plain = Buffer.from(x, "base64url");
    const good = text.trim().startsWith("ed25519:") && plain.toString("base64url") === x;
    check(good && plain.length === 32, "root-key-malformed");
    roots.set(keyId(x), publicKey(x));
  }
  return roots;
}

function readLeaves(certificates, roots) {
  const leaves = new Map();
  for (const certificate of certificates) {
    const opened = takeApart(certificate, "coreline-key+jwt");
    const root = roots.get(opened.kid);
    if (!root) continue;
    const claims = keyClaims(readVerified(opened, root));
    check(decode(claims.x).length === 32 && keyId(claims.x) === claims.sub, "claim-invalid");
    if (!leaves.has(claims.sub)) leaves.set(claims.sub, { claims, key: publicKey(claims.x) });
  }
  return leaves;
}

function checkUse(leaf, purpose, issuedAt) {
  check(leaf.purposes.includes(purpose), "purpose-wrong");
  check(leaf.nbf <= issuedAt && issuedAt < leaf.exp, "issued-outside-key");
}

// Claims, each of its kind. Claims that are not named here are ignored.
const own = (claims, name) => (Object.hasOwn(claims, name) ? claims[name] : undefined);

function integer(claims, name, least, most) {
  const value = own(claims, name);
  check(Number.isSafeInteger(value) && least <= value && value <= most, "claim-invalid");
  return value;
}

const time = (claims, name) => integer(claims, name, 946_684_800, 4_102_444_800);

function text(claims, name) {
  const value = own(claims, name);
  const length = typeof value === "string" ? [...value].length : 0;
  check(length >= 1 && length <= 200, "claim-invalid");
  return value;
}

function matching(claims, name, pattern) {
  const value = own(claims, name);
  check(typeof value === "string" && pattern.test(value), "claim-invalid");
  return value;
}

function names(claims, name, pattern) {
  const value = own(claims, name);
  check(Array.isArray(value), "claim-invalid");
  check(value.every((item) => typeof item === "string" && pattern.test(item)), "claim-invalid");
  check(new Set(value).size === value.length, "claim-invalid");
  return value;
}

function dates(claims) {
  const [iat, nbf, exp] = ["iat", "nbf", "exp"].map((name) => time(claims, name));
  check(exp > iat && exp > nbf, "claim-invalid");
  return { iat, nbf, exp };
}

function featureNames(claims) {
  const value = own(claims, "features");
  if (!isObject(value)) return names(claims, "features", NAME);
  for (const limits of Object.values(value)) {
    check(isObject(limits), "claim-invalid");
    for (const [name, limit] of Object.entries(limits)) {
      check(NAME.test(name), "claim-invalid");
      check(["number", "string", "boolean"].includes(typeof limit), "claim-invalid");
    }
  }
  const found = Object.keys(value);
  check(found.every((name) => NAME.test(name)), "claim-invalid");
  return found;
}

function licenseClaims(claims) {
  const read = {
    ...dates(claims),
    iss: text(claims, "iss"),
    sub: matching(claims, "sub", ID),
    customer: text(claims, "customer"),
    aud: text(claims, "aud"),
    jti: matching(claims, "jti", ID),
    edition: matching(claims, "edition", NAME),
    features: featureNames(claims),
    graceDays: integer(claims, "grace_days", 0, 366),
    trial: own(claims, "trial"),
  };
  check(typeof read.trial === "boolean", "claim-invalid");
  check(read.features.length <= 1000, "claim-invalid");
  if (Object.hasOwn(claims, "seats")) integer(claims, "seats", 1, 1_000_000_000);
  if (Object.hasOwn(claims, "segment")) matching(claims, "segment", NAME);
  return read;
}

function keyClaims(claims) {
  const purposes = names(claims, "purposes", PURPOSE);
  check(purposes.length > 0, "claim-invalid");
  return {
    ...dates(claims),
    purposes,
    sub: matching(claims, "sub", KEY),
    x: matching(claims, "x", KEY),
    daysMax: integer(claims, "days_max", 1, 36_525),
  };
}

function readList(token, roots, leaves) {
  const opened = takeApart(token, "coreline-revocations+jwt");
  const root = roots.get(opened.kid);
  const leaf = root ? undefined : leaves.get(opened.kid);
  check(root || leaf, "key-unknown");
  const claims = readVerified(opened, root ?? leaf.key);
  const list = {
    signer: opened.kid,
    byRoot: Boolean(root),
    number: integer(claims, "number", 1, Number.MAX_SAFE_INTEGER),
    iat: time(claims, "iat"),
    licenses: names(claims, "licenses", ID),
    keys: names(claims, "keys", KEY),
  };
  if (leaf) {
    checkUse(leaf.claims, "revocations", list.iat);
    check(list.keys.length === 0, "claim-invalid");
  }
  return list;
}

export function verifyLicense(armorText, rootTexts, product) {
  const roots = readRoots(rootTexts);
  const armor = readArmor(armorText);
  check(armor.LICENSE.length === 1, "armor-malformed");
  const leaves = readLeaves(armor.KEY, roots);
  const opened = takeApart(armor.LICENSE[0], "coreline-license+jwt");
  const leaf = leaves.get(opened.kid);
  check(leaf, "key-unknown");
  const claims = licenseClaims(readVerified(opened, leaf.key));
  checkUse(leaf.claims, "license", claims.iat);
  check(claims.exp - claims.iat <= leaf.claims.daysMax * DAY, "license-too-long");
  check(claims.aud === product, "wrong-product");
  const lists = armor.REVOCATIONS.map((token) => readList(token, roots, leaves));
  return { claims, signer: opened.kid, lists };
}

export function verifyLists(armorText, rootTexts) {
  const roots = readRoots(rootTexts);
  const armor = readArmor(armorText);
  check(armor.REVOCATIONS.length > 0, "armor-malformed");
  const leaves = readLeaves(armor.KEY, roots);
  return armor.REVOCATIONS.map((token) => readList(token, roots, leaves));
}

function revoked(license, lists) {
  const newest = (some) =>
    some.reduce((best, one) => (best && best.number >= one.number ? best : one), undefined);
  const condemned = newest(lists.filter((one) => one.byRoot))?.keys ?? [];
  if (condemned.includes(license.signer)) return "key-revoked";
  const trusted = lists.filter((one) => !condemned.includes(one.signer));
  // Of two lists with one number, the root key's counts.
  trusted.sort((a, b) => Number(b.byRoot) - Number(a.byRoot));
  return newest(trusted)?.licenses.includes(license.claims.jti) ? "revoked" : undefined;
}

// What a verified license allows at a time: the answer's code, and whether it is entitled.
export function standing(license, { now, builtAt, lists = [] }) {
  const { claims } = license;
  const code = revoked(license, [...license.lists, ...lists]);
  if (code) return { code, entitled: false };
  if (now < claims.nbf) return { code: "not-yet-valid", entitled: false };
  if (now < claims.exp) return { code: claims.trial ? "trial" : "valid", entitled: true };
  const kept = !claims.trial && builtAt !== undefined && builtAt <= claims.exp;
  if (kept) return { code: "build-kept", entitled: true };
  const inGrace = now < claims.exp + claims.graceDays * DAY;
  return inGrace ? { code: "in-grace", entitled: true } : { code: "expired", entitled: false };
}

export function answer(vector) {
  try {
    const [mark, fill, times] = vector.fill ?? ["@", "", 0];
    const armor = vector.armor.replace(mark, fill.repeat(times));
    const license = verifyLicense(armor, vector.roots, vector.product);
    const lists = vector.revocations ? verifyLists(vector.revocations, vector.roots) : [];
    const builtAt = vector.built === null ? undefined : Date.parse(vector.built) / 1000;
    return standing(license, { now: vector.now, builtAt, lists });
  } catch (error) {
    if (error instanceof Refused) return { code: error.code, entitled: false };
    throw error;
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const vector of JSON.parse(readFileSync(process.argv[2], "utf8")).vectors) {
    console.log(JSON.stringify({ name: vector.name, ...answer(vector) }));
  }
}
