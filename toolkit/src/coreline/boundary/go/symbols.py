# SPDX-License-Identifier: Apache-2.0
"""Functions and types of packages whose files are of both sides, chosen by build tags.

A package may have a file of a wrap (``fleet_ee.go``) beside files of the core. No import says that
the core needs it: a function that only the wrap's file has does. The core is right to have another
file with the same function for builds without the wrap (``fleet_ce.go``).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node, Tree

from coreline.boundary.facts import Definition
from coreline.boundary.go.constraints import has_own_tags
from coreline.boundary.go.syntax import string_text
from coreline.boundary.syntax import Path, is_field, text_of

_TOP = re.compile(
    rb"^(?:func[ \t]+([A-Za-z_]\w*)[ \t]*[\[(]|type[ \t]+([A-Za-z_]\w*)[ \t\[]"
    rb"|(?:var|const)[ \t]+([A-Za-z_]\w*)[ \t=,])",
    re.MULTILINE,
)
_UNNAMED = frozenset(["main", "init", "_"])
_VERSION = re.compile(r"v\d+|.*\.v\d+")
_DECLARING = {
    "function_declaration": "name",
    "type_spec": "name",
    "type_alias": "name",
    "var_spec": "name",
    "const_spec": "name",
}


def define(data: bytes) -> Iterator[Definition]:
    """Yield what a file of a wrap defines for its package, if tags decide whether it is built.

    A file without tags is in a folder of the wrap's own, which imports name.
    """
    if not has_own_tags(data):
        return
    line, counted = 1, 0
    for match in _TOP.finditer(data):
        name = next(group for group in match.groups() if group).decode()
        line, counted = line + data.count(b"\n", counted, match.start()), match.start()
        if name not in _UNNAMED:
            yield Definition("namespace", name, line)


def defined_at(path: Path) -> str | None:
    """Return what the last node of a path names where it is a definition of the package."""
    field = _DECLARING.get(path[-2].type) if len(path) > 1 else None
    if field is None or not is_field(path[-2], field, path[-1]):
        return None
    # Declarations in functions are deeper: below a block.
    is_top = all(node.type not in ("block", "statement_list") for node in path)
    return text_of(path[-1]) if is_top else None


def used_at(
    path: Path, imports: Mapping[str, str], may_be_local: Callable[[str], bool]
) -> str | None:
    """Return the symbol that the last node of a path uses.

    ``.name`` is one of the file's own package, ``example.com/acme/work.Name`` one of another.

    Args:
        path: from the root of the file to the symbol's name.
        imports: what ``imports_of`` says of the file.
        may_be_local: whether a function may have a name of its own by the same spelling.
    """
    if len(path) < 2:
        return None
    node, above = path[-1], path[-2]
    name = text_of(node)
    if above.type in ("selector_expression", "qualified_type"):
        owner = above.named_children[0]
        if owner.id == node.id or owner.type not in ("identifier", "package_identifier"):
            return None
        package = imports.get(text_of(owner))
        return None if package is None else f"{package}.{name}"
    is_used = node.type == "type_identifier" or (
        above.type == "call_expression" and is_field(above, "function", node)
    )
    if not is_used or may_be_local(name) or "." in imports:
        return None
    return f".{name}"


def may_be_local(name: str, data: bytes) -> bool:
    """Whether a name may be a variable or a type that a function declares for itself."""
    raw = re.escape(name.encode())
    return (
        re.search(
            rb"\b%s[ \t]*(?:,[\w \t,]{0,200})?:=|[(,][ \t]*%s[ \t]+(?:func\b|\*|\[|\w)"
            rb"|^[ \t]+(?:var|type)[ \t]+%s\b|[\[,][ \t]*%s[ \t]+(?:any|comparable|~|interface)\b"
            % (raw, raw, raw, raw),
            data,
            re.MULTILINE,
        )
        is not None
    )


def imports_of(tree: Tree) -> dict[str, str]:
    """Return the packages that a file imports, by the names that it knows them by."""
    found: dict[str, str] = {}
    for declaration in tree.root_node.named_children:
        if declaration.type == "import_declaration":
            for spec in _specs(declaration):
                path = spec.child_by_field_name("path")
                if path is not None:
                    name = text_of(spec.child_by_field_name("name"))
                    found[name or _default_name(string_text(path))] = string_text(path)
    return found


def _specs(declaration: Node) -> Iterator[Node]:
    for child in declaration.named_children:
        if child.type == "import_spec":
            yield child
        elif child.type == "import_spec_list":
            yield from _specs(child)


def _default_name(path: str) -> str:
    """Return what a package is mostly called: the last part of its path that is no version."""
    head, _, last = path.rpartition("/")
    if _VERSION.fullmatch(last) and last[0] == "v":
        last = head.rpartition("/")[2]
    return last.partition(".")[0]
