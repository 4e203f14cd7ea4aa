# SPDX-License-Identifier: Apache-2.0
"""The files of one state of a repository: on disk, staged, at a commit, or in memory.

Paths are text from the folder that was opened (the repository's root, or a product's folder in a
larger repository) with forward slashes, decoded as git does (UTF-8 with
``surrogateescape``), so that every name survives. A file that cannot be read says why; it is never
skipped without a word.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from coreline.errors import InputError
from coreline.sources.git import Git
from coreline.sources.index import Index, read_index

EntryKind = Literal["file", "executable", "link", "submodule"]


class Entry(NamedTuple):
    """One tracked path.

    ``blob`` is git's id of the content where it is known without reading, else None.
    """

    path: str
    kind: EntryKind
    blob: str | None
    stamp: str = ""
    """Of a file on disk with a known blob: its time and size. A filter of git (encryption that is
    unlocked, Git LFS) can write another content of the same blob, never with the same time."""


class Content(NamedTuple):
    """What reading one entry gave: ``data``, or the reason why there is none."""

    entry: Entry
    data: bytes | None
    reason: str = ""
    is_failure: bool = False
    """Whether it should have been readable: a fault of the disk, a permission, a missing blob."""


class SourceTree(Protocol):
    """What the checks read. Implementations: disk, index, commit, memory."""

    @property
    def label(self) -> str:
        """What the tree is, for a person: a folder, "staged files", a commit."""
        ...

    @property
    def space(self) -> str:
        """Where a blob id stands for one content: on disk, filters may have made another of it."""
        ...

    def entries(self) -> list[Entry]:
        """Return every tracked path, in byte order."""
        ...

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry, in order. A link's content is its target."""
        ...


# A file above this size is not read: it is reported as not analyzed.
SIZE_MAX = 16 * 1024 * 1024


class MemoryTree:
    """Files given as a mapping; the fake that tests and examples use."""

    label = "memory"
    space = "g"

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }

    def entries(self) -> list[Entry]:
        """Return every path, in order."""
        return [Entry(path, "file", blob_id(data)) for path, data in sorted(self._files.items())]

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry."""
        for entry in entries:
            yield Content(entry, self._files[entry.path])


class GitTree:
    """The files of a commit or of the index, read from the object store.

    Args:
        git: the repository.
        revision: a commit, or None for the staged files.
    """

    space = "g"

    def __init__(self, git: Git, revision: str | None) -> None:
        self._git = git
        self._commit = None if revision is None else git.resolve(revision)
        self.label = "staged files" if revision is None else f"{revision}"

    def entries(self) -> list[Entry]:
        """Return every tracked path, in byte order."""
        if self._commit is None:
            listing = self._git.run("ls-files", "--stage", "-z")
            rows = (_staged(row) for row in listing.split(b"\0") if row)
            staged = [row for row in rows if row is not None]
            # What is only meant to be added stands in the index as an empty file.
            is_any_empty = any(row.blob == _EMPTY_BLOB for row in staged)
            intended = self._intended() if is_any_empty else frozenset[str]()
            return [row for row in staged if row.path not in intended]
        listing = self._git.run("ls-tree", "-r", "-z", self._commit)
        return [_listed(row) for row in listing.split(b"\0") if row]

    def _intended(self) -> frozenset[str]:
        """Return the paths of ``git add --intent-to-add``: no commit made now would hold them."""
        listing = self._git.run("ls-files", "--debug", "-z")
        return frozenset(
            _text(match[1])
            for match in _FLAGS.finditer(listing)
            if int(match[2], 16) & _INTENT_TO_ADD
        )

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry; a missing blob (partial clone) says so."""
        wanted = list(entries)
        blobs = [entry for entry in wanted if entry.kind != "submodule"]
        ids = (entry.blob or "" for entry in blobs)
        objects = self._git.objects(ids, size_max=SIZE_MAX)
        for entry in wanted:
            if entry.kind == "submodule":
                yield Content(entry, None, "a submodule: its files are in another repository")
                continue
            found = next(objects)
            if found.data is not None:
                yield Content(entry, found.data)
            elif found.size > SIZE_MAX:
                yield Content(entry, None, _too_large(found.size))
            else:
                yield Content(entry, None, "the blob is missing from this clone", is_failure=True)


