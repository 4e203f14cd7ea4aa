# SPDX-License-Identifier: Apache-2.0
"""``uv.lock``. Extras are shipped; groups are of developers where their names say so.

A group is not only for developers: some products keep what they ship in groups of other names.
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import Block, blocks, is_dev_group, reached

# Sources of packages of the repository itself.
_OWN = re.compile(r"\b(editable|virtual|directory|workspace) =")
_NAME = re.compile(r'\{ name = "([^"\n]+)"')
_GROUP = re.compile(r"^([\w.-]+) = (\[[^\]]*\])", re.MULTILINE)


def _read(data: bytes) -> Iterator[Locked]:
    found = list(blocks(data))
    own = [one for one in found if _OWN.search(one.raw("source") or "")]
    edges = {one.value("name"): _needs(one) for one in found}
    used = reached([one.value("name") for one in own], edges)
    for one in found:
        name = one.value("name")
        if name and one not in own:
            is_dev = bool(own) and name not in used
            yield Locked("pypi", name, one.value("version"), one.line, is_dev=is_dev)


def _needs(block: Block) -> list[str]:
    """Return what a package needs, with its extras, less its groups of developers."""
    # The metadata at the end repeats everything.
    text = block.text.partition("[package.metadata")[0]
    before, _, groups = text.partition("[package.dev-dependencies]")
    groups, table, extras = groups.partition("\n[")
    shipped = [found[2] for found in _GROUP.finditer(groups) if not is_dev_group(found[1])]
    return _NAME.findall(before + table + extras + "".join(shipped))


LOCK = Lock(
    name="uv-lock",
    sentence="uv's lock. It says no licenses.",
    version=2,
    filenames=("uv.lock",),
    read=_read,
    examples=(
        LockExample(
            'version = 1\n\n[[package]]\nname = "shop"\nversion = "1"\n'
            'source = { editable = "." }\ndependencies = [\n    { name = "a" },\n]\n\n'
            '[package.dev-dependencies]\ndev = [\n    { name = "c" },\n]\n\n'
            '[package.metadata]\nrequires-dist = [{ name = "a" }]\n\n'
            '[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "x" }\n'
            'dependencies = [\n    { name = "b", marker = "y" },\n]\n\n'
            '[[package]]\nname = "b"\nversion = "2.0"\n\n'
            '[[package]]\nname = "c"\nversion = "3.0"\n',
            (
                Locked("pypi", "a", "1.0", 20),
                Locked("pypi", "b", "2.0", 28),
                Locked("pypi", "c", "3.0", 32, "", True),
            ),
        ),
    ),
)
