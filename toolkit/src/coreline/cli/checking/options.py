# SPDX-License-Identifier: Apache-2.0
"""What the command line of ``coreline check`` says, for the file that does it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.boundary.extension import Format


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of one run.

    Attributes:
        at: a commit, or None for the files on disk.
        staged: whether the staged files are meant.
        since: the revision that the line is held against.
        standalone: whether the core is tested alone.
        watch: whether to check again whenever a file changes.
        format_name: how to report.
        cached: whether facts of earlier runs may be used.
        paths: files, folders or artifacts, as the user wrote them.
        timeout_seconds: how long the tests of the core alone may take.
        keep: whether the folder that they ran in is left in place.
        licenses: whether licenses alone are checked.
    """

    at: str | None
    staged: bool
    since: str | None
    standalone: bool
    watch: bool
    format_name: str
    cached: bool
    paths: tuple[str, ...]
    timeout_seconds: float = 1800
    keep: bool = False
    licenses: bool = False

    def refuse_contradictions(self) -> None:
        """Refuse options that exclude each other.

        Raises:
            InputError: two of them do (``check-one-state``, ``check-one-way``).
        """
        if self.at is not None and self.staged:
            raise InputError(
                "check-one-state",
                "--at names a commit and --staged the index; only one can be checked.",
                "Leave one of them away.",
            )
        if self.standalone and self.paths:
            raise InputError(
                "standalone-takes-no-paths",
                f"--standalone tests the whole core, and takes no path such as {self.paths[0]!r}.",
                "Say in core.test what is run.",
            )
        ways = {
            "--since": self.since is not None,
            "--standalone": self.standalone,
            "--watch": self.watch,
            "--licenses": self.licenses,
        }
        asked = [name for name, is_asked in ways.items() if is_asked]
        if len(asked) > 1:
            raise InputError(
                "check-one-way",
                f"{' and '.join(asked)} are different runs.",
                "Run them one after the other.",
            )


def format_named(name: str) -> "Format":
    """Return a format of a report.

    Raises:
        InputError: there is none of the name (``format-unknown``).
    """
    from coreline.boundary import formats as folder
    from coreline.boundary.check import load_formats
    from coreline.boundary.extension import Format
    from coreline.extensions import load_named

    # One is asked for; the others need a tenth of a whole run to be loaded.
    own = load_named(folder, name, "FORMAT", Format)
    if own is not None and own.name == name:
        return own
    formats = {one.name: one for one in load_formats()}
    if name not in formats:
        raise InputError(
            "format-unknown",
            f"There is no format {name!r} of a check.",
            f"Use one of: {', '.join(sorted(formats))}.",
        )
    return formats[name]
