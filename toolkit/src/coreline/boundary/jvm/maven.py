# SPDX-License-Identifier: Apache-2.0
"""Maven: modules and artifacts of a wrap that a project of the core asks for.

Source: the POM reference (coordinates, inheritance, aggregation, profiles).
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Trouble
from coreline.boundary.metadata.needs import License, Need, facts_of, is_named, path_need
from coreline.boundary.metadata.xml import Node, XmlError, read, uncommented

_PROPERTY = re.compile(r"\$\{([\w.-]+)\}")
_DEPTH_MAX = 5
# A project's own coordinates stand before what it asks for.
_SECTIONS = re.compile(
    rb"<(dependencies|dependencyManagement|build|profiles|modules|properties|reporting)\b"
)
_PARENT = re.compile(rb"<parent\b.*?</parent>", re.DOTALL)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_REACH = 64 * 1024
_TAG = rb"<%s>\s*([\w.${}-]+)\s*</"


def define(data: bytes) -> Iterator[Definition]:
    """Yield the coordinates of a wrap's project, without the version."""
    data = _COMMENT.sub(b"", data[:_REACH])
    section = _SECTIONS.search(data)
    head = data[: section.start()] if section else data
    parent = _PARENT.search(head)
    own = _PARENT.sub(b"", head)
    artifact = re.search(_TAG % b"artifactId", own)
    group = re.search(_TAG % b"groupId", own)
    if group is None and parent is not None:
        group = re.search(_TAG % b"groupId", parent[0])
    if artifact is not None and group is not None:
        yield Definition("package", f"{group[1].decode()}:{artifact[1].decode()}", 1)


def extract(source: Source) -> FileFacts:
    """Return what a ``pom.xml`` needs and declares."""
    try:
        root = read(source.data)
    except XmlError as error:
        return FileFacts(trouble=Trouble(1, str(error))) if source.hits else FileFacts()
    project = _Project(source, root)
    licenses = (
        License("licenses", node.text.strip(), node.text_offset)
        for node in root.all("licenses", "license", "name")
        if node.text.strip()
    )
    return facts_of(uncommented(source), project.needs(), licenses)


class _Project:
    def __init__(self, source: Source, root: Node) -> None:
        self._source = source
        self._root = root
        self._properties = {one.name: one.text.strip() for one in root.all("properties")}
        for table in root.all("properties"):
            self._properties.update({one.name: one.text.strip() for one in table.children})
        group = root.value("groupId") or root.value("parent", "groupId")
        for prefix in ("", "project.", "pom."):
            self._properties[f"{prefix}groupId"] = group
            self._properties[f"{prefix}parent.groupId"] = root.value("parent", "groupId")

    def needs(self) -> Iterator[Need]:
        """Yield the modules and artifacts that the project and its profiles ask for."""
        yield from self._part(self._root, None)
        for profile in self._root.all("profiles", "profile"):
            is_default = profile.value("activation", "activeByDefault") == "true"
            name = profile.value("id")
            yield from self._part(profile, None if is_default else f"flag profile {name}")
        for parent in self._root.all("parent"):
            yield from self._artifact(parent, None)

    def _part(self, part: Node, guard: str | None) -> Iterator[Need]:
        for module in part.all("modules", "module"):
            path = self._filled(module.text.strip())
            if path and "${" not in path:
                yield path_need(path, module.text_offset, guard)
        for node in part.all("dependencies", "dependency"):
            yield from self._artifact(node, guard)
        for node in part.all("dependencyManagement", "dependencies", "dependency"):
            # A bill of materials is read; another version here is used where it is asked for.
            is_read = node.value("scope") == "import"
            yield from (one._replace(needed=is_read) for one in self._artifact(node, guard))
        for plugins in (
            part.all("build", "plugins", "plugin"),
            part.all("reporting", "plugins", "plugin"),
        ):
            for plugin in plugins:
                yield from self._artifact(plugin, guard)
                for node in plugin.all("dependencies", "dependency"):
                    yield from self._artifact(node, guard)

    def _artifact(self, node: Node, guard: str | None) -> Iterator[Need]:
        artifact = self._filled(node.value("artifactId"))
        name = f"{self._filled(node.value('groupId'))}:{artifact}"
        packages = self._source.names.packages
        if not is_named(name, packages):
            # A manifest may declare an artifact without its group; one word may be anybody's.
            if "-" not in artifact or not is_named(artifact, packages):
                return
            name = artifact
        at = next((one.text_offset for one in node.all("artifactId")), node.offset)
        is_test = node.value("scope") == "test"
        yield Need(name, at, guard, form="test" if is_test else "build")

    def _filled(self, text: str) -> str:
        for _ in range(_DEPTH_MAX):
            if "${" not in text:
                break
            text = _PROPERTY.sub(lambda one: self._properties.get(one[1], one[0]), text)[:500]
        return text
