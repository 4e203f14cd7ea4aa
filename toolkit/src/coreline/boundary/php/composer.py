# SPDX-License-Identifier: Apache-2.0
"""Composer: packages and folders of a wrap that a package of the core asks for or loads.

Source: the schema of ``composer.json`` (require, autoload, repositories, license).
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Setting
from coreline.boundary.metadata.needs import (
    License,
    Need,
    facts_of,
    is_named,
    offset_of,
    path_need,
)
from coreline.boundary.metadata.tables import Table, table, text, texts
from coreline.boundary.packages import unreadable
from coreline.boundary.php.resolve import PSR4

_NAME = re.compile(
    rb'(?m)^\s{0,8}"name"\s*:\s*"([\w.-]+/[\w.-]+)"|\A\s*\{\s*"name"\s*:\s*"([\w./-]+)"'
)


def define(data: bytes) -> Iterator[Definition]:
    """Yield the name of a wrap's package."""
    match = _NAME.search(data)
    if match is not None:
        name = (match[1] or match[2]).decode()
        yield Definition("package", name, data.count(b"\n", 0, match.start()) + 1)


def extract(source: Source) -> FileFacts:
    """Return what a ``composer.json`` needs, declares and loads."""
    import json

    try:
        data = json.loads(source.data)
    except (ValueError, RecursionError):
        return unreadable(source, "JSON")
    if not isinstance(data, dict):
        return FileFacts()
    return facts_of(
        source,
        [*_packages(source, data), *_loaded(source, data), *_repositories(source, data)],
        _licenses(source, data),
        settings=_namespaces(data),
    )


def _licenses(source: Source, data: Table) -> Iterator[License]:
    # Several licenses leave a choice among them.
    value = text(data, "license") or " OR ".join(texts(data, "license"))
    if value:
        yield License("license", value, offset_of(source, "license", key=True))


def _packages(source: Source, data: Table) -> Iterator[Need]:
    for key in ("require", "require-dev"):
        after = offset_of(source, key, key=True)
        for name in table(data, key):
            if is_named(name, source.names.packages):
                need = Need(name, offset_of(source, name, after=after))
                yield need if key == "require" else need._replace(form="test")
    for name in table(data, "suggest"):
        if is_named(name, source.names.packages):
            after = offset_of(source, "suggest", key=True)
            yield Need(name, offset_of(source, name, after=after), needed=False)


def _loaded(source: Source, data: Table) -> Iterator[Need]:
    """Yield the folders and files whose classes are loaded."""
    for section in ("autoload", "autoload-dev"):
        one = table(data, section)
        loaded = [("psr-4", path) for _, path in _folders(table(one, "psr-4"))]
        loaded += [("psr-0", path) for _, path in _folders(table(one, "psr-0"))]
        loaded += [(key, path) for key in ("classmap", "files") for path in texts(one, key)]
        after = offset_of(source, section, key=True)
        for key, path in loaded:
            if path.strip("./"):
                # A folder of namespaces that is missing is passed over; a file or a class map not.
                is_needed = key in ("classmap", "files")
                at = offset_of(source, path, after=after)
                need = path_need(path, at, needed=is_needed)
                yield need if section == "autoload" else need._replace(form="test")


def _folders(namespaces: Table) -> Iterator[tuple[str, str]]:
    for name in namespaces:
        one = text(namespaces, name)
        for path in [one] if one else texts(namespaces, name):
            yield name, path


def _repositories(source: Source, data: Table) -> Iterator[Need]:
    value = data.get("repositories")
    listed = value if isinstance(value, list) else list(table(data, "repositories").values())
    for one in listed:
        path = text(one, "url") if isinstance(one, dict) and one.get("type") == "path" else ""
        if path:
            # Composer fails where the pattern of a path repository matches nothing.
            yield path_need(path, offset_of(source, path))


def _namespaces(data: Table) -> Iterator[Setting]:
    for section in ("autoload", "autoload-dev"):
        for name, path in _folders(table(table(data, section), "psr-4")):
            yield Setting(PSR4, name, path)
