# SPDX-License-Identifier: Apache-2.0
"""Which public commit a private one was imported from, said by the private commit itself.

Most contributions come out of publish with the ids that they had without it. One that is signed,
or says what the recipe would change, would not: its private commit carries a header

    coreline-public 830073cfcb1ffdd669d326b893e53316aa6dddfb
     gpgsig -----BEGIN PGP SIGNATURE-----
     …

with the public id and the signature. Where the commit that publish makes from the private one's
own author, message and that signature has just this id, it is the public commit. So the result is
still a pure function of the private commit, and nothing but what was public before is said.
"""

import re
from typing import NamedTuple

from coreline.sources.objects import CommitParts, build_commit, object_id

_HEADER = b"coreline-public "
_SIGNATURE = b"gpgsig"
# As gpg, gpgsm and ssh-keygen write one: lines of base64 between two others (RFC 9580 section 6.2,
# RFC 7468, PROTOCOL.sshsig), each but the first begun with the space that continues a header.
_ARMORED = re.compile(
    rb"gpgsig(?:-sha256)? -----BEGIN (?P<kind>PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|"
    rb"SIGNED MESSAGE)-----\n"
    rb"(?: (?:Version|Comment|Hash|Charset|MessageID): [ -~]{0,80}\n)*"
    rb"(?: [A-Za-z0-9+/=]{0,80}\r?\n)+"
    rb" -----END (?P=kind)-----\n(?: \n)*"
)


class Origin(NamedTuple):
    """A public commit: its id, and its signature as it stands in the commit, or nothing."""

    public: bytes
    signature: bytes


def origin_of(commit: bytes) -> Origin | None:
    """Return what a private commit says that it was imported from."""
    head = b"\n" + commit.partition(b"\n\n")[0] + b"\n"
    at = head.find(b"\n" + _HEADER)
    if at < 0:
        return None
    first, *rest = head[at + 1 :].split(b"\n")
    lines: list[bytes] = []
    for row in rest:
        if not row.startswith(b" "):
            break
        lines.append(row[1:] + b"\n")
    try:
        public = bytes.fromhex(first.removeprefix(_HEADER).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    signature = b"".join(lines)
    # Nothing but one signature may pass: text in its place would escape the rules on messages.
    if len(public) != 20 or (signature and _ARMORED.fullmatch(signature) is None):
        return None
    return Origin(public, signature)


def with_origin(parts: CommitParts, origin: Origin) -> bytes:
    """Return the body of a private commit that says where it comes from."""
    rows = b"".join(b" %b\n" % row for row in origin.signature.split(b"\n")[:-1])
    header = _HEADER + origin.public.hex().encode() + b"\n" + rows
    return build_commit(parts._replace(encoding=parts.encoding + header))


def original(parts: CommitParts, origin: Origin) -> bytes | None:
    """Return the body of the public commit, where it comes out as it was.

    Args:
        parts: the private commit, with the tree and the parents of the public one.
        origin: what it says that it was imported from.
    """
    body = build_commit(parts._replace(encoding=parts.encoding + origin.signature))
    return body if object_id(b"commit", body) == origin.public else None


def signature_of(commit: bytes) -> bytes:
    """Return the signature of a public commit, as ``Origin`` holds it."""
    lines = commit.partition(b"\n\n")[0].split(b"\n")
    found: list[bytes] = []
    for row in lines:
        if row.startswith(_SIGNATURE + b" ") or (found and row.startswith(b" ")):
            found.append(row + b"\n")
        elif found:
            break
    return b"".join(found)
