# SPDX-License-Identifier: Apache-2.0
"""What the metadata of packages says: the license, and distributions that a wrap is built as."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from coreline.boundary.extension import Source
from coreline.boundary.facts import Declared, FileFacts, Reference, Trouble
from coreline.boundary.names import normalize
from coreline.boundary.text import Lines
from coreline.boundary.tokens import tokens


class Metadata(Struct, frozen=True, kw_only=True):
    """What one file of package metadata declares; texts are as the file writes them."""

    licenses: tuple[tuple[str, str], ...] = ()
    """Fields and their values."""
    needed: tuple[str, ...] = ()
    """Names of distributions without which the package cannot be built or installed."""
    optional: tuple[str, ...] = ()
    """Names of distributions that an extra or a group of developers asks for."""


def facts_of(source: Source, metadata: Metadata) -> FileFacts:
    """Return the facts of a file of package metadata.

    Beside what the metadata declares, every place in the file that names a module or a path of a
    wrap is a reference: a package that is told of the wrap knows it.
    """
    lines = Lines(source.data)
    references = [
        reference
        for is_needed, names in ((True, metadata.needed), (False, metadata.optional))
        for name in names
        if _holds_hit(source, name)
        for reference in [_named(source, lines, name, is_needed=is_needed)]
    ]
    taken = {reference.line for reference in references}
    references += [
        replace(one, form="build") if one.form != "path" else one
        for one in tokens(source)
        if one.line not in taken and not one.text.lstrip().startswith(("#", "//"))
    ]
    declared = (_declared(source, lines, field, value) for field, value in metadata.licenses)
    return FileFacts(references=tuple(references), declared=tuple(declared))


def unreadable(source: Source, what: str) -> FileFacts:
    """Return the facts of metadata that cannot be parsed: trouble where it may name a wrap."""
    return FileFacts(trouble=Trouble(1, f"no valid {what}")) if source.hits else FileFacts()


def _holds_hit(source: Source, name: str) -> bool:
    # The same name may be written with other separators and cases (PEP 503).
    is_package = normalize(name) in source.names.packages
    return is_package or bool(source.names.search(name.encode("utf-8", "replace")))


def _find(source: Source, text: str, *, after: int = 0) -> int:
    return max(0, source.data.find(text.encode("utf-8", "replace"), after))


def _named(source: Source, lines: Lines, name: str, *, is_needed: bool) -> Reference:
    # acme-ee is not acme-ee-tools on the line before.
    whole = rb"(?<![\w.-])" + re.escape(name.encode("utf-8", "replace")) + rb"(?![\w-])"
    match = re.search(whole, source.data)
    place = lines.place(match.start() if match else _find(source, name))
    return Reference(
        line=place.line,
        column=place.column,
        form="build",
        module=name,
        needed=is_needed,
        guard=None if is_needed else "extra",
        text=place.text,
    )


def _declared(source: Source, lines: Lines, field: str, value: str) -> Declared:
    key = field.rpartition(".")[2]
    place = lines.place(_find(source, value, after=_find(source, key)))
    return Declared(place.line, field, value, place.text)


def requirement_names(lines: Iterable[str]) -> Iterator[str]:
    """Yield the names of distributions in requirement specifiers (PEP 508)."""
    for line in lines:
        text = line.strip()
        end = next(
            (i for i, char in enumerate(text) if not (char.isalnum() or char in "-_.")), len(text)
        )
        if end and text[0].isalnum():
            yield text[:end]
