# SPDX-License-Identifier: Apache-2.0
"""A small vendor's manifest, and files checked against it in memory."""

from collections.abc import Callable, Mapping

import pytest

from coreline.boundary.check import check
from coreline.boundary.model import Report
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**"]
modules = ["acme_enterprise"]
packages = ["acme-enterprise"]
"""

Checked = Callable[..., Report]


@pytest.fixture
def manifest() -> str:
    """Text of a manifest with one wrap, whose folder is enterprise/."""
    return MANIFEST


@pytest.fixture
def checked() -> Checked:
    """Check files in memory, against the manifest above or another one."""

    def run(files: Mapping[str, bytes | str], manifest: str = MANIFEST) -> Report:
        parsed = parse_manifest(manifest)
        return check(MemoryTree({"coreline.toml": manifest, **files}), parsed)

    return run
