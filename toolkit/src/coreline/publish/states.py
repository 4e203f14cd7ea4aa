# SPDX-License-Identifier: Apache-2.0
"""From the tree of a private commit to the tree of its public one: line, regions, paths, in turn.

Each step is a function of trees and memoized by their ids, so a commit costs what it changed.
"""

from collections.abc import Iterable, Iterator, Sequence

from coreline.errors import InputError
from coreline.publish.folders import Folders
from coreline.publish.plain import PlainTrees
from coreline.publish.recipe.lines import claims_digest
from coreline.publish.recipe.paths import Paths
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.recipe.regions import without_regions
from coreline.publish.trees import Read, TreeFilter
from coreline.sources.objects import CommitParts, parse_row, tree_rows
from coreline.sources.packs import ObjectWriter


class States:
    """Makes public trees.

    Args:
        recipe: what is public.
        read: the private repository's objects.
        writer: where new objects go.
        plain: folders that are core to the last file by today's line.
    """

    def __init__(
        self, recipe: Recipe, read: Read, writer: ObjectWriter, plain: PlainTrees | None = None
    ) -> None:
        self._recipe = recipe
        self._plain = plain
        self._today = claims_digest(recipe.line)
        self._read = read
        self._writer = writer
        self._filters: dict[str, TreeFilter] = {}
        new = NewObjects(read, writer)
        self._regions = RegionFilter(new, writer)
        self._mover = Mover(recipe.paths, new, writer)

    @property
    def unclaimed(self) -> set[str]:
        """Files and folders that were left out because no side claims them."""
        return set[str]().union(*(one.unclaimed for one in self._filters.values()))

    @property
    def malformed(self) -> set[str]:
        """Files that were left out because their region markers do not fit together."""
        return self._regions.malformed

    def public(self, names: Sequence[bytes], parts: Sequence[CommitParts]) -> list[bytes | None]:
        """Return the public tree of each commit; None where nothing of it is public."""
        held = self._recipe.lines.of(names, parts, self._read)
        found: dict[tuple[str, bytes], bytes | None] = {}
        for digest, line in {one.digest: one.line for one in held}.items():
            roots = [p.tree for p, one in zip(parts, held, strict=True) if one.digest == digest]
            if digest not in self._filters:
                plain = self._plain if digest == self._today else None
                folders = Folders(line)
                self._filters[digest] = TreeFilter(line, folders, self._read, self._writer, plain)
            cores = self._filters[digest].filter(roots)
            found.update(((digest, root), c) for root, c in zip(roots, cores, strict=True))
        cores = [found[one.digest, p.tree] for p, one in zip(parts, held, strict=True)]
        if self._recipe.regions:
            cores = [None if core is None else self._regions.tree("", core) for core in cores]
        if self._recipe.paths:
            cores = [None if core is None else self._mover.moved(core) for core in cores]
        return cores


class NewObjects:
    """Reads objects, those that were just made and are not stored yet among them."""

    def __init__(self, read: Read, writer: ObjectWriter) -> None:
        self._read = read
        self._writer = writer

    def rows(self, tree: bytes) -> list[bytes]:
        """Return the entries of a tree."""
        return tree_rows(self._one(tree))

    def blobs(self, names: Iterable[bytes]) -> Iterator[bytes]:
        """Yield contents, in order."""
        return self._read(names)

    def _one(self, name: bytes) -> bytes:
        body = self._writer.body(name)
        return next(iter(self._read([name]))) if body is None else body


class RegionFilter:
    """Leaves marked regions out of every file of a tree."""

    def __init__(self, objects: NewObjects, writer: ObjectWriter) -> None:
        self._objects = objects
        self._writer = writer
        self._trees: dict[bytes, bytes | None] = {}
        self._blobs: dict[bytes, bytes | None] = {}
        self.malformed: set[str] = set()

    def tree(self, folder: str, name: bytes) -> bytes | None:
        """Return a tree with all regions left out; None where nothing is left of it."""
        if name not in self._trees:
            self._trees[name] = self._made(folder, name)
        return self._trees[name]

    def _made(self, folder: str, name: bytes) -> bytes | None:
        rows = self._objects.rows(name)
        entries = [(row, parse_row(row)) for row in rows]
        self._read_blobs(
            entry.target
            for _, entry in entries
            if not (entry.is_folder or entry.is_submodule or entry.is_link)
        )
        kept: list[bytes] = []
        for row, entry in entries:
            path = f"{folder}{entry.name}"
            target: bytes | None
            if entry.is_folder:
                target = self.tree(f"{path}/", entry.target)
            elif entry.is_submodule or entry.is_link:
                target = entry.target
            else:
                target = self._blobs[entry.target]
                if target is None:
                    self.malformed.add(path)
            if target is not None:
                kept.append(row[:-20] + target)
        if kept == rows:
            return name
        return self._writer.add(b"tree", b"".join(kept)) if kept else None

    def _read_blobs(self, names: Iterable[bytes]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._blobs]
        for name, data in zip(new, self._objects.blobs(new), strict=True):
            public = without_regions(data)
            if public is None:
                self._blobs[name] = None
            else:
                same = public == data
                self._blobs[name] = name if same else self._writer.add(b"blob", public)


