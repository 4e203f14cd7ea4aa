# SPDX-License-Identifier: Apache-2.0
"""Two states of a repository as the ratchet compares them, and what it says of them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from coreline.manifest.claims import Line
from coreline.manifest.parse import ParsedManifest


class Licensed(Struct, frozen=True, kw_only=True):
    """A place that says under which license a file, or all of the core, is."""

    path: str
    line: int
    what: str
    """The kind of place: ``license text``, ``header`` or ``package metadata``."""
    expression: str | None
    """An SPDX expression; None where there is a text and nobody knows it."""
    text: str = ""


class State(Struct, frozen=True, kw_only=True):
    """One state."""

    label: str
    parsed: ParsedManifest
    line: Line
    blobs: Mapping[str, str]
    """The id of the content of each file, by path."""
    sizes: Mapping[str, int]
    """Of contents, in bytes, by their ids; only of those that are asked for."""
    licenses: Mapping[str, Licensed]
    """By path; only of files that differ between the states."""
    doors: Mapping[str, str]
    """For each door of the manifests, a file of the core that names it."""

    def is_core(self, path: str) -> bool:
        """Whether a path is the core's in this state."""
        return self.line.side(path) == "core"

    def is_wrap(self, path: str) -> bool:
        """Whether a path is a wrap's in this state."""
        return self.line.side(path) == "wrap"


class Left(Struct, frozen=True, kw_only=True):
    """Something that is no longer as open as it was."""

    message: str
    hint: str
    path: str
    """Where it is shown: today's place, or the one it had."""
    line: int = 1
    names: tuple[str, ...] = ()
    text: str = ""
    feature: str | None = None
    """The feature whose decision record would account for it."""
    about: tuple[str, ...] = ()
    """What a decision record has to name, one of these."""
    touched: tuple[str, ...] = ()
    """The files whose changes show when it left."""
    shown_by: Literal["manifest", "license", "unknown", "removed", "added"]
    """What of their changes: the first manifest that says it, the first that states a narrower
    license, or none that is known, the last that removed one of them, the first that added one."""


class Record(Struct, frozen=True, kw_only=True):
    """A decision record that is new since the reference, or that the manifest links."""

    path: str
    text: str
    features: Sequence[str] = ()
    """The features that link it."""
