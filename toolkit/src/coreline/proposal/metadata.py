# SPDX-License-Identifier: Apache-2.0
"""What package metadata says: names, licenses, descriptions, how tests are run.

Metadata is read as data (a ``setup.py`` by its literal arguments) and never run; what cannot be
read says nothing here, since `coreline check` reports files that it cannot read.
"""

import configparser
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import FOREIGN


@dataclass(frozen=True)
class Package:
    """One package's metadata file. ``license`` is as written."""

    path: str
    kind: str
    name: str = ""
    license: str = ""
    description: str = ""
    private: bool = False
    emails: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()

    @property
    def folder(self) -> str:
        """Where the package lies: empty at the root, else ending in a slash."""
        return self.path[: self.path.rfind("/") + 1]


@lru_cache(maxsize=2)
def packages(survey: Survey) -> tuple[Package, ...]:
    """Return the packages of a repository, those nearest the root first."""
    return tuple(_packages(survey))


def _packages(survey: Survey) -> Iterator[Package]:
    for path in sorted(survey.texts, key=lambda path: (path.count("/"), path)):
        folder, _, name = path.rpartition("/")
        reader = _READERS.get(name) or (_gemspec if name.endswith(".gemspec") else None)
        # A template's metadata ({{ name }}) describes no package of this repository.
        if reader is None or "{" in path or FOREIGN & set(folder.split("/")):
            continue
        try:
            package = reader(path, survey.texts[path])
        except (ValueError, TypeError, AttributeError, configparser.Error):
            continue
        if package is not None:
            yield package


def workspaces(survey: Survey) -> frozenset[str]:
    """Return the folders at the top that hold packages side by side, such as ``packages/``."""
    children: dict[str, set[str]] = defaultdict(set)
    for package in packages(survey):
        parts = package.folder.split("/")
        if len(parts) == 3 and package.kind != "tool":
            children[parts[0] + "/"].add(parts[1])
    return frozenset(folder for folder, names in children.items() if len(names) > 1)


def line_of(text: str, needle: str) -> int:
    """Return the first line that holds a text, 1 where none does."""
    at = text.find(needle) if needle else -1
    return text.count("\n", 0, max(at, 0)) + 1


def _pyproject(path: str, text: str) -> Package | None:
    document = tomllib.loads(text)
    project = document.get("project", {})
    poetry = document.get("tool", {}).get("poetry", {})
    license_ = project.get("license", poetry.get("license", ""))
    if isinstance(license_, dict):
        license_ = license_.get("text") or _see(license_.get("file"))
    classifiers = project.get("classifiers", poetry.get("classifiers", []))
    if any("Proprietary License" in str(one) for one in classifiers):
        license_ = "Proprietary"
    authors = [one for one in project.get("authors", []) if isinstance(one, dict)]
    return Package(
        path,
        "python",
        name=str(project.get("name", poetry.get("name", ""))),
        license=str(license_),
        description=_sentence(project.get("description", poetry.get("description"))),
        emails=tuple(str(one["email"]) for one in authors if one.get("email")),
        entry_points=tuple(project.get("entry-points", {})),
        tools=frozenset(document.get("tool", {})),
    )


def _setup_cfg(path: str, text: str) -> Package | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    metadata = dict(parser["metadata"]) if parser.has_section("metadata") else {}
    tools = {"pytest"} if parser.has_section("tool:pytest") else set()
    return Package(
        path,
        "python",
        name=metadata.get("name", ""),
        license=metadata.get("license", ""),
        description=_sentence(metadata.get("description")),
        tools=frozenset(tools),
    )


def _setup_py(path: str, text: str) -> Package | None:
    def argument(name: str) -> str:
        found = re.search(rf"\b{name}\s*=\s*(['\"])(.+?)\1", text)
        return found[2] if found else ""

    license_ = "Proprietary" if "Other/Proprietary License" in text else argument("license")
    name, description = argument("name"), _sentence(argument("description"))
    return Package(path, "python", name=name, license=license_, description=description)


def _package_json(path: str, text: str) -> Package | None:
    document: dict[str, Any] = json.loads(text)
    license_ = document.get("license", "")
    scripts = document.get("scripts") or {}
    return Package(
        path,
        "npm",
        name=str(document.get("name", "")),
        license=str(license_.get("type", "") if isinstance(license_, dict) else license_),
        description=_sentence(document.get("description")),
        private=bool(document.get("private")),
        scripts={str(key): str(value) for key, value in scripts.items()},
    )


def _cargo(path: str, text: str) -> Package | None:
    package = tomllib.loads(text).get("package", {})
    license_ = package.get("license") or _see(package.get("license-file"))
    return Package(
        path,
        "cargo",
        name=str(package.get("name", "")),
        license=license_ if isinstance(license_, str) else "",
        description=_sentence(package.get("description")),
    )


def _go_mod(path: str, text: str) -> Package | None:
    found = re.search(r"^module\s+\"?([^\s\"]+)", text, re.MULTILINE)
    return Package(path, "go", name=found[1]) if found else None


def _gemspec(path: str, text: str) -> Package | None:
    def attribute(name: str) -> str:
        found = re.search(rf"\.{name}\s*=\s*\[?\s*(['\"])(.+?)\1", text)
        return found[2] if found else ""

    return Package(
        path,
        "gem",
        name=attribute("name"),
        license=attribute("licenses?"),
        description=_sentence(attribute("summary")),
    )


def _other(path: str, text: str) -> Package | None:
    name = path.rpartition("/")[2].removesuffix(".ini")
    return Package(path, "tool", tools=frozenset([name]))


_READERS = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "package.json": _package_json,
    "Cargo.toml": _cargo,
    "go.mod": _go_mod,
    "tox.ini": _other,
    "pytest.ini": _other,
}


def _see(file: object) -> str:
    return f"SEE LICENSE IN {file}" if file else ""


def _sentence(value: object) -> str:
    return " ".join(str(value).split()) if value else ""
