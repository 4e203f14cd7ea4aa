# SPDX-License-Identifier: Apache-2.0
"""What a file of build metadata needs: packages by name, folders and files by path."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from coreline.boundary.extension import Resolve, Source
from coreline.boundary.facts import Declared, FileFacts, Form, Reference, Setting
from coreline.boundary.names import normalize
from coreline.boundary.resolve import Meant
from coreline.boundary.text import Lines
from coreline.boundary.tokens import tokens
from coreline.boundary.world import World

FROM_FILE = 1
"""The level of a reference whose path is looked up from its file's folder and nowhere else."""

_COMMENTS = ("#", "//", "<!--", "*", "/*")


class Need(NamedTuple):
    """Something that a build takes from elsewhere."""

    module: str
    """The name of a package, or a path from the file's folder: then ``level`` says so."""
    offset: int
    guard: str | None = None
    needed: bool = True
    form: Form = "build"
    level: int = 0


class License(NamedTuple):
    """A license that metadata declares."""

    field: str
    value: str
    offset: int


def path_need(path: str, offset: int, guard: str | None = None, *, needed: bool = True) -> Need:
    """Return what a path from the file's own folder needs."""
    text = path.replace("\\", "/")
    return Need(text if "/" in text else f"{text}/", offset, guard, needed, level=FROM_FILE)


def facts_of(
    source: Source,
    needs: Iterable[Need],
    licenses: Iterable[License] = (),
    *,
    settings: Iterable[Setting] = (),
    ignored: Callable[[Reference], bool] = lambda _: False,
) -> FileFacts:
    """Return the facts of a file of metadata.

    Beside what it needs, every place that names a wrap is a reference: a package that is told of
    the wrap knows it.

    Args:
        source: the file.
        needs: what it needs.
        licenses: what it declares.
        settings: what it says of how names are resolved.
        ignored: whether a mention says nothing.
    """
    lines = Lines(source.data)
    found: dict[tuple[int, str], Reference] = {}
    for need in sorted(needs, key=lambda one: one.offset):
        place = lines.place(need.offset)
        reference = Reference(
            line=place.line,
            column=place.column,
            form=need.form,
            module=need.module,
            level=need.level,
            guard=need.guard,
            needed=need.needed,
            text=place.text,
        )
        found.setdefault((need.offset, need.module), reference)
    taken = {one.line for one in found.values()}
    others = [
        replace(one, form="build") if one.form == "string" else one
        for one in tokens(source)
        if one.line not in taken and not one.text.lstrip().startswith(_COMMENTS)
        # One word may mean anything.
        if not one.module.isalnum() and not ignored(one)
    ]
    return FileFacts(
        references=(*found.values(), *others),
        declared=tuple(
            Declared(place.line, one.field, one.value, place.text)
            for one in licenses
            for place in [lines.place(one.offset)]
        ),
        settings=tuple(settings),
    )


def is_named(name: str, packages: Collection[str]) -> bool:
    """Whether a package is one of the wraps'."""
    return normalize(name) in packages


def offset_of(source: Source, name: str, *, key: bool = False, after: int = 0) -> int:
    """Return where a name stands alone in a file, 0 where it does not.

    Args:
        source: the file.
        name: as it is written there.
        key: whether it begins its line, as keys do.
        after: where to begin.
    """
    raw = re.escape(name.encode("utf-8", "replace"))
    begin = rb"(?m)^[ \t\"'\[]*(?:[\w.\"'-]+\.)?" if key else rb""
    match = re.compile(begin + rb"(?<![\w-])(" + raw + rb")(?![\w-])").search(source.data, after)
    if match is None:
        return offset_of(source, name, after=after) if key else 0
    return match.start(1)


def resolver(world: World) -> Resolve:
    """Make what resolves the references of metadata: paths from the file, packages by name."""

    def meant(reference: Reference, path: str) -> Meant | None:
        if reference.level == FROM_FILE:
            wrap = wrap_at(world, reference.module, path)
            return None if wrap is None else Meant(wrap, reference.module)
        if reference.form == "test":
            reference = replace(reference, form="build")
        return world.common.meant(reference, path)

    return meant


def wrap_at(world: World, text: str, path: str) -> str | None:
    """Return the wrap that owns what a path from a file's folder leads to; up to a wildcard."""
    wildcard = re.search(r"[*?{$\[]", text)
    if wildcard is not None:
        text = text[: wildcard.start()].rpartition("/")[0]
    return world.wrap_of(posixpath.normpath(posixpath.join(posixpath.dirname(path), text)))
