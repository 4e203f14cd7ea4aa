# SPDX-License-Identifier: Apache-2.0
"""Git's objects as bytes: trees, commits and tags taken apart, and ids computed.

Ids are the 20 raw bytes of SHA-1 here, as trees hold them. Nothing is decoded: a name or a message
survives whatever its bytes are. Formats: git's own documentation, gitformat-pack(5) and
git-cat-file(1); writing objects is ``packs``.
"""

import hashlib
import re
from typing import NamedTuple

from coreline.errors import OutsideError

# The tree that holds nothing; git knows it by heart, and so does everyone who talks to git.
EMPTY_TREE = bytes.fromhex("4b825dc642cb6eb9a060e54bf8d69288fbee4904")

_ROW = re.compile(rb"[0-7]{5,6} [^\0]+\0.{20}", re.DOTALL)
# What git reads of a mode: the four bits that say what kind of entry it is (its own ``S_ISDIR``,
# ``S_ISLNK`` and ``S_ISREG``). A folder may be written as 40000, 040000 or 40755.
_KIND_BITS = 0o170000
_FOLDER, _LINK, _FILE = 0o040000, 0o120000, 0o100000


def object_id(kind: bytes, body: bytes) -> bytes:
    """Return the id (20 bytes) of an object. Git's ids are SHA-1; this is no safety measure."""
    head = b"%b %d\0" % (kind, len(body))
    return hashlib.sha1(head + body, usedforsecurity=False).digest()


def tree_rows(data: bytes) -> list[bytes]:
    """Return the entries of a tree, each as it stands there: mode, name and id in one.

    Raises:
        OutsideError: it is not a tree (``object-malformed``).
    """
    rows: list[bytes] = _ROW.findall(data)
    if sum(map(len, rows)) != len(data):
        raise OutsideError("object-malformed", "A tree of the repository cannot be read.", _FSCK)
    return rows


class TreeEntry(NamedTuple):
    """One entry of a tree, taken apart; the name decoded as git's names are everywhere here."""

    name: str
    target: bytes
    is_folder: bool
    is_submodule: bool
    is_link: bool


def parse_row(row: bytes) -> TreeEntry:
    """Take one entry of a tree apart."""
    mode, _, name = row[:-21].partition(b" ")
    text = name.decode("utf-8", "surrogateescape")
    kind = int(mode, 8) & _KIND_BITS
    # Whatever is nothing else is a submodule to git.
    is_submodule = kind not in (_FOLDER, _LINK, _FILE)
    return TreeEntry(text, row[-20:], kind == _FOLDER, is_submodule, kind == _LINK)


_FSCK = "Run git fsck in the repository."


class CommitParts(NamedTuple):
    """What a commit says that is carried along, as bytes; ids are raw."""

    tree: bytes
    parents: tuple[bytes, ...]
    author: bytes
    committer: bytes
    encoding: bytes
    """The whole header line with its line end, or empty."""
    message: bytes


def parse_commit(data: bytes) -> CommitParts:
    """Take a commit apart; signatures, merged tags and unknown headers are left out.

    Raises:
        OutsideError: it is not a commit (``object-malformed``).
    """
    head, _, message = data.partition(b"\n\n")
    lines = head.split(b"\n")
    after = 1
    while after < len(lines) and lines[after].startswith(b"parent "):
        after += 1
    if not _is_commit(lines, after):
        raise OutsideError("object-malformed", "A commit of the repository cannot be read.", _FSCK)
    others = lines[after + 2 :]
    encoding = next((line + b"\n" for line in others if line.startswith(b"encoding ")), b"")
    parents = tuple(bytes.fromhex(line[7:].decode()) for line in lines[1:after])
    tree = bytes.fromhex(lines[0][5:].decode())
    return CommitParts(tree, parents, lines[after], lines[after + 1], encoding, message)


def _is_commit(lines: list[bytes], after: int) -> bool:
    return (
        lines[0].startswith(b"tree ")
        and len(lines) > after + 1
        and lines[after].startswith(b"author ")
        and lines[after + 1].startswith(b"committer ")
    )


def build_commit(parts: CommitParts) -> bytes:
    """Return the body of a commit."""
    parents = b"".join(b"parent %b\n" % parent.hex().encode() for parent in parts.parents)
    return b"tree %b\n%b%b\n%b\n%b\n%b" % (
        parts.tree.hex().encode(),
        parents,
        parts.author,
        parts.committer,
        parts.encoding,
        parts.message,
    )


class TagParts(NamedTuple):
    """An annotated tag; ``tagger`` is the whole header line with its line end, or empty."""

    target: bytes
    kind: bytes
    name: bytes
    tagger: bytes
    message: bytes
    signed: bool


_SIGNATURE = re.compile(
    rb"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$.*\Z",
    re.MULTILINE | re.DOTALL,
)


def parse_tag(data: bytes) -> TagParts:
    """Take an annotated tag apart; its signature is left out of the message.

    Raises:
        OutsideError: it is not a tag (``object-malformed``).
    """
    head, _, message = data.partition(b"\n\n")
    fields = dict(line.partition(b" ")[::2] for line in reversed(head.split(b"\n")))
    if not {b"object", b"type", b"tag"} <= fields.keys():
        raise OutsideError("object-malformed", "A tag of the repository cannot be read.", _FSCK)
    tagger = b"tagger %b\n" % fields[b"tagger"] if b"tagger" in fields else b""
    plain = _SIGNATURE.sub(b"", message)
    target = bytes.fromhex(fields[b"object"].decode())
    return TagParts(
        target,
        fields[b"type"],
        fields[b"tag"],
        tagger,
        plain,
        plain != message or b"gpgsig" in head,
    )


def build_tag(parts: TagParts) -> bytes:
    """Return the body of an annotated tag."""
    return b"object %b\ntype %b\ntag %b\n%b\n%b" % (
        parts.target.hex().encode(),
        parts.kind,
        parts.name,
        parts.tagger,
        parts.message,
    )
