# SPDX-License-Identifier: Apache-2.0
"""The record as a note (git-notes(1)) on the public tip, in ``refs/notes/coreline``.

Notes are a branch of their own whose files are named by the commits that they speak of. Nothing of
the private repository is in it but the record.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from coreline.errors import InputError, OutsideError
from coreline.publish.leaving.raw import changes
from coreline.publish.leaving.record import open_record
from coreline.publish.outside import Move, Target
from coreline.publish.private import Reader
from coreline.publish.store import Store
from coreline.sources.git import Batch, Git
from coreline.sources.objects import EMPTY_TREE, parse_commit, parse_row, tree_rows
from coreline.sources.packs import ObjectWriter

NOTES_REF = "refs/notes/coreline"
"""Where records lie in the public repository."""

_WHO = "Coreline <coreline@localhost>"
_MESSAGE = "Publication of {}\n"


def note_move(
    target: Target,
    store: Store,
    batch: Batch,
    before: bytes | None,
    public: bytes,
    text: str,
    now: datetime,
) -> Move:
    """Write a note into the store and return the move that makes it public.

    Args:
        target: the public repository: older notes are fetched from it where they are not here.
        store: where it is written.
        batch: reads the store.
        before: the notes as they were seen.
        public: the commit that the note is about.
        text: the note.
        now: the date of the notes' commit.

    Raises:
        OutsideError: the older notes cannot be read (``publish-notes-unreadable``).
    """
    read = Reader(batch, str(store.repository))
    tree = EMPTY_TREE
    if before is not None:
        if batch.one(before.hex()).data is None:
            store.git.attempt(
                "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--", target.address, NOTES_REF
            )
        found = batch.one(before.hex())
        if found.data is None or found.kind != "commit":
            raise OutsideError(
                "publish-notes-unreadable",
                f"{NOTES_REF} of {target.label} cannot be read, and would be lost.",
                "Check that you may fetch it, then publish again.",
            )
        tree = parse_commit(found.data).tree
    writer = ObjectWriter(store.objects)
    note = writer.add(b"blob", text.encode())
    made = _with_note(read, writer, tree, public.hex(), note)
    parent = b"" if before is None else b"parent %b\n" % before.hex().encode()
    who = f"{_WHO} {int(now.timestamp())} +0000".encode()
    body = b"tree %b\n%bauthor %b\ncommitter %b\n\n%b" % (
        made.hex().encode(),
        parent,
        who,
        who,
        _MESSAGE.format(public.hex()).encode(),
    )
    commit = writer.add(b"commit", body)
    writer.store()
    return Move(NOTES_REF, before, commit)


def _with_note(read: Reader, writer: ObjectWriter, tree: bytes, commit: str, note: bytes) -> bytes:
    """Return a tree of notes with one more: in a folder of its first two digits, as git reads it.

    So a note costs the same however many there are.
    """
    rows = _rows(read, tree)
    folder = commit[:2].encode()
    inner = next((row for row in rows if parse_row(row).is_folder and _name(row) == folder), None)
    below = [] if inner is None else _rows(read, inner[-20:])
    name = commit[2:].encode()
    below = [row for row in below if _name(row) != name]
    below.append(b"100644 %b\0%b" % (name, note))
    made = writer.add(b"tree", _joined(below))
    others = [row for row in rows if row is not inner and _name(row) != commit.encode()]
    others.append(b"40000 %b\0%b" % (folder, made))
    return writer.add(b"tree", _joined(others))


def _joined(rows: list[bytes]) -> bytes:
    ordered: list[bytes] = sorted(rows, key=_name)
    return b"".join(ordered)


def _rows(read: Reader, tree: bytes) -> list[bytes]:
    return [] if tree == EMPTY_TREE else tree_rows(next(read([tree])))


def _name(row: bytes) -> bytes:
    # Names are hexadecimal digits alone, so that a folder's slash changes no order.
    return row[row.index(b" ") + 1 : -21]


def read_note(git: Git, commit: str) -> bytes | None:
    """Return the note about a commit, or None."""
    for path in (f"{commit[:2]}/{commit[2:]}", commit):
        found = git.attempt("cat-file", "blob", f"{NOTES_REF}:{path}")
        if found.returncode == 0:
            return found.stdout
    return None


def noted_commits(git: Git) -> list[str]:
    """Return the commits that have a note."""
    listed = git.attempt("ls-tree", "-r", "--name-only", NOTES_REF)
    names = listed.stdout.decode("utf-8", "replace").replace("/", "").split()
    return [name for name in names if re.fullmatch("[0-9a-f]{40}", name)]


def note_problems(git: Git) -> Iterator[str]:
    """Yield what the notes hold besides records: they are reachable like any branch."""
    listed = git.attempt("rev-list", NOTES_REF)
    if listed.returncode != 0:
        return
    commits = [bytes.fromhex(row.decode()) for row in listed.stdout.split()]
    with git.batch() as batch:
        for found in batch.read(name.hex() for name in commits):
            message = (found.data or b"").partition(b"\n\n")[2].decode("utf-8", "replace")
            if not re.fullmatch("Publication of [0-9a-f]{40}\n", message):
                yield f"{NOTES_REF}: commit {found.name[:12]} says more than a record."
        for one in changes(git, commits, submodules=True):
            is_name = re.fullmatch("[0-9a-f]{40}", one.path.replace("/", "", 1))
            data = batch.one(one.blob.hex()).data
            try:
                open_record(data or b"", None)
            except InputError:
                is_name = None
            if is_name is None:
                shown = one.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                yield f"{NOTES_REF}: {shown} is no record of a publication."
