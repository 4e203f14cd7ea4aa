# SPDX-License-Identifier: Apache-2.0
"""Keys in a folder: PEM files that only their owner reads, and never one over another.

root.pem         the root key (PKCS#8); move it to a safe place after making a leaf
root.pub         the line that products carry
leaf-*.pem       a leaf key
leaf-*.cert      its certificate, armored
revocations.txt  the newest revocation lists, armored
.gitignore       keeps the private files out of a repository
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline.errors import InputError, OutsideError
from coreline.licensing.keys import (
    LEAF_DAYS,
    RootKey,
    SigningKey,
    certificate_text,
    new_leaf,
    seconds,
    signing_key,
)
from coreline.licensing.model import DAYS_MAX
from coreline_sdk.armor import read_armor
from coreline_sdk.chain import Trust
from coreline_sdk.claims import PURPOSES
from coreline_sdk.codes import Refused

ROOT_FILE = "root.pem"
ROOT_PUBLIC_FILE = "root.pub"
REVOCATIONS_FILE = "revocations.txt"
LICENSE = "license"
"""The purpose of a leaf that sells."""

Passphrase = Callable[[], bytes | None]
"""Asked for only when a key is encrypted; returns None when there is none."""


def no_passphrase() -> bytes | None:
    """Return None: keys that are not encrypted."""
    return None


def create_keys(
    folder: Path,
    now: datetime,
    *,
    days: int = LEAF_DAYS,
    days_max: int = DAYS_MAX,
    passphrase: bytes | None = None,
) -> SigningKey:
    """Make a root key and its first leaf in a folder that has none.

    Raises:
        InputError: there are keys already (``file-exists``).
    """
    _make_folder(folder)
    if os.path.lexists(folder / ROOT_PUBLIC_FILE):
        raise _exists(folder / ROOT_PUBLIC_FILE, _ANOTHER_FOLDER)
    root = RootKey(Ed25519PrivateKey.generate())
    _ignore_private_keys(folder / ".gitignore")
    write_new(folder / ROOT_FILE, _pem(root.private, passphrase), 0o600, hint=_ANOTHER_FOLDER)
    write_new(folder / ROOT_PUBLIC_FILE, f"{root.public}\n".encode(), 0o644)
    return add_leaf(folder, root, now, days=days, days_max=days_max, passphrase=passphrase)


def add_leaf(
    folder: Path,
    root: RootKey,
    now: datetime,
    *,
    days: int = LEAF_DAYS,
    days_max: int = DAYS_MAX,
    purposes: tuple[str, ...] = PURPOSES,
    passphrase: bytes | None = None,
) -> SigningKey:
    """Make a new leaf under a root key and keep it in the folder, beside the older ones."""
    _make_folder(folder)
    leaf = new_leaf(root, now=now, days=days, days_max=days_max, purposes=purposes)
    stem = f"leaf-{now:%Y-%m-%d}-{leaf.kid[:8]}"
    write_new(folder / f"{stem}.pem", _pem(leaf.private, passphrase), 0o600)
    write_new(folder / f"{stem}.cert", certificate_text(leaf.certificate).encode(), 0o644)
    return leaf


def load_root(path: Path, passphrase: Passphrase = no_passphrase) -> RootKey:
    """Read a root key.

    Raises:
        InputError: ``key-not-found``, ``key-unreadable`` or ``passphrase-wrong``.
    """
    return RootKey(_load_private(path, passphrase))


def load_root_public(folder: Path) -> str:
    """Read the line that products carry.

    Raises:
        InputError: ``key-not-found``, or it is no key (``key-refused``).
    """
    path = folder / ROOT_PUBLIC_FILE
    line = read_text(path).strip()
    try:
        Trust([line])
    except Refused as refused:
        raise InputError(
            "key-refused",
            f"{path} holds no root key.",
            "Write the line into it that products carry.",
        ) from refused
    return line


def load_signing_key(
    folder: Path,
    now: datetime,
    passphrase: Passphrase = no_passphrase,
    *,
    revoked: frozenset[str] = frozenset(),
    purposes: tuple[str, ...] = (LICENSE,),
) -> SigningKey:
    """Read the newest leaf of a folder that may sign now.

    Args:
        folder: of the keys.
        now: aware.
        passphrase: asked for when the key is encrypted.
        revoked: the ids of leaf keys whose signature products refuse.
        purposes: what it is to sign for: the first of these that a leaf which may sign has.

    Raises:
        InputError: there is none (``key-not-found``), none for the purpose
            (``key-purpose-wrong``), all have ended (``key-outside-dates``), or all that have not
            are revoked (``key-revoked``).
    """
    at = seconds(now)
    leaves = load_certificates(folder)
    able = [leaf for leaf in leaves if not {*purposes}.isdisjoint(leaf.purposes)]
    if leaves and not able:
        raise InputError(
            "key-purpose-wrong",
            f"No leaf key in {folder} is for {' or '.join(f'{one}s' for one in purposes)}.",
            f"Make one: coreline keys rotate --for {purposes[0]}.",
        )
    fit = [leaf for leaf in able if leaf.starts_at <= at < leaf.expires_at]
    if not fit:
        raise InputError(
            "key-outside-dates",
            f"No leaf key in {folder} may sign on {now:%Y-%m-%d}.",
            "Make one: coreline keys rotate.",
        )
    good = [leaf for leaf in fit if leaf.kid not in revoked]
    if not good:
        raise InputError(
            "key-revoked",
            f"Every leaf key in {folder} that may sign on {now:%Y-%m-%d} is revoked.",
            "Products refuse what it signs. Make a new one: coreline keys rotate.",
        )
    of_each = ([leaf for leaf in good if one in leaf.purposes] for one in purposes)
    return load_leaf(folder, next(filter(None, of_each))[-1].path, passphrase)


def load_leaf(
    folder: Path, certificate_path: Path, passphrase: Passphrase = no_passphrase
) -> SigningKey:
    """Read a leaf by its certificate's path.

    Raises:
        InputError: the key and the certificate do not belong together (``key-refused``).
    """
    private = _load_private(certificate_path.with_suffix(".pem"), passphrase)
    return signing_key(private, _certificate(certificate_path), load_root_public(folder))


class LeafFile(NamedTuple):
    """A leaf key's certificate on disk. Times are seconds since 1970."""

    path: Path
    kid: str
    starts_at: int
    expires_at: int
    purposes: tuple[str, ...]


