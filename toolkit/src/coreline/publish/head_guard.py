# SPDX-License-Identifier: Apache-2.0
"""What at the head passes for core and is not, or leads out of it: publish stops there.

In older commits nobody can change it any more; there it is public as the line says, and
``publish --verify`` lists it.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

from coreline.errors import InputError, OutsideError
from coreline.manifest.claims import Line
from coreline.publish.folders import Folders
from coreline.publish.folding import LookAlikes, folded, is_impossible
from coreline.publish.plain import PlainTrees
from coreline.publish.recipe.regions import without_regions
from coreline.sources.objects import TreeEntry, parse_row, tree_rows

Read = Callable[[Iterable[bytes]], Iterator[bytes]]

_SHOWN_MAX = 5
# As many links as Linux follows before it says ELOOP (path_resolution(7)).
_LINKS_MAX = 40
_MODULES = ".gitmodules"


def refuse_disguised(tree: bytes, line: Line, read: Read, plain: PlainTrees) -> None:
    """Look through the core of a whole tree.

    Args:
        tree: of the commit at the head.
        line: today's claims.
        read: the private repository's objects.
        plain: folders that were looked through before, with nothing to say of them; grows.

    Raises:
        InputError: a path of the core looks like one of a wrap (``publish-look-alike``), a link
            leads into a wrap (``publish-link-into-wrap``), a submodule stands for a folder of a
            wrap or for a commit of the private repository (``publish-submodule-private``), a tree
            has a name twice (``publish-tree-repeats``) or one that no file can have
            (``publish-name-impossible``).
    """
    guard = _Guard(line, read)
    looked = guard.walk(tree, plain)
    guard.refuse_look_alikes()
    guard.refuse_links()
    guard.refuse_submodules()
    plain.add(guard.plain_of(looked))


class _Guard:
    def __init__(self, line: Line, read: Read) -> None:
        self._line = line
        self._folders = Folders(line)
        self._like = LookAlikes(line)
        self._read = read
        self._look_alikes: list[str] = []
        self._not_all_core: set[str] = set()
        self._links: dict[str, bytes] = {}
        self._submodules: dict[str, bytes] = {}
        self._modules: bytes | None = None
        self._other: set[str] = {""}

    def walk(self, root: bytes, plain: PlainTrees) -> list[tuple[str, bytes]]:
        """Look through a tree and return the folders that were read, with their ids."""
        looked: list[tuple[str, bytes]] = []
        places = [("", root)]
        while places:
            looked += places
            contents = list(self._read(name for _, name in places))
            below: list[tuple[str, bytes]] = []
            for (folder, _), data in zip(places, contents, strict=True):
                below += self._below(folder, data)
            places = [place for place in below if not plain.has(*place)]
        return looked

    def plain_of(self, looked: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Return those folders that hold, at any depth, nothing but files of the core of which
        there is nothing to note.
        """
        other = set[str]()
        for path in self._other:
            while path and path not in other:
                other.add(path)
                path = path.rpartition("/")[0]
        return [(folder, tree) for folder, tree in looked if folder and folder not in other]

    def _below(self, folder: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        rows = tree_rows(data)
        names = {row[row.index(b" ") + 1 : -21] for row in rows}
        if len(names) != len(rows):
            refuse_repeated(folder)
        if not rows:
            # It holds no file of the core either, and is left out where the line does not keep it.
            self._other.add(folder)
        if self._is_plain(folder, names):
            # Files there are core beyond doubt, and there are many of them.
            rows = [row for row in rows if not row.startswith(b"100")]
        for entry in map(parse_row, rows):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_folder:
                extent = self._folders.extent(path)
                if extent != "core":
                    self._not_all_core.add(path)
                    if extent != "mixed" or self._is_wrap(f"{path}/-"):
                        self._other.add(path)
                if extent in ("core", "mixed"):
                    _refuse_impossible(entry.name, path)
                    yield path, entry.target
            elif self._is_core(entry, path):
                _refuse_impossible(entry.name, path)
                if self._note(entry, path):
                    self._other.add(folder)
            else:
                self._other.add(folder)

    def _is_plain(self, folder: str, names: set[bytes]) -> bool:
        """Whether no file of a folder can look like the wrap's, or have an impossible name."""
        return (
            folder != ""
            and self._folders.extent(folder) == "core"
            and self._like.has_no_wrap(folder)
            and not any(name.startswith((b".", b"git~", b"GIT~")) or b"/" in name for name in names)
            and b"".join(names).isascii()
        )

    def _is_core(self, entry: TreeEntry, path: str) -> bool:
        if entry.is_submodule and self._line.side(f"{path}/-") == "wrap":
            return False
        return self._line.side(path) == "core"

    def _note(self, entry: TreeEntry, path: str) -> bool:
        """Note what is not beyond doubt, and say whether it is."""
        is_like = self._like.is_wrap(path)
        if is_like or (entry.is_submodule and self._like.is_wrap(f"{path}/-")):
            self._look_alikes.append(path)
        if entry.is_link:
            self._links[path] = entry.target
        elif entry.is_submodule:
            self._submodules[path] = entry.target
        elif path == _MODULES:
            self._modules = entry.target
        return is_like or entry.is_link or entry.is_submodule

    def refuse_look_alikes(self) -> None:
        if self._look_alikes:
            raise InputError(
                "publish-look-alike",
                f"{_shown(self._look_alikes)} would be core, and looks like a path of a wrap: only "
                "case, alike letters, or what cannot be seen differs.",
                "Rename it, or claim it by its exact name for the side it belongs to.",
            )

    def refuse_links(self) -> None:
        names = list(self._links)
        contents = self._read(self._links[name] for name in names)
        targets = {
            name: data.decode("utf-8", "surrogateescape")
            for name, data in zip(names, contents, strict=True)
        }
        into = [
            f"{path} → {targets[path]}"
            for path in sorted(targets)
            if self._leads_into_wrap(_followed(path, targets))
        ]
        if into:
            raise InputError(
                "publish-link-into-wrap",
                f"Links of the core lead into a wrap: {_shown(into)}.",
                "Remove them, or give them to the wrap; in public they would lead nowhere.",
            )

    def _leads_into_wrap(self, path: str) -> bool:
        like = folded(path)
        is_folder = any(folded(folder) == like for folder in self._not_all_core)
        return self._is_wrap(path) or (is_folder and self._is_wrap(f"{path}/-"))

    def _is_wrap(self, path: str) -> bool:
        return self._line.side(path) == "wrap" or self._like.is_wrap(path)

    def refuse_submodules(self) -> None:
        for path, commit in self._submodules.items():
            if self._is_here(commit):
                _refuse_submodule(f"{path} names {commit.hex()[:12]}, a commit of this repository")
        if self._modules is None:
            return
        data = next(iter(self._read([self._modules])))
        public = without_regions(data)
        for path in _paths_of_modules(data if public is None else public):
            if self._is_wrap(path) or self._is_wrap(f"{path}/-"):
                _refuse_submodule(f"{_MODULES} tells of {path}, a folder of a wrap")

    def _is_here(self, commit: bytes) -> bool:
        try:
            return bool(list(self._read([commit])))
        except OutsideError:
            # What a submodule names belongs to another repository, so it is missing here.
            return False


def refuse_repeated(folder: str) -> NoReturn:
    """Say that a tree of the private repository holds a name twice.

    Raises:
        InputError: always (``publish-tree-repeats``).
    """
    raise InputError(
        "publish-tree-repeats",
        f"The private {folder.rstrip('/') or 'root'} holds a name twice, so nobody can say what "
        "it is.",
        "git fsck names the tree (duplicateEntries); the commits have to be written anew.",
    )


def _refuse_impossible(name: str, path: str) -> None:
    if is_impossible(name):
        raise InputError(
            "publish-name-impossible",
            f"The head holds {path!r}, a name that git refuses to check out.",
            "git fsck names the tree; commit one without it.",
        )


def _refuse_submodule(what: str) -> NoReturn:
    raise InputError(
        "publish-submodule-private",
        f"{what}: the public would learn of it, and could not have it.",
        "Give the submodule to the wrap, and its lines of .gitmodules too (publish.regions).",
    )


def _followed(path: str, links: dict[str, str]) -> str:
    """Return where a link leads in the end, by way of other links, as the system resolves it."""
    for _ in range(_LINKS_MAX):
        where = _step(path, links)
        if where is None:
            return path
        path = where
    return path


def _step(path: str, links: dict[str, str]) -> str | None:
    """Follow the first link on the way to a path; None where there is none."""
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        head = "/".join(parts[:count])
        if head in links:
            target = posixpath.join(posixpath.dirname(head), links[head])
            return posixpath.normpath(posixpath.join(target, *parts[count:]))
    return None


def _paths_of_modules(data: bytes) -> Iterator[str]:
    """Yield the folders that a .gitmodules names (gitmodules(5)): sections and their paths."""
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        bare = line.strip()
        if bare.startswith('[submodule "'):
            yield posixpath.normpath(bare.removeprefix('[submodule "').rstrip('"] '))
        key, equals, value = bare.partition("=")
        if equals and key.strip().lower() == "path":
            yield posixpath.normpath(value.strip().strip('"'))


def _shown(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN_MAX} more" if len(paths) > _SHOWN_MAX else ""
    return ", ".join(sorted(paths)[:_SHOWN_MAX]) + more
