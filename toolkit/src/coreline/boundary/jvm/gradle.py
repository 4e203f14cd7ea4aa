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
# What is between a configuration and what it asks for; bounded, since a script may be anything.
_CALL = (
    rb"(?<!\w)([A-Za-z]\w{0,80})[\s(]{0,40}"
    rb"(?:(?:platform|enforcedPlatform|testFixtures)[\s(]{1,40})?"
)
_PROJECT = re.compile(
    _CALL + rb"\bproject\s{0,9}\(\s{0,40}(?:path\s{0,9}[:=]\s{0,9})?[\"'](:[\w:.-]{1,200})[\"']"
)
_ACCESSOR = re.compile(
    rb"(?<!\w)([A-Za-z]\w{0,80})(?:\s{0,9}\(\s{0,40}|[ \t]{1,9})(projects|libs)\.([\w.]{1,200})"
)
_ARTIFACT = re.compile(_CALL + rb"[\"']([\w.-]{1,200}:[\w.-]{1,200})(?::[^\"'\n]{0,200})?[\"']")
_INCLUDE = re.compile(
    rb"(?<![\w.])(include|includeBuild|includeFlat)\b"
    rb"((?:[^\n{]{0,500},[ \t\r]{0,40}\n){0,200}[^\n{]{0,500})"
)
_QUOTED = re.compile(rb"[\"']([^\"'\n$]{1,300})[\"']")
_APPLY = re.compile(
    rb"\bapply\s{0,9}\(?\s{0,9}from\s{0,9}[:=]\s{0,9}(?:file\s{0,9}\(\s{0,9})?[\"']([^\"'\n]{1,300})"
)
_SOURCES = re.compile(
    rb"\bsrcDirs?\b[^\n\"']{0,200}((?:[\"'][^\"'\n]{1,300}[\"'][,\s]{0,40}){1,50})"
)
_FOLDER = re.compile(
    rb"project\s{0,9}\(\s{0,9}[\"'](:[\w:.-]{1,200})[\"']\s{0,9}\)\s{0,9}\.\s{0,9}projectDir"
    rb"\s{0,9}=\s{0,9}(?:new\s{1,9}File\s{0,9}\(|file\s{0,9}\()[^\"'\n]{0,200}[\"']([^\"'\n]{1,300})"
)
_LICENSE = re.compile(
    rb"\blicense\s{0,9}\{\s{0,99}name\s{0,9}(?:=|\.set\s{0,9}\()\s{0,9}[\"']([^\"'\n]{1,200})[\"']"
)
_GROUP = re.compile(
    rb"(?m)^[ \t]{0,99}(?:project\.)?group(?:Id)?[ \t]{0,9}=?[ \t]{0,9}[\"']([\w.-]{1,200})[\"']"
)
_ARTIFACT_ID = re.compile(
    rb"(?m)^[ \t]{0,99}(?:artifactId|archivesName|archivesBaseName|rootProject\.name)"
    rb"[ \t]{0,9}(?:=|\.set\()[ \t]{0,9}[\"']([\w.-]{1,200})[\"']"
)
_IF = re.compile(rb"\bif\s{0,9}\(")
_ELSE = re.compile(rb"\s{0,200}else\b(?!\s{0,9}if)")
_BLOCK = re.compile(rb"\s{0,200}\{")
_PROPERTY = re.compile(
    r"(?:hasProperty|findProperty|gradleProperty|getProperty|property|systemProperty)"
    r"\s{0,9}\(\s{0,9}[\"']([\w.-]+)"
)
_CONDITION_MAX = 1000
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
        self._lines = self.data.split(b"\n")

    def is_in_comment(self, reference: Reference) -> bool:
        """Whether a line is a comment where it names a wrap."""
        lines = self._lines
        line = lines[reference.line - 1] if reference.line <= len(lines) else b""
        return reference.module.encode("utf-8", "replace") not in line

    def needs(self) -> Iterator[Need]:
        """Yield all that the script asks for."""
        for match in _PROJECT.finditer(self.data):
            yield self._need(match[2].decode(), match.start(2), match[1])
        for match in _ACCESSOR.finditer(self.data):
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
    ends = _ends(data)
    for count, match in enumerate(_IF.finditer(data)):
        if count == _SPANS_MAX:
            return
        closing = _closing(data, match.end())
        guard = _flag(data[match.end() : closing - 1].decode("utf-8", "replace"), source)
        if guard is None:
            continue
        end = _branch(data, closing, ends)
        rest = _ELSE.match(data, end)
        yield _Span(match.start(), _branch(data, rest.end(), ends) if rest else end, guard)


def _ends(data: bytes) -> dict[int, int]:
    """Return where each block ends, by where it begins."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for match in re.finditer(rb"[{}]", data):
        if match[0] == b"{":
            stack.append(match.start())
        elif stack:
            found[stack.pop()] = match.end()
    return found


def _branch(data: bytes, start: int, ends: dict[int, int]) -> int:
    """Return the end of a branch: of its block, or of its line."""
    block = _BLOCK.match(data, start)
    if block is not None:
        return ends.get(block.end() - 1, len(data))
    line = data.find(b"\n", start)
    return len(data) if line < 0 else line


def _closing(data: bytes, start: int) -> int:
    """Return where the bracket of a condition is closed."""
    depth = 1
    for match in re.compile(rb"[()]").finditer(data, start, start + _CONDITION_MAX):
        depth += 1 if match[0] == b"(" else -1
        if not depth:
            return match.end()
    return min(len(data), start + _CONDITION_MAX)


def _flag(condition: str, source: Source) -> str | None:
    if re.search(r"\.?(exists|isDirectory)\s*\(?", condition):
        quoted = re.findall(r"[\"']([^\"']+)[\"']", condition)
        last = {one.rstrip("/").rpartition("/")[2] for one in quoted}
        is_about = last & source.names.folders or source.names.search(condition.encode())
        return "probe" if is_about else None
    asked = _PROPERTY.search(condition)
    return f"flag {asked[1]}" if asked else flag_in(condition, lambda _: True)
