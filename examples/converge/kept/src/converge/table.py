# SPDX-License-Identifier: Apache-2.0
"""Reading one table of a declaration. Mistakes are collected, so that one run shows them all."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from converge.errors import Problem
from converge.model import Ties
from converge.places import Places


class Table:
    """The keys of one resource; every reader notes its key as known.

    Args:
        kind: such as ``file``.
        name: such as ``motd``.
        values: the table as TOML gave it.
        folder: where the declaration is; relative paths start there.
        places: where keys stand in the text.
        problems: mistakes are added here.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        values: dict[str, object],
        folder: Path,
        places: Places,
        problems: list[Problem],
    ) -> None:
        self.kind, self.name, self.folder = kind, name, folder
        self._values, self._places, self._problems = values, places, problems
        self._known: list[str] = []

    @property
    def id(self) -> str:
        """KIND.NAME."""
        return f"{self.kind}.{self.name}"

    def has(self, key: str) -> bool:
        """Whether the table has a key."""
        return key in self._values

    def problem(self, message: str, key: str = "") -> None:
        """Note a mistake, at a key or at the table's head."""
        line = self._places.line(self.kind, self.name, key)
        self._problems.append(Problem(line, f"{self.id}: {message}"))

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return a string; an empty one is a mistake, except as the content of a file."""
        value = self._get(key, str, "a string", required=required)
        if value == "" and key != "content":
            self.problem(f"{key} is empty.", key)
            return None
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is missing."""
        return self._get(key, bool, "true or false") is True

    def seconds(self, key: str, default: float) -> float:
        """Return a positive number of seconds."""
        value = self._get(key, (int, float), "a number of seconds")
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
        if value is not None:
            self.problem(f"{key} must be more than 0 seconds.", key)
        return default

    def absent(self) -> bool:
        """Return whether the table declares that nothing is there."""
        value = self.text("state")
        if value not in (None, "present", "absent"):
            self.problem(f'state is "{value}"; write "present" or "absent".', "state")
        return value == "absent"

    def path(self, key: str = "path", *, required: bool = True) -> Path:
        """Return a path made absolute, without resolving links."""
        value = self.text(key, required=required) or "."
        return Path.absolute(self.folder / Path(value).expanduser())

    def optional_path(self, key: str) -> Path | None:
        """Return a path made absolute; None where the key is missing."""
        path = self.path(key, required=False)
        return path if self.has(key) else None

    def mode(self) -> int | None:
        """Return permission bits, written as a string of octal digits such as "0644"."""
        value = self.text("mode")
        if value is None:
            return None
        if not (set(value) <= set("01234567") and 3 <= len(value) <= 4):
            self.problem(f'mode is "{value}"; write octal digits, such as "0644".', "mode")
            return None
        return int(value, 8)

    def words(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of strings that is not empty where it is given."""
        value = self._get(key, list, 'a list of strings, such as ["true"]', required=required)
        if not isinstance(value, list):
            return ()
        if not value or not all(isinstance(word, str) and word for word in value):
            self.problem(f"{key} must be a list of strings, none empty.", key)
            return ()
        return tuple(value)

    def ties(self, *, on_change: bool = False) -> Ties:
        """Return what has to come first."""
        return Ties(
            self.words("after"),
            self.words("requires"),
            self.words("on_change") if on_change else (),
        )

    def finish(self) -> None:
        """Report keys that nothing asked for, with the nearest right one."""
        for key in self._unknown():
            near = get_close_matches(key, self._known, 1)
            instead = f'did you mean "{near[0]}"?' if near else f"known are {self._list()}."
            self.problem(f'unknown key "{key}"; {instead}', key)

    def _unknown(self) -> Iterator[str]:
        return (key for key in self._values if key not in self._known)

    def _list(self) -> str:
        return ", ".join(self._known)

    def _get(
        self,
        key: str,
        kind: type | tuple[type, ...],
        words: str,
        *,
        required: bool = False,
    ) -> object:
        self._known.append(key)
        if key not in self._values:
            if required:
                self.problem(f"{key} is missing.")
            return None
        value = self._values[key]
        if not isinstance(value, kind):
            self.problem(f"{key} must be {words}.", key)
            return None
        return value
