# SPDX-License-Identifier: Apache-2.0
"""Artifacts put in place at once: what was there before stays until all of the new is there."""

import os
from pathlib import Path

from coreline.errors import InputError
from coreline.releases.model import RECORD_NAME, read_release


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
