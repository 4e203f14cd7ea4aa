# SPDX-License-Identifier: Apache-2.0
"""Wheels of Python (PEP 427): a zip file of what is installed, with metadata beside it."""

import re
from collections.abc import Mapping

from coreline.sources.archive import Archive
from coreline.sources.unpack.packing import make_zip
from coreline.sources.unpack.zips import walk_zip

_DATA = re.compile(r"^[^/]+\.data/(?:purelib|platlib|data|scripts)/")
_METADATA = b"Metadata-Version: 2.4\nName: acme\nVersion: 1.0\nLicense-Expression: Apache-2.0\n"


def _example(files: Mapping[str, bytes]) -> bytes:
    # A file of src/acme/ is installed as acme/; a license stands beside the metadata.
    placed = {
        f"acme-1.0.dist-info/licenses/{path}"
        if "/" not in path
        else path.removeprefix("src/"): data
        for path, data in files.items()
    }
    record = "".join(f"{path},,\n" for path in placed).encode()
    inner = {"acme-1.0.dist-info/METADATA": _METADATA, "acme-1.0.dist-info/RECORD": record}
    return make_zip({**placed, **inner})


ARCHIVE = Archive(
    name="wheel",
    sentence="Wheels of Python (.whl).",
    suffixes=(".whl",),
    walk=walk_zip,
    example=_example,
    root=lambda path: _DATA.sub("", path),
)
