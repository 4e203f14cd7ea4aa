# SPDX-License-Identifier: Apache-2.0
"""What the manifest says about packages: which are core, which wrap, and who may have which."""

import re

from coreline.manifest.model import Manifest

_SEPARATORS = re.compile(r"[-_.]+")
_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$")


def normalized(name: str) -> str:
    """Return the one spelling under which a project is kept (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def is_name(name: str) -> bool:
    """Say whether a text can be the name of a project (PEP 508)."""
    return bool(_NAME.match(name))


def packages(manifest: Manifest) -> dict[str, str | None]:
    """Return each package's wrap, or None for a core package, by normalized name.

    A name that both sides claim counts as wrap: withholding is the mistake that can be undone.
    """
    found: dict[str, str | None] = {normalized(name): None for name in manifest.core.packages}
    for wrap, table in manifest.wraps.items():
        found |= {normalized(name): wrap for name in table.packages}
    return found


def feature_wraps(manifest: Manifest) -> dict[str, str]:
    """Return the wrap of each wrap feature: a license covers a wrap by holding one of them.

    A wrap feature that names no wrap belongs to the only one, where there is only one.
    """
    only = next(iter(manifest.wraps)) if len(manifest.wraps) == 1 else None
    found: dict[str, str] = {}
    for name, feature in manifest.features.items():
        wrap = feature.wrap or only
        if feature.side == "wrap" and wrap:
            found[name] = wrap
    return found
