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
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from coreline.errors import InternalError
from coreline.manifest.claims import Line
from coreline.publish.ledger import Entry
from coreline.publish.settled import Settled

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
_Question = tuple[str, bytes, bytes]
_Entries = dict[bytes, tuple[bytes, bytes]]

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
        self._sides: dict[str, bool] = {}
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
        self, folder: str, private: _Entries, public: _Entries, commit: bytes
    ) -> Iterator[_Question]:
        for name in public.keys() - private.keys():
            _refuse(commit, folder, name, "is in the public tree but not in the private one")
        for name, (mode, ours) in private.items():
            found = public.get(name)
            path = folder + name.decode("utf-8", "surrogateescape")
            if mode in (b"40000", b"040000"):
                if found is not None and found[0] not in (b"40000", b"040000"):
                    _refuse(commit, folder, name, "is a folder that was published as a file")
                yield f"{path}/", ours, _NOTHING if found is None else found[1]
                continue
            if not self._is_core(path):
                if found is not None:
                    _refuse(commit, folder, name, "is not core but was published")
            elif found != (mode, ours):
                _refuse(commit, folder, name, "is core but was not published as it is")

    def _is_core(self, path: str) -> bool:
        known = self._sides.get(path)
        if known is None:
            known = self._sides[path] = self._line.side(path) == "core"
        return known

    def _trees(
        self, read: Read, names: Iterable[bytes], *, check: bool = False
    ) -> dict[bytes, _Entries]:
        wanted = dict.fromkeys(names)
        wanted.pop(_NOTHING, None)
        trees: dict[bytes, _Entries] = {_NOTHING: {}}
        for name, data in zip(wanted, read(wanted), strict=True):
            if check:
                _check_id(b"tree", name, data)
            trees[name] = _entries(data)
        return trees


def _entries(data: bytes) -> _Entries:
    """Take a tree apart: name to mode and id."""
    found: _Entries = {}
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        found[data[space + 1 : end]] = (data[at:space], data[end + 1 : end + 21])
        at = end + 21
    return found


def _tree_of(commit: bytes) -> bytes:
    return bytes.fromhex(commit[5:45].decode())


def _check_id(kind: bytes, name: bytes, data: bytes) -> None:
    head = kind + b" " + str(len(data)).encode() + b"\0"
    if hashlib.sha1(head + data, usedforsecurity=False).digest() != name:
        _fail(f"The public {kind.decode()} {name.hex()} does not hold what its id says.")


_CARRIED = (b"author", b"committer", b"encoding")


def _check_commit(
    entry: Entry, private: bytes, public: bytes | None, mapped: Callable[[bytes], bytes | None]
) -> None:
    fields, message = _fields(private)
    parents = [mapped(bytes.fromhex(value.decode())) for name, value in fields if name == b"parent"]
    standing = [parent for parent in parents if parent is not None]
    if entry.pruned:
        if entry.public != (standing[0] if standing else None) or len(standing) > 1:
            _fail(f"Commit {entry.private.hex()} was pruned onto a commit that it does not follow.")
        return
    if public is None:
        _fail(f"Commit {entry.private.hex()} was neither published nor pruned.")
    expected = [(b"parent", parent.hex().encode()) for parent in standing]
    expected += [(name, value) for name, value in fields if name in _CARRIED]
    found, found_message = _fields(public)
    if found[0][0] != b"tree" or found[1:] != expected or found_message != message:
        _fail(f"The public commit {entry.public!r} says more, or less, than {entry.private.hex()}.")


def _fields(commit: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the header lines (continuations, as signatures have them, apart) and the message."""
    end = commit.index(b"\n\n")
    rows: list[tuple[bytes, bytes]] = []
    for line in commit[:end].split(b"\n"):
        name, _, value = line.partition(b" ")
        rows.append((name, value))
    return rows, commit[end:]


def _refuse(commit: bytes, folder: str, name: bytes, what: str) -> NoReturn:
    path = folder + name.decode("utf-8", "replace")
    _fail(f"In commit {commit.hex()}, {path} {what}.")


def _fail(sentence: str) -> NoReturn:
    raise InternalError(
        "publish-proof-failed",
        f"{sentence} Nothing was written outside.",
        "This is a bug in Coreline: please report it. The public repository was not touched.",
    )
