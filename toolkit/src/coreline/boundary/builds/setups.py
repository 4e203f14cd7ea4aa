# SPDX-License-Identifier: Apache-2.0
"""``setup.py``: Python, in which ``setup`` is told what to take, to need and to build.

Setuptools stops where a package, a module or a source that it was given does not exist; where
packages are only searched for (``find_packages``), a folder that does not exist holds none.
"""

from collections.abc import Sequence

from msgspec.structs import replace
from tree_sitter import Node

from coreline.boundary.builds.words import as_path, bare, in_order, reference
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts, Reference
from coreline.boundary.languages.python import LANGUAGE as PYTHON
from coreline.boundary.names import normalize
from coreline.boundary.packages import requirement_names
from coreline.boundary.syntax import parse, path_to, text_of
from coreline.boundary.text import Lines

_REQUIREMENTS = {
    "install_requires": None,
    "setup_requires": None,
    "tests_require": "extra",
    "extras_require": "extra",
}
_PATHS = frozenset(["package_dir", "ext_modules", "data_files", "cffi_modules", "scripts"])
_MODULES = frozenset(["packages", "py_modules"])
_LEFT_OUT = frozenset(["exclude", "exclude_package_data"])


def extract(source: Source) -> FileFacts:
    """Return the facts of a setup.py."""
    hits = sorted([*source.hits, *bare(source)])
    if not hits:
        return EMPTY
    facts = PYTHON.extract(source) if source.hits else EMPTY
    tree = parse(source.data)
    lines = Lines(source.data)
    found: list[Reference] = []
    told: set[int] = set()
    for hit in hits:
        path = path_to(tree, *hit)
        keyword = _keyword(path or ())
        if path is None or keyword is None or path[-1].type == "comment":
            continue
        text = next((node for node in path if node.type == "string"), None)
        place = lines.place(hit[0])
        if text is not None:
            told.add(place.line)
            found += _told(source, lines, text, keyword)
    # What ``setup`` is told is said already, and better.
    found += [
        one
        for one in facts.references
        if one.form not in ("string", "path", "build") or one.line not in told
    ]
    return replace(facts, references=in_order(found))


def _keyword(path: Sequence[Node]) -> str | None:
    """Return the argument of a call in which a node stands, the innermost that says something."""
    names = [
        text_of(node.child_by_field_name("name"))
        for node in path
        if node.type == "keyword_argument"
    ]
    known = [
        name for name in names if name in _REQUIREMENTS or name in _PATHS | _MODULES | _LEFT_OUT
    ]
    # Packages that are searched for below a folder are not needed.
    calls = [text_of(node.child_by_field_name("function")) for node in path if node.type == "call"]
    is_search = any("find_" in call and "packages" in call for call in calls)
    if is_search and known and known[-1] not in _LEFT_OUT:
        return None
    return known[-1] if known else None


def _told(source: Source, lines: Lines, node: Node, keyword: str) -> list[Reference]:
    text = text_of(node).strip("\"'rbuRBU")
    at = node.start_byte + 1
    if keyword in _LEFT_OUT or not text:
        return []
    if keyword in _REQUIREMENTS:
        names = [
            name for name in requirement_names([text]) if normalize(name) in source.names.packages
        ]
        guard = _REQUIREMENTS[keyword]
        return [reference(lines, at, name, needed=guard is None, guard=guard) for name in names]
    module = as_path(text) if keyword in _PATHS else text
    return [reference(lines, at, module)]
