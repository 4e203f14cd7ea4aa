# SPDX-License-Identifier: Apache-2.0
"""The license that an artifact brings along, in its texts and in its metadata."""

import re
from collections.abc import Iterator, Mapping, Sequence

from coreline.boundary.artifacts.describing import Said
from coreline.boundary.expressions import plain_operands, without_version_choice
from coreline.boundary.model import Finding
from coreline.boundary.spdx.metadata import fits
from coreline.boundary.spdx_texts import is_open, read_license_text

CHECK_NAME = "artifact"

_TEXT = re.compile(r"(?:licen[sc]e|copying|unlicense)(?:[._-].*)?", re.I)
# Files that collect what others ask for say nothing of the package's own license.
_OF_OTHERS = re.compile(r"third|3rd|vendor|bundle|depend|notice|font|asset", re.I)
_TEXT_MAX = 256 * 1024
_DEPTH_MAX = 2
_LEGAL = re.compile(r"(\.dist-info|\.egg-info|META-INF)/|^licenses?/", re.I)


def is_text_of_terms(root: str) -> bool:
    """Whether a file is a license text of the package itself, by its path from its root."""
    folder, _, name = root.rpartition("/")
    near = not folder or (_LEGAL.search(root) is not None and folder.count("/") < _DEPTH_MAX)
    # REUSE names a text by its license: LICENSES/MIT.txt.
    is_text = _TEXT.fullmatch(name) is not None or folder == "LICENSES"
    return near and is_text and not _OF_OTHERS.search(name)


def text_findings(
    label: str, texts: Mapping[str, bytes], spdx: str, owner: str
) -> Iterator[Finding]:
    """Yield what is wrong with the license texts of an artifact.

    Args:
        label: the artifact, as the user wrote it.
        texts: the license files in it, by their path.
        spdx: the license that it should be under.
        owner: whose license that is, for a sentence.
    """
    if not texts:
        yield Finding(
            check=CHECK_NAME,
            path=label,
            kind="license-text",
            message=f'It holds no license text, and {owner} is under "{spdx}".',
            hint="Most licenses ask that their text goes with every copy: add it to the build.",
        )
    wanted = {without_version_choice(one) for one in plain_operands(spdx) or [spdx]}
    read = {
        path: read_license_text(data.decode("utf-8", "replace"))
        for path, data in texts.items()
        if len(data) <= _TEXT_MAX
    }
    found = {path: set(map(without_version_choice, one.texts)) for path, one in read.items()}
    # Beside the right one, others are those of what is borrowed.
    is_there = any(one & wanted for one in found.values())
    for path, one in read.items():
        is_closed = one.proprietary and is_open(spdx)
        if is_closed or (found[path] and not is_there):
            name = " AND ".join(one.texts) or "a license that is not open"
            yield Finding(
                check=CHECK_NAME,
                path=path,
                kind="license-text",
                names=(name,),
                message=f'It is the text of {name}, and {owner} is under "{spdx}".',
                hint="Ship the license of the side that the artifact is built from.",
            )


def metadata_findings(said: Sequence[Said], spdx: str, owner: str) -> Iterator[Finding]:
    """Yield each license that the metadata of an artifact declares and that is another one."""
    for one in said:
        if one.key == "license" and not fits(one.value, spdx):
            yield Finding(
                check=CHECK_NAME,
                path=one.path,
                line=one.line,
                kind="metadata",
                names=(one.value,),
                message=f'Its metadata declares "{one.value}", and {owner} is under "{spdx}".',
                hint="Correct the metadata that the artifact is built with.",
                text=one.text,
            )
