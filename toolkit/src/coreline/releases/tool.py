# SPDX-License-Identifier: Apache-2.0
"""The kind of extension ``tools``: one ecosystem's own tool in one file, ending in ``TOOL``."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from coreline.errors import OutsideError
from coreline.releases.plan import Planned
from coreline.sources.git import Git


class Identity(NamedTuple):
    """What an artifact says of itself."""

    package: str | None = None
    version: str | None = None


class Commit(NamedTuple):
    """What is built from."""

    git: Git
    id: str
    """In lower-case hex."""
    epoch: int
    """Its committer date, in seconds since 1970."""
    public: str | None = None
    """The public commit that stands for it, in hex; None where it was not published from here."""


class Wishes(Struct, frozen=True, kw_only=True):
    """What the user chose."""

    isolated: bool = True
    """Whether a tool may fetch what a build needs; else all of it is installed already."""
    scripts: bool = False
    """Whether npm runs the scripts of the package."""


class Workplace(Struct, frozen=True, kw_only=True):
    """Where one build happens."""

    planned: Planned
    top: Path
    """The exported files."""
    out: Path
    """Empty; a tool puts the artifacts here."""
    env: Mapping[str, str]
    commit: Commit
    wishes: Wishes
    run: Callable[[str, Path], None]
    """Runs a command line in a folder; raises where it fails."""

    @property
    def folder(self) -> Path:
        """Where the package lies."""
        return self.top / self.planned.folder

    def find(self, *programs: str) -> str | None:
        """Return the first of some programs that is on the PATH of the build."""
        places = (shutil.which(one, path=self.env["PATH"]) for one in programs)
        return next((one for one in places if one is not None), None)

    def program(self, name: str, hint: str) -> str:
        """Return where a program is.

        Raises:
            OutsideError: it is not on PATH (``build-tool-missing``).
        """
        place = self.find(name)
        if place is None:
            raise missing(self.planned, name, hint)
        return place


def missing(planned: Planned, program: str, hint: str) -> OutsideError:
    """Return the error for a program that is not there."""
    return OutsideError(
        "build-tool-missing",
        f"{planned.name} is built with {program}, which is not on PATH.",
        hint,
    )


class Tool(Struct, frozen=True, kw_only=True):
    """How packages of one ecosystem are made, found and known."""

    name: str
    sentence: str
    make: Callable[[Workplace], None]
    marker: str = ""
    """A glob of the file name by which a package is known in a tree; empty if by none."""
    named: Callable[[bytes], str | None] = lambda _data: None
    """Takes that file to the package's name; None where nothing is to be built from it."""
    is_metadata: Callable[[str], bool] = lambda _path: False
    """Whether a path inside an artifact is the file that says name and version."""
    plain: tuple[str, ...] = ()
    """How artifacts end that are no archives, and that the tool itself writes."""
    identify: Callable[[str, bytes], Identity] = lambda _path, _data: Identity()
    """Takes that file, path and content, to what it says."""


def load_tools() -> Sequence[Tool]:
    """Load every tool."""
    from coreline.extensions import load
    from coreline.releases import tools

    return list(load(tools, "TOOL", Tool))
