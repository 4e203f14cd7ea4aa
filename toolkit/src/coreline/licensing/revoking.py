# SPDX-License-Identifier: Apache-2.0
"""Revoke in a folder of keys: read the last list, sign the next one, replace the file."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from coreline.errors import InputError, NothingToDo
from coreline.licensing.keyring import (
    REVOCATIONS_FILE,
    ROOT_FILE,
    Passphrase,
    load_root,
    load_root_public,
    load_signing_key,
    no_passphrase,
    read_text,
    replace,
)
from coreline.licensing.revocations import (
    EMPTY,
    LastLists,
    next_list,
    next_list_by_root,
    read_list_by,
)
from coreline_sdk.jws import KEY_ID


def last_list(folder: Path) -> LastLists:
    """Return the last lists of a folder; number 0 when there is none.

    Raises:
        InputError: it does not verify (``revocations-refused``).
    """
    path = folder / REVOCATIONS_FILE
    if not path.exists():
        return EMPTY
    return read_list_by(read_text(path), load_root_public(folder))


def revoke_licenses(
    folder: Path,
    now: datetime,
    *,
    licenses: Iterable[str],
    root_key: Path | None = None,
    passphrase: Passphrase = no_passphrase,
) -> int:
    """Write the next list with more licenses on it, and return its number.

    Raises:
        NothingToDo: all of them are on the last list (``revoked-already``).
        InputError: as in ``next_list``.
    """
    last, wanted = last_list(folder), sorted(licenses)
    if last.licenses.issuperset(wanted):
        raise NothingToDo(
            "revoked-already", f"List {last.number} names {', '.join(wanted)} already."
        )
    if root_key is not None:
        root = load_root(root_key, passphrase)
        text = next_list_by_root(last, wanted, (), root, now)
    else:
        text = next_list(last, wanted, load_signing_key(folder, now, passphrase), now)
    replace(folder / REVOCATIONS_FILE, text.encode())
    return last.number + 1


def revoke_by_root(
    folder: Path,
    now: datetime,
    *,
    kids: Iterable[str],
    root_key: Path | None = None,
    passphrase: Passphrase = no_passphrase,
) -> int:
    """Write the next list with leaf keys on it, and return its number.

    Raises:
        InputError: an id is no key id (``key-id-malformed``), or the root key is not the folder's.
    """
    wanted = list(kids)
    for kid in wanted:
        if not KEY_ID.fullmatch(kid):
            raise InputError(
                "key-id-malformed",
                f"{kid!r} is no key id.",
                "It has 43 characters; coreline keys new and license inspect print it.",
            )
    root = load_root(root_key or folder / ROOT_FILE, passphrase)
    if root.public != load_root_public(folder):
        raise InputError("root-key-differs", "This is not the root key of the folder.")
    last = last_list(folder)
    text = next_list_by_root(last, (), wanted, root, now)
    replace(folder / REVOCATIONS_FILE, text.encode())
    return last.number + 1
