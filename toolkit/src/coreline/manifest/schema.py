# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of ``coreline.toml``, made from the model, so that editors complete it."""

from typing import Any

from msgspec.json import schema_components

from coreline.manifest.model import Manifest

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# An address that nobody needs to reach: a URN (RFC 8141) names the schema.
SCHEMA_ID = "urn:coreline:schema:manifest:1"


def schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) of a manifest.

    It knows the shape. What must hold between values, such as that an edition sells no core
    feature, only ``coreline`` itself can say.
    """
    _, definitions = schema_components([Manifest], ref_template="#/$defs/{name}")
    tables = {name: _without_null(table) for name, table in sorted(definitions.items())}
    root = tables.pop(Manifest.__name__)
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        **root,
        "title": "coreline.toml",
        "$defs": tables,
    }


def _without_null(part: Any) -> Any:
    """Leave out null, which TOML cannot say."""
    if isinstance(part, list):
        return [_without_null(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {
        name: _without_null(value)
        for name, value in part.items()
        if not (name == "default" and value is None)
    }
    choices = plain.get("anyOf")
    if isinstance(choices, list):
        left = [one for one in choices if one != {"type": "null"}]
        if len(left) == 1:
            del plain["anyOf"]
            return {**left[0], **plain}
        plain["anyOf"] = left
    return plain
