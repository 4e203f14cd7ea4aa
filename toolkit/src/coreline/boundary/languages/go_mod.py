# SPDX-License-Identifier: Apache-2.0
"""``go.mod`` and ``go.work``: where modules are, and those of a wrap that the core asks for."""

from collections.abc import Callable, Iterator

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import Definition, FileFacts, Reference, Setting
from coreline.boundary.go.modfile import Directive, directives, is_local
from coreline.boundary.go.packages import MODULE, REPLACE, resolver
from coreline.boundary.text import Lines

# Whether the module cannot be built where what a directive names does not exist. What only some
# other module asks for, or what is left out, is a mention.
_NEEDED = {"require": True, "replace": True, "use": True, "tool": False, "exclude": False}


def _extract(source: Source) -> FileFacts:
    found = list(directives(source.data.decode("utf-8", "replace")))
    return FileFacts(settings=tuple(_settings(found)), references=tuple(_references(source, found)))


def _settings(found: list[Directive]) -> Iterator[Setting]:
    for one in found:
        if one.verb == "module" and one.words:
            yield Setting(MODULE, one.words[0], "")
        replaced = one.replacement if one.verb == "replace" else None
        if replaced is not None and is_local(replaced[1]):
            yield Setting(REPLACE, *replaced)


def _references(source: Source, found: list[Directive]) -> Iterator[Reference]:
    if not source.hits:
        return
    lines = Lines(source.data)
    starts = _line_starts(source.data)
    hit = {lines.place(start).line for start, _ in source.hits}
    for one in found:
        word = _asked(source, one) if one.line in hit and one.verb in _NEEDED else None
        if word is not None:
            start = starts(one.line)
            place = lines.place(start + max(0, source.data[start:].find(word.encode())))
            yield Reference(
                line=place.line,
                column=place.column,
                form="path" if is_local(word) else "build",
                module=word,
                needed=_NEEDED[one.verb],
                text=place.text,
            )


def _asked(source: Source, one: Directive) -> str | None:
    """Return the module or the folder of a wrap that a directive names; of two, the folder."""
    replaced = one.replacement if one.verb == "replace" else None
    words = one.words[:1] if replaced is None else reversed(replaced)
    return next((word for word in words if source.names.search(word.encode())), None)


def _line_starts(data: bytes) -> Callable[[int], int]:
    starts = [0]
    at = data.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    return lambda line: starts[line - 1]


def _define(data: bytes) -> Iterator[Definition]:
    for one in directives(data.decode("utf-8", "replace")):
        if one.verb == "module" and one.words:
            yield Definition("package", one.words[0], one.line)


LANGUAGE = Language(
    name="go-mod",
    sentence="The modules that a Go module or workspace requires, replaces and uses.",
    version=2,
    extract=_extract,
    define=_define,
    resolver=resolver,
    examples=(
        Example(
            "module example.com/acme\nrequire example.com/acme/ee v1.0.0\n",
            (("build", None, "example.com/acme/ee", ()),),
        ),
        Example(
            "module example.com/acme\nreplace (\n\texample.com/acme/ee => ./ee/go\n)\n",
            (("path", None, "./ee/go", ()),),
        ),
        Example("go 1.24\nuse (\n\t.\n\t./ee/go\n)\n", (("path", None, "./ee/go", ()),)),
        Example("module example.com/acme/ee\n\ngo 1.24\n"),
    ),
    filenames=("go.mod", "go.work"),
    always=True,
)
