# SPDX-License-Identifier: Apache-2.0
"""What ``coreline build`` made: the values that build, SBOM, attestations and release share.

The record lies beside the artifacts as ``release.json``; ``coreline release`` reads nothing else.
"""

from pathlib import Path
from typing import Literal

import msgspec

from coreline.errors import InputError

RECORD_NAME = "release.json"


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """One file that may be uploaded.

    ``path`` is relative to the folder of the record, with ``/``; ``sha256`` is in lower-case hex;
    ``size`` in bytes; ``sbom`` and ``attestation`` are the paths of the files beside it, or None.
    """

    path: str
    sha256: str
    size: int
    sbom: str | None = None
    attestation: str | None = None


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """What one table ``[builds.NAME]`` of the manifest made.

    ``package`` and ``version`` are as the artifact itself says them, None where its kind says
    nothing; ``spdx`` is the SPDX license expression of its side.
    """

    name: str
    side: Literal["core", "wrap"]
    wrap: str | None
    tool: str
    package: str | None
    version: str | None
    spdx: str
    registry: str | None
    artifacts: list[Artifact]


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """All that was built from one commit.

    ``commit`` is its id in lower-case hex; ``epoch`` its committer date in seconds since 1970
    (``SOURCE_DATE_EPOCH``); ``line`` the SHA-256 of the manifest's bytes at that commit.
    """

    commit: str
    epoch: int
    line: str
    builds: list[Built]
    format: int = 1


def write_release(release: Release, folder: Path) -> Path:
    """Write the record of a release beside its artifacts, and return where."""
    path = folder / RECORD_NAME
    path.write_bytes(msgspec.json.format(msgspec.json.encode(release), indent=2) + b"\n")
    return path


def read_release(folder: Path) -> Release:
    """Read the record of a release.

    Raises:
        InputError: there is none, or it is none (``release-record-missing``,
            ``release-record-invalid``).
    """
    path = folder / RECORD_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            "release-record-missing",
            f"{path} does not exist.",
            "Make the artifacts with coreline build, then name the folder it wrote.",
        ) from error
    try:
        return msgspec.json.decode(data, type=Release)
    except msgspec.DecodeError as error:
        raise InputError(
            "release-record-invalid",
            f"{path} is no record of a release: {error}.",
            "Run coreline build again; the record is not meant to be edited.",
        ) from error
