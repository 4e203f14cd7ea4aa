# SPDX-License-Identifier: Apache-2.0
"""Notes (git-notes(1)) that are published with the commits that they speak of.

Public notes are one commit without a history: which notes can leave changes whenever a noted commit
is published, so a history of them would be rewritten all the time. A note is held like a message of
its commit. Refs of notes that are not of this form are somebody else's, and stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from coreline.errors import InternalError, OutsideError
from coreline.publish.leaving.new import Saying
from coreline.publish.leaving.raw import Change, changes
from coreline.publish.ledger import Ledger
from coreline.publish.outside import Move, Target
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.store import Store
from coreline.sources.git import Batch, Git
from coreline.sources.objects import EMPTY_TREE, build_commit, object_id, parse_commit
from coreline.sources.packs import ObjectWriter

MESSAGE = b"Notes of what is published, written by Coreline\n"
"""What the one commit of public notes says."""

_NAME = re.compile("[0-9a-f]{40}")


class Note(NamedTuple):
    """A note that can be public: on which private and public commit, and what it says there."""

    private: bytes
    public: bytes
    text: bytes


@dataclass
class PublicNotes:
    """What becomes of the notes of one run, for the push and for the looks before it.

    ``counts`` says for each name how many notes are public then and how many are left out.
    """

    moves: list[Move] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    contents: list[Change] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class NotesOf:
    """The notes of a private repository as the public may see them.

    Args:
        source: the private repository; its ``notes`` are those that were asked for.
        ledger: the commits that were proven.
        read: reads private objects.
        recipe: what messages and people are in public.
        ids: what becomes of ids in messages.
    """

    def __init__(
        self, source: Private, ledger: Ledger, read: Reader, recipe: Recipe, ids: CommitIds
    ) -> None:
        self._source = source
        self._ledger = ledger
        self._read = read
        self._recipe = recipe
        self._ids = ids

    def notes(self, name: str) -> tuple[list[Note], int]:
        """Return the notes of a ref that can be public now, and how many cannot."""
        found = dict(self._listed(self._source.notes[name]))
        published = self._published(list(found))
        noted = [(one, found[one]) for one in found if one in published]
        texts = self._read(blob for _, blob in noted)
        public = [
            Note(one, published[one], self._text(one, text))
            for (one, _), text in zip(noted, texts, strict=True)
        ]
        said = [note for note in public if note.text.strip()]
        return said, len(found) - len(said)

    def people(self, commit: bytes) -> tuple[bytes, bytes]:
        """Return author and committer of a commit of notes, as the public sees them."""
        part = parse_commit(next(self._read([commit])))
        carried = self._recipe.carried(part, lambda _: None)
        return carried.author, carried.committer

    def ever(self, name: str) -> tuple[set[tuple[bytes, bytes]], set[tuple[bytes, bytes]]]:
        """Return what could ever have been public of a ref: commits with their notes' ids, and
        authors with committers. It is read from the changes of the private notes, not from trees.
        """
        rows = self._source.git.text("rev-list", self._source.notes[name].hex()).split()
        commits = [bytes.fromhex(row) for row in rows]
        brought = {(one.path.replace("/", ""), one.blob) for one in self._changes(commits)}
        pairs = set[tuple[bytes, bytes]]()
        for path, blob in brought:
            entry = self._ledger.get(bytes.fromhex(path)) if _NAME.fullmatch(path) else None
            if entry is not None and entry.public is not None and not entry.pruned:
                text = self._text(entry.private, next(self._read([blob])))
                pairs.add((entry.public, object_id(b"blob", text)))
        return pairs, {self.people(commit) for commit in commits}

    def _changes(self, commits: list[bytes]) -> Iterator[Change]:
        return changes(self._source.git, commits)

    def _text(self, commit: bytes, text: bytes) -> bytes:
        return self._recipe.messages.public(text, b"", self._ids.renamed_at(commit))

    def _listed(self, tip: bytes) -> Iterator[tuple[bytes, bytes]]:
        for row in self._source.git.run("ls-tree", "-r", "-z", tip.hex()).split(b"\0"):
            head, _, path = row.partition(b"\t")
            name = path.replace(b"/", b"").decode("utf-8", "surrogateescape")
            if head.split(b" ")[1:2] == [b"blob"] and _NAME.fullmatch(name):
                yield bytes.fromhex(name), bytes.fromhex(head.split(b" ")[2].decode())

    def _published(self, noted: list[bytes]) -> dict[bytes, bytes]:
        """Return the public commits of those that the branches of this run lead to."""
        entries = [entry for one in noted if (entry := self._ledger.get(one)) is not None]
        public = {one.private: one.public for one in entries if one.public and not one.pruned}
        given = [name.hex() for name in public] + [f"^{tip.hex()}" for tip in self._source.tips]
        # Other branches may have been published before: their commits are in the ledger as well.
        beyond = self._source.git.run("rev-list", "--stdin", stdin="\n".join(given).encode())
        for row in beyond.split():
            public.pop(bytes.fromhex(row.decode()), None)
        return public


def public_notes(
    source: Private, held: NotesOf, target: Target, store: Store, batch: Batch,
    seen: dict[str, bytes],
) -> PublicNotes:  # fmt: skip
    """Write the notes that can be public into the store, and say what moves.

    Args:
        source: the private repository.
        held: its notes.
        target: the public repository.
        store: where public objects wait.
        batch: reads the store.
        seen: the public refs.

    Raises:
        OutsideError: public notes are not of our form (``publish-notes-foreign``).
        InternalError: what was written is not what the private notes say
            (``publish-notes-unproven``).
    """
    result = PublicNotes()
    for name in source.refs.notes:
        if name not in source.notes:
            result.warnings.append(f"there are no notes refs/notes/{name}: none are published")
            continue
        notes, left_out = held.notes(name)
        result.counts[name] = {"public": len(notes), "left_out": left_out}
        people = held.people(source.notes[name])
        ref = f"refs/notes/{name}"
        before = seen.get(ref)
        if before is None and not notes:
            continue
        commit = _written(notes, people, store)
        if before is not None and not _differs(ref, before, commit, target, store, batch):
            continue
        _prove(store.git, commit, held, name)
        result.moves.append(Move(ref, before, commit))
        result.sayings += _sayings(name, notes, people, is_new=before is None)
        result.contents += [
            Change(one.private, f"a note on {one.private.hex()[:12]}",
                   object_id(b"blob", one.text))
            for one in notes
        ]  # fmt: skip
    return result


def notes_problems(git: Git, commit: bytes, held: NotesOf, name: str) -> Iterator[str]:
    """Yield what public notes hold that the private ones never did.

    Args:
        git: holds the public notes.
        commit: what the public ref names.
        held: the private notes.
        name: of the notes, such as ``commits``.
    """
    pairs, people = held.ever(name)
    found = git.attempt("cat-file", "commit", commit.hex())
    if found.returncode != 0 or not _is_ours(found.stdout):
        yield f"refs/notes/{name}: is not of the form in which notes are published."
        return
    part = parse_commit(found.stdout)
    if (part.author, part.committer) not in people:
        yield f"refs/notes/{name}: names people whom the private notes do not."
    for row in git.run("ls-tree", "-r", "-z", commit.hex()).split(b"\0"):
        head, _, path = row.partition(b"\t")
        noted = path.replace(b"/", b"").decode("utf-8", "replace")
        is_note = bool(_NAME.fullmatch(noted)) and head.startswith(b"100644 blob ")
        pair = (bytes.fromhex(noted), bytes.fromhex(head[12:].decode())) if is_note else None
        if row and pair not in pairs:
            yield f"refs/notes/{name}: {noted[:12]} is no note of a published commit."


def _written(notes: list[Note], people: tuple[bytes, bytes], store: Store) -> bytes:
    writer = ObjectWriter(store.objects)
    folders: dict[bytes, list[bytes]] = {}
    for note in sorted(notes, key=lambda one: one.public):
        digits = note.public.hex().encode()
        blob = writer.add(b"blob", note.text)
        folders.setdefault(digits[:2], []).append(b"100644 %b\0%b" % (digits[2:], blob))
    rows = (b"40000 %b\0%b" % (at, writer.add(b"tree", b"".join(folders[at]))) for at in folders)
    tree = writer.add(b"tree", b"".join(rows))
    body = _body(tree, people)
    commit = writer.add(b"commit", body)
    writer.store()
    return commit


def _body(tree: bytes, people: tuple[bytes, bytes]) -> bytes:
    plain = parse_commit(b"tree %b\n%b\n%b\n\n" % (EMPTY_TREE.hex().encode(), *people))
    return build_commit(plain._replace(tree=tree, message=MESSAGE))


def _is_ours(data: bytes) -> bool:
    part = parse_commit(data)
    return data == _body(part.tree, (part.author, part.committer))


def _differs(
    ref: str, before: bytes, commit: bytes, target: Target, store: Store, batch: Batch
) -> bool:
    """Whether the public notes say something else than those that were written."""
    if batch.one(before.hex()).data is None:
        store.git.attempt(
            "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--", target.address, ref
        )
    found = batch.one(before.hex())
    if found.data is None or found.kind != "commit" or not _is_ours(found.data):
        raise OutsideError(
            "publish-notes-foreign",
            f"{ref} of {target.label} holds notes that were not published from here.",
            "They would be lost: keep them under another name there, or take the name out of "
            "publish.notes.",
        )
    written = batch.one(commit.hex()).data or b""
    return parse_commit(found.data).tree != parse_commit(written).tree


def _prove(git: Git, commit: bytes, held: NotesOf, name: str) -> None:
    for problem in notes_problems(git, commit, held, name):
        raise InternalError(
            "publish-notes-unproven",
            f"{problem} Nothing was written outside.",
            "This is a bug in Coreline: please report it. The public repository was not touched.",
        )


def _sayings(
    name: str, notes: list[Note], people: tuple[bytes, bytes], *, is_new: bool
) -> Iterator[Saying]:
    if is_new:
        yield Saying("notes", name, (name.encode("utf-8", "surrogateescape"),), is_name=True)
    yield Saying("notes", name, people)
    for note in notes:
        # The empty line stands where the headers of a commit would end.
        yield Saying("note on", note.private.hex()[:12], (b"", *note.text.split(b"\n")))
