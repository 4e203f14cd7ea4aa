# SPDX-License-Identifier: Apache-2.0
"""Settings of tools in plain text: what they name of a wrap is a mention, whatever the tool."""

import re

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.builds.words import mentions
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts

_SILENT = re.compile(rb"^\s*(?:[#;]|//|<!--|--)|exclu|ignor|omit|skip|forbid", re.IGNORECASE)


def _extract(source: Source) -> FileFacts:
    kept = [hit for hit in source.hits if not _SILENT.search(_line(source.data, hit[0]))]
    return FileFacts(references=tuple(mentions(source, kept)))


def _line(data: bytes, at: int) -> bytes:
    start = max(data.rfind(b"\n", max(0, at - 400), at) + 1, at - 400, 0)
    return data[start:at]


LANGUAGE = Language(
    name="settings-text",
    sentence="Settings of editors, test runners, linters and services that name a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example("[pytest]\ntestpaths = tests ../ee/tests\n", (("path", None, "../ee/tests", ()),)),
        Example('{"x": "${workspaceFolder}/ee/src"}\n', (("path", None, "ee/src", ()),)),
        Example("# ee/x\nexclude = ee/x\n"),
        Example("MODULE=acme_ee.settings\n", (("string", None, "acme_ee.settings", ()),)),
    ),
    suffixes=frozenset(
        [
            *(".ini", ".cfg", ".conf", ".env", ".toml", ".json", ".jsonc", ".json5"),
            *(".code-workspace", ".tf", ".hcl", ".nix", ".service", ".iml", ".template", ".tpl"),
        ]
    ),
    filenames=(
        *(".coveragerc", ".flake8", ".pylintrc", ".env.*", ".envrc", "env", ".npmrc", ".yarnrc"),
        *("tox.ini", "crontab", "caddyfile", ".swcrc", ".mocharc", ".nycrc"),
    ),
    resolver=resolver,
)
