# SPDX-License-Identifier: Apache-2.0
"""Gradle: projects, builds and artifacts of a wrap that a build of the core asks for.

Build scripts are programs. They are read as text, in Groovy and Kotlin alike: what a script
computes is not found, what it writes down is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from coreline.boundary.code.conditions import flag_in
from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Reference, Setting
from coreline.boundary.metadata.needs import License, Need, facts_of, is_named, path_need

CATALOG = "gradle.catalog"
"""The setting of an alias of a version catalog, for an artifact of a wrap."""
PROJECT = "gradle.project"
"""The setting of the folder of a project, where it is not named as the project is."""

_SPANS_MAX = 2000
_COMMENT = re.compile(
    rb"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL
)
_WORD = rb"([A-Za-z]\w*)"
_PROJECT = re.compile(
    _WORD + rb"[\s(]*(?:platform|enforcedPlatform|testFixtures)?[\s(]*\bproject\s*\(\s*"
    rb"(?:path\s*[:=]\s*)?[\"'](:[\w:.-]+)[\"']"
)
_ACCESSOR = re.compile(_WORD + rb"\s*\(\s*(projects|libs)\.([\w.]+)")
_GROOVY_ACCESSOR = re.compile(_WORD + rb"[ \t]+(projects|libs)\.([\w.]+)")
_ARTIFACT = re.compile(
    _WORD + rb"[\s(]*(?:platform|enforcedPlatform)?[\s(]*[\"']([\w.-]+:[\w.-]+)(?::[^\"'\n]*)?[\"']"
)
_INCLUDE = re.compile(rb"(?<![\w.])(include|includeBuild|includeFlat)\b([^\n{]*(?:,\s*\n[^\n{]*)*)")
_QUOTED = re.compile(rb"[\"']([^\"'\n$]+)[\"']")
_APPLY = re.compile(rb"\bapply\s*\(?\s*from\s*[:=]\s*(?:file\s*\(\s*)?[\"']([^\"'\n]+)[\"']")
_SOURCES = re.compile(rb"\bsrcDirs?\b[^\n\"']*((?:[\"'][^\"'\n]+[\"'][,\s]*)+)")
_FOLDER = re.compile(
    rb"project\s*\(\s*[\"'](:[\w:.-]+)[\"']\s*\)\s*\.\s*projectDir\s*=\s*"
    rb"(?:new\s+File\s*\(|file\s*\()[^\"'\n]*[\"']([^\"'\n]+)[\"']"
)
_LICENSE = re.compile(rb"\blicense\s*\{\s*name\s*(?:=|\.set\s*\()\s*[\"']([^\"'\n]+)[\"']")
_GROUP = re.compile(rb"(?m)^\s*(?:project\.)?group(?:Id)?\s*=?\s*[\"']([\w.-]+)[\"']")
_ARTIFACT_ID = re.compile(
    rb"(?m)^\s*(?:artifactId|archivesName|archivesBaseName|rootProject\.name)\s*(?:=|\.set\()\s*"
    rb"[\"']([\w.-]+)[\"']"
)
_IF = re.compile(rb"\bif\s*\(")
_PROPERTY = re.compile(
    r"(?:hasProperty|findProperty|gradleProperty|getProperty|property|systemProperty)"
    r"\s*\(\s*[\"']([\w.-]+)"
)
_TEST = re.compile(r"^(test|androidTest|integrationTest|jmh)|Test[A-Z]", re.ASCII)


class _Span(NamedTuple):
    start: int
    end: int
    guard: str


def define(data: bytes) -> Iterator[Definition]:
    """Yield the coordinates that a wrap's build publishes."""
    group, artifact = _GROUP.search(data), _ARTIFACT_ID.search(data)
    if group is not None and artifact is not None:
        line = data.count(b"\n", 0, artifact.start(1)) + 1
        yield Definition("package", f"{group[1].decode()}:{artifact[1].decode()}", line)


def extract(source: Source) -> FileFacts:
    """Return what a build script needs and declares."""
    script = _Script(source)
    licenses = (
        License("license.name", match[1].decode("utf-8", "replace"), match.start(1))
        for match in _LICENSE.finditer(script.data)
    )
    settings = (
        Setting(PROJECT, match[1].decode(), match[2].decode("utf-8", "replace"))
        for match in _FOLDER.finditer(script.data)
    )
    return facts_of(
        source, script.needs(), licenses, settings=settings, ignored=script.is_in_comment
    )


