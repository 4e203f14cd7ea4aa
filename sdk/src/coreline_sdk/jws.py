# SPDX-License-Identifier: Apache-2.0
"""Read and write compact tokens (RFC 7515) in the one form that Coreline allows.

One meaning has one form: canonical base64url, a header of exactly three keys, and JSON with sorted
keys and integers alone. So there is nothing to be confused about: no second spelling, no duplicate
key, no key or algorithm chosen by the sender (RFC 8725, 2.1, 3.1 and 3.11). Whose key signed is
for ``chain`` to say.
"""

import json
import re
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple, Protocol

from coreline_sdk.codes import (
    ALGORITHM_REFUSED,
    HEADER_REFUSED,
    KEY_UNKNOWN,
    SIGNATURE_WRONG,
    TOKEN_MALFORMED,
    TOKEN_NOT_CANONICAL,
    TOO_LARGE,
    TYPE_WRONG,
    Refused,
)

ALGORITHM = "Ed25519"
"""The only algorithm: RFC 9864 registers it as one curve, where "EdDSA" left the curve open."""

LICENSE_TYPE = "coreline-license+jwt"
KEY_TYPE = "coreline-key+jwt"
REVOCATIONS_TYPE = "coreline-revocations+jwt"
LEASE_TYPE = "coreline-lease+jwt"

TOKEN_BYTES_MAX = 64 * 1024
NESTING_MAX = 16
INTEGER_MAX = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259, 6)."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")
"""A JWK thumbprint in base64url (RFC 7638)."""

# What base64 has and base64url has not becomes a letter that the strict decoder refuses.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_LAST_OF_TWO = b"AQgw"
_LAST_OF_THREE = b"AEIMQUYcgkosw048"
"""The last letters that leave no bits over, where 2 or 3 letters end the text (RFC 4648, 3.5)."""


class Verifies(Protocol):
    """A public key: what a token's signature is checked with."""

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """Return when the signature matches; raise otherwise."""


class Signs(Protocol):
    """A private key: what signs a token."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature of the data, 64 bytes (RFC 8032, 5.1.6)."""


class Unverified(NamedTuple):
    """A token taken apart. Its payload stays closed until the signature was checked."""

    kid: str
    payload: bytes
    signature: bytes
    signed: bytes


def b64url_encode(raw: bytes) -> str:
    """Return canonical base64url, without padding (RFC 7515, 2)."""
    return b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def b64url_decode(text: bytes) -> bytes:
    """Return the bytes of canonical base64url.

    Raises:
        Refused: padding, a letter from outside the alphabet, or trailing bits
            (``token-malformed``). Decoders skip these, so two texts would mean the same.
    """
    over = len(text) % 4
    if (over == 2 and text[-1] not in _LAST_OF_TWO) or (
        over == 3 and text[-1] not in _LAST_OF_THREE
    ):
        raise Refused(TOKEN_MALFORMED, "base64url")
    try:
        return a2b_base64(text.translate(_TO_STANDARD) + b"=" * (-len(text) % 4), strict_mode=True)
    except ValueError as error:
        raise Refused(TOKEN_MALFORMED, "base64url") from error


def take_apart(token: str, typ: str) -> Unverified:
    """Split a token and check its header, without believing anything in it.

    Raises:
        Refused: with the first rule that it breaks.
    """
    if len(token) > TOKEN_BYTES_MAX:
        raise Refused(TOO_LARGE, "token")
    try:
        head, payload, signature = token.encode("ascii").split(b".")
    except ValueError as error:  # A letter beyond ASCII, or not three parts.
        raise Refused(TOKEN_MALFORMED, "parts") from error
    kid = _header_kid(b64url_decode(head), typ)
    raw_payload, raw_signature = b64url_decode(payload), b64url_decode(signature)
    if len(raw_signature) != 64:
        raise Refused(TOKEN_MALFORMED, "signature")
    return Unverified(kid, raw_payload, raw_signature, head + b"." + payload)


def read_verified(opened: Unverified, key: Verifies) -> dict[str, Json]:
    """Check the signature, then read the payload.

    Raises:
        Refused: the signature does not match (``signature-wrong``), or the payload is no JSON
            object in its only form.
    """
    try:
        key.verify(opened.signature, opened.signed)
    except Exception as error:
        # The library's own exception is not named here, so that this module needs no library.
        raise Refused(SIGNATURE_WRONG) from error
    return canonical_object(opened.payload)


