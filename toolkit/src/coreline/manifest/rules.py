# SPDX-License-Identifier: Apache-2.0
"""What must hold between the values of a manifest."""

from collections.abc import Callable

from coreline.manifest.model import Manifest
from coreline.manifest.problems import Mistake


def find_mistakes(manifest: Manifest, exists: Callable[[str], bool] | None) -> list[Mistake]:
    """Return every mistake of a manifest whose values have the right shape."""
    return []
