# SPDX-License-Identifier: Apache-2.0
"""Prove each public commit before anything is written outside.

For every private commit: the public commit that stands for it exists, is bit for bit what its id
says, holds nothing but the allowed fields with the private commit's own values, stands on the
public commits of the private parents, and its tree is exactly the core of the private tree, path
by path. So every blob that is reachable in public lies, in the same commit, at a core path of the
private history, and none that only ever lived in the wrap is reachable.

Nothing is shared with the filter but ``Line``: objects are read back from the store and taken apart
here once more. What is proven is proven for good, since the map of a line is a pure function of
the commits; the ledger holds proven commits only, so a later run proves the new ones.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from coreline.errors import InternalError
from coreline.manifest.claims import Line
from coreline.publish.ledger import Entry
from coreline.publish.settled import Settled

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
_Question = tuple[str, bytes, bytes]
# The entries of a tree as they stand in it: mode, name and id in one.
_Rows = frozenset[bytes]

_ROW = re.compile(rb"[0-7]+ [^\0]+\0.{20}", re.DOTALL)

_NOTHING = bytes.fromhex("4b825dc642cb6eb9a060e54bf8d69288fbee4904")


class Proof:
    """Checks that public commits are the core of private ones.

    Args:
        line: the claims.
        private: reads objects of the private repository.
        public: reads objects from where the public ones are.
    """

    def __init__(self, line: Line, private: Read, public: Read) -> None:
        self._line = line
        self._settled = Settled(line)
        self._private = private
        self._public = public
        self._proven: set[_Question] = set()
        self._kept: dict[str, set[bytes]] = {}
        self._left_out: dict[str, set[bytes]] = {}
        self.trees_compared = 0

    def check(self, entries: Iterable[Entry], mapped: Callable[[bytes], bytes | None]) -> None:
        """Prove a run of commits.

        Args:
            entries: what became of each private commit.
            mapped: the public commit that stands for an earlier private one.

        Raises:
            InternalError: something is not as it must be (``publish-proof-failed``).
        """
        run = list(entries)
        names = list(dict.fromkeys(entry.public for entry in run if entry.public is not None))
        public = dict(zip(names, self._public(names), strict=True))
        for name, data in public.items():
            _check_id(b"commit", name, data)
        questions: dict[_Question, bytes] = {}
        private = self._private(entry.private for entry in run)
        for entry, data in zip(run, private, strict=True):
            ours = None if entry.public is None else public[entry.public]
            _check_commit(entry, data, ours, mapped)
            tree = _NOTHING if ours is None else _tree_of(ours)
            questions[("", _tree_of(data), tree)] = entry.private
        self._check_trees(questions)

    def _check_trees(self, questions: dict[_Question, bytes]) -> None:
        """Compare trees level by level; each value names a commit that the question came from."""
        while questions := {
            question: commit for question, commit in questions.items() if self._is_open(question)
        }:
            self._proven.update(questions)
            self.trees_compared += len(questions)
            private = self._trees(self._private, (ours for _, ours, _ in questions))
            public = self._trees(self._public, (theirs for _, _, theirs in questions), check=True)
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
        if side == "wrap" and theirs == _NOTHING:
            return False
        return not (side == "core" and ours == theirs)

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
        extra = {name: (mode, theirs) for mode, name, theirs in map(_parts, added)}
        if len(extra) != len(added):
            _fail(f"In commit {commit.hex()}, the public {folder or 'root'} has a name twice.")
        for row in (public - kept) & private:
            yield from self._check_kept(folder, row, commit)
            kept.add(row)
        for row in private - public - left_out:
            mode, name, ours = _parts(row)
            found = extra.get(name)
            if found is not None and _is_folder(mode) and _is_folder(found[0]):
                yield _path(folder, name) + "/", ours, extra.pop(name)[1]
                continue
            yield from self._check_left_out(folder, row, commit)
            left_out.add(row)
        for name in extra:
            _refuse(commit, folder, name, "is not in the private tree as it was published")

    def _check_kept(self, folder: str, row: bytes, commit: bytes) -> Iterator[_Question]:
        mode, name, same = _parts(row)
        if _is_folder(mode):
            yield _path(folder, name) + "/", same, same
        elif not self._is_core(mode, _path(folder, name)):
            _refuse(commit, folder, name, "is not core but was published")

    def _check_left_out(self, folder: str, row: bytes, commit: bytes) -> Iterator[_Question]:
        mode, name, ours = _parts(row)
        if _is_folder(mode):
            yield _path(folder, name) + "/", ours, _NOTHING
        elif self._is_core(mode, _path(folder, name)):
            _refuse(commit, folder, name, "is core but was not published as it is")

    def _is_core(self, mode: bytes, path: str) -> bool:
        """Whether an entry that is no folder is core; a submodule stands for all below it."""
        if int(mode, 8) >> 12 not in (0o10, 0o12) and self._line.side(f"{path}/x") == "wrap":
            return False
        return self._line.side(path) == "core"

    def _trees(
        self, read: Read, names: Iterable[bytes], *, check: bool = False
    ) -> dict[bytes, _Rows]:
        wanted = dict.fromkeys(names)
        wanted.pop(_NOTHING, None)
        trees: dict[bytes, _Rows] = {_NOTHING: frozenset()}
        for name, data in zip(wanted, read(wanted), strict=True):
            if check:
                _check_id(b"tree", name, data)
            rows: list[bytes] = _ROW.findall(data)
            trees[name] = frozenset(rows)
            # Nothing may stand between the entries, and no entry stand there twice.
            if sum(map(len, trees[name])) != len(data):
                _fail(f"The tree {name.hex()} cannot be read.")
        return trees


def _parts(row: bytes) -> tuple[bytes, bytes, bytes]:
    """Return mode, name and id of an entry."""
    mode, _, name = row[:-21].partition(b" ")
    return mode, name, row[-20:]


def _is_folder(mode: bytes) -> bool:
    """Whether git goes into an entry: it looks at four bits, so 40755 is a folder too."""
    return int(mode, 8) >> 12 == 0o4


def _path(folder: str, name: bytes) -> str:
    return folder + name.decode("utf-8", "surrogateescape")


def _tree_of(commit: bytes) -> bytes:
    return bytes.fromhex(commit[5:45].decode())


def _check_id(kind: bytes, name: bytes, data: bytes) -> None:
    head = kind + b" " + str(len(data)).encode() + b"\0"
    if hashlib.sha1(head + data, usedforsecurity=False).digest() != name:
        _fail(f"The public {kind.decode()} {name.hex()} does not hold what its id says.")


# What a public commit says besides its tree and its parents: nothing else of the private one.
_CARRIED = (b"author ", b"committer ", b"encoding ")


def _check_commit(
    entry: Entry, private: bytes, public: bytes | None, mapped: Callable[[bytes], bytes | None]
) -> None:
    # A commit without a message may end with its last header.
    head, _, message = private.partition(b"\n\n")
    lines = head.removesuffix(b"\n").split(b"\n")
    parents = [mapped(bytes.fromhex(line[7:].decode())) for line in lines if line[:7] == b"parent "]
    standing = [parent for parent in parents if parent is not None]
    if entry.pruned:
        if entry.public != (standing[0] if standing else None) or len(standing) > 1:
            _fail(f"Commit {entry.private.hex()} was pruned onto a commit that it does not follow.")
        return
    if public is None:
        _fail(f"Commit {entry.private.hex()} was neither published nor pruned.")
    expected = [b"parent " + parent.hex().encode() for parent in standing]
    expected += [line for line in lines if line.startswith(_CARRIED)]
    # The first line names the tree, which is compared apart.
    if public[:5] != b"tree " or public[45:] != b"\n" + b"\n".join(expected) + b"\n\n" + message:
        _fail(f"The public commit of {entry.private.hex()} says more, or less, than it.")


def _refuse(commit: bytes, folder: str, name: bytes, what: str) -> NoReturn:
    path = folder + name.decode("utf-8", "replace")
    _fail(f"In commit {commit.hex()}, {path} {what}.")


def _fail(sentence: str) -> NoReturn:
    raise InternalError(
        "publish-proof-failed",
        f"{sentence} Nothing was written outside.",
        "This is a bug in Coreline: please report it. The public repository was not touched.",
    )
