# SPDX-License-Identifier: Apache-2.0
"""YAML of any kind: charts, manifests of clusters, settings. What it names is a mention."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.plain_yaml import extract

    return extract(source)


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
    resolver=resolver,
)
