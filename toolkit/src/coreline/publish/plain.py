# SPDX-License-Identifier: Apache-2.0
"""Folders of the head that were looked through whole and hold nothing but the core's plain files.

A folder's tree says all that is below it, so what was found once holds as long as its id and its
place are the same, and one more commit costs what it changed. The file can be deleted at any
time and is then made again.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

_SIZE = 16
# A file of more rows holds mostly folders of long ago: it begins anew.
_ROWS_MAX = 1_000_000


class PlainTrees:
    """Remembers folders by place and tree.

    Args:
        path: the file, which is for one set of claims; None to remember for one run only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: set[bytes] = set()
        if path is not None and path.exists():
            data = path.read_bytes()
            whole = len(data) - len(data) % _SIZE
            if whole <= _ROWS_MAX * _SIZE:
                self._known = {data[at : at + _SIZE] for at in range(0, whole, _SIZE)}

    def has(self, folder: str, tree: bytes) -> bool:
        """Whether a folder with this tree is known to be plain.

        Args:
            folder: from the repository's root, without a slash at its end.
            tree: its id.
        """
        return bool(self._known) and _key(folder, tree) in self._known

    def add(self, places: Iterable[tuple[str, bytes]]) -> None:
        """Remember folders; on disk when this returns, and a run that is killed loses no more
        than them.
        """
        new = {_key(folder, tree) for folder, tree in places} - self._known
        if not new:
            return
        self._known |= new
        if self._path is not None:
            temporary = self._path.with_name(f"{self._path.name}.new")
            temporary.write_bytes(b"".join(self._known))
            temporary.replace(self._path)


def _key(folder: str, tree: bytes) -> bytes:
    said = tree + folder.encode("utf-8", "surrogateescape")
    return hashlib.sha256(said).digest()[:_SIZE]
