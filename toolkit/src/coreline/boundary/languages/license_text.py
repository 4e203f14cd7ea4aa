# SPDX-License-Identifier: Apache-2.0
"""License texts: which license they are, and which folders they put under terms of their own."""

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import Declared, FileFacts

TEXT_FIELD = "text"
"""The field of a ``Declared`` that was not declared but read from the text itself."""

PROPRIETARY = "LicenseRef-Proprietary"
"""What the terms of a vendor are called here that have no id of their own."""

_SIZE_MAX = 256 * 1024
"""A file of licenses larger than this is a list of other people's licenses."""


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.grants import read_grants
    from coreline.boundary.spdx_texts import named_licenses, read_license_text

    if len(source.data) > _SIZE_MAX:
        return FileFacts()
    text = source.data.decode("utf-8", "replace").replace("\r\n", "\n")
    read = read_license_text(text)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")[:240]
    spdx = read.spdx
    grants = tuple(read_grants(text))
    is_whole = not (grants or read.split or named_licenses(text))
    if spdx is None and read.proprietary and is_whole:
        # A text that names an open license points to it, whatever else it offers for sale; one
        # that names folders speaks of them.
        spdx = PROPRIETARY
    declared = (Declared(1, TEXT_FIELD, spdx, first),) if spdx else ()
    return FileFacts(grants=grants, declared=declared)


LANGUAGE = Language(
    name="license-text",
    sentence="LICENSE and COPYING files, and the folders that they name.",
    version=3,
    extract=_extract,
    examples=(
        Example('All content under the "ee/" directory is licensed under "ee/LICENSE".'),
        Example("The ee folder is a nice one."),
    ),
    filenames=(
        *("license", "license.txt", "license.md", "license.rst", "license-*", "license_*.txt"),
        *("licence", "licence.txt", "licence.md", "copying", "copying.*", "unlicense"),
    ),
    always=True,
)
