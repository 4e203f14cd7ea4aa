# SPDX-License-Identifier: Apache-2.0
"""Dockerfiles: what an image of the core takes from a wrap."""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.text import Lines
from coreline.boundary.tokens import tokens

_TAKING = re.compile(rb"^[ \t]*(COPY|ADD)[ \t]+((?:\\\r?\n|[^\n])*)", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(rb"""[^\s\\"',\[\]]+""")
# What bind mounts of a RUN instruction take is needed as well.
_MOUNT = re.compile(rb"--mount=type=bind,[^\s]{0,200}?source=([^\s,]+)")


def _extract(source: Source) -> FileFacts:
    taken = list(_taken(source))
    lines = {reference.line for reference in taken}
    # What commands name is a mention, but for absolute paths: those are of the image.
    others = [
        reference
        for reference in tokens(source)
        if reference.line not in lines and not reference.module.startswith("/")
        if not reference.text.lstrip().startswith("#")
    ]
    return FileFacts(references=(*taken, *others))


def _taken(source: Source) -> Iterator[Reference]:
    """Yield the sources of COPY, ADD and bind mounts, relative to the build's context."""
    lines = Lines(source.data)
    for instruction in _TAKING.finditer(source.data):
        base = instruction.start(2)
        words = [
            (match[0], base + match.start())
            for match in _WORD.finditer(instruction[2])
            if not match[0].startswith(b"--")
        ]
        # From another stage of the build, nothing is taken from the context.
        if b"--from=" not in instruction[2]:
            yield from (_reference(lines, word, at) for word, at in words[:-1])
    for mount in _MOUNT.finditer(source.data):
        yield _reference(lines, mount[1], mount.start(1))


def _reference(lines: Lines, word: bytes, offset: int) -> Reference:
    place = lines.place(offset)
    name = word.decode("utf-8", "replace").removeprefix("./").lstrip("/")
    # A slash says that it is a path, whatever it looks like.
    name = name if "/" in name else f"{name}/"
    return Reference(place.line, place.column, "build", name, text=place.text)


LANGUAGE = Language(
    name="dockerfile",
    sentence="What COPY, ADD and bind mounts take from a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example("FROM x\nCOPY ./ee /app/ee\n", (("build", None, "ee/", ()),)),
        Example("COPY --from=build /app/ee /app\n# ee/ is not here\nRUN ls /app/ee\n"),
        Example('ADD ["ee/a.txt", "/"]\n', (("build", None, "ee/a.txt", ()),)),
    ),
    filenames=("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile"),
)
