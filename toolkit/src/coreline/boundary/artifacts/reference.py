# SPDX-License-Identifier: Apache-2.0
"""The reference page of artifacts, made from the formats and the limits."""

from collections.abc import Iterator

from coreline.sources.artifact import load_archives
from coreline.sources.unpack import limits


def render() -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Artifacts"
    yield ""
    yield "What `coreline check ARTIFACT…` looks into. Written from the code."
    yield ""
    yield "| format | what it is | brings its license along |"
    yield "|---|---|---|"
    for one in load_archives():
        yield f"| `{one.name}` | {one.sentence} | {'yes' if one.has_license else 'no'} |"
    yield ""
    yield "Archives inside an artifact are looked into as well. None is ever unpacked to disk."
    yield ""
    yield "## Limits"
    yield ""
    yield "What crosses one is a finding, or not analyzed where it concerns an archive inside."
    yield ""
    yield "| limit | at most |"
    yield "|---|---|"
    yield f"| entries, those of archives inside included | {limits.ENTRIES_MAX:,} |"
    yield f"| all contents together | {limits.UNPACKED_BYTES_MAX >> 30} GiB |"
    yield (
        f"| contents against the packed size, from {limits.RATIO_FROM_BYTES >> 20} MiB on "
        f"| {limits.RATIO_MAX} times |"
    )
    yield f"| archives in archives | {limits.NESTED_DEPTH_MAX} deep |"
    yield f"| an archive inside | {limits.NESTED_BYTES_MAX >> 20} MiB |"
    yield f"| the name of an entry | {limits.NAME_BYTES_MAX >> 10} KiB |"
    yield f"| an extended header of a tar file | {limits.HEADER_BYTES_MAX >> 20} MiB |"
    yield f"| the central directory of a zip file | {limits.DIRECTORY_BYTES_MAX >> 20} MiB |"
    yield f"| a document of an image | {limits.DOCUMENT_BYTES_MAX >> 20} MiB |"
    yield f"| layers of an image | {limits.LAYERS_MAX} |"
