# SPDX-License-Identifier: Apache-2.0
"""Where files of the core stand in public: folders that are moved, and the way back."""

from collections.abc import Iterable
from typing import NamedTuple

from coreline.errors import InputError
from coreline.manifest.model import PathMap
from coreline.publish.folding import is_impossible


class Moved(NamedTuple):
    """A folder that is moved, each in parts; the public one may be the root, ``()``."""

    private: tuple[str, ...]
    public: tuple[str, ...]


class Paths:
    """The folders that stand elsewhere in public.

    Args:
        moved: as the manifest says; ``src/core/**`` means the folder ``src/core``.

    Raises:
        InputError: two of them fight over a folder (``publish-paths-overlap``), or one is called
            as no folder can be (``publish-name-impossible``).
    """

    def __init__(self, moved: Iterable[PathMap]) -> None:
        rows = [Moved(_parts(one.private), _parts(one.public)) for one in moved]
        self.moved = sorted(rows, key=lambda row: (-len(row.private), row))
        """The deepest private folders first: what is inside is taken out before what is around."""
        for first, second in zip(self.moved, self.moved[1:], strict=False):
            if first.private == second.private or not second.private or not first.private:
                raise InputError(
                    "publish-paths-overlap",
                    f"publish.paths moves {'/'.join(first.private) or 'the root'} twice, or all.",
                    "Name each private folder once; the root cannot be moved.",
                )
        if len(self.moved) == 1 and not self.moved[0].private:
            raise InputError(
                "publish-paths-overlap",
                "publish.paths moves the root, so nothing stays where it is.",
                "Name the folders that shall stand elsewhere.",
            )

    def __bool__(self) -> bool:
        return bool(self.moved)

    def public(self, path: str) -> str:
        """Return where a private path stands in public."""
        parts = tuple(path.split("/"))
        for row in self.moved:
            if parts[: len(row.private)] == row.private and len(parts) > len(row.private):
                return "/".join((*row.public, *parts[len(row.private) :]))
        return path

    def private(self, path: str) -> list[str]:
        """Return where a public path may stand in private, the likeliest first.

        The deepest public folder that holds it decides; the last candidate is the path itself, for
        what was never moved.
        """
        parts = tuple(path.split("/"))
        fitting = [
            row
            for row in self.moved
            if parts[: len(row.public)] == row.public and len(parts) > len(row.public)
        ]
        fitting.sort(key=lambda row: (-len(row.public), row))
        found = ["/".join((*row.private, *parts[len(row.public) :])) for row in fitting]
        return list(dict.fromkeys([*found, path]))


def _parts(text: str) -> tuple[str, ...]:
    bare = text.removesuffix("**").strip("/")
    parts = tuple(part for part in bare.split("/") if part not in ("", "."))
    if any(is_impossible(part) for part in parts):
        raise InputError(
            "publish-name-impossible",
            f"publish.paths names {text!r}; git refuses to check out such a folder.",
            "Name a folder that can exist.",
        )
    return parts
