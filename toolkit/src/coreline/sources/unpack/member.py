# SPDX-License-Identifier: Apache-2.0
"""One entry of an archive, as every format gives it."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

MemberKind = Literal["file", "executable", "link", "hardlink", "other", "whiteout"]
"""``other``: a device, a socket, a FIFO. ``whiteout``: a layer's mark that something is gone."""


class Member(NamedTuple):
    """One entry. Folders are none: they hold nothing."""

    path: str
    """From the root of the archive, with forward slashes, cleaned of what leads elsewhere."""
    kind: MemberKind
    size: int
    """In bytes, as the archive says."""
    contents: Callable[[], Iterator[bytes]]
    """Yields the content, a piece at a time. To be called before the next entry is asked for."""
    target: str = ""
    """What a link names."""
    trouble: str = ""
    """Why the content cannot be read; empty where it can."""
    warning: str = ""
    """What is wrong though the content can be read, such as a name that leads out."""
    layer: str = ""
    """Of an image: which layer the entry is in."""


def held(data: bytes) -> Callable[[], Iterator[bytes]]:
    """Return what yields a content that is in memory."""
    return lambda: iter([data])


_DRIVE = re.compile(r"[A-Za-z]:")


def clean(raw: str) -> tuple[str, str]:
    """Return a name without what would lead out of a folder, and what was wrong with it.

    Nothing is ever written, so such a name does no harm here; it does to whoever unpacks.
    """
    name = raw.replace("\\", "/") if "\\" in raw and "/" not in raw else raw
    parts = name.split("/")
    wrong = ""
    if name.startswith("/"):
        wrong = f"the name {raw[:200]!r} is absolute"
    elif _DRIVE.match(name):
        wrong = f"the name {raw[:200]!r} begins with a drive"
        parts[0] = parts[0][2:]
    elif ".." in parts:
        wrong = f"the name {raw[:200]!r} leads out of the archive"
    elif "\0" in name:
        wrong = f"the name {raw[:200]!r} holds a NUL"
    return "/".join(part for part in parts if part not in ("", ".", "..")), wrong


def leads_out(path: str, target: str) -> bool:
    """Whether a symbolic link names a place outside of the archive (an absolute one included)."""
    if target.startswith("/") or _DRIVE.match(target):
        return True
    depth = path.count("/")
    for part in target.split("/"):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return True
    return False