class Mover:
    """Puts folders where they stand in public."""

    def __init__(self, paths: Paths, objects: NewObjects, writer: ObjectWriter) -> None:
        self._paths = paths
        self._objects = objects
        self._writer = writer
        self._known: dict[bytes, bytes | None] = {}

    def moved(self, root: bytes) -> bytes | None:
        """Return a whole tree with its folders in their public places.

        Raises:
            InputError: two files would stand in the same place (``publish-paths-collide``).
        """
        if root not in self._known:
            self._known[root] = self._moved(root)
        return self._known[root]

    def _moved(self, root: bytes) -> bytes | None:
        rest: bytes | None = root
        pieces: list[tuple[tuple[str, ...], bytes]] = []
        for row in self._paths.moved:
            if rest is None:
                break
            rest, piece = self._taken(rest, row.private)
            if piece is not None:
                pieces.append((row.public, piece))
        for public, piece in pieces:
            rest = self._put(rest, public, piece, "")
        return rest

    def _taken(self, tree: bytes, parts: Sequence[str]) -> tuple[bytes | None, bytes | None]:
        """Return a tree without a folder, and the folder."""
        rows = self._objects.rows(tree)
        for index, row in enumerate(rows):
            entry = parse_row(row)
            if entry.name != parts[0] or not entry.is_folder:
                continue
            inner: bytes | None = None
            piece: bytes | None = entry.target
            if len(parts) > 1:
                inner, piece = self._taken(entry.target, parts[1:])
            if piece is None:
                return tree, None
            left = [] if inner is None else [row[:-20] + inner]
            return self._tree([*rows[:index], *left, *rows[index + 1 :]]), piece
        return tree, None

    def _put(self, tree: bytes | None, parts: Sequence[str], piece: bytes, where: str) -> bytes:
        """Return a tree with another one in it, at a folder."""
        if not parts:
            return piece if tree is None else self._merged(tree, piece, where)
        rows = [] if tree is None else self._objects.rows(tree)
        inside = f"{where}{parts[0]}/"
        for index, row in enumerate(rows):
            entry = parse_row(row)
            if entry.name == parts[0]:
                if not entry.is_folder:
                    _collide(inside)
                inner = self._put(entry.target, parts[1:], piece, inside)
                rows[index] = row[:-20] + inner
                return self._some(rows)
        inner = self._put(None, parts[1:], piece, inside)
        return self._some([*rows, b"40000 " + _name(parts[0]) + b"\0" + inner])

    def _merged(self, first: bytes, second: bytes, where: str) -> bytes:
        rows = {parse_row(row).name: row for row in self._objects.rows(first)}
        for row in self._objects.rows(second):
            entry = parse_row(row)
            there = rows.get(entry.name)
            if there is None:
                rows[entry.name] = row
                continue
            other = parse_row(there)
            if not (entry.is_folder and other.is_folder):
                _collide(f"{where}{entry.name}")
            inner = self._merged(other.target, entry.target, f"{where}{entry.name}/")
            rows[entry.name] = row[:-20] + inner
        return self._some(rows.values())

    def _tree(self, rows: Sequence[bytes]) -> bytes | None:
        return self._some(rows) if rows else None

    def _some(self, rows: Iterable[bytes]) -> bytes:
        ordered: list[bytes] = sorted(rows, key=_order)
        return self._writer.add(b"tree", b"".join(ordered))


def _order(row: bytes) -> bytes:
    """Return what git orders the entries of a tree by: a folder's name with a slash behind it."""
    name = row[row.index(b" ") + 1 : -21]
    return name + b"/" if parse_row(row).is_folder else name


def _name(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _collide(path: str) -> None:
    raise InputError(
        "publish-paths-collide",
        f"publish.paths puts two files at {path} in public.",
        "Move one of the folders elsewhere, or leave out the map.",
    )
