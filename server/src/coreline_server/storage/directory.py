# SPDX-License-Identifier: Apache-2.0
"""The data directory: made once, locked by the one process that serves from it."""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError, NothingToDo, OutsideError
from coreline.licensing.keyring import (
    ROOT_FILE,
    ROOT_PUBLIC_FILE,
    create_keys,
    load_root_public,
    load_signing_key,
    replace,
)
from coreline.manifest.model import Manifest
from coreline.manifest.parse import parse_manifest, read_manifest
from coreline_server.config import Config
from coreline_server.storage.migrate import migrate


class Initialized(NamedTuple):
    """What came of it.

    Attributes:
        root_public: the line that the vendor's products carry.
        root_private: the root key that was made here and belongs offline; None if it was not.
    """

    root_public: str
    root_private: Path | None


def is_initialized(config: Config) -> bool:
    """Say whether a data directory is whole. The manifest is written last.

    A repository has a manifest too, and a directory that lost its database must not begin anew.
    """
    return config.manifest.is_file() and config.database.is_file()


def initialize(config: Config, manifest: Path, keys: Path | None, now: datetime) -> Initialized:
    """Make the data directory: keys, database, the recorded manifest.

    Args:
        config: where.
        manifest: the vendor's manifest; it is checked first, with its repository beside it.
        keys: a folder of keys to take the leaf from; None to make keys.
        now: the time, in UTC.

    Raises:
        NothingToDo: it is made already (``server-initialized``).
        InputError: the manifest has mistakes, the folder holds something else
            (``data-not-empty``), the keys cannot sign.
        OutsideError: the disk refused (``data-not-written``).
    """
    if is_initialized(config):
        raise NothingToDo(
            "server-initialized",
            f"{config.data} is initialized already.",
            "Start it with `coreline-server serve`, or name another folder.",
        )
    # The vendor's repository, with the decision records, is elsewhere.
    text = read_manifest(manifest, repository=None).text
    _make_folder(config)
    root_private = _make_keys(config, keys, now)
    load_signing_key(config.keys, now)
    migrate(config.database)
    record_manifest(config, text)
    return Initialized(load_root_public(config.keys), root_private)


def record_manifest(config: Config, text: str) -> None:
    """Keep the text of a manifest; the server reads no repository."""
    replace(config.manifest, text.encode())


def recorded_manifest(config: Config) -> Manifest:
    """Read the recorded manifest.

    Raises:
        InputError: ``server-not-initialized``.
    """
    _require_initialized(config)
    text = config.manifest.read_text(encoding="utf-8")
    return parse_manifest(text, source=str(config.manifest)).manifest


@contextlib.contextmanager
def locked(config: Config) -> Iterator[None]:
    """Hold the data directory while serving, so that a second process does not write there too.

    Raises:
        InputError: it is none (``server-not-initialized``).
        OutsideError: another process holds it (``data-in-use``).
    """
    try:
        import fcntl
    except ImportError:  # Windows; DuckDB's own lock has to do there.
        yield
        return
    _require_initialized(config)
    # A copy that was restored has whatever mode it was given, and holds customers and licenses.
    with contextlib.suppress(PermissionError):  # It is another user's, who decides.
        config.data.chmod(0o700)
    with (config.data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutsideError(
                "data-in-use",
                f"Another server runs on {config.data}.",
                "Stop it first, or name another folder with --data.",
            ) from error
        yield


def _require_initialized(config: Config) -> None:
    if not is_initialized(config):
        raise InputError(
            "server-not-initialized",
            f"{config.data} is not a data directory yet.",
            "Run `coreline-server init --data DIR --manifest coreline.toml`.",
        )


def _make_folder(config: Config) -> None:
    log = (f"{config.database.name}-{end}" for end in ("journal", "shm", "wal"))
    ours = {"keys", config.database.name, "lock", *log}
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        foreign = sorted(path.name for path in config.data.iterdir() if path.name not in ours)
        if not foreign:  # What belongs to something else, such as a home, keeps its mode.
            config.data.chmod(0o700)
    except OSError as error:
        raise OutsideError("data-not-written", f"{config.data}: {error.strerror}.") from error
    if foreign:
        raise InputError(
            "data-not-empty",
            f"{config.data} holds {foreign[0]}, which is not the server's.",
            "Name an empty or a new folder with --data.",
        )


def _make_keys(config: Config, keys: Path | None, now: datetime) -> Path | None:
    if keys is not None:
        _take_keys(keys, config.keys)
        return None
    # An earlier attempt that was cut off has made them: they are used, not replaced.
    if not list(config.keys.glob("leaf-*.cert")):
        create_keys(config.keys, now)
    root = config.keys / ROOT_FILE
    return root if root.exists() else None


def _take_keys(source: Path, target: Path) -> None:
    """Copy everything but the root's private key, which has no business on a server."""
    target.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(source.glob("*")):
        if path.name == ROOT_PUBLIC_FILE or path.name.startswith(("leaf-", "revocations")):
            shutil.copy2(path, target / path.name)
