# SPDX-License-Identifier: Apache-2.0
"""JSON, for programs: one object, whose shape is stable."""

from collections.abc import Sequence
from typing import TextIO

import msgspec

from coreline.boundary.extension import Check, Format
from coreline.boundary.model import Report


def to_json(report: Report) -> bytes:
    """Return a report as one JSON object, indented by two spaces."""
    return msgspec.json.format(msgspec.json.encode(as_values(report)), indent=2)


def as_values(report: Report) -> object:
    """Return a report as plain values, every text of which can be encoded as UTF-8."""
    values = msgspec.to_builtins(report)
    # A chart is for pages; its numbers are in the JSON of the history.
    del values["drift_svg"]
    return encodable(values)


def encodable(value: object) -> object:
    """Return plain values with each byte of a name that is no UTF-8 written as ``\\xff``."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {key: encodable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [encodable(one) for one in value]
    return value


def _write(report: Report, out: TextIO, _checks: Sequence[Check]) -> None:
    out.write(to_json(report).decode() + "\n")


FORMAT = Format(
    name="json",
    sentence="One object with the grade, the findings and the coverage.",
    write=_write,
)
