# SPDX-License-Identifier: Apache-2.0
"""What commits changed, as ``git diff-tree`` says it: a commit costs what it changed.

Of a merge only what none of its parents has is said (``-c``): the rest came with a parent.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coreline.sources.git import Git


class Change(NamedTuple):
    """A content (a blob) that a commit put at a path."""

    commit: bytes
    path: str
    blob: bytes


def changes(
    git: Git, commits: Iterable[bytes], *folders: str, submodules: bool = False
) -> Iterator[Change]:
    """Yield the contents that commits brought; what was taken away is none.

    Args:
        git: the repository.
        commits: their ids.
        folders: look only below these; everywhere where none is given.
        submodules: whether the commits that submodules name are contents too.
    """
    kinds = (b"10", b"12", b"16") if submodules else (b"10", b"12")
    places = ["--", *(f":(literal,top){folder}" for folder in folders)] if folders else []
    said = git.run(
        "diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "--no-renames", "--no-abbrev", "-z",
        *places,
        stdin=b"".join(name.hex().encode() + b"\n" for name in commits),
    )  # fmt: skip
    commit = b""
    parts = said.split(b"\0")
    at = 0
    while at < len(parts) - 1:
        part = parts[at]
        if part[:1] != b":":
            commit = bytes.fromhex(part.decode())
            at += 1
            continue
        if part[1:2] == b":":
            parents = len(part) - len(part.lstrip(b":"))
            fields = part.lstrip(b":").split(b" ")
            mode, blob = fields[parents], fields[2 * parents + 1]
        else:
            mode, blob = part[_MODE], part[_BLOB]
        if mode[:2] in kinds:
            path = parts[at + 1].decode("utf-8", "surrogateescape")
            yield Change(commit, path, bytes.fromhex(blob.decode()))
        at += 2


# Where one parent is, all fields stand at a place of their own: ":100644 100644 ID ID M".
_MODE, _BLOB = slice(8, 14), slice(56, 96)
