# SPDX-License-Identifier: Apache-2.0
"""Any command of the manifest, and the files that it made."""

import shutil

from coreline.errors import InputError
from coreline.manifest.globset import GlobSet
from coreline.releases.tool import Tool, Workplace


def _make(place: Workplace) -> None:
    before = {one for one in place.folder.rglob("*") if one.is_file()}
    place.run(place.planned.command or "", place.folder)
    globs = GlobSet(place.planned.artifacts)
    for one in sorted(place.folder.rglob("*")):
        path = one.relative_to(place.folder).as_posix()
        if not one.is_file() or one.is_symlink() or not globs.matches(path) or one in before:
            continue
        if (place.out / one.name).exists():
            raise InputError(
                "build-artifact-twice",
                f"{place.planned.name} made two artifacts with the name {one.name}.",
                f"Narrow builds.{place.planned.name}.artifacts.",
            )
        shutil.copy2(one, place.out / one.name)


TOOL = Tool(name="command", sentence="The manifest's own command, by the shell.", make=_make)
