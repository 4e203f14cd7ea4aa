# SPDX-License-Identifier: Apache-2.0
"""An import that waits for its user: written down so that another run can end it."""

from pathlib import Path

import msgspec

from coreline.errors import InputError
from coreline.publish.store import Store


class Waiting(msgspec.Struct, frozen=True):
    """An import that was begun and not ended. Ids are hexadecimal."""

    name: str
    way: str
    """``merge`` or ``am``: what git waits in."""
    before: str
    """The commit that the branch was at."""
    tip: str = ""
    """The last private commit of the contribution."""


def _path(store: Store) -> Path:
    return store.folder / "import.json"


def read_waiting(store: Store) -> Waiting | None:
    """Return the import that waits, None where none does."""
    try:
        return msgspec.json.decode(_path(store).read_bytes(), type=Waiting)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def write_waiting(store: Store, waiting: Waiting) -> None:
    """Remember an import."""
    _path(store).write_bytes(msgspec.json.encode(waiting))


def forget_waiting(store: Store) -> None:
    """Forget the import that waited."""
    _path(store).unlink(missing_ok=True)


def require_waiting(store: Store) -> Waiting:
    """Return the import that waits.

    Raises:
        InputError: none does (``import-none-waits``).
    """
    waiting = read_waiting(store)
    if waiting is None:
        raise InputError(
            "import-none-waits",
            "No import waits to be ended.",
            "Begin one: coreline import BRANCH.",
        )
    return waiting
