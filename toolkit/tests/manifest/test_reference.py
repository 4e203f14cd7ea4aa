# SPDX-License-Identifier: Apache-2.0
"""The reference page names every table, key and code."""

import re

from coreline.manifest.codes import CODES
from coreline.manifest.model import (
    Build,
    Contributions,
    Core,
    Dependency,
    Edition,
    Evidence,
    Feature,
    LineRange,
    Lookup,
    MessageRule,
    NotSecret,
    Overlay,
    PathMap,
    Placement,
    Price,
    Product,
    Publish,
    Segment,
    Shared,
    Wrap,
)
from coreline.manifest.reference import render

PAGE = render()


def test_every_table_and_key_is_on_the_page_and_explained() -> None:
    tables = {
        "product": Product,
        "core": Core,
        "wraps.NAME": Wrap,
        "wraps.NAME.lookups": Lookup,
        "wraps.NAME.overlays": Overlay,
        "dependencies.NAME": Dependency,
        "publish": Publish,
        "publish.ranges": LineRange,
        "publish.paths": PathMap,
        "publish.messages": MessageRule,
        "publish.shared": Shared,
        "publish.not_secret": NotSecret,
        "contributions": Contributions,
        "builds.NAME": Build,
        "features.NAME": Feature,
        "editions.NAME": Edition,
        "editions.NAME.price": Price,
        "segments.NAME": Segment,
        "placement": Placement,
        "placement.evidence": Evidence,
    }
    sections = dict(re.findall(r"### `\[(.+?)\]`\n(.+?)(?=\n##|\Z)", PAGE, re.DOTALL))
    assert set(sections) == set(tables)
    for name, table in tables.items():
        rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", sections[name], re.MULTILINE)
        assert [row[0] for row in rows] == list(table.__struct_fields__)
        assert all(all(cell.strip() for cell in row) for row in rows)


def test_defaults_and_types_are_the_models() -> None:
    assert '| `promise` | `"loose"` or `"standalone"` | `"loose"` |' in PAGE
    assert "| `trial_days` | whole number | `0` |" in PAGE
    assert "| `paths` | list of texts | required | The files of the core. |" in PAGE
    assert "| `amount` | number | required |" in PAGE


def test_every_code_is_on_the_page() -> None:
    for code, sentence in CODES.items():
        assert f"| `{code}` | {sentence} |" in PAGE