def sign(payload: dict[str, Json], *, typ: str, kid: str, key: Signs) -> str:
    """Return the signed token of a payload."""
    head = b64url_encode(header_bytes(typ, kid))
    body = b64url_encode(canonical_bytes(payload))
    signed = f"{head}.{body}"
    return f"{signed}.{b64url_encode(key.sign(signed.encode()))}"


def header_bytes(typ: str, kid: str) -> bytes:
    """Return the only header that a token of this type and key may have."""
    return f'{{"alg":"{ALGORITHM}","typ":"{typ}","kid":"{kid}"}}'.encode()


def canonical_bytes(payload: dict[str, Json]) -> bytes:
    """Return the only JSON form of a payload: sorted keys, no spaces, nothing escaped needlessly.

    It is RFC 8785 for payloads without fractions whose keys are ASCII, as all of ours are.
    """
    return _encode(payload).encode()


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode

# What the encoder cannot write stands for every number that is no plain integer, so that such a
# payload is found not canonical, also when it is broken further on.
_NOT_PLAIN = object()


def _integer(digits: str) -> object:
    if len(digits) > 17:
        return _NOT_PLAIN
    value = int(digits)
    return value if -INTEGER_MAX <= value <= INTEGER_MAX else _NOT_PLAIN


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(
    parse_float=lambda _: _NOT_PLAIN, parse_int=_integer, parse_constant=_no_constant
)


def _header_kid(header: bytes, typ: str) -> str:
    """Return the key id of the exact header; when it is not exact, refuse it with the reason."""
    # A key id is always 43 characters, so the only form is compared byte by byte, never parsed.
    kid = header[-45:-2].decode("ascii", "replace")
    if KEY_ID.fullmatch(kid) and header == header_bytes(typ, kid):
        return kid
    raise _header_refusal(header, typ)


def _header_refusal(header: bytes, typ: str) -> Refused:
    fields = _parse(header, "header")
    if not isinstance(fields, dict):
        return Refused(TOKEN_MALFORMED, "header")
    if fields.get("alg") != ALGORITHM:
        return Refused(ALGORITHM_REFUSED)
    if fields.get("typ") != typ:
        return Refused(TYPE_WRONG)
    if fields.keys() - {"alg", "typ", "kid"}:
        return Refused(HEADER_REFUSED)
    kid = fields.get("kid")
    if not isinstance(kid, str) or not KEY_ID.fullmatch(kid):
        return Refused(KEY_UNKNOWN, "kid")
    return Refused(TOKEN_NOT_CANONICAL, "header")


def canonical_object(payload: bytes) -> dict[str, Json]:
    """Return the object that a payload is.

    Raises:
        Refused: ``token-malformed``, or ``token-not-canonical`` when it has another form.
    """
    value = _parse(payload, "payload")
    if not isinstance(value, dict):
        raise Refused(TOKEN_MALFORMED, "payload")
    try:
        canonical = _encode(value).encode() == payload
    except (TypeError, UnicodeEncodeError):  # A number that is not plain; half a character.
        canonical = False
    if not canonical:
        raise Refused(TOKEN_NOT_CANONICAL, "payload")
    return value


def _parse(part: bytes, name: str) -> Json:
    value: Json
    try:
        text = part.decode()
        # Without a look for space around the object, which a good token does not have.
        value, end = _decoder.raw_decode(text) if text[:1] == "{" else (None, -1)
        if end != len(text):
            value = _decoder.decode(text)
        if part.count(b"[") + part.count(b"{") > NESTING_MAX:
            _check_nesting(value, NESTING_MAX)
    except (ValueError, RecursionError) as error:
        raise Refused(TOKEN_MALFORMED, name) from error
    return value


def _check_nesting(value: Json, left: int) -> None:
    """Refuse deep nesting, at which readers of other languages overflow at other depths."""
    if isinstance(value, dict | list):
        if left == 0:
            raise ValueError("nested too deeply")
        for item in value.values() if isinstance(value, dict) else value:
            _check_nesting(item, left - 1)
