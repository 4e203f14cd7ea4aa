# SPDX-License-Identifier: Apache-2.0
"""Doors that the manifest promises, and that no file of the core names any more."""

from collections.abc import Iterator

from coreline.boundary.ratchet.model import Left, State


def word_of(door: str) -> str:
    """Return what code names a door by: ``acme.plugins`` of ``entry-point:acme.plugins``."""
    return door.partition(":")[2] or door


def left_by_doors(before: State, after: State) -> Iterator[Left]:
    """Yield the doors whose code is gone, though the manifest may still promise them."""
    for door, path in before.doors.items():
        if door not in after.doors and door in after.parsed.manifest.core.doors:
            yield Left(
                message=f"The door {door} is gone from the code: {path} named it, and no file of "
                "the core does now.",
                hint="Keep it: wraps of others may hang on it.",
                path=path,
                names=(door,),
                about=(door, word_of(door)),
                touched=(path,),
                shown_by="removed",
            )
