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
    locked,
    no_passphrase,
    read_text,
    replace,
)
from coreline.licensing.keys import RootKey
from coreline.licensing.revocations import (
    EMPTY,
    LastLists,
    next_list,
    next_list_by_root,
    read_list,
)
from coreline.licensing.rules import check_id
from coreline_sdk.jws import KEY_ID


def last_list(folder: Path) -> LastLists:
    """Return the last lists of a folder; number 0 when there is none.

    Raises:
        InputError: it does not verify (``revocations-refused``).
    """
    path = folder / REVOCATIONS_FILE
    if not path.exists():
        return EMPTY
    return read_list(read_text(path), load_root_public(folder))


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
        InputError: an id is no license id (``id-malformed``), the root key is not the folder's
            (``root-key-differs``), or as in ``next_list``.
    """
    wanted = sorted(set(licenses))
    for one in wanted:
        check_id("The license's id", one)
    with locked(folder):
        last = last_list(folder)
        _refuse_repetition(last, wanted, last.licenses)
        if root_key is not None:
            root = _root_of(folder, root_key, passphrase)
            text = next_list_by_root(last, wanted, (), root, now)
        else:
            signing = load_signing_key(folder, now, passphrase, revoked=last.keys)
            text = next_list(last, wanted, signing, now)
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
        NothingToDo: all of them are on the last list (``revoked-already``).
        InputError: an id is no key id (``key-id-malformed``), or the root key is not the folder's
            (``root-key-differs``).
    """
    wanted = sorted(set(kids))
    for kid in wanted:
        if not KEY_ID.fullmatch(kid):
            raise InputError(
                "key-id-malformed",
                f"{kid!r} is no key id.",
                "It has 43 characters; coreline keys new and license inspect print it.",
            )
    with locked(folder):
        last = last_list(folder)
        _refuse_repetition(last, wanted, last.keys)
        root = _root_of(folder, root_key or folder / ROOT_FILE, passphrase)
        text = next_list_by_root(last, (), wanted, root, now)
        replace(folder / REVOCATIONS_FILE, text.encode())
    return last.number + 1


def _refuse_repetition(last: LastLists, wanted: list[str], known: frozenset[str]) -> None:
    if known.issuperset(wanted):
        raise NothingToDo(
            "revoked-already", f"List {last.number} names {', '.join(wanted)} already."
        )


def _root_of(folder: Path, path: Path, passphrase: Passphrase) -> RootKey:
    """Return a folder's root key: products would refuse what another one signs."""
    root = load_root(path, passphrase)
    if root.public != load_root_public(folder):
        raise InputError(
            "root-key-differs",
            f"{path} is not the root key of {folder}.",
            "Give the root key that root.pub names, or name the folder with --key.",
        )
    return root
