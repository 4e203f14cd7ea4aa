# SPDX-License-Identifier: Apache-2.0
"""Packages of NuGet: zip files with a .nuspec at their root."""

from collections.abc import Mapping

from coreline.sources.archive import Archive
from coreline.sources.unpack.packing import make_zip
from coreline.sources.unpack.zips import walk_zip


def _example(files: Mapping[str, bytes]) -> bytes:
    nuspec = (
        b"<package><metadata><id>Acme</id>"
        b'<license type="expression">Apache-2.0</license></metadata></package>\n'
    )
    return make_zip({"Acme.nuspec": nuspec, **files})


ARCHIVE = Archive(
    name="nupkg",
    sentence="Packages of NuGet (.nupkg).",
    suffixes=(".nupkg", ".snupkg"),
    walk=walk_zip,
    example=_example,
)
