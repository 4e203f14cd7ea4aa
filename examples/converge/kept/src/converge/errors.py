# SPDX-License-Identifier: Apache-2.0
"""What can stop converge: a mistake in the declaration, or one resource that cannot be reached.

ConvergeError
├── DeclarationError   every mistake of a declaration, in one run
└── ResourceError      one resource failed; the others go on
"""

from typing import NamedTuple


class ConvergeError(Exception):
    """Something that stops the run, with what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Problem(NamedTuple):
    """One mistake in a declaration; ``line`` is 0 where it is not known."""

    line: int
    message: str


class DeclarationError(ConvergeError):
    """The declaration cannot be meant as it stands; ``problems`` holds every mistake."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        places = (f"{source}:{line}" if line else source for line, _ in self.problems)
        texts = (problem.message for problem in self.problems)
        super().__init__(
            "\n".join(f"{place}: {text}" for place, text in zip(places, texts, strict=True))
        )


class ResourceError(ConvergeError):
    """One resource cannot be brought to its declared state."""
