# SPDX-License-Identifier: Apache-2.0
"""PowerShell and batch files: what they name of a wrap is a mention, messages left out."""

import re

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.builds.words import mentions
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts

_SILENT = re.compile(
    rb"^\s*(?:#|::|@?rem\s|@?echo\s|write-(?:host|output|verbose|warning|error)\b|remove-item\b"
    rb"|@?(?:rd|rmdir|del)\s)",
    re.IGNORECASE,
)


def _extract(source: Source) -> FileFacts:
    kept = [hit for hit in source.hits if not _SILENT.match(_line(source.data, hit[0]))]
    return FileFacts(references=tuple(mentions(source, kept)))


def _line(data: bytes, at: int) -> bytes:
    start = max(data.rfind(b"\n", max(0, at - 400), at) + 1, at - 400, 0)
    return data[start:at]


LANGUAGE = Language(
    name="powershell",
    sentence="What scripts of Windows name of a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example('$p = "../ee/src"\n', (("path", None, "../ee/src", ()),)),
        Example("dotnet build ee/x.csproj\n", (("path", None, "ee/x.csproj", ()),)),
        Example("# ee/x\nWrite-Host 'ee/x'\nrem ee/x\nRemove-Item ee/x\n"),
    ),
    suffixes=frozenset([".ps1", ".psm1", ".psd1", ".bat", ".cmd"]),
    resolver=resolver,
)
