# SPDX-License-Identifier: Apache-2.0
"""``package.json``: the license of a package, and what it needs."""

from typing import Any

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.packages import Metadata, facts_of, unreadable


def _extract(source: Source) -> FileFacts:
    import json

    try:
        data: Any = json.loads(source.data)
    except (ValueError, RecursionError):
        return unreadable(source, "JSON")
    if not isinstance(data, dict):
        return FileFacts()
    value = data.get("license")
    if isinstance(value, dict):
        # An object with a type, as npm had it before SPDX expressions.
        value = value.get("type")
    return facts_of(
        source,
        Metadata(
            licenses=(("license", value),) if isinstance(value, str) else (),
            needed=_names(data, "dependencies"),
            optional=_names(data, "devDependencies", "optionalDependencies", "peerDependencies"),
        ),
    )


def _names(data: dict[str, Any], *keys: str) -> tuple[str, ...]:
    tables = (data.get(key) for key in keys)
    return tuple(name for table in tables if isinstance(table, dict) for name in table)


LANGUAGE = Language(
    name="package-json",
    sentence="The license and the dependencies of a JavaScript package.",
    version=2,
    extract=_extract,
    examples=(
        Example('{"dependencies": {"acme-ee": "1"}}', (("build", None, "acme-ee", ()),)),
        Example('{"optionalDependencies": {"acme-ee": "1"}}', (("build", "extra", "acme-ee", ()),)),
    ),
    filenames=("package.json",),
    always=True,
)
