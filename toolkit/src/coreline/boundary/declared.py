# SPDX-License-Identifier: Apache-2.0
"""Names of calls that a manifest declares: home-made gates, and look-up helpers of the wraps."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from coreline.manifest.model import Manifest

_JOIN = re.compile(r"\.|::|#|->|&\.|\?\.")


class Gate(NamedTuple):
    """A license check that the vendor wrote, such as ``License.premium?``."""

    spelling: str
    """As it is declared."""
    owner: str
    """What the last part is asked of: ``License``. Empty where the manifest does not say it."""
    name: str
    """The last part: ``premium?``."""


class Lookup(NamedTuple):
    """A helper that is asked for a module of the core and finds a wrap's mirror of it."""

    call: str
    """The helper's name as it is called; the last part of a dotted one."""
    core: str
    into: str
    wrap: str

    def mapped(self, module: str) -> str | None:
        """Return the module that the helper finds for one of the core.

        None where the text does not begin as the helper expects it.
        """
        rest = module[len(self.core) :]
        is_part = self.core and not _ends(self.core) and (rest[:1].isalnum() or rest[:1] == "_")
        if not module.startswith(self.core) or is_part:
            return None
        joined = self.core or _ends(self.into) or rest[:1] in "./:\\"
        return f"{self.into}{rest if joined else _separator(self.into, module) + rest}"


def _ends(text: str) -> bool:
    return text[-1:] in "./:\\"


def _separator(into: str, module: str) -> str:
    """Return what parts the names of modules, as the text that is looked up shows it."""
    for mark in ("::", "/", "\\"):
        if mark in into or mark in module:
            return mark
    # A constant of Ruby is written in capitals: ``EE`` and ``Project`` make ``EE::Project``.
    return "::" if into[:1].isupper() and "." not in module else "."


def gates_of(manifest: Manifest) -> tuple[Gate, ...]:
    """Return the gates that a manifest declares."""
    return tuple(gate(spelling) for spelling in dict.fromkeys(manifest.core.gates))


def gate(spelling: str) -> Gate:
    """Return the parts of a gate's name."""
    parts = [part for part in _JOIN.split(spelling.strip().removeprefix("@")) if part]
    name = parts[-1].removesuffix("()") if parts else spelling
    # An instance may be held in a variable of any name.
    owner = parts[-2] if len(parts) > 1 and "#" not in spelling else ""
    return Gate(spelling, owner, name)


def lookups_of(manifest: Manifest) -> Iterator[Lookup]:
    """Yield the look-up helpers that the wraps declare."""
    for wrap, table in manifest.wraps.items():
        for one in table.lookups:
            yield Lookup(gate(one.call).name, one.core, one.wrap, wrap)


def names_of(manifest: Manifest) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names that the wraps declare, with their wraps: those written out, and globs."""
    declared = {name: wrap for wrap, table in manifest.wraps.items() for name in table.names}
    globs = {name: wrap for name, wrap in declared.items() if "*" in name}
    return {name: wrap for name, wrap in declared.items() if "*" not in name}, globs