def load_certificates(folder: Path) -> list[LeafFile]:
    """Return each leaf's certificate, the newest last.

    Raises:
        InputError: there is none (``key-not-found``), or one is refused (``key-refused``).
    """
    paths = sorted(folder.glob("leaf-*.cert"))
    if not paths:
        raise _not_found(folder / "leaf-*.cert")
    trust = Trust([load_root_public(folder)])
    found = [leaf for path in paths for leaf in _leaves(path, trust)]
    return sorted(found, key=lambda leaf: leaf.starts_at)


def _leaves(path: Path, trust: Trust) -> list[LeafFile]:
    """Return the leaf of a certificate; none where another root key made it."""
    try:
        leaves = trust.leaves([_certificate(path)]).values()
    except Refused as refused:
        raise InputError(
            "key-refused", f"{path} is refused: {refused.sentence}", "Restore it from a backup."
        ) from refused
    return [
        LeafFile(path, claims.kid, claims.starts_at, claims.expires_at, claims.purposes)
        for claims in (leaf.claims for leaf in leaves)
    ]


_ANOTHER_FOLDER = (
    "Choose another folder. For a new leaf under the same root key: coreline keys rotate."
)


def write_new(path: Path, content: bytes, mode: int, *, hint: str = "Choose another name.") -> None:
    """Write a file that must not be there yet, whole or not at all.

    Raises:
        InputError: it is there (``file-exists``): a key that is overwritten cannot be made again.
        OutsideError: the disk refused it (``file-not-written``).
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(path, flags, mode), "wb") as file, _gone_on_failure(path):
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise _exists(path, hint) from error
    except OSError as error:
        raise OutsideError("file-not-written", f"{path}: {error.strerror}.") from error


@contextmanager
def _gone_on_failure(path: Path) -> Iterator[None]:
    """Remove a file that could not be written whole, or the next try would find it there."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def replace(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a power cut leaves the old one or the new one.

    Raises:
        OutsideError: ``file-not-written``.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with suppress(OSError):
        part.unlink()  # Left by a process of the same number that was killed.
    write_new(part, content, 0o644)
    try:
        with _gone_on_failure(part):
            part.replace(path)
    except OSError as error:
        raise OutsideError("file-not-written", f"{path}: {error.strerror}.") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what a folder says, such as its revocation lists.

    Raises:
        InputError: there is no such folder (``key-not-found``).
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _not_found(folder) from error
    try:
        # Given back when the descriptor is closed, also by a kill.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_text(path: Path) -> str:
    """Read a text file that the user named.

    Raises:
        InputError: ``key-not-found`` or ``key-unreadable``.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _not_found(path) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(
            "key-unreadable",
            f"{path} cannot be read: {reason}.",
            "Check the path and that you may read the file.",
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError("file-not-written", f"{folder}: {error.strerror}.") from error


def _certificate(path: Path) -> str:
    try:
        (certificate,) = read_armor(read_text(path)).certificates
    except (Refused, ValueError) as error:
        raise InputError(
            "key-refused", f"{path} does not hold one certificate.", "Restore it from a backup."
        ) from error
    return certificate


def _pem(private: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def _load_private(path: Path, passphrase: Passphrase) -> Ed25519PrivateKey:
    pem = read_text(path).encode()
    secret = passphrase() if b"ENCRYPTED" in pem else None
    try:
        key = serialization.load_pem_private_key(pem, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        code = "passphrase-wrong" if b"ENCRYPTED" in pem else "key-unreadable"
        raise InputError(
            code,
            f"{path} cannot be opened.",
            "Set CORELINE_KEY_PASSPHRASE, or check that the file is whole.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("key-unreadable", f"{path} is no Ed25519 key.")
    return key


def _ignore_private_keys(path: Path) -> None:
    """Keep private keys out of a repository, where a commit would make them public."""
    try:
        said = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise OutsideError("file-not-written", f"{path}: {error.strerror}.") from error
    if b"*.pem" not in said.split():
        # The folder may be any, so what its file says already stays.
        replace(path, said + (b"\n" if said and not said.endswith(b"\n") else b"") + b"*.pem\n")


def _exists(path: Path, hint: str) -> InputError:
    return InputError("file-exists", f"{path} is there already and is not replaced.", hint)


def _not_found(path: Path) -> InputError:
    return InputError(
        "key-not-found",
        f"There is no {path}.",
        "Make keys with coreline keys new, or name their folder with --key.",
    )
