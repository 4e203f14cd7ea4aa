# SPDX-License-Identifier: Apache-2.0
"""Writes ``licenses.json``: licenses, good and hostile, each with the answer a verifier must give.

Run it as ``python sdk/vectors/generate.py``; ``--check`` only compares. Keys come from fixed seeds
and Ed25519 signs without randomness (RFC 8032, 5.1.6), so the same bytes come out every time. The
private keys are public knowledge: nobody may trust them.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from forge import (
    DAY,
    EXPIRES,
    GRACE_DAYS,
    ISSUED,
    LEAF,
    ORDER,
    OTHER_LEAF,
    OTHER_ROOT,
    ROOT,
    Key,
    Vector,
    armor,
    body_with,
    certificate,
    claims,
    header,
    list_file,
    listed,
    raw,
    raw_token,
    token,
    without,
)

from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.jws import (
    KEY_TYPE,
    LICENSE_TYPE,
    Json,
    b64url_encode,
    canonical_bytes,
    header_bytes,
)

OUT = Path(__file__).with_name("licenses.json")


def states() -> Iterator[Vector]:
    """Yield licenses that verify, at times and for builds."""
    trial = armor(token(claims(trial=True, grace_days=0)))
    limits = claims(features={"compliance": {}, "fleet": {"machines": 100, "tier": "gold"}})
    end = EXPIRES + GRACE_DAYS * DAY
    yield Vector("valid", "valid", armor(), True)
    yield Vector("first-second", "valid", armor(), True, ISSUED)
    yield Vector("last-second", "valid", armor(), True, EXPIRES - 1)
    yield Vector("before-its-start", "not-yet-valid", armor(), now=ISSUED - 1)
    yield Vector("at-its-end", "in-grace", armor(), True, EXPIRES)
    yield Vector("last-second-of-grace", "in-grace", armor(), True, end - 1)
    yield Vector("after-grace", "expired", armor(), now=end)
    yield Vector("build-before-the-end", "build-kept", armor(), True, end + DAY, "2027-09-21")
    yield Vector("build-after-the-end", "expired", armor(), now=end + DAY, built="2027-09-22")
    yield Vector("build-kept-and-valid", "valid", armor(), True, built="2026-09-01")
    yield Vector("trial", "trial", trial, True)
    yield Vector("trial-keeps-no-build", "expired", trial, now=EXPIRES, built="2026-09-01")
    yield Vector("features-with-limits", "valid", armor(token(limits)), True)
    yield Vector("unknown-claim-is-ignored", "valid", armor(token(claims(color="red"))), True)
    yield Vector("seats-not-counted", "valid", armor(token(without("seats"))), True)
    yield Vector("customer-of-any-script", "valid", armor(token(claims(customer="愛😀"))), True)
    yield Vector("another-product", "wrong-product", armor(), product="other")
    yield Vector("carriage-returns", "valid", armor().replace("\n", "\r\n"), True)
    yield Vector("space-around", "valid", f"\n \t{armor()}\n\n", True)


def chains() -> Iterator[Vector]:
    """Yield licenses whose keys are the question."""
    ended = certificate(ends=ISSUED + DAY)
    roots = (OTHER_ROOT.text, ROOT.text)
    foreign = certificate(OTHER_LEAF, OTHER_ROOT)
    yield Vector("leaf-ended-after-the-issue", "valid", armor(None, ended), True)
    yield Vector("one-of-two-roots", "valid", armor(), True, roots=roots)
    yield Vector("foreign-certificate-beside", "valid", armor(None, foreign, certificate()), True)
    yield Vector("issued-before-its-leaf", "issued-outside-key", _dated(ISSUED + 1, 400))
    yield Vector("issued-after-its-leaf", "issued-outside-key", _dated(ISSUED - 9 * DAY, 9))
    lease = certificate(purposes=("lease",))
    yield Vector("leaf-for-leases", "purpose-wrong", armor(None, lease))
    release = certificate(purposes=("release",))
    yield Vector("leaf-for-releases", "purpose-wrong", armor(None, release))
    yield Vector(
        "longer-than-its-leaf-signs", "license-too-long", armor(None, certificate(days_max=364))
    )
    yield Vector("no-certificate", "key-unknown", write_armor(Armor(license=token())))
    yield Vector("signed-by-the-root", "key-unknown", armor(token(signer=ROOT)))
    yield Vector("leaf-of-another-root", "key-unknown", armor(token(signer=OTHER_LEAF), foreign))
    yield Vector("certificate-by-a-leaf", "key-unknown", _leaf_made_leaf())
    forged = certificate(OTHER_LEAF, Key(LEAF.private)).split(".")
    head = b64url_encode(header_bytes(KEY_TYPE, ROOT.kid))
    yield Vector(
        "certificate-forged", "signature-wrong", armor(None, ".".join([head, *forged[1:]]))
    )
    yield Vector(
        "certificate-for-another-key", "claim-invalid", armor(None, certificate(sub=ROOT.kid))
    )
    yield Vector(
        "certificate-without-purpose", "claim-invalid", armor(None, certificate(purposes=()))
    )
    yield Vector("certificate-as-license", "type-wrong", armor(certificate()))
    yield Vector("license-as-certificate", "type-wrong", armor(None, token()))
    yield Vector("five-certificates", "chain-too-long", armor(None, *[certificate()] * 5))
    yield Vector("root-key-malformed", "root-key-malformed", armor(), roots=(ROOT.text[:-1],))
    yield Vector("root-key-without-prefix", "root-key-malformed", armor(), roots=(ROOT.text[8:],))


def _dated(starts: int, days: int) -> str:
    return armor(None, certificate(starts=starts, ends=starts + days * DAY))


def _leaf_made_leaf() -> str:
    by_leaf = certificate(OTHER_LEAF, LEAF)
    return armor(token(signer=OTHER_LEAF), certificate(), by_leaf)


def revocations() -> Iterator[Vector]:
    """Yield licenses beside revocation lists."""
    one, two = listed(1, "LIC-1"), listed(2, "LIC-2")
    stolen = listed(3, keys=(LEAF.kid,), signer=ROOT)
    yield Vector("revoked", "revoked", armor(lists=(one,)))
    yield Vector("revoked-beside", "revoked", armor(), revocations=list_file(one))
    yield Vector("another-is-revoked", "valid", armor(lists=(two,)), True)
    yield Vector(
        "newer-list-beside", "valid", armor(lists=(one,)), True, revocations=list_file(two)
    )
    yield Vector(
        "older-list-beside",
        "revoked",
        armor(lists=(listed(3, "LIC-1"),)),
        revocations=list_file(two),
    )
    yield Vector("revoked-outlives-builds", "revoked", armor(lists=(one,)), built="2026-09-01")
    yield Vector("by-the-root", "revoked", armor(lists=(listed(1, "LIC-1", signer=ROOT),)))
    yield Vector("key-revoked", "key-revoked", armor(lists=(stolen,)))
    yield Vector("key-revoked-thief-counts-higher", "key-revoked", armor(lists=(listed(9), stolen)))
    thief = listed(4, keys=(OTHER_LEAF.kid,))
    yield Vector("keys-revoked-by-a-leaf", "claim-invalid", armor(lists=(thief,)))
    yield Vector(
        "list-signed-outside-its-key",
        "issued-outside-key",
        armor(lists=(listed(1, at=ISSUED - 2 * DAY),)),
    )
    yield Vector(
        "list-by-a-key-for-licenses",
        "purpose-wrong",
        armor(None, certificate(purposes=("license",)), lists=(one,)),
    )
    yield Vector(
        "list-by-an-unknown-key", "key-unknown", armor(lists=(listed(1, signer=OTHER_LEAF),))
    )
    yield Vector("list-number-zero", "claim-invalid", armor(lists=(listed(0),)))
    yield Vector("license-as-list", "type-wrong", armor(lists=(token(),)))
    yield Vector("three-lists", "armor-malformed", armor(lists=(one, two, one)))


def headers() -> Iterator[Vector]:
    """Yield headers that try to choose their own rules (RFC 8725, 2 and 3)."""
    for name in ("none", "EdDSA", "ed25519", "HS256", "Ed448"):
        yield Vector(f"algorithm-{name}", "algorithm-refused", armor(raw_token(header(alg=name))))
    yield Vector("algorithm-missing", "algorithm-refused", armor(raw_token(header(alg=None))))
    yield Vector("type-jwt", "type-wrong", armor(raw_token(header(typ="JWT"))))
    yield Vector("type-missing", "type-wrong", armor(raw_token(header(typ=None))))
    jwk: Json = {"kty": "OKP", "crv": "Ed25519", "x": b64url_encode(OTHER_LEAF.raw)}
    extras: dict[str, Json] = {
        "jwk": jwk,
        "jku": "https://example.com/keys",
        "x5u": "https://example.com/key.pem",
        "x5c": ["MIIB"],
        "crit": ["exp"],
        "b64": False,
        "cty": "JWT",
        "zip": "DEF",
    }
    for name, value in extras.items():
        yield Vector(f"header-{name}", "header-refused", armor(raw_token(header(**{name: value}))))
    yield Vector("kid-missing", "key-unknown", armor(raw_token(header(kid=None))))
    yield Vector("kid-a-path", "key-unknown", armor(raw_token(header(kid="../../dev/null"))))
    yield Vector("kid-a-number", "key-unknown", armor(raw_token(header(kid=1))))
    good = header().decode()
    odd = {
        "spaced": good.replace(",", ", "),
        "reordered": json.dumps(
            {"typ": LICENSE_TYPE, "alg": "Ed25519", "kid": LEAF.kid}, separators=(",", ":")
        ),
        "duplicate": good.replace("{", '{"alg":"none",'),
        "escaped": good.replace("Ed25519", "\\u0045d25519"),
    }
    for name, text in odd.items():
        yield Vector(f"header-{name}", "token-not-canonical", armor(raw_token(text.encode())))
    broken = {
        "not-json": "{alg}",
        "not-object": '["alg"]',
        "nan": good.replace('"Ed25519"', "NaN"),
        "nested": "[" * 17 + "]" * 17,
    }
    for name, text in broken.items():
        yield Vector(f"header-{name}", "token-malformed", armor(raw_token(text.encode())))


def payloads() -> Iterator[Vector]:
    """Yield payloads that are not JSON in its only form."""
    good = canonical_bytes(claims()).decode()
    odd = {
        "duplicate-key": good.replace('"aud"', '"aud":"other","aud"', 1),
        "space": good.replace(",", ", ", 1),
        "final-newline": good + "\n",
        "unsorted": json.dumps(claims(), separators=(",", ":")),
        "fraction": body_with("seats", "5.0").decode(),
        "exponent": body_with("seats", "5e0").decode(),
        "minus-zero": body_with("grace_days", "-0").decode(),
        "integer-too-large": good.replace("{", '{"a":9007199254740993,', 1),
        "integer-one-too-large": good.replace("{", '{"a":9007199254740992,', 1),
        "escaped-letter": good.replace("Acme", "\\u0041cme"),
        "escaped-slash": good.replace("example.com", "example\\/com"),
        "half-a-character": good.replace("Acme", "\\ud800"),
    }
    for name, text in odd.items():
        yield Vector(f"payload-{name}", "token-not-canonical", armor(raw_token(body=text.encode())))
    broken: dict[str, bytes] = {
        "not-json": b"hello",
        "not-object": b"[]",
        "empty": b"",
        "nan": body_with("seats", "NaN"),
        "byte-order-mark": b"\xef\xbb\xbf" + good.encode(),
        "not-utf-8": good.encode().replace(b"Acme", b"Ac\xffe"),
        "nested": good.replace("{", '{"a":' + "[" * 17 + "]" * 17 + ",", 1).encode(),
        "nested-deeply": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    }
    for name, content in broken.items():
        yield Vector(f"payload-{name}", "token-malformed", armor(raw_token(body=content)))
    deep: Json = 1
    for _ in range(15):
        deep = [deep]
    yield Vector("payload-nested-as-allowed", "valid", armor(token(claims(a=deep))), True)
    yield Vector("payload-proto", "valid", armor(token(claims(__proto__={"seats": 1}))), True)


def claim_values() -> Iterator[Vector]:
    """Yield claims that are missing or not of their kind."""
    for name in ("iss", "sub", "aud", "jti", "iat", "nbf", "exp", "edition", "features", "trial"):
        yield Vector(f"without-{name}", "claim-invalid", armor(token(without(name))))
    wrong: dict[str, tuple[str, Json]] = {
        "milliseconds": ("exp", EXPIRES * 1000),
        "end-before-start": ("exp", ISSUED),
        "start-after-end": ("nbf", EXPIRES),
        "time-as-text": ("iat", str(ISSUED)),
        "time-as-flag": ("iat", True),
        "time-before-2000": ("nbf", 1),
        "audience-list": ("aud", ["converge"]),
        "seats-zero": ("seats", 0),
        "seats-null": ("seats", None),
        "grace-of-years": ("grace_days", 367),
        "grace-negative": ("grace_days", -1),
        "trial-as-number": ("trial", 0),
        "feature-twice": ("features", ["fleet", "fleet"]),
        "feature-with-capitals": ("features", ["Fleet"]),
        "feature-number": ("features", [1]),
        "limits-not-object": ("features", {"fleet": True}),
        "limit-list": ("features", {"fleet": {"machines": [1]}}),
        "id-with-space": ("jti", "LIC 1"),
        "customer-too-long": ("customer", "x" * 201),
        "customer-empty": ("customer", ""),
    }
    for name, (claim, value) in wrong.items():
        yield Vector(name, "claim-invalid", armor(token(claims(**{claim: value}))))


def spellings() -> Iterator[Vector]:
    """Yield tokens and armors with a second spelling, or none."""
    head, body, signature = token().split(".")
    scalar = int.from_bytes(raw(signature)[32:], "little") + ORDER
    malleable = b64url_encode(raw(signature)[:32] + scalar.to_bytes(32, "little"))
    flipped = bytes([raw(signature)[0] ^ 1]) + raw(signature)[1:]
    other = b64url_encode(canonical_bytes(claims(seats=500)))
    yield Vector(
        "signature-second-spelling", "signature-wrong", armor(f"{head}.{body}.{malleable}")
    )
    yield Vector(
        "signature-flipped", "signature-wrong", armor(f"{head}.{body}.{b64url_encode(flipped)}")
    )
    yield Vector("payload-changed", "signature-wrong", armor(f"{head}.{other}.{signature}"))
    yield Vector("signature-short", "token-malformed", armor(f"{head}.{body}.{signature[:-2]}"))
    yield Vector("signature-empty", "token-malformed", armor(f"{head}.{body}."))
    last = chr(ord(signature[-1]) + 1)
    yield Vector("trailing-bits", "token-malformed", armor(f"{head}.{body}.{signature[:-1]}{last}"))
    yield Vector("two-parts", "token-malformed", armor(f"{head}.{body}"))
    yield Vector("four-parts", "token-malformed", armor(f"{head}.{body}.{signature}.AAAA"))
    good = armor()
    lines = good.splitlines(keepends=True)
    frames = {
        "no-license": write_armor(Armor(certificates=(certificate(),))),
        "two-licenses": write_armor(Armor(license=token())) + good,
        "text-before": "Dear customer,\n" + good,
        "text-between": good.replace("LICENSE-----\n-----BEGIN", "LICENSE-----\n\n-----BEGIN"),
        "short-line": "".join([lines[0], lines[1][:40] + "\n", lines[1][40:], *lines[2:]]),
        "labels-differ": good.replace("END CORELINE LICENSE", "END CORELINE KEY"),
        "unknown-label": good.replace("CORELINE LICENSE", "PGP MESSAGE"),
        "lower-case-label": good.replace("CORELINE LICENSE", "coreline license"),
        "padding": good.replace("\n-----END CORELINE LICENSE", "=\n-----END CORELINE LICENSE"),
        "cut-off": good[: len(good) // 2],
        "bare-token": token(),
        "empty-file": "-----BEGIN CORELINE LICENSE-----\n",
    }
    for name, text in frames.items():
        yield Vector(f"armor-{name}", "armor-malformed", text)
    yield Vector(
        "armor-without-token",
        "token-malformed",
        good.replace("".join(lines[1 : lines.index("-----END CORELINE LICENSE-----\n")]), ""),
    )
    newlines = ("@", "\n", 256 * 1024)
    yield Vector("armor-too-large", "too-large", f"{good}@", fill=newlines)
    letters = ("@", "A" * 64 + "\n", 1025)
    large = armor("A" * 64).replace("A" * 64 + "\n", "@")
    yield Vector("token-too-large", "too-large", large, fill=letters)


def render() -> str:
    """Return the text of ``licenses.json``."""
    groups = (states, chains, revocations, headers, payloads, claim_values, spellings)
    vectors = [vector for group in groups for vector in group()]
    assert len({vector.name for vector in vectors}) == len(vectors)
    rows = [_row(vector) for vector in vectors]
    about = "Written by generate.py, whose keys nobody may trust. See the page license-format."
    return json.dumps({"about": about, "root": ROOT.text, "vectors": rows}, indent=1) + "\n"


def _row(vector: Vector) -> dict[str, object]:
    return vector._asdict() | {"roots": list(vector.roots) or [ROOT.text]}


def main(arguments: list[str]) -> int:
    """Write the file, or compare it. Returns the exit code of the process."""
    text = render()
    if "--check" in arguments:
        return int(OUT.read_text(encoding="utf-8") != text)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
