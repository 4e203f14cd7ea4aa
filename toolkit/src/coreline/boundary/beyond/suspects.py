# SPDX-License-Identifier: Apache-2.0
"""Where a look-up helper may be made: asked of bytes, before anything is parsed."""

import re
from collections.abc import Iterable, Iterator

_IMPORTING = re.compile(
    rb"\b(?:import_module|__import__|resolve_name|const_get|safe_constantize|constantize|loadClass"
    rb"|forName|locate)\b|\b(?:require|import)\s*\("
)
# A wrap's name that something is joined to, and one that stands in another's place.
_JOINED = re.compile(
    rb"[\w.:/-]*(?:\{\w|\$\{|#\{|%s|[\"'`]\s*(?:\+|\.|<<)\s*\w)|[\w.:/-]*[\"']\s*\)"
)
_REACH = 80


def may_help(data: bytes, hits: Iterable[tuple[int, int]]) -> bool:
    """Whether a file may define a look-up helper."""
    return _IMPORTING.search(data) is not None and any(suspects(data, hits))


def suspects(data: bytes, hits: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the hits at which the name of a wrap is put together with something."""
    for start, end in hits:
        if data[start - 1 : start] not in (b"", b"\n", b" ") and _JOINED.match(
            data, end, end + _REACH
        ):
            yield start, end
