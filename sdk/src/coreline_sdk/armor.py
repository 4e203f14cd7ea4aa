# SPDX-License-Identifier: Apache-2.0
"""The frame of a license file: signed tokens as text that survives mail, chat and a USB stick.

Textual encodings as in RFC 7468, strictly: lines of 64 characters, nothing between the blocks. A
license file is the license, the newest revocation lists (one by a leaf key, one by the root key)
and the certificates of the keys that were used, so one file serves a machine without a network.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from coreline_sdk.codes import ARMOR_MALFORMED, CHAIN_TOO_LONG, TOO_LARGE, Refused

ARMOR_BYTES_MAX = 256 * 1024
CERTIFICATES_MAX = 4
REVOCATIONS_MAX = 2
LINE_LENGTH = 64

BEGIN_LICENSE = "-----BEGIN CORELINE LICENSE-----"

_BEGIN = re.compile(rb"-----BEGIN CORELINE (LICENSE|LEASE|REVOCATIONS|KEY)-----\n")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


class Armor(NamedTuple):
    """The tokens of one file. None of them has been verified yet."""

    license: str | None = None
    lease: str | None = None
    revocations: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


def write_armor(armor: Armor) -> str:
    """Return the text of a file, in the order license, lease, revocations, keys."""
    blocks = [
        ("LICENSE", armor.license),
        ("LEASE", armor.lease),
        *(("REVOCATIONS", token) for token in armor.revocations),
        *(("KEY", token) for token in armor.certificates),
    ]
    return "".join(_block(label, token) for label, token in blocks if token is not None)


def read_armor(text: str) -> Armor:
    """Return the tokens of a file: one license or lease, two lists and four certificates at most.

    Line ends may be CRLF, and white space around the whole is ignored, because mail programs
    change both.

    Raises:
        Refused: ``too-large``, ``armor-malformed`` or ``chain-too-long``.
    """
    if len(text) > ARMOR_BYTES_MAX:
        raise Refused(TOO_LARGE, "armor")
    tokens: dict[str, list[str]] = {"LICENSE": [], "LEASE": [], "REVOCATIONS": [], "KEY": []}
    try:
        raw = text.encode("ascii")
    except UnicodeEncodeError as error:
        raise Refused(ARMOR_MALFORMED) from error
    for label, token in _blocks(raw.replace(b"\r\n", b"\n").strip(b" \t\n")):
        tokens[label].append(token)
    if len(tokens["KEY"]) > CERTIFICATES_MAX:
        raise Refused(CHAIN_TOO_LONG)
    if len(tokens["REVOCATIONS"]) > REVOCATIONS_MAX:
        raise Refused(ARMOR_MALFORMED, "too many of REVOCATIONS")
    return Armor(
        license=_only("LICENSE", tokens),
        lease=_only("LEASE", tokens),
        revocations=tuple(tokens["REVOCATIONS"]),
        certificates=tuple(tokens["KEY"]),
    )


def _only(label: str, tokens: dict[str, list[str]]) -> str | None:
    found = tokens[label]
    if len(found) > 1:
        raise Refused(ARMOR_MALFORMED, f"two of {label}")
    return found[0] if found else None


def _blocks(text: bytes) -> Iterable[tuple[str, str]]:
    position = 0
    while position < len(text):
        begin = _BEGIN.match(text, position)
        if begin is None:
            raise Refused(ARMOR_MALFORMED)
        end = b"-----END CORELINE " + begin[1] + b"-----"
        stop = text.find(end, begin.end())
        after = stop + len(end)
        if stop < 0 or text[after : after + 1] not in (b"", b"\n"):
            raise Refused(ARMOR_MALFORMED)
        yield begin[1].decode(), _unwrap(text[begin.end() : stop])
        position = after + 1


def _unwrap(body: bytes) -> str:
    """Return the token of a body whose lines all have 64 letters, but for the last."""
    lines, over = divmod(len(body), LINE_LENGTH + 1)
    # Whole lines end at every 65th place, a shorter one at the end, and no line ends elsewhere.
    token = body.replace(b"\n", b"")
    ends_right = body[LINE_LENGTH :: LINE_LENGTH + 1] == b"\n" * lines and over != 1
    if over:
        ends_right = ends_right and body.endswith(b"\n")
    if (
        not ends_right
        or len(body) - len(token) != lines + bool(over)
        or token.translate(None, _LETTERS)
    ):
        raise Refused(ARMOR_MALFORMED)
    return token.decode()


def _block(label: str, token: str) -> str:
    lines = (token[at : at + LINE_LENGTH] for at in range(0, len(token), LINE_LENGTH))
    body = "".join(f"{line}\n" for line in lines)
    return f"-----BEGIN CORELINE {label}-----\n{body}-----END CORELINE {label}-----\n"
