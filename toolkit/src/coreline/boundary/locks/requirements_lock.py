# SPDX-License-Identifier: Apache-2.0
"""Requirements files of pip that pin what they ask for, with hashes or without.

``languages/requirements.py`` reads these files and asks here for what they pin.
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])? *===? *([\w.!+-]+)")


def _read(data: bytes) -> Iterator[Locked]:
    for number, row in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        match = _PIN.match(row)
        if match is not None:
            yield Locked("pypi", match[1], match[2], number)


LOCK = Lock(
    name="pinned-requirements",
    sentence="Pinned requirements of pip. They say no licenses.",
    version=1,
    filenames=("requirements*.lock",),
    read=_read,
    examples=(
        LockExample(
            "# made by a tool\na==1.0 \\\n    --hash=sha256:0\nb[x] == 2.0 ; python_version > '3'\n"
            "c>=1\n-r other.txt\n",
            (Locked("pypi", "a", "1.0", 2), Locked("pypi", "b", "2.0", 4)),
        ),
    ),
)
