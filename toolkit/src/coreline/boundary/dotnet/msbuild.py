# SPDX-License-Identifier: Apache-2.0
"""MSBuild projects, solutions and NuGet lists: what they take from a wrap.

Source: MSBuild reference (items, conditions); the solution file format (``.sln``, ``.slnx``).
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Trouble
from coreline.boundary.metadata.needs import License, Need, facts_of, is_named, path_need
from coreline.boundary.metadata.xml import Node, XmlError, read, uncommented

_NAME = re.compile(rb"<(?:PackageId|AssemblyName)>\s*([\w.-]+)\s*<")
_PROJECT = re.compile(rb'^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]*)"', re.MULTILINE)
# Items and imports without whose files a build fails; others take what there is.
_PATHS = {
    "ProjectReference": ("Include", True),
    "Import": ("Project", True),
    "Project": ("Path", True),
    "Compile": ("Include", True),
    "EmbeddedResource": ("Include", True),
    "Content": ("Include", False),
    "None": ("Include", False),
    "AdditionalFiles": ("Include", False),
}
_PACKAGES = ("PackageReference", "PackageDownload", "package", "PackageVersion", "Reference")
_PROPERTY = re.compile(r"\$\((\w+)(?:\.\w+\(\s*['\"]([\w.-]+)['\"]\s*\))?\)")
# What the tools themselves set for each build.
_GIVEN = re.compile(
    r"^(Configuration|Platform|TargetFramework\w*|OS|MSBuild\w*|RuntimeIdentifier|\w*Version"
    r"|VisualStudio\w*|BuildingInsideVisualStudio|SolutionDir|ProjectDir|ImplicitUsings)$"
)
_THIS_FOLDER = re.compile(
    r"^\$\((MSBuildThisFileDirectory|MSBuildProjectDirectory|ProjectDir)\)[\\/]?"
)


def define(data: bytes) -> Iterator[Definition]:
    """Yield the names that a wrap's project is known by."""
    for match in _NAME.finditer(data):
        name = match[1].decode()
        if "." in name or "-" in name:
            yield Definition("package", name, data.count(b"\n", 0, match.start(1)) + 1)


def extract(source: Source) -> FileFacts:
    """Return what a project in XML needs and declares."""
    try:
        root = read(source.data)
    except XmlError as error:
        return FileFacts(trouble=Trouble(1, str(error))) if source.hits else FileFacts()
    return facts_of(uncommented(source), _needs(source, root), _licenses(root))


def extract_solution(source: Source) -> FileFacts:
    """Return the projects that a solution lists."""
    projects = (
        path_need(match[1].decode("utf-8", "replace"), match.start(1))
        for match in _PROJECT.finditer(source.data)
    )
    listed = [one for one in projects if one.module.endswith("proj")]
    return facts_of(source, listed, ignored=lambda _: True)


def _licenses(root: Node) -> Iterator[License]:
    for node in root.all("PropertyGroup", "PackageLicenseExpression"):
        if node.text.strip():
            yield License("PackageLicenseExpression", node.text.strip(), node.offset)


def _needs(source: Source, root: Node) -> Iterator[Need]:
    waiting: list[tuple[Node, str | None]] = [(root, None)]
    while waiting:
        node, outer = waiting.pop()
        guard = outer or _guard(source, node.attributes.get("Condition", ""))
        if node.name == "Choose":
            asked = (
                _guard(source, when.attributes.get("Condition", "")) for when in node.all("When")
            )
            # ``Otherwise`` is reached by the same question.
            guard = guard or next((one for one in asked if one is not None), None)
        waiting += [(child, guard) for child in reversed(node.children)]
        if node.name in _PACKAGES:
            name = node.attributes.get("Include") or node.attributes.get("id") or ""
            name = name.partition(",")[0].strip()
            if name and is_named(name, source.names.packages):
                # A version alone (central package management) installs nothing.
                yield Need(name, node.offset, guard, needed=node.name != "PackageVersion")
        elif node.name in _PATHS:
            attribute, is_needed = _PATHS[node.name]
            for path in node.attributes.get(attribute, "").split(";"):
                yield from _path(path.strip(), node, guard, is_needed=is_needed)


def _path(path: str, node: Node, guard: str | None, *, is_needed: bool) -> Iterator[Need]:
    path = _THIS_FOLDER.sub("", path)
    if path and "$(" not in path and (node.name != "Import" or "Sdk" not in node.attributes):
        # A pattern that matches nothing is no error.
        yield path_need(path, node.offset, guard, needed=is_needed and "*" not in path)


def _guard(source: Source, condition: str) -> str | None:
    """Return the property that a condition asks for, or the probe that it is."""
    if "exists(" in condition.lower():
        found = source.names.search(condition.replace("\\", "/").encode("utf-8", "replace"))
        return "probe" if found else None
    # $(DefineConstants.Contains('OSS')) asks for OSS.
    names = [inner or name for name, inner in _PROPERTY.findall(condition)]
    asked = [name for name in names if not _GIVEN.match(name)]
    return f"flag {asked[0]}" if asked else None
