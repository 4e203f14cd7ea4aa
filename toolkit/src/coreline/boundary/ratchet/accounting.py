# SPDX-License-Identifier: Apache-2.0
"""Which decision record accounts for what left. What is accounted for is listed, and allowed."""

import re
from collections.abc import Iterable, Sequence

from coreline.boundary.ratchet.model import Left, Record

FOLDER = "docs/decisions/"
"""Records lie here, if no feature names another place."""


def accounted_by(left: Left, records: Sequence[Record]) -> str | None:
    """Return the path of the record that accounts for something, None where none does.

    A record does that which the feature itself links (``decision``), or one that is new since the
    reference and names what left: the feature, a path or a folder of it, the door, the license.
    """
    for record in records:
        if left.feature is not None and left.feature in record.features:
            return record.path
    return next((one.path for one in records if _names(one.text, left.about)), None)


def _names(text: str, about: Iterable[str]) -> bool:
    return any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) is not None for name in about
    )