class _Script:
    def __init__(self, source: Source) -> None:
        self._source = source
        # Comments become spaces, so that every offset stays.
        self.data = _COMMENT.sub(_blanked, source.data)
        self._spans = list(_spans(self.data, source))
        self._lines = source.data.splitlines()

    def is_in_comment(self, reference: Reference) -> bool:
        """Whether a line is a comment where it names a wrap."""
        lines = self.data.splitlines()
        line = lines[reference.line - 1] if reference.line <= len(lines) else b""
        return reference.module.encode("utf-8", "replace") not in line

    def needs(self) -> Iterator[Need]:
        """Yield all that the script asks for."""
        for match in _PROJECT.finditer(self.data):
            yield self._need(match[2].decode(), match.start(2), match[1])
        for pattern in (_ACCESSOR, _GROOVY_ACCESSOR):
            for match in pattern.finditer(self.data):
                name = f"{match[2].decode()}.{match[3].decode()}"
                yield self._need(name, match.start(2), match[1])
        for match in _ARTIFACT.finditer(self.data):
            artifact = self._artifact(match[2].decode())
            if artifact is not None:
                yield self._need(artifact, match.start(2), match[1])
        yield from self._included()
        for match in _APPLY.finditer(self.data):
            path = match[1].decode("utf-8", "replace")
            yield Need(_unrooted(path), match.start(1), self._guard(match.start()))
        for match in _SOURCES.finditer(self.data):
            for one in _QUOTED.finditer(match[1]):
                at = match.start(1) + one.start(1)
                path = one[1].decode("utf-8", "replace")
                # A folder of sources that is missing is empty.
                yield path_need(path, at, self._guard(at), needed=False)

    def _included(self) -> Iterator[Need]:
        for match in _INCLUDE.finditer(self.data):
            for one in _QUOTED.finditer(match[2]):
                at = match.start(2) + one.start(1)
                name = one[1].decode("utf-8", "replace")
                if match[1] == b"include":
                    module = name if name.startswith(":") else f":{name}"
                    yield Need(module, at, self._guard(at))
                else:
                    yield path_need(name, at, self._guard(at))

    def _artifact(self, name: str) -> str | None:
        packages = self._source.names.packages
        artifact = name.partition(":")[2]
        if is_named(name, packages):
            return name
        # A manifest may declare an artifact without its group; one word may be anybody's.
        return artifact if "-" in artifact and is_named(artifact, packages) else None

    def _need(self, module: str, at: int, configuration: bytes) -> Need:
        is_test = _TEST.search(configuration.decode()) is not None
        return Need(module, at, self._guard(at), form="test" if is_test else "build")

    def _guard(self, at: int) -> str | None:
        found = [span for span in self._spans if span.start <= at < span.end]
        return max(found).guard if found else None


def _blanked(match: "re.Match[bytes]") -> bytes:
    if match[0].startswith((b"//", b"/*")):
        return re.sub(rb"[^\n]", b" ", match[0])
    return match[0]


def _unrooted(path: str) -> str:
    """Return a path without the variable for the root folder that it begins with."""
    bare = re.sub(r"^\$\{?[\w.]+\}?/", "", path)
    return bare if "/" in bare else f"./{bare}"


def _spans(data: bytes, source: Source) -> Iterator[_Span]:
    """Yield the parts of a script that are run under a flag, ``else`` among them."""
    for count, match in enumerate(_IF.finditer(data)):
        if count == _SPANS_MAX:
            return
        closing = _closing(data, match.end(), b"(", b")")
        guard = _flag(data[match.end() : closing - 1].decode("utf-8", "replace"), source)
        if guard is None:
            continue
        end = _branch(data, closing)
        rest = re.compile(rb"\s*else\b(?!\s*if)").match(data, end)
        yield _Span(match.start(), _branch(data, rest.end()) if rest else end, guard)


def _branch(data: bytes, start: int) -> int:
    """Return the end of a branch: of its block, or of its line."""
    block = re.compile(rb"\s*\{").match(data, start)
    if block is not None:
        return _closing(data, block.end(), b"{", b"}")
    line = data.find(b"\n", start)
    return len(data) if line < 0 else line


def _closing(data: bytes, start: int, opening: bytes, closing: bytes) -> int:
    depth = 1
    for match in re.compile(re.escape(opening) + rb"|" + re.escape(closing)).finditer(data, start):
        depth += 1 if match[0] == opening else -1
        if not depth:
            return match.end()
    return len(data)


def _flag(condition: str, source: Source) -> str | None:
    if re.search(r"\.?(exists|isDirectory)\s*\(?", condition):
        quoted = re.findall(r"[\"']([^\"']+)[\"']", condition)
        last = {one.rstrip("/").rpartition("/")[2] for one in quoted}
        is_about = last & source.names.folders or source.names.search(condition.encode())
        return "probe" if is_about else None
    asked = _PROPERTY.search(condition)
    return f"flag {asked[1]}" if asked else flag_in(condition, lambda _: True)
