# SPDX-License-Identifier: Apache-2.0
"""Source maps (ECMA-426): which files a bundle was made from, mostly with their whole text inside.

A bundle hides where its code comes from; the map beside it says it, and ships the sources again.
"""

import json
import posixpath
import re
from collections.abc import Iterator

_SCHEME = re.compile(r"^[\w+.-]+://+(?:[^/]*/)??(?=\.|[^/]+/|$)")


def sources_of(path: str, data: bytes) -> Iterator[tuple[str, bool]]:
    """Yield each source that a map names, and whether its text is in the map.

    Args:
        path: of the map; sources are named from there.
        data: the map.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    for part in _parts(document):
        sources, texts = part.get("sources"), part.get("sourcesContent")
        root = part.get("sourceRoot")
        if not isinstance(sources, list):
            continue
        held = texts if isinstance(texts, list) else []
        for number, source in enumerate(sources):
            if isinstance(source, str):
                is_held = number < len(held) and isinstance(held[number], str)
                yield _resolved(path, root if isinstance(root, str) else "", source), is_held


def _parts(document: object) -> Iterator[dict[str, object]]:
    """Yield a map, or the maps that an index map is made of."""
    if not isinstance(document, dict):
        return
    yield document
    sections = document.get("sections")
    for section in sections if isinstance(sections, list) else ():
        inner = section.get("map") if isinstance(section, dict) else None
        if isinstance(inner, dict):
            yield inner


def _resolved(path: str, root: str, source: str) -> str:
    source = source.partition("?")[0]
    if "://" in source:
        # webpack://name/./src/a.ts
        return posixpath.normpath(_SCHEME.sub("", source)).lstrip("/")
    joined = posixpath.join(posixpath.dirname(path), root, source)
    # A map of a monorepo leads out of the package, into the folders that it was built in.
    return re.sub(r"^(?:\.\./)+", "", posixpath.normpath(joined)).lstrip("/")