class DiskTree:
    """The tracked files of a work tree as they are on disk, and untracked ones not ignored.

    Outside a git repository it is every file under the folder.
    """

    space = "d"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: Index | None = None
        self.label = str(folder)

    def entries(self) -> list[Entry]:
        """Return every path that exists on disk, in byte order."""
        git = Git(self._folder)
        self._index = read_index(self._folder)
        # git's own index is read for the tracked files, git is asked for the others.
        cached = () if self._index is not None else ("--cached", "--deduplicate")
        listed = git.attempt("ls-files", "-z", "--others", "--exclude-standard", *cached)
        if listed.returncode == 0:
            # The index is in order already, which makes sorting cheap.
            paths = dict.fromkeys(self._index.entries if self._index is not None else ())
            paths |= dict.fromkeys(_text(row) for row in listed.stdout.split(b"\0") if row)
        else:
            paths = dict.fromkeys(_walk(self._folder))
        return list(self._existing(_in_byte_order(paths)))

    def _existing(self, paths: Iterable[str]) -> Iterator[Entry]:
        """Yield an entry for each path that is there. The loop runs once for every file."""
        prefix = f"{os.fspath(self._folder)}/"
        lstat, blob_of = os.lstat, _unknown if self._index is None else self._index.blob
        for path in paths:
            try:
                found = lstat(prefix + path)
            except (OSError, ValueError):
                if self._index is not None and path in self._index.absent:
                    yield Entry(path, "file", None)
                continue
            mode = found.st_mode
            kind = mode & 0o170000
            if kind == stat.S_IFREG:
                blob = blob_of(path, found)
                stamp = "" if blob is None else _stamp(found)
                yield Entry(path, "executable" if mode & 0o100 else "file", blob, stamp)
            elif kind == stat.S_IFLNK:
                yield Entry(path, "link", None)
            elif kind == stat.S_IFDIR:
                yield Entry(path.rstrip("/"), "submodule", None)

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry. Links are never followed."""
        root = os.fspath(self._folder)
        for entry in entries:
            name = f"{root}/{entry.path}"
            if entry.kind == "submodule":
                yield Content(entry, None, "a submodule: its files are in another repository")
                continue
            try:
                if entry.kind == "link":
                    yield Content(entry, os.fsencode(os.readlink(name)))  # noqa: PTH115 - bytes and speed.
                    continue
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                with os.fdopen(descriptor, "rb", buffering=0) as file:
                    found = os.fstat(descriptor)
                    size = found.st_size
                    data = None if size > SIZE_MAX else file.read()
            except OSError as error:
                if self._index is not None and entry.path in self._index.absent:
                    yield Content(entry, None, "left out of this sparse checkout")
                    continue
                yield Content(entry, None, f"cannot be read: {error.strerror}", is_failure=True)
                continue
            if entry.blob is not None and _stamp(found) != entry.stamp:
                # It changed since it was listed, so this is no longer the content of the blob.
                entry = entry._replace(blob=None)
            yield Content(entry, data, "" if data is not None else _too_large(size))


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_mtime_ns:x}.{found.st_size:x}"


def _unknown(_path: str, _found: os.stat_result) -> None:
    """Know the blob of no file: there is no index."""


def _in_byte_order(paths: Iterable[str]) -> list[str]:
    """Sort paths as git does. UTF-8 sorts as its characters do; only other names need bytes."""
    ordered = sorted(paths)
    try:
        "".join(ordered).encode()
    except UnicodeEncodeError:
        ordered.sort(key=os.fsencode)
    return ordered


def blob_id(data: bytes) -> str:
    """Return git's id (SHA-1) of a content."""
    head = b"blob %d\0" % len(data)
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def open_tree(folder: Path, *, at: str | None = None, staged: bool = False) -> SourceTree:
    """Open the state of a repository that a command was asked about.

    Raises:
        InputError: the folder does not exist (``folder-unknown``) or the revision is unknown.
    """
    if not folder.is_dir():
        raise InputError("folder-unknown", f"{folder} is not a folder.")
    if at is not None or staged:
        return GitTree(Git(folder), at)
    return DiskTree(folder)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _too_large(size: int) -> str:
    return f"{size / 1e6:.0f} MB: larger than {SIZE_MAX // 2**20} MiB"


_KINDS: dict[bytes, EntryKind] = {
    b"100644": "file",
    b"100664": "file",
    b"100755": "executable",
    b"120000": "link",
    b"160000": "submodule",
}


_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
# ``git ls-files --debug`` prints the flags of each entry, of which this is git's bit 29.
_FLAGS = re.compile(rb"([^\0]*)\0  ctime: [^\0]*?\tflags: ([0-9a-f]+)\n")
_INTENT_TO_ADD = 1 << 29


def _listed(row: bytes) -> Entry:
    head, _, path = row.partition(b"\t")
    mode, _, name = head.split(b" ")
    return Entry(_text(path), _KINDS[mode], name.decode())


def _staged(row: bytes) -> Entry | None:
    head, _, path = row.partition(b"\t")
    mode, name, stage = head.split(b" ")
    # Stages 1 to 3 are the sides of an unresolved merge; "ours" stands for the file.
    return Entry(_text(path), _KINDS[mode], name.decode()) if stage in (b"0", b"2") else None


def _walk(folder: Path) -> Iterator[str]:
    root = os.fspath(folder)
    for where, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        prefix = "" if where == root else os.path.relpath(where, root) + "/"
        links = [name for name in folders if os.path.islink(f"{where}/{name}")]  # noqa: PTH114 - speed.
        yield from (prefix + name for name in [*files, *links])
