# SPDX-License-Identifier: Apache-2.0
"""The frame of a license file: signed tokens as text that survives mail, chat and a USB stick.

Textual encodings as in RFC 7468, strictly: lines of 64 characters, nothing between the blocks. A
license file is the license, the certificates of the keys that were used, and the newest revocation
list, so that one file serves a machine without a network.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from coreline_sdk.codes import ARMOR_MALFORMED, CHAIN_TOO_LONG, TOO_LARGE, Refused

ARMOR_BYTES_MAX = 256 * 1024
CERTIFICATES_MAX = 4
LINE_LENGTH = 64

BEGIN_LICENSE = "-----BEGIN CORELINE LICENSE-----"

_LABELS = ("LICENSE", "LEASE", "REVOCATIONS", "KEY")
_BLOCK = re.compile(
    r"-----BEGIN CORELINE (LICENSE|LEASE|REVOCATIONS|KEY)-----\n"
    r"((?:[A-Za-z0-9_.-]{64}\n)*(?:[A-Za-z0-9_.-]{1,63}\n)?)"
    r"-----END CORELINE \1-----(?:\n|\Z)"
)


class Armor(NamedTuple):
    """The tokens of one file. None of them has been verified yet."""

    license: str | None = None
    lease: str | None = None
    revocations: str | None = None
    certificates: tuple[str, ...] = ()


def write_armor(armor: Armor) -> str:
    """Return the text of a file, in the order license, lease, revocations, keys."""
    tokens = [armor.license, armor.lease, armor.revocations]
    blocks = [_block(label, token) for label, token in zip(_LABELS, tokens, strict=False) if token]
    return "".join([*blocks, *(_block("KEY", token) for token in armor.certificates)])


def read_armor(text: str) -> Armor:
    """Return the tokens of a file, of which it holds each kind once and up to four certificates.

    Line ends may be CRLF, and white space around the whole is ignored, because mail programs
    change both.

    Raises:
        Refused: ``too-large``, ``armor-malformed`` or ``chain-too-long``.
    """
    if len(text) > ARMOR_BYTES_MAX:
        raise Refused(TOO_LARGE, "armor")
    tokens: dict[str, str] = {}
    certificates: list[str] = []
    for label, token in _blocks(text.replace("\r\n", "\n").strip(" \t\n")):
        if label == "KEY":
            certificates.append(token)
        elif tokens.setdefault(label, token) is not token:
            raise Refused(ARMOR_MALFORMED, f"two of {label}")
    if len(certificates) > CERTIFICATES_MAX:
        raise Refused(CHAIN_TOO_LONG)
    return Armor(
        license=tokens.get("LICENSE"),
        lease=tokens.get("LEASE"),
        revocations=tokens.get("REVOCATIONS"),
        certificates=tuple(certificates),
    )


def _blocks(text: str) -> Iterable[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = _BLOCK.match(text, position)
        if match is None:
            raise Refused(ARMOR_MALFORMED)
        yield match[1], match[2].replace("\n", "")
        position = match.end()


def _block(label: str, token: str) -> str:
    lines = (token[at : at + LINE_LENGTH] for at in range(0, len(token), LINE_LENGTH))
    body = "".join(f"{line}\n" for line in lines)
    return f"-----BEGIN CORELINE {label}-----\n{body}-----END CORELINE {label}-----\n"
