# SPDX-License-Identifier: Apache-2.0
"""YAML of any kind: charts, manifests of clusters, settings. What it names is a mention."""

from coreline.boundary.builds import yaml_files
from coreline.boundary.builds.yaml import Place
from coreline.boundary.builds.yaml_files import Hit, YamlFile
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts

_LEFT_OUT = ("exclu", "ignor", "skip", "omit", "deny", "forbid")
_PROSE = frozenset(["name", "description", "title", "summary", "image", "url", "label", "labels"])


def extract(source: Source) -> FileFacts:
    """Return the facts of a YAML file of any kind."""
    return yaml_files.read(source, _handle)


def _handle(file: YamlFile, place: Place, hit: Hit) -> None:
    named = [key.lower() for key in place.keys if key != "-"]
    if named and named[-1] in _PROSE:
        return
    # What a tool is told to leave out is not depended on.
    if not any(word in key for key in named for word in _LEFT_OUT):
        file.commands.mention(hit)
