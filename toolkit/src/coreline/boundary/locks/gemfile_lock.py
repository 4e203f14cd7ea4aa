# SPDX-License-Identifier: Apache-2.0
"""``Gemfile.lock`` of Bundler. Groups are only in the Gemfile, licenses in the installed gems."""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import rows

# Gems are indented by four, what they need by six. A platform may follow the version.
_GEM = re.compile(r"^ {4}([\w.-]+) \((\d[\w.]*)(?:-[\w.-]+)?\)$")


def _read(data: bytes) -> Iterator[Locked]:
    section = ""
    seen: set[str] = set()
    for number, row in enumerate(rows(data), 1):
        if row and not row.startswith(" "):
            section = row
        match = _GEM.match(row)
        if match is not None and section in ("GEM", "GIT", "PLUGIN SOURCE"):
            if match[1] not in seen:
                yield Locked("gem", match[1], match[2], number)
            seen.add(match[1])


LOCK = Lock(
    name="gemfile-lock",
    sentence="Bundler's lock. It says neither licenses nor what is for tests.",
    version=1,
    filenames=("gemfile.lock", "gems.locked"),
    read=_read,
    examples=(
        LockExample(
            "PATH\n  remote: .\n  specs:\n    own (1.0)\n\nGEM\n  remote: https://rubygems.org/\n"
            "  specs:\n    rails (8.0.1)\n      rack (>= 2)\n    ffi (1.17.0-x86_64-linux)\n"
            "    ffi (1.17.0-arm64-darwin)\n\nDEPENDENCIES\n  rails\n",
            (Locked("gem", "rails", "8.0.1", 9), Locked("gem", "ffi", "1.17.0", 11)),
        ),
    ),
)
