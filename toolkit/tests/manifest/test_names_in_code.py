# SPDX-License-Identifier: Apache-2.0
"""Gates, helpers and names of wraps: what code can hold, and what is refused at its place."""

import pytest

from coreline.manifest.parse import parse_manifest
from coreline.manifest.problems import ManifestErrors

MANIFEST = """\
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
gates = [{gate}]
[wraps.ee]
spdx = "LicenseRef-A"
paths = ["ee/**"]
names = [{name}]
lookups = [{{ call = {call}, wrap = "ee" }}]
"""


def manifest(gate: str = "is_ee", name: str = "ACME_*", call: str = "fetch") -> str:
    return MANIFEST.format(gate=f'"{gate}"', name=f'"{name}"', call=f'"{call}"')


@pytest.mark.parametrize(
    "gate",
    [
        "License.premium?",
        "License::premium",
        "License#premium?",
        "$l->active",
        "isEE()",
        "@ee_only",
    ],
)
def test_gates_as_languages_spell_them(gate: str) -> None:
    assert parse_manifest(manifest(gate=gate)).manifest.core.gates == [gate]


@pytest.mark.parametrize("name", ["ACME_EE_*", "*_EE_KEY", "fleet.sync", "acme:fleet/sync", "a-b"])
def test_names_and_globs(name: str) -> None:
    assert parse_manifest(manifest(name=name)).manifest.wraps["ee"].names == [name]


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("gate", "License premium?", 7),
        ("gate", "a.", 7),
        ("name", "*", 11),
        ("name", "A_*", 11),
        ("name", "two words", 11),
        ("call", "fetch(x)", 12),
    ],
)
def test_what_no_code_holds_is_refused(key: str, value: str, line: int) -> None:
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(manifest(**{key: value}))
    assert [(one.code, one.line) for one in caught.value.problems] == [("name-malformed", line)]
