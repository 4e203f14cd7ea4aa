# SPDX-License-Identifier: Apache-2.0
"""Edit ``coreline.toml`` so that its comments, its order and every other byte stay.

Each function takes the text of a manifest and returns the changed text. What was written is read
back: it must say what was intended (else it is our bug), and be a manifest without mistakes.
"""

import tomllib
from copy import deepcopy
from typing import Any, Literal

from coreline.errors import InputError, InternalError
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import load_toml, parse_manifest
from coreline.manifest.patch import Patch, Value
from coreline.manifest.problems import Key
from coreline.manifest.words import dotted, nearest, quoted

Table = Literal["wraps", "features", "editions", "segments"]


def add_claim(text: str, owner: tuple[str, ...], pattern: str) -> str:
    """Give the files of a pattern to a side, a wrap or a feature.

    Args:
        text: the manifest.
        owner: its table: ``("core",)``, ``("wraps", NAME)`` or ``("features", NAME)``.
        pattern: the claim. Adding it twice changes nothing.

    Raises:
        InputError: the owner is unknown (``table-unknown``).
        ManifestErrors: the new claim is a mistake, such as one that another side has.
    """
    return add_to_list(text, (*owner, "paths"), pattern)


def remove_claim(text: str, owner: tuple[str, ...], pattern: str) -> str:
    """Take a claim back. Raises as ``remove_from_list`` does."""
    return remove_from_list(text, (*owner, "paths"), pattern)


def add_to_list(text: str, key: Key, value: str) -> str:
    """Add a text to a list, unless it is in it.

    Raises:
        InputError: the table of the list is unknown (``table-unknown``).
        ManifestErrors: the changed manifest has mistakes.
    """
    data = _load(text)
    table = _table(data, key[:-1])
    values = table.setdefault(str(key[-1]), [])
    if value in values:
        return text
    changed = Patch(text).append(key, len(values), value)
    values.append(value)
    return _read_back(changed, data)


def remove_from_list(text: str, key: Key, value: str) -> str:
    """Remove a text from a list.

    Raises:
        InputError: the table is unknown (``table-unknown``) or the list has no such text
            (``value-unknown``).
        ManifestErrors: the changed manifest has mistakes.
    """
    data = _load(text)
    values = _table(data, key[:-1]).get(str(key[-1]), [])
    if value not in values:
        near = nearest(value, values)
        raise InputError(
            "value-unknown",
            f"{dotted(key)} has no {quoted(value)}.",
            f"Did you mean {quoted(near)}?" if near else "",
        )
    index = values.index(value)
    changed = Patch(text).remove_element(key, index)
    del values[index]
    return _read_back(changed, data)


def set_value(text: str, key: Key, value: Value) -> str:
    """Set one key of a table, adding both where there are none.

    Raises:
        ManifestErrors: the changed manifest has mistakes.
    """
    return _set_all(text, key[:-1], {str(key[-1]): value})


def set_feature(text: str, name: str, **values: Value) -> str:
    """Set keys of a feature, adding the feature where there is none.

    Raises:
        ManifestErrors: the changed manifest has mistakes.
    """
    return _set_all(text, ("features", name), values)


def remove_table(text: str, table: Table, name: str) -> str:
    """Remove a wrap, a feature, an edition or a segment, with the comments within it.

    Raises:
        InputError: there is none of that name (``table-unknown``).
        ManifestErrors: something else still names it.
    """
    data = _load(text)
    _table(data, (table, name))
    changed = Patch(text).remove((table, name))
    del data[table][name]
    return _read_back(changed, data)


def rename(text: str, table: Table, old: str, new: str) -> str:
    """Rename a wrap, a feature, an edition or a segment, and all that names it.

    Raises:
        InputError: there is none of the old name (``table-unknown``), or there is one of the new
            name (``name-taken``).
        ManifestErrors: the new name is malformed.
    """
    data = _load(text)
    _table(data, (table, old))
    if new in data[table]:
        raise InputError("name-taken", f"There is a [{dotted((table, new))}] already.")
    changed = Patch(text).rename((table, old), new)
    data[table] = {new if name == old else name: one for name, one in data[table].items()}
    for key in _references(data, table, old):
        changed = _set_reference(changed, data, key, new)
    return _read_back(changed, data)


def _references(data: dict[str, Any], table: Table, name: str) -> list[Key]:
    """Return the keys whose value names a wrap, a feature or a segment."""
    found: list[Key] = []
    if table == "features":
        for edition, values in data.get("editions", {}).items():
            features = enumerate(values.get("features", []))
            found += [
                ("editions", edition, "features", index) for index, one in features if one == name
            ]
    single = {"wraps": "wrap", "segments": "segment"}.get(table)
    for holder in ("features", "editions"):
        for key, values in data.get(holder, {}).items():
            if single and values.get(single) == name:
                found.append((holder, key, single))
    return found


def _set_reference(text: str, data: dict[str, Any], key: Key, value: str) -> str:
    holder = data
    for part in key[:-1]:
        holder = holder[part]  # type: ignore[index] # A list's index is a number, a table's a text.
    holder[key[-1]] = value  # type: ignore[index] # As above.
    return Patch(text).set_value(key, value)


def _set_all(text: str, table: Key, values: dict[str, Value]) -> str:
    data = _load(text)
    holder = data
    for part in table:
        holder = holder.setdefault(str(part), {})
    for name, value in values.items():
        text = Patch(text).set_value((*table, name), value)
        holder[name] = deepcopy(value)
    return _read_back(text, data)


def _table(data: dict[str, Any], key: Key) -> dict[str, Any]:
    table: Any = data
    for part in key:
        table = table.get(part) if isinstance(table, dict) else None
    if isinstance(table, dict):
        return table
    known = data.get(str(key[0]), {})
    near = nearest(str(key[-1]), known) if isinstance(known, dict) and len(key) > 1 else None
    raise InputError(
        "table-unknown",
        f"The manifest has no [{dotted(key)}].",
        f"Did you mean [{dotted((*key[:-1], near))}]?" if near else f"Add [{dotted(key)}] first.",
    )


def _load(text: str) -> dict[str, Any]:
    """Return the values of a text, which may have mistakes: an edit may put them right.

    Raises:
        ManifestErrors: it is not valid TOML.
    """
    return load_toml(text, MANIFEST_NAME)


def _read_back(text: str, intended: dict[str, Any]) -> str:
    """Return an edited text, having checked that it says what was intended and nothing else."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InternalError("edit-broke-manifest", f"The edited text is bad: {error}") from error
    if _without_empty(read) != _without_empty(intended):
        raise InternalError("edit-missed", "The edited manifest does not say what was intended.")
    parse_manifest(text)
    return text


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out empty tables of tables: TOML's headers do not name them."""
    return {name: table for name, table in data.items() if table != {}}
