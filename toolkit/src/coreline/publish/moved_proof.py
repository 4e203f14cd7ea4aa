# SPDX-License-Identifier: Apache-2.0
"""Prove public trees whose files stand elsewhere than in private, or lose marked regions.

Both trees are laid out as lists of all their files, and the lists are compared. That is as simple
as it is slow, a whole tree for each state of the root; what is slow to prove is still proven.
Nothing of ``states`` is used, which made the trees.
"""

from collections.abc import Iterable, Iterator

from coreline.manifest.claims import Line
from coreline.publish.head_guard import refuse_repeated
from coreline.publish.recipe.paths import Paths
from coreline.publish.tree_proof import NOTHING, Read, fail, is_folder, parts_of, rows_of

_MARK = b"coreline:wrap-"
_File = tuple[bytes, bytes]
"""The mode and the id of what is no folder."""


class MovedProof:
    """Checks that public trees are the public state of private ones.

    Args:
        line: the claims.
        private: reads objects of the private repository.
        public: reads objects from where the public ones are.
        paths: where folders stand in public.
        regions: whether marked regions are left out.
    """

    def __init__(
        self, line: Line, private: Read, public: Read, paths: Paths, *, regions: bool
    ) -> None:
        self._line = line
        self._private = private
        self._public = public
        self._paths = paths
        self._regions = regions
        self._files: dict[tuple[bool, bytes], list[tuple[str, _File]]] = {}
        self._proven: set[tuple[bytes, bytes]] = set()
        self._sides: dict[tuple[bytes, str], bool] = {}
        self._same: dict[bytes, bytes | None] = {}
        self.trees_compared = 0

    def check(self, trees: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Prove pairs of whole trees.

        Args:
            trees: private tree, public tree, and the commit that they came from.

        Raises:
            InternalError: something is not as it must be (``publish-proof-failed``).
        """
        for private, public, commit in trees:
            if (private, public) in self._proven:
                continue
            self._proven.add((private, public))
            self.trees_compared += 1
            expected = dict(self._expected(private))
            found = dict(self._all(self._public, public, is_public=True))
            for path in sorted(expected.keys() | found.keys()):
                if expected.get(path) != found.get(path):
                    fail(f"In commit {commit.hex()}, {path} is not in public as it must be.")

    def _expected(self, tree: bytes) -> Iterator[tuple[str, _File]]:
        """Yield what must be public of a private tree."""
        files = self._all(self._private, tree, is_public=False)
        core = [(path, file) for path, file in files if self._is_core(file[0], path)]
        if self._regions:
            self._strip(name for _, (mode, name) in core if int(mode, 8) >> 12 == 0o10)
        for path, (mode, name) in core:
            kept: bytes | None = name
            if self._regions and int(mode, 8) >> 12 == 0o10:
                kept = self._same[name]
            if kept is not None:
                yield self._paths.public(path), (mode, kept)

    def _is_core(self, mode: bytes, path: str) -> bool:
        known = self._sides.get((mode, path))
        if known is None:
            is_link = int(mode, 8) >> 12 not in (0o10, 0o12)
            known = self._line.side(path) == "core"
            if is_link and self._line.side(f"{path}/x") == "wrap":
                known = False
            self._sides[mode, path] = known
        return known

    def _all(self, read: Read, tree: bytes, *, is_public: bool) -> list[tuple[str, _File]]:
        """Return every file below a tree, by its path from there."""
        if tree == NOTHING:
            return []
        key = (is_public, tree)
        if key not in self._files:
            found: list[tuple[str, _File]] = []
            rows = rows_of(read, [tree], check=is_public)[tree]
            if not is_public and len({parts_of(row)[1] for row in rows}) != len(rows):
                refuse_repeated(f"tree {tree.hex()}")
            for row in rows:
                mode, raw, target = parts_of(row)
                name = raw.decode("utf-8", "surrogateescape")
                if is_folder(mode):
                    below = self._all(read, target, is_public=is_public)
                    found += ((f"{name}/{path}", file) for path, file in below)
                else:
                    found.append((name, (mode, target)))
            self._files[key] = found
        return self._files[key]

    def _strip(self, names: Iterable[bytes]) -> None:
        """Learn the ids of contents without their regions."""
        from hashlib import sha1

        new = [name for name in dict.fromkeys(names) if name not in self._same]
        for name, data in zip(new, self._private(new), strict=True):
            kept = _stripped(data) if _MARK in data else data
            if kept is None or kept == data:
                self._same[name] = name if kept is not None else None
                continue
            head = b"blob %d\0" % len(kept)
            self._same[name] = sha1(head + kept, usedforsecurity=False).digest()


def _stripped(data: bytes) -> bytes | None:
    """Return a content without its regions, written apart from the filter's way to do it."""
    begin, end = _MARK + b"begin", _MARK + b"end"
    kept: list[bytes] = []
    rest = data
    while True:
        at = rest.find(_MARK)
        if at < 0:
            return b"".join((*kept, rest))
        if not rest.startswith(begin, at):
            return None
        start = rest.rfind(b"\n", 0, at) + 1
        stop = rest.find(_MARK, at + 1)
        if stop < 0 or not rest.startswith(end, stop):
            return None
        first = rest[start : _line_end(rest, at)]
        last = rest[rest.rfind(b"\n", 0, stop) + 1 : _line_end(rest, stop)]
        if not (_is_alone(first, begin) and _is_alone(last, end)):
            return None
        after = _line_end(rest, stop)
        kept.append(rest[:start])
        if after >= len(rest):
            # The line end before a region that ends the file stays no more than it must.
            return b"".join(kept).removesuffix(b"\n")
        rest = rest[after + 1 :]


def _line_end(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end


def _is_alone(line: bytes, marker: bytes) -> bool:
    """Whether nothing but comment characters and one word stands beside a marker."""
    before, _, after = line.rstrip(b"\r").partition(marker)
    word, _, tail = after.lstrip(b" \t").partition(b" ")
    letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

    def has_letters(text: bytes) -> bool:
        return any(byte in letters for byte in text)

    if has_letters(before) or (after and after[:1] not in b" \t" and has_letters(after[:1])):
        return False
    while word and word[-1] not in letters + b"-":
        word = word[:-1]
    return not has_letters(tail) and all(byte in letters + b"-" for byte in word)
