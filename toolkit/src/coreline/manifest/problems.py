# SPDX-License-Identifier: Apache-2.0
"""Mistakes in a manifest: each with a code, a place, a sentence and what to write instead."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coreline.errors import InputError

Key = tuple[str | int, ...]
"""Where a value stands in the manifest, such as ``("wraps", "enterprise", "paths", 0)``."""


class Position(NamedTuple):
    """A place in a text: line and column, both from 1, columns counted in characters."""

    line: int
    column: int


class Mistake(NamedTuple):
    """A mistake at a key; the parser turns it into a Problem at a line and column."""

    code: str
    key: Key
    message: str
    hint: str = ""
    on_key: bool = False
    """Whether the key's name is the mistake, rather than its value."""
    needs: tuple[Key, ...] = ()
    """Other keys that it was concluded from: where one of these is a mistake itself, this one
    would only repeat it and is left out."""
    other: Key | None = None
    """A second key that is part of it: the message ends in its line."""


class Problem(NamedTuple):
    """One mistake of a manifest, at its place in the file."""

    code: str
    message: str
    hint: str
    line: int
    column: int


class ManifestErrors(InputError):  # noqa: N818 - it holds several; the name is public.
    """Every mistake of one manifest.

    Args:
        source: the manifest's name, as the user gave it.
        problems: the mistakes, at least one.
    """

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems: Sequence[Problem] = tuple(problems)
        count = len(self.problems)
        lines = [f"{source} has {'a mistake' if count == 1 else f'{count} mistakes'}."]
        for problem in self.problems:
            place = f"{source}:{problem.line}:{problem.column}"
            lines.append(f"{place}: {problem.message} [{problem.code}]")
            if problem.hint:
                lines.append(f"    {problem.hint}")
        super().__init__("manifest-mistakes", "\n".join(lines))

    def details(self) -> dict[str, object]:
        """Return the mistakes, each with its code, place, message and hint."""
        return {"source": self.source, "problems": [one._asdict() for one in self.problems]}
