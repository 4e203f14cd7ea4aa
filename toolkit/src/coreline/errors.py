# SPDX-License-Identifier: Apache-2.0
"""The exception tree. Each error carries a stable code, a sentence and a hint.

    CorelineError
    ├── InputError       2   the user's mistake: an argument, a file, a manifest
    │   └── ManifestErrors   every mistake of one manifest, in one run (manifest.problems)
    ├── OutsideError     3   the outside world: git, the network, a disk, a server
    ├── NothingToDo      4   the work is already done
    └── InternalError   70   our own bug

A finding (a place where the line does not hold) is data, never an exception. The numbers are the
exit codes of the command line, decided here and applied in ``coreline.cli.main`` alone.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a process that ran Coreline ends with. Scripts rely on these numbers."""

    KEPT = 0
    BROKEN = 1
    INPUT = 2
    OUTSIDE = 3
    NOTHING = 4
    INTERNAL = 70
    INTERRUPTED = 130


class CorelineError(Exception):
    """Something that stops the work.

    Args:
        code: stable, lower case, words joined by hyphens, such as ``git-not-found``. Scripts and
            the reference page rely on it.
        sentence: what happened, for a person, with the names and numbers of the case.
        hint: what to do about it; empty when nothing can be done.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint

    def details(self) -> dict[str, object]:
        """Return what a program may want to know besides, as JSON has it; usually nothing."""
        return {}


class InputError(CorelineError):
    """The user's mistake: an argument, a file or a manifest that cannot be meant as it stands."""

    exit_code = ExitCode.INPUT


class OutsideError(CorelineError):
    """The outside world failed: git, the network, a disk, a server."""

    exit_code = ExitCode.OUTSIDE


class NothingToDo(CorelineError):  # noqa: N818 - not a failure: the work is already done.
    """The work that was asked for is already done."""

    exit_code = ExitCode.NOTHING


class InternalError(CorelineError):
    """Our own bug: an invariant did not hold."""
