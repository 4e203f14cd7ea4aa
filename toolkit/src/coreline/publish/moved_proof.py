# SPDX-License-Identifier: Apache-2.0
"""Prove public trees whose files stand elsewhere than in private, or lose marked regions.

Each side comes to a set of files with their public paths, and the sets are compared by their sums:
the sum of a keyed hash of each file (an additive multiset hash, Clarke et al., ASIACRYPT 2003), so
that what a folder adds is known from its path and its tree, and a commit costs the folders that it
changed. The key is made anew in every run, so nobody can choose files whose hashes add up. Where
the sums differ, all files are laid out, and the first that differs is named. Nothing of ``states``
is used, which made the trees.
"""

import secrets
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice

from coreline.manifest.claims import Line
from coreline.publish.head_guard import refuse_repeated
from coreline.publish.recipe.paths import Paths
from coreline.publish.settled import Settled
from coreline.publish.tree_proof import NOTHING, Read, fail, is_folder, parts_of, rows_of

_MARK = b"coreline:wrap-"
_ROUND = 200
_File = tuple[bytes, bytes]
"""The mode and the id of what is no folder."""
_Folder = tuple[str, bytes]
"""Where a folder stands, with a slash at its end, and its tree."""


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
        self._settled = Settled(line)
        self._proven: set[tuple[bytes, bytes]] = set()
        self._sides: dict[tuple[bytes, str], bool] = {}
        self._same: dict[bytes, bytes | None] = {}
        self._key = secrets.token_bytes(32)
        self._sums: tuple[dict[_Folder, int], dict[_Folder, int]] = ({}, {})
        self.trees_compared = 0

    def check(self, trees: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Prove pairs of whole trees.

        Args:
            trees: private tree, public tree, and the commit that they came from.

        Raises:
            InternalError: something is not as it must be (``publish-proof-failed``).
        """
        ours, theirs = self._sums
        new = {(one[0], one[1]): one[2] for one in trees if one[:2] not in self._proven}
        for some in _rounds(new.items()):
            self._learn([private for (private, _), _ in some], is_public=False)
            self._learn([public for (_, public), _ in some], is_public=True)
            for (private, public), commit in some:
                self.trees_compared += 1
                if ours["", private] != theirs["", public]:
                    self._name_difference(private, public, commit)
                self._proven.add((private, public))

    def _learn(self, trees: Iterable[bytes], *, is_public: bool) -> None:
        """Learn the sums of trees, level by level down, and added up on the way back."""
        sums, read = self._sums[is_public], self._public if is_public else self._private
        level: list[_Folder] = [("", tree) for tree in dict.fromkeys(trees)]
        levels: list[dict[_Folder, tuple[int, list[_Folder]]]] = []
        while level := [one for one in dict.fromkeys(level) if one not in sums]:
            rows = rows_of(read, (tree for _, tree in level), check=is_public)
            opened = {one: self._open(one, rows[one[1]], is_public=is_public) for one in level}
            if self._regions and not is_public:
                self._strip(name for files, _ in opened.values() for _, (mode, name) in files
                            if _is_content(mode))  # fmt: skip
            levels.append(
                {one: (self._sum(files, is_public=is_public), below)
                 for one, (files, below) in opened.items()}
            )  # fmt: skip
            level = [folder for _, below in opened.values() for folder in below]
        for found in reversed(levels):
            for one, (total, below) in found.items():
                sums[one] = total + sum(sums[folder] for folder in below)

    def _open(
        self, folder: _Folder, rows: Iterable[bytes], *, is_public: bool
    ) -> tuple[list[tuple[str, _File]], list[_Folder]]:
        """Return the files of a folder that count, and the folders in it."""
        path, tree = folder
        parts = [parts_of(row) for row in rows]
        if not is_public and len({raw for _, raw, _ in parts}) != len(parts):
            refuse_repeated(path or f"tree {tree.hex()}")
        files: list[tuple[str, _File]] = []
        below: list[_Folder] = []
        for mode, raw, target in parts:
            place = path + raw.decode("utf-8", "surrogateescape")
            if is_folder(mode):
                if is_public or self._settled.side(f"{place}/") != "wrap":
                    below.append((f"{place}/", target))
            elif is_public or self._is_core(mode, place):
                files.append((place, (mode, target)))
        return files, below

    def _sum(self, files: Iterable[tuple[str, _File]], *, is_public: bool) -> int:
        total = 0
        for path, file in files if is_public else self._moved(files):
            said = b"%b %b\0%b" % (*file, path.encode("utf-8", "surrogateescape"))
            total += int.from_bytes(blake2b(said, key=self._key, digest_size=32).digest())
        return total

    def _moved(self, files: Iterable[tuple[str, _File]]) -> Iterator[tuple[str, _File]]:
        """Yield files of the core as they stand in public."""
        for path, (mode, name) in files:
            kept = self._same[name] if self._regions and _is_content(mode) else name
            if kept is not None:
                yield self._paths.public(path), (mode, kept)

    def _name_difference(self, private: bytes, public: bytes, commit: bytes) -> None:
        """Lay out all files of both sides, and name the first that differs."""
        expected = dict(self._expected(private))
        found = dict(self._all(self._public, public, is_public=True))
        for path in sorted(expected.keys() | found.keys()):
            if expected.get(path) != found.get(path):
                fail(f"In commit {commit.hex()}, {path} is not in public as it must be.")
        fail(f"In commit {commit.hex()}, the public tree holds a path twice.")

    def _expected(self, tree: bytes) -> Iterator[tuple[str, _File]]:
        """Yield what must be public of a private tree."""
        files = self._all(self._private, tree, is_public=False)
        core = [(path, file) for path, file in files if self._is_core(file[0], path)]
        if self._regions:
            self._strip(name for _, (mode, name) in core if _is_content(mode))
        return self._moved(core)

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
        found: list[tuple[str, _File]] = []
        for row in rows_of(read, [tree], check=is_public)[tree]:
            mode, raw, target = parts_of(row)
            name = raw.decode("utf-8", "surrogateescape")
            if is_folder(mode):
                below = self._all(read, target, is_public=is_public)
                found += ((f"{name}/{path}", file) for path, file in below)
            else:
                found.append((name, (mode, target)))
        return found

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


def _is_content(mode: bytes) -> bool:
    """Whether an entry is a file with a content, not a link or a submodule."""
    return int(mode, 8) >> 12 == 0o10


def _rounds(
    rows: Iterable[tuple[tuple[bytes, bytes], bytes]],
) -> Iterator[list[tuple[tuple[bytes, bytes], bytes]]]:
    waiting = iter(rows)
    while some := list(islice(waiting, _ROUND)):
        yield some


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
