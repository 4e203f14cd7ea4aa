# SPDX-License-Identifier: Apache-2.0
"""What one file says by itself, wherever it lies: the part of a check that a cache can keep.

Facts depend on a file's bytes, its language and the names of the wraps; never on its path or on
other files. ``resolve`` turns them into findings.
"""

from typing import Literal

from msgspec import Struct

Form = Literal[
    "static",
    "local",
    "type-only",
    "re-export",
    "dynamic",
    "lookup",
    "string",
    "path",
    "build",
    "test",
    "gate",
    "link",
    "name",
]
"""How a place refers.

``lookup`` is a call whose string names a module of the core and which finds the wrap's mirror of
it; ``test`` is only compiled or installed to test the core, by its own words; ``name`` reads a
setting, an environment variable, a table … by its name.
"""

DefinitionKind = Literal[
    "package", "namespace", "setting", "environment", "table", "message", "flag", "gate"
]
"""What a name stands for.

``package``: what a registry knows it by (npm, gem, crate, Go module). ``namespace``: what code
imports it by, where its path does not say so (Java, C#, PHP, Ruby). ``gate``: a license check that
the core defines.
"""


class Reference(Struct, frozen=True, array_like=True):
    """One place that may name a wrap."""

    line: int
    column: int
    form: Form
    module: str
    """A dotted module, or a path for the forms ``path`` and ``build``."""
    names: tuple[str, ...] = ()
    """What is imported from the module."""
    level: int = 0
    """The dots of a relative import."""
    guard: str | None = None
    needed: bool = True
    """Whether the code fails where the module does not exist; a bare string does not show it."""
    is_name: bool = True
    """Whether it is used as the name of a module; a string of one word may mean anything."""
    exported: bool = False
    """Whether ``__all__`` passes on what is imported."""
    text: str = ""
    """The line of code, cut to a length that fits a report."""


class Header(Struct, frozen=True, array_like=True):
    """The SPDX license expression that a file states for itself."""

    line: int
    expression: str
    is_alone: bool = False
    """Whether the file is this short comment and nothing else."""


class Grant(Struct, frozen=True, array_like=True):
    """A sentence of a license text that names a folder."""

    line: int
    folder: str
    anywhere: bool
    """Whether it speaks of every folder of the name ("any "ee/" directory")."""
    is_open: bool
    """Whether the sentence names an open license."""
    text: str


class Declared(Struct, frozen=True, array_like=True):
    """The license that the metadata of a package declares."""

    line: int
    field: str
    value: str
    text: str


class Trouble(Struct, frozen=True, array_like=True):
    """What could not be analyzed in a file that was read."""

    line: int
    reason: str


class Setting(Struct, frozen=True, array_like=True):
    """What a configuration file says of how names are resolved: an alias, a replacement."""

    kind: str
    """Made of the tool's name and the key's, such as ``tsconfig.paths`` or ``go.replace``."""
    name: str
    value: str


class Definition(Struct, frozen=True, array_like=True):
    """A name that a file of a wrap gives to something, by which others may refer to it."""

    kind: DefinitionKind
    name: str
    line: int


class Locked(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A package that a lock file pins."""

    ecosystem: str
    """Whose registry it is from: ``npm``, ``pypi``, ``gem``, ``go``, ``cargo``, ``composer`` …"""
    name: str
    version: str
    line: int = 1
    license: str = ""
    """What the lock itself says of the license, as it is written; empty where it says nothing."""
    is_dev: bool = False
    """Whether the lock says that only developers of the software need it."""


class FileFacts(Struct, frozen=True, array_like=True, omit_defaults=True):
    """All facts of one file; mostly empty."""

    header: Header | None = None
    references: tuple[Reference, ...] = ()
    grants: tuple[Grant, ...] = ()
    declared: tuple[Declared, ...] = ()
    trouble: Trouble | None = None
    is_binary: bool = False
    settings: tuple[Setting, ...] = ()
    definitions: tuple[Definition, ...] = ()
    """In a file of the core: names of a wrap that it defines as well."""
    terms: Header | None = None
    """The license that a header without an SPDX tag states in words."""
    packages: tuple[Locked, ...] = ()
    """In a lock file: the third parties' packages that it pins."""
    script: str = ""
    """The name of the language that a ``#!`` line says, where the file's own name says none."""


EMPTY = FileFacts()
