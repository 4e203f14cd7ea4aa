# SPDX-License-Identifier: Apache-2.0
"""What an artifact says of itself: its package, its version, and what it needs to be installed.

What the check of artifacts reads already is taken from there; read here are the versions, and the
tables of npm, Cargo and Maven, which the checks read as languages of a repository.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

from coreline.boundary.artifacts.describing import Said, is_metadata, said_by
from coreline.boundary.metadata.xml import Node, XmlError, read
from coreline.sources.archives.gem import SPECIFICATION
from coreline.sources.artifact import ArtifactTree, find_artifact
from coreline.sources.listing import NESTED

# The type of a package URL (package-url/purl-spec) by the format of the archive.
_TYPES = {"wheel": "pypi", "npm": "npm", "gem": "gem", "crate": "cargo", "nupkg": "nuget"}
_TYPES |= {"jar": "maven"}
GENERIC = "generic"
"""The type of what no package manager knows."""


class Need(NamedTuple):
    """A package that an artifact asks for."""

    name: str
    requirement: str
    """Which versions, in the words of its package manager; empty for any."""
    is_optional: bool


class Declared(NamedTuple):
    """What an artifact says of itself."""

    kind: str
    """A type of package URLs."""
    name: str | None
    version: str | None
    needs: tuple[Need, ...]


NOTHING = Declared(GENERIC, None, None, ())


def declared_by(artifact: Path) -> Declared:
    """Return what an artifact says of itself; nothing where its format is not known."""
    tree = find_artifact(artifact, artifact.name)
    if tree is None:
        return NOTHING
    kind = _TYPES.get(tree.archive.name, GENERIC)
    for path, data in _metadata(tree):
        name = path.rpartition("/")[2]
        if name in ("METADATA", "PKG-INFO"):
            return _python(path, data)
        if name == "package.json" and kind == "npm":
            return _npm(data)
        if name == "Cargo.toml" and kind == "cargo":
            return _cargo(data)
        if name == "pom.xml" and kind == "maven":
            return _maven(data)
        if path == SPECIFICATION or name.endswith(".nuspec"):
            return _said(kind, said_by(path, data), data)
    return NOTHING._replace(kind=kind)


def _metadata(tree: ArtifactTree) -> Iterator[tuple[str, bytes]]:
    """Yield the files that describe the package, the nearest to its top first."""
    root = tree.archive.root
    wanted = [
        one
        for one in tree.entries()
        if NESTED not in one.path and one.kind != "link" and is_metadata(one.path, root(one.path))
    ]
    found = [(one.entry.path, one.data) for one in tree.read(wanted) if one.data is not None]
    return iter(sorted(found, key=lambda one: (one[0].count("/"), one[0])))


def _python(path: str, data: bytes) -> Declared:
    """Read the core metadata of Python; an extra's needs are optional (PyPA's specification)."""
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    version = BytesParser().parsebytes(head, headersonly=True).get("Version")
    said = said_by(path, data)
    needs = [
        Need(
            one.value,
            one.text.partition(":")[2].strip()[len(one.value) :].strip(),
            is_optional=one.key == "wish",
        )
        for one in said
        if one.key in ("need", "wish")
    ]
    return Declared("pypi", _first(said, "name"), _text(version), _sorted(needs))


def _said(kind: str, said: list[Said], data: bytes) -> Declared:
    """Take a gem or a NuGet package from what the check of artifacts reads of it."""
    version = _VERSIONS[kind].search(data)
    needs = [
        Need(one.value, _nuget_range(one.text), is_optional=one.key == "wish")
        for one in said
        if one.key in ("need", "wish")
    ]
    text = version[1].decode("utf-8", "replace") if version else None
    return Declared(kind, _first(said, "name"), text, _sorted(needs))


_VERSIONS = {
    "gem": re.compile(rb"^version: !ruby/object:Gem::Version\n\s+version: [\"']?([^\s\"']+)", re.M),
    "nuget": re.compile(rb"<version>\s*([^<\s]+)"),
}
_RANGE = re.compile(r"\bversion=\"([^\"]+)\"")


def _nuget_range(text: str) -> str:
    match = _RANGE.search(text)
    return match[1] if match else ""


def _npm(data: bytes) -> Declared:
    """Read a ``package.json`` (npm, "package.json": dependencies, peerDependenciesMeta)."""
    try:
        table = _table(json.loads(data))
    except (ValueError, RecursionError):
        return NOTHING._replace(kind="npm")
    peers = _table(table.get("peerDependenciesMeta"))
    lax = {name for name, one in peers.items() if _table(one).get("optional") is True}
    lax |= set(_table(table.get("optionalDependencies")))
    needs = [
        Need(name, str(wanted), is_optional=name in lax)
        for key in ("dependencies", "peerDependencies", "optionalDependencies")
        for name, wanted in _table(table.get(key)).items()
    ]
    return Declared("npm", _text(table.get("name")), _text(table.get("version")), _sorted(needs))


def _cargo(data: bytes) -> Declared:
    """Read the ``Cargo.toml`` that ``cargo package`` wrote ("The Manifest Format")."""
    try:
        table = _table(tomllib.loads(data.decode("utf-8")))
    except (ValueError, RecursionError):
        return NOTHING._replace(kind="cargo")
    package = _table(table.get("package"))
    targets = [_table(one) for one in _table(table.get("target")).values()]
    needs = [
        _crate(name, one)
        for part in (table, *targets)
        for key in ("dependencies", "build-dependencies")
        for name, one in _table(part.get(key)).items()
    ]
    name, version = _text(package.get("name")), _text(package.get("version"))
    return Declared("cargo", name, version, _sorted(needs))


def _crate(name: str, wanted: object) -> Need:
    table = _table(wanted)
    version = wanted if isinstance(wanted, str) else table.get("version")
    # A crate that is renamed where it is used keeps its name in the registry.
    real = _text(table.get("package")) or name
    return Need(real, _text(version) or "", is_optional=table.get("optional") is True)


def _maven(data: bytes) -> Declared:
    """Read the ``pom.xml`` inside a jar; what only tests or the platform bring is left out."""
    try:
        root = read(data)
    except XmlError:
        return NOTHING._replace(kind="maven")
    needs = [
        Need(
            _coordinates(one, ""), one.value("version"), is_optional=one.value("optional") == "true"
        )
        for one in root.all("dependencies", "dependency")
        if one.value("scope") not in ("test", "provided", "system")
    ]
    version = root.value("version") or root.value("parent", "version")
    name = _coordinates(root, root.value("parent", "groupId"))
    return Declared("maven", name, version or None, _sorted(needs))


def _coordinates(node: Node, group: str) -> str:
    return f"{node.value('groupId') or group}:{node.value('artifactId')}"


def _sorted(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(sorted(set(needs)))


def _first(said: Iterable[Said], key: str) -> str | None:
    return next((one.value for one in said if one.key == key), None)


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
