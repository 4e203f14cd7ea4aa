# SPDX-License-Identifier: Apache-2.0
"""What the metadata inside an artifact says: the package's name, its license, what it needs.

Only what no language of the checks reads is read here for licenses and needs: ``package.json``,
``Cargo.toml`` and the like are looked at as in the repository.
"""

import json
import re
from collections.abc import Iterator
from email.parser import BytesParser
from typing import NamedTuple

from coreline.sources.archives.gem import SPECIFICATION


class Said(NamedTuple):
    """One statement of a file of metadata."""

    path: str
    line: int
    key: str
    """``name``, ``license``, ``need`` or ``wish`` (a dependency that is optional)."""
    value: str
    text: str
    """The line, or what stands for it."""


_FILES = re.compile(
    r"(^|/)(PKG-INFO|METADATA|package\.json|Cargo\.toml|pom\.xml|[^/]+\.nuspec)$|^"
    + re.escape(SPECIFICATION)
    + "$"
)
_SIZE_MAX = 1 << 20
_NAME = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)")


def is_metadata(path: str, root: str) -> bool:
    """Whether a file describes the package that an artifact is, not one that is inside it.

    Args:
        path: of the file in the artifact.
        root: its path from the root of the package.
    """
    if not _FILES.search(path):
        return False
    is_maven = root.startswith("META-INF/maven/")
    return root.count("/") == 0 or ".dist-info/" in root or is_maven or path == SPECIFICATION


def said_by(path: str, data: bytes) -> list[Said]:
    """Return what a file of metadata says; nothing of one that cannot be understood."""
    if len(data) > _SIZE_MAX:
        return []
    name = path.rpartition("/")[2]
    if name in ("METADATA", "PKG-INFO"):
        return list(_core_metadata(path, data))
    text = data.decode("utf-8", "replace")
    if name == "package.json":
        return list(_package_json(path, text))
    if path == SPECIFICATION:
        return list(_matches(path, text, _GEM))
    if name == "Cargo.toml":
        return list(_matches(path, text.partition("[dependencies")[0], _CARGO))
    return list(_matches(path, text, _NUSPEC if name.endswith(".nuspec") else _POM))


def _core_metadata(path: str, data: bytes) -> Iterator[Said]:
    """Read the core metadata of Python (PyPA's specification)."""
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    message = BytesParser().parsebytes(head, headersonly=True)
    lines = head.decode("utf-8", "replace").split("\n")

    def line_of(start: str) -> int:
        return next((n for n, one in enumerate(lines, 1) if one.startswith(start)), 1)

    for key, field in (("name", "Name"), ("license", "License-Expression")):
        for value in message.get_all(field, []):
            yield Said(path, line_of(f"{field}:"), key, str(value), f"{field}: {value}")
    if "License-Expression" not in message:
        for field in ("License", "Classifier"):
            for value in map(str, message.get_all(field, [])):
                if field == "License" or value.startswith("License ::"):
                    shown = value.split("\n", 1)[0]
                    yield Said(path, line_of(f"{field}: {shown}"), "license", shown, shown)
    for value in map(str, message.get_all("Requires-Dist", [])):
        match = _NAME.match(value)
        if match is not None:
            key = "wish" if re.search(r"\bextra\s*==", value) else "need"
            text = f"Requires-Dist: {value}"
            yield Said(path, line_of(text), key, match[1], text)


def _package_json(path: str, text: str) -> Iterator[Said]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    name = document.get("name") if isinstance(document, dict) else None
    if isinstance(name, str):
        yield Said(path, 1, "name", name, "")


_GEM = (
    ("name", re.compile(r"^name: (\S+)", re.M)),
    ("license", re.compile(r"^licenses:\n((?:- .*\n)+)", re.M)),
    (
        "need",
        re.compile(
            r"!ruby/object:Gem::Dependency\n\s+name: (\S+)(?:\n.*){0,12}?\n\s+type: :runtime"
        ),
    ),
)
_CARGO = (("name", re.compile(r"^name\s*=\s*\"([^\"]+)\"", re.M)),)
_NUSPEC = (
    ("name", re.compile(r"<id>\s*([^<\s]+)")),
    ("license", re.compile(r"<license\s+type=\"expression\"\s*>\s*([^<]+?)\s*<")),
    ("need", re.compile(r"<dependency\s[^>]*\bid=\"([^\"]+)\"")),
)
_POM = (
    ("name", re.compile(r"</parent>.*?<artifactId>\s*([^<\s]+)|<artifactId>\s*([^<\s]+)", re.S)),
    ("license", re.compile(r"<license>\s*(?:<[^n][^>]*>[^<]*</[^>]*>\s*)*<name>\s*([^<]+?)\s*<")),
)


def _matches(
    path: str, text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]
) -> Iterator[Said]:
    for key, pattern in patterns:
        for match in pattern.finditer(text):
            whole = next((group for group in match.groups() if group), "")
            number = text.count("\n", 0, match.start(1) if match[1] else match.start()) + 1
            for offset, part in enumerate(whole.strip("\n").split("\n")):
                value = part.removeprefix("- ").strip().strip("'\"")
                yield Said(path, number + offset, key, value, part.strip())
            if key == "name":
                break
