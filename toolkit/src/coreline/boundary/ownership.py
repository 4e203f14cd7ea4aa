# SPDX-License-Identifier: Apache-2.0
"""Which folders belong wholly to one wrap. Takes paths and their owners, not the manifest."""

from collections.abc import Iterable, Mapping

MIXED = "\0mixed"
"""The owner of a folder whose files have several."""
CORE = ""
"""The owner of what is core, or nobody's."""


def folder_owners(owners: Mapping[str, str]) -> dict[str, str]:
    """Return the owner of every folder that holds a file; the root is the folder ``""``.

    Args:
        owners: the owner of each file: the name of a wrap, or ``CORE``.
    """
    folders: dict[str, str] = {}
    for path, owner in owners.items():
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            known = folders.get(folder)
            if known is None:
                folders[folder] = owner
            elif known in (owner, MIXED):
                # What is above was settled together with this folder.
                break
            else:
                folders[folder] = MIXED
    return folders


def topmost(owners: Mapping[str, str], folders: Mapping[str, str]) -> dict[str, str]:
    """Return the highest files and folders that are wholly a wrap's, with the wrap's name.

    Args:
        owners: the owner of each file.
        folders: what ``folder_owners`` says of the same files.
    """
    found: dict[str, str] = {}
    settled: dict[str, str] = {}
    for path, owner in owners.items():
        if owner == CORE:
            continue
        parent = path.rpartition("/")[0]
        if parent not in settled:
            settled[parent] = _highest(parent, owner, folders)
        top = settled[parent] or path
        found[top] = owner
    return found


def _highest(folder: str, owner: str, folders: Mapping[str, str]) -> str:
    """Return the highest folder above or at ``folder`` that is wholly the owner's, or ``""``."""
    highest = ""
    while folder and folders[folder] == owner:
        highest = folder
        folder = folder.rpartition("/")[0]
    return highest


def is_under(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of some folders or below it."""
    return any(path == folder or path.startswith(folder + "/") for folder in folders)
