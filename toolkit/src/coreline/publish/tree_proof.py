# SPDX-License-Identifier: Apache-2.0
"""Prove that a public tree is exactly the core of a private one, path by path.

Nothing is shared with the filter but ``Line``: trees are read back from the store and taken apart
here once more. Where files stand elsewhere in public or lose regions, ``moved_proof`` compares.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from coreline.errors import InternalError
from coreline.manifest.claims import Line
from coreline.publish.head_guard import refuse_repeated
from coreline.publish.plain import PlainTrees
from coreline.publish.settled import Settled

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
_Question = tuple[str, bytes, bytes]
# The entries of a tree as they stand in it: mode, name and id in one.
_Rows = frozenset[bytes]

_ROW = re.compile(rb"[0-7]+ [^\0]+\0.{20}", re.DOTALL)

NOTHING = bytes.fromhex("4b825dc642cb6eb9a060e54bf8d69288fbee4904")
"""The tree that holds nothing."""


class TreeProof:
    """Checks that public trees are the core of private ones.

    Args:
        line: the claims.
        private: reads objects of the private repository.
        public: reads objects from where the public ones are.
        proven: folders, the same on both sides, that were proven in earlier runs.
    """

    def __init__(
        self, line: Line, private: Read, public: Read, proven: PlainTrees | None = None
    ) -> None:
        self._earlier = PlainTrees() if proven is None else proven
        self._line = line
        self._settled = Settled(line)
        self._private = private
        self._public = public
        self._proven: set[_Question] = set()
        self._kept: dict[str, set[bytes]] = {}
        self._left_out: dict[str, set[bytes]] = {}
        self.trees_compared = 0

    def check(self, trees: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Prove pairs of whole trees.

        Args:
            trees: private tree, public tree, and the commit that they came from.

        Raises:
            InternalError: something is not as it must be (``publish-proof-failed``).
        """
        self._check_trees({("", ours, theirs): commit for ours, theirs, commit in trees})

    def same_in(self, private: bytes, public: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the folders of two trees, proven before, that are the same on both sides and that
        the line alone does not settle.
        """
        pairs = [("", private, public)]
        while pairs:
            theirs = rows_of(self._private, (ours for _, ours, _ in pairs))
            rows = rows_of(self._public, (public for _, _, public in pairs))
            below: list[_Question] = []
            for folder, ours, other in pairs:
                by_name = {name: (mode, same) for mode, name, same in map(parts_of, theirs[ours])}
                for mode, name, target in map(parts_of, rows[other]):
                    if is_folder(mode):
                        below.append((_path(folder, name) + "/", by_name[name][1], target))
            yield from (
                (folder, ours) for folder, ours, other in below if self._is_new(folder, ours, other)
            )
            pairs = [one for one in below if one[1] != one[2] or self._is_new(*one)]

    def _is_new(self, folder: str, ours: bytes, theirs: bytes) -> bool:
        """Whether a folder is the same on both sides, and neither settled nor remembered."""
        if ours != theirs or self._settled.side(folder) == "core":
            return False
        return not self._earlier.has(folder, ours)

    def _check_trees(self, questions: dict[_Question, bytes]) -> None:
        """Compare trees level by level; each value names a commit that the question came from."""
        while questions := {
            question: commit for question, commit in questions.items() if self._is_open(question)
        }:
            self._proven.update(questions)
            self.trees_compared += len(questions)
            private = rows_of(self._private, (ours for _, ours, _ in questions))
            try:
                public = rows_of(self._public, (theirs for _, _, theirs in questions), check=True)
            except InternalError:
                # Where the private tree is what cannot be understood, nothing here is wrong.
                for folder, ours, _ in questions:
                    _refuse_twice(folder, private[ours])
                raise
            below: dict[_Question, bytes] = {}
            for question, commit in questions.items():
                folder, ours, theirs = question
                for deeper in self._compare(folder, private[ours], public[theirs], commit):
                    below.setdefault(deeper, commit)
            questions = below

    def _is_open(self, question: _Question) -> bool:
        """Whether a pair of trees has to be read."""
        folder, ours, theirs = question
        if question in self._proven:
            return False
        side = self._settled.side(folder) if folder else None
        if side == "wrap" and theirs == NOTHING:
            return False
        if ours != theirs:
            return True
        return side != "core" and not self._earlier.has(folder, ours)

    def _compare(
        self, folder: str, private: _Rows, public: _Rows, commit: bytes
    ) -> Iterator[_Question]:
        """Compare two trees entry by entry and yield the folders that are to be compared next.

        An entry that was found rightly kept, or rightly left out, is so in every state of the
        folder: most entries of a state were seen in the one before.
        """
        kept = self._kept.setdefault(folder, set())
        left_out = self._left_out.setdefault(folder, set())
        added = public - private
        extra = {name: (mode, theirs) for mode, name, theirs in map(parts_of, added)}
        if len(extra) != len(added):
            _refuse_twice(folder, private)
            fail(f"In commit {commit.hex()}, the public {folder or 'root'} has a name twice.")
        for row in (public - kept) & private:
            yield from self._check_kept(folder, row, commit)
            kept.add(row)
        gone = private - public - left_out
        _refuse_twice(folder, gone)
        for row in gone:
            mode, name, ours = parts_of(row)
            found = extra.get(name)
            if found is not None and is_folder(mode) and is_folder(found[0]):
                yield _path(folder, name) + "/", ours, extra.pop(name)[1]
                continue
            yield from self._check_left_out(folder, row, commit)
            left_out.add(row)
        for name in extra:
            _refuse(commit, folder, name, "is not in the private tree as it was published")

    def _check_kept(self, folder: str, row: bytes, commit: bytes) -> Iterator[_Question]:
        mode, name, same = parts_of(row)
        if is_folder(mode):
            yield _path(folder, name) + "/", same, same
        elif not self._is_core(mode, _path(folder, name)):
            _refuse(commit, folder, name, "is not core but was published")

    def _check_left_out(self, folder: str, row: bytes, commit: bytes) -> Iterator[_Question]:
        mode, name, ours = parts_of(row)
        if is_folder(mode):
            yield _path(folder, name) + "/", ours, NOTHING
        elif self._is_core(mode, _path(folder, name)):
            _refuse(commit, folder, name, "is core but was not published as it is")

    def _is_core(self, mode: bytes, path: str) -> bool:
        """Whether an entry that is no folder is core; a submodule stands for all below it."""
        if int(mode, 8) >> 12 not in (0o10, 0o12) and self._line.side(f"{path}/x") == "wrap":
            return False
        return self._line.side(path) == "core"


def rows_of(
    read: Read, names: Iterable[bytes], *, check: bool = False
) -> dict[bytes, frozenset[bytes]]:
    """Return the entries of trees.

    Args:
        read: reads objects.
        names: the trees.
        check: whether each is held against its id.

    Raises:
        InternalError: one is malformed (``publish-proof-failed``).
        InputError: a private one holds an entry twice (``publish-tree-repeats``).
    """
    wanted = dict.fromkeys(names)
    wanted.pop(NOTHING, None)
    trees: dict[bytes, _Rows] = {NOTHING: frozenset()}
    for name, data in zip(wanted, read(wanted), strict=True):
        if check:
            check_id(b"tree", name, data)
        rows: list[bytes] = _ROW.findall(data)
        trees[name] = frozenset(rows)
        # Nothing may stand between the entries, and no entry stand there twice.
        if sum(map(len, trees[name])) != len(data):
            if not check and sum(map(len, rows)) == len(data):
                refuse_repeated(f"tree {name.hex()}")
            fail(f"The tree {name.hex()} cannot be read.")
    return trees


def parts_of(row: bytes) -> tuple[bytes, bytes, bytes]:
    """Return mode, name and id of an entry."""
    mode, _, name = row[:-21].partition(b" ")
    return mode, name, row[-20:]


def is_folder(mode: bytes) -> bool:
    """Whether git goes into an entry: it looks at four bits, so 40755 is a folder too."""
    return int(mode, 8) >> 12 == 0o4


def _refuse_twice(folder: str, private: _Rows) -> None:
    """Stop where a private tree has a name twice: what is public of it is anybody's guess."""
    if len({parts_of(row)[1] for row in private}) != len(private):
        refuse_repeated(folder)


def _path(folder: str, name: bytes) -> str:
    return folder + name.decode("utf-8", "surrogateescape")


def check_id(kind: bytes, name: bytes, data: bytes) -> None:
    """Hold an object against its id.

    Raises:
        InternalError: it does not fit (``publish-proof-failed``).
    """
    head = kind + b" " + str(len(data)).encode() + b"\0"
    if hashlib.sha1(head + data, usedforsecurity=False).digest() != name:
        fail(f"The public {kind.decode()} {name.hex()} does not hold what its id says.")


def _refuse(commit: bytes, folder: str, name: bytes, what: str) -> NoReturn:
    path = folder + name.decode("utf-8", "replace")
    fail(f"In commit {commit.hex()}, {path} {what}.")


def fail(sentence: str) -> NoReturn:
    """Say that the proof failed.

    Raises:
        InternalError: always (``publish-proof-failed``).
    """
    raise InternalError(
        "publish-proof-failed",
        f"{sentence} Nothing was written outside.",
        "This is a bug in Coreline: please report it. The public repository was not touched.",
    )
