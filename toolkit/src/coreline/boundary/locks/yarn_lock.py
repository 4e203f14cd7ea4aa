# SPDX-License-Identifier: Apache-2.0
"""``yarn.lock``, of yarn 1 and of yarn 2 and later ("berry").

Neither says licenses, nor which packages are for developers only.
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked

# An entry begins at the margin: "name@range", name@range: — and its version is indented by two.
_ENTRY = re.compile(
    rb'^(?P<key>"?[^\s#"][^\n]*?"?):[ \t]*\r?\n(?:[ \t][^\n]*\n)*?'
    rb'  version:?[ \t]+"?(?P<version>[^"\s]+)"?',
    re.MULTILINE,
)
_OWN = re.compile(r"@(workspace|link|portal|file):")


def _read(data: bytes) -> Iterator[Locked]:
    seen: set[tuple[str, str]] = set()
    counted, line = 0, 1
    for match in _ENTRY.finditer(data):
        line += data.count(b"\n", counted, match.start())
        counted = match.start()
        key = match["key"].decode("utf-8", "replace").split(",")[0].strip().strip('"')
        name, version = _name(key), match["version"].decode("utf-8", "replace")
        if name and not _OWN.search(key) and (name, version) not in seen:
            seen.add((name, version))
            yield Locked("npm", name, version, line)


def _name(key: str) -> str:
    """Return the package of ``name@range``; the other one of an alias, ``name@npm:other@range``."""
    name, at, wanted = key[1:].partition("@")
    if not at:
        return ""
    wanted = wanted.removeprefix("npm:")
    other, is_alias, _ = wanted[1:].partition("@")
    if (
        is_alias
        and not wanted.startswith("patch:")
        and re.fullmatch(r"[\w.@/-]+", wanted[0] + other)
    ):
        return wanted[0] + other
    return key[0] + name


LOCK = Lock(
    name="yarn-lock",
    sentence="Yarn's lock, of yarn 1 and later. It says neither licenses nor what is for tests.",
    version=1,
    filenames=("yarn.lock",),
    read=_read,
    examples=(
        LockExample(
            "# yarn lockfile v1\n\n"
            '"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.0"\n  dependencies:\n    b "^2.0.0"\n\n'
            'b@^2.0.0:\n  version "2.0.1"\n\n'
            '"c@npm:other@^3.0.0":\n  version "3.0.0"\n',
            (
                Locked("npm", "@s/a", "1.2.0", 3),
                Locked("npm", "b", "2.0.1", 8),
                Locked("npm", "other", "3.0.0", 11),
            ),
        ),
        LockExample(
            "__metadata:\n  version: 8\n\n"
            '"a@npm:^1.0.0":\n  version: 1.2.0\n  resolution: "a@npm:1.2.0"\n\n'
            '"own@workspace:.":\n  version: 0.0.0-use.local\n',
            (Locked("npm", "a", "1.2.0", 4),),
        ),
    ),
)
