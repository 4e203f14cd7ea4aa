# SPDX-License-Identifier: Apache-2.0
"""Values of TOML and JSON that are not what one expects: taken as if they were not there."""

from collections.abc import Mapping

Table = Mapping[str, object]


def table(data: Table, key: str) -> Table:
    """Return the table under a key, an empty one where there is none."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def tables(data: Table) -> list[Table]:
    """Return every table that stands directly in one."""
    return [value for value in data.values() if isinstance(value, dict)]


def text(data: Table, key: str) -> str:
    """Return the text under a key, empty where there is none."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def texts(data: Table, key: str) -> list[str]:
    """Return the texts of a list under a key."""
    value = data.get(key)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def is_true(data: Table, key: str) -> bool:
    """Whether a key is set to true."""
    return data.get(key) is True
