# SPDX-License-Identifier: Apache-2.0
"""Artifacts put in place at once: what was there before stays until all of the new is there."""

import hashlib
import os
import shutil
from collections.abc import Container
from pathlib import Path

from coreline.errors import InputError
from coreline.releases.model import RECORD_NAME, Built, Release, read_release


def refuse_foreign(out: Path) -> None:
    """Refuse a folder that holds anything but what an earlier build put there.

    Raises:
        InputError: it does (``build-out-occupied``).
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    foreign = RECORD_NAME
    if (out / RECORD_NAME).is_file():
        artifacts = [one for built in read_release(out).builds for one in built.artifacts]
        known = {RECORD_NAME} | {
            path for one in artifacts for path in (one.path, one.sbom, one.attestation) if path
        }
        files = (one for one in out.rglob("*") if one.is_symlink() or not one.is_dir())
        paths = sorted(one.relative_to(out).as_posix() for one in files)
        foreign = next((path for path in paths if path not in known), "")
    if foreign:
        said = "has no" if foreign == RECORD_NAME else "holds, beside what was built before,"
        raise InputError(
            "build-out-occupied",
            f"{out} {said} {foreign}: it would be lost.",
            "Name another folder with --out, or remove this one.",
        )


def keep_earlier(out: Path, made: Path, release: Release, others: Container[str]) -> list[Built]:
    """Copy what lies in place from the same commit and line, and was not built this time.

    An artifact that is not the file that was checked is not kept, nor what was built with it.

    Args:
        out: the folder in place.
        made: what is to be put there.
        release: the new record.
        others: the names of builds that were not asked for.
    """
    if not (out / RECORD_NAME).is_file():
        return []
    earlier = read_release(out)
    if (earlier.commit, earlier.line) != (release.commit, release.line):
        return []
    kept = [one for one in earlier.builds if one.name in others and _is_whole(one, out)]
    for built in kept:
        for one in built.artifacts:
            for path in filter(None, (one.path, one.sbom, one.attestation)):
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(out / path, made / path)
    return kept


def _is_whole(built: Built, out: Path) -> bool:
    try:
        return all(
            hashlib.sha256((out / one.path).read_bytes()).hexdigest() == one.sha256
            and all((out / path).is_file() for path in (one.sbom, one.attestation) if path)
            for one in built.artifacts
        )
    except OSError:
        return False


def place(made: Path, out: Path) -> None:
    """Put a folder where another one may be."""
    before = made.with_name(f"{made.name}.before")
    if out.exists():
        os.replace(out, before)  # noqa: PTH105 - what is said of os.replace is meant.
    try:
        made.rename(out)
    except OSError:
        if before.exists():
            before.rename(out)
        raise
    if before.exists():
        from coreline.releases.build import remove

        remove(before)
