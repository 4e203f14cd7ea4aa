# SPDX-License-Identifier: Apache-2.0
"""Dockerfiles: what an image of the core takes from a wrap.

``COPY`` and ``ADD`` take from the build's context, ``RUN`` runs a shell, ``ARG`` and ``ENV`` hold
what both are given. Everything else is a mention.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.pieces import Piece
from coreline.boundary.builds.words import all_hits, value_at
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts, Reference, Setting
from coreline.boundary.overlaying import COPY

_INSTRUCTION = re.compile(
    rb"^[ \t]*(?:ONBUILD[ \t]+)?([A-Z]+)[ \t]+"
    rb"((?:[^\n\\]+|\\[ \t\r]*\n(?:[ \t]*(?:\#[^\n]*)?\n)*|\\[^\n])*)",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT = re.compile(rb"(?m)(?<=\n)[ \t]*#[^\n]*(?:\n|\Z)")
_HEREDOC = re.compile(rb"<<-?[\"']?(\w+)[\"']?")
_WORD = re.compile(rb"""[^\s\\"',\[\]]+""")
_FLAGS = re.compile(rb"(?:\s*(?:\\\s)?\s*--[a-z]+(?:=\S+)?)+")
# What bind mounts of a RUN instruction take is needed as well.
_MOUNT = re.compile(rb"--mount=type=bind,[^\s]{0,200}?(?:source|src)=([^\s,]+)")
_ASSIGNED = re.compile(rb"(\w+)(?:=|[ \t]+)[\"']?([^\s\"']*)")
_LENGTH_MAX = 1 << 20


class _Instruction(NamedTuple):
    name: str
    start: int
    text: bytes


def extract(source: Source) -> FileFacts:
    """Return the facts of a Dockerfile."""
    hits, bare = all_hits(source)
    if not hits:
        return EMPTY
    commands = Commands(source, hits, bare)
    copies: list[Setting] = []
    instructions = list(_instructions(source.data))
    arguments: dict[bytes, tuple[int, int]] = {}
    for one in instructions:
        inside = [hit for hit in hits if one.start <= hit[0] < one.start + len(one.text)]
        if one.name in ("COPY", "ADD"):
            copies += _copy(one, inside, arguments, commands)
        elif one.name == "RUN":
            _run(one, commands)
        elif one.name in ("ARG", "ENV") and inside:
            _assign(one, inside, arguments, commands)
        else:
            _mention(inside, commands)
    references = [one for one in commands.references() if one.needed or not _is_of_image(one)]
    return FileFacts(references=tuple(references), settings=(*copies, *commands.copies))


def _instructions(data: bytes) -> Iterator[_Instruction]:
    """Yield the instructions, continued lines joined and heredocs included."""
    at = 0
    while (match := _INSTRUCTION.search(data, at, at + _LENGTH_MAX)) is not None:
        end = match.end()
        for heredoc in _HEREDOC.findall(match[2])[:8]:
            closing = re.compile(rb"^\t*" + re.escape(heredoc) + rb"[ \t]*\r?$", re.MULTILINE)
            found = closing.search(data, end)
            end = found.end() if found else end
        yield _Instruction(match[1].decode().upper(), match.start(2), data[match.start(2) : end])
        at = max(end, match.end(), at + 1)


def _copy(
    one: _Instruction,
    inside: list[tuple[int, int]],
    arguments: dict[bytes, tuple[int, int]],
    commands: Commands,
) -> Iterator[Setting]:
    """Yield the copies of folders; their sources are relative to the build's context."""
    # From another stage of the build, nothing is taken from the context.
    if b"--from=" in one.text:
        return
    first = one.text.partition(b"<<")[0]
    words = [match for match in _WORD.finditer(first) if not match[0].startswith(b"--")]
    for word in words[:-1]:
        start, end = one.start + word.start(), one.start + word.end()
        name = word[0].decode("utf-8", "replace")
        if any(start <= hit[0] < end for hit in inside):
            taken = name.removeprefix("./").lstrip("/")
            commands.take(start, taken)
            yield Setting(
                COPY,
                taken if "/" in taken else f"{taken}/",
                words[-1][0].decode("utf-8", "replace"),
            )
        for argument, hit in arguments.items():
            if re.search(rb"\$\{?" + argument + rb"\b", word[0]):
                begin, text = value_at(commands.data, hit)
                commands.take(begin, text)


def _run(one: _Instruction, commands: Commands) -> None:
    for mount in _MOUNT.finditer(one.text):
        commands.take_if_hit(one.start + mount.start(1), mount[1].decode("utf-8", "replace"))
    text = one.text
    flags = _FLAGS.match(text)
    if flags is not None:
        text = b" " * flags.end() + text[flags.end() :]
    text = _COMMENT.sub(lambda match: b" " * len(match[0]), text)
    heredoc = re.match(rb"\s*<<-?[\"']?\w+[\"']?", text)
    if heredoc is not None:
        # The heredoc alone is a script; its last line is the word that ends it.
        text = b" " * heredoc.end() + text[heredoc.end() :]
        last = text.rstrip().rfind(b"\n")
        text = text[:last] if last > 0 else text
    if text.lstrip().startswith(b"["):
        text = re.sub(rb"""[\[\],"']""", b" ", text)
    commands.read(Piece(text, one.start))


def _assign(
    one: _Instruction,
    inside: list[tuple[int, int]],
    arguments: dict[bytes, tuple[int, int]],
    commands: Commands,
) -> None:
    for match in _ASSIGNED.finditer(one.text):
        start, end = one.start + match.start(2), one.start + match.end(2)
        for hit in inside:
            if start <= hit[0] < end:
                arguments.setdefault(match[1], hit)
                commands.assign(match[1].decode("utf-8", "replace"), hit)


def _mention(inside: Iterable[tuple[int, int]], commands: Commands) -> None:
    for hit in inside:
        commands.mention(hit)


def _is_of_image(reference: Reference) -> bool:
    """Whether a path that is merely named is absolute: it is the image's, not the context's."""
    return reference.module.startswith("/")
