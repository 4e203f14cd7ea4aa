# SPDX-License-Identifier: Apache-2.0
"""The name of the distribution that a Python project is built as, by which a core may need it."""

import re
from collections.abc import Iterator

from coreline.boundary.facts import Definition

# Only the table that names the project: other tables of the same file have a "name" as well.
_TABLE = re.compile(
    rb"^\[(?:project|tool\.poetry|metadata)\][ \t]*(?:#[^\n]*)?\r?\n((?:(?!\[)[^\n]*\n?)*)",
    re.MULTILINE,
)
_NAME = re.compile(
    rb"""^name[ \t]*=[ \t]*["']?([A-Za-z0-9][\w.-]{0,200})["']?[ \t]*(?:#[^\n]*)?\r?$""",
    re.MULTILINE,
)
_CALL = re.compile(rb"""\bname[ \t]*=[ \t]*["']([A-Za-z0-9][\w.-]{0,200})["']""")


def define_in_tables(data: bytes) -> Iterator[Definition]:
    """Yield the name that a ``pyproject.toml`` or a ``setup.cfg`` gives (PEP 621)."""
    for table in _TABLE.finditer(data):
        for match in _NAME.finditer(data, table.start(1), table.end(1)):
            yield from _definition(data, match)


def define_in_call(data: bytes) -> Iterator[Definition]:
    """Yield the name that a ``setup.py`` hands to ``setup`` as a literal."""
    call = data.find(b"setup(")
    if call >= 0:
        for match in list(_CALL.finditer(data, call))[:1]:
            yield from _definition(data, match)


def _definition(data: bytes, match: re.Match[bytes]) -> Iterator[Definition]:
    name = match[1].decode()
    # One plain word may be the name of anything.
    if any(char in name for char in "-_."):
        yield Definition("package", name, data.count(b"\n", 0, match.start(1)) + 1)
