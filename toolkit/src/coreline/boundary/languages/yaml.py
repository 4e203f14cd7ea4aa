# SPDX-License-Identifier: Apache-2.0
"""YAML of any kind: charts, manifests of clusters, settings. What it names is a mention."""

from coreline.boundary.builds import yaml_files
from coreline.boundary.builds.yaml import Place
from coreline.boundary.builds.yaml_files import Hit, YamlFile
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts

_LEFT_OUT = ("exclu", "ignor", "skip", "omit", "deny", "forbid")
_PROSE = frozenset(["name", "description", "title", "summary", "image", "url", "label", "labels"])


def _extract(source: Source) -> FileFacts:
    return yaml_files.read(source, _handle)


def _handle(file: YamlFile, place: Place, hit: Hit) -> None:
    named = [key.lower() for key in place.keys if key != "-"]
    if named and named[-1] in _PROSE:
        return
    # What a tool is told to leave out is not depended on.
    if not any(word in key for key in named for word in _LEFT_OUT):
        file.commands.mention(hit)


LANGUAGE = Language(
    name="yaml",
    sentence="Strings of YAML files that name a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example("env:\n  X: acme_ee.settings\n", (("string", None, "acme_ee.settings", ()),)),
        Example("plugins:\n  - ./ee/x\n", (("path", None, "./ee/x", ()),)),
        Example("exclude-dirs: [ee/x]\n# ee/x\nname: ee/x\n"),
        Example("{{- if .Values.x }}\na: ee/x\n{{- end }}\n", (("path", None, "ee/x", ()),)),
    ),
    suffixes=frozenset([".yml", ".yaml"]),
)
