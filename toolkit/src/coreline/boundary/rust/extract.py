# SPDX-License-Identifier: Apache-2.0
"""The syntax of Rust (The Rust Reference: items, paths, attributes, macros)."""

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import dotted, field_of, first_of
from coreline.boundary.code.strings import unquoted
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Form
from coreline.boundary.rust.cfg import attributes
from coreline.boundary.syntax import Path, text_of

_LEAVES_MAX = 2000
_INCLUDING = re.compile(r"^(include(_str|_bytes)?|include_dir|embed)$")
_PATH_BEFORE = re.compile(rb"[\w:]*$")
_PATH_AFTER = re.compile(rb"[\w:]*")


def extract(source: Source) -> FileFacts:
    """Return the references of a Rust file."""
    return extract_code(source, GRAMMAR)


def _use(place: Place) -> Iterable[Named]:
    is_public = first_of(place.node, ("visibility_modifier",)) is not None
    form: Form | None = "re-export" if is_public else None
    named: dict[str, list[str]] = {}
    for path in _leaves(field_of(place.node, "argument"), ""):
        module, _, name = path.rpartition("::")
        if place.is_hit(path) or place.is_hit(path.replace("::", "/")):
            named.setdefault(module or name, []).extend([name] if module else [])
    for module, names in named.items():
        yield Named(
            place.node,
            _anchored(module, place.path),
            names=tuple(names),
            form=form,
            is_compiled=True,
        )


def _leaves(node: Node | None, prefix: str) -> Iterator[str]:
    """Yield the whole paths of a tree of uses, aliases left away."""
    waiting = [] if node is None else [(node, prefix)]
    for _ in range(_LEAVES_MAX):
        if not waiting:
            return
        one, before = waiting.pop()
        if one.type == "use_as_clause":
            waiting.append((field_of(one, "path") or one.named_children[0], before))
        elif one.type == "use_wildcard":
            inner = one.named_children[0] if one.named_children else None
            yield f"{before}{dotted(inner)}::*" if inner is not None else f"{before}*"
        elif one.type in ("scoped_use_list", "use_list"):
            path, listed = field_of(one, "path"), field_of(one, "list") or one
            longer = f"{before}{dotted(path)}::" if path is not None else before
            waiting += [(c, longer) for c in reversed(listed.named_children) if c != path]
        elif one.type == "self" and before:
            yield before.removesuffix("::")
        elif "comment" not in one.type:
            yield f"{before}{dotted(one)}"


def _crate(place: Place) -> Iterable[Named]:
    yield Named(place.node, text_of(field_of(place.node, "name")), is_compiled=True)


def _module(place: Place) -> Iterable[Named] | None:
    """Take ``mod ee;``; one with a body is here, one with a path is where the path says."""
    name = field_of(place.node, "name")
    if name is None or not (name.start_byte <= place.start and place.end <= name.end_byte):
        return None
    if field_of(place.node, "body") is not None or _has_path(place):
        return []
    is_public = first_of(place.node, ("visibility_modifier",)) is not None
    module = _anchored(f"self::{text_of(name)}", place.path)
    return [Named(place.node, module, form="re-export" if is_public else None, is_compiled=True)]


def _has_path(place: Place) -> bool:
    before: list[Node] = []
    for child in place.path[-2].named_children:
        if child.start_byte == place.node.start_byte:
            break
        before = [*before, child] if child.type == "attribute_item" else []
    return any(re.match(rb"#\[\s*path\b", one.text or b"") for one in before)


def _attribute(place: Place) -> Iterable[Named] | None:
    """Take ``#[path = "../ee/mod.rs"]``."""
    attribute = first_of(place.node, ("attribute",))
    value = None if attribute is None else field_of(attribute, "value")
    if attribute is None or value is None or not text_of(attribute).startswith("path"):
        return None
    return [Named(place.node, _as_path(unquoted(value)), is_compiled=True)]


def _macro(place: Place) -> Iterable[Named] | None:
    """Take ``include!("../ee/x.rs")`` and its like, whose files a compiler reads."""
    string = place.path[-1]
    macros = [node for node in place.path if node.type == "macro_invocation"]
    callee = (text_of(field_of(node, "macro")) for node in macros)
    if not any(_INCLUDING.match(one.rpartition("::")[2]) for one in callee):
        return None
    strings = [node for node in _strings(string) if node.start_byte <= place.start < node.end_byte]
    return [Named(one, _as_path(unquoted(one)), is_compiled=True) for one in strings]


def _strings(node: Node) -> Iterator[Node]:
    waiting = [node]
    for _ in range(_LEAVES_MAX):
        if not waiting:
            return
        one = waiting.pop()
        if one.type in GRAMMAR.strings:
            yield one
        else:
            waiting += one.named_children


def _tokens(place: Place) -> Iterable[Named] | None:
    """Take a path among the tokens of a macro, which the grammar does not tell apart."""
    before = _PATH_BEFORE.search(place.data[max(0, place.start - 200) : place.start])
    after = _PATH_AFTER.match(place.data, place.start)
    path = ((before[0] if before else b"") + (after[0] if after else b"")).decode(
        "utf-8", "replace"
    )
    if "::" not in path.strip(":"):
        return []
    is_crate = not before or not before[0].strip(b":") or path.startswith(_ROOTS)
    return (
        [Named(place.path[-1], _anchored(path, place.path), is_compiled=True)] if is_crate else []
    )


def _anchored(module: str, path: Path) -> str:
    """Return a module as it is named from the file's own, whatever inline module it stands in."""
    inline = [
        text_of(field_of(node, "name"))
        for node in path[:-1]
        if node.type == "mod_item" and field_of(node, "body") is not None
    ]
    parts = module.split("::")
    if not inline or parts[0] not in ("self", "super"):
        return module
    while parts and parts[0] in ("self", "super"):
        if parts.pop(0) == "super":
            if not inline:
                return "::".join(["super", *parts])
            inline.pop()
    return "::".join(["self", *inline, *parts])


def _as_path(text: str) -> str:
    return text if "/" in text else f"./{text}"


_ROOTS = ("crate::", "self::", "super::", "::", "$crate::")

GRAMMAR = Grammar(
    package="tree_sitter_rust",
    strings=frozenset(["string_literal", "raw_string_literal"]),
    statements={
        "use_declaration": _use,
        "extern_crate_declaration": _crate,
        "mod_item": _module,
        "token_tree": _tokens,
    },
    whole=frozenset(["use_declaration"]),
    takers={"attribute_item": _attribute, "macro_invocation": _macro},
    names=frozenset(["scoped_identifier", "scoped_type_identifier"]),
    separator="::",
    calls={"call_expression": "function", "macro_invocation": "macro"},
    functions=frozenset(["function_item", "closure_expression"]),
    blocks=frozenset(["block"]),
    conditionals=frozenset(["if_expression"]),
    leaving=frozenset(["return_expression", "continue_expression", "break_expression"]),
    importing=re.compile(r"^(dlopen|open|load_library|from_env|new)$"),
    probing=re.compile(r"^(exists|is_file|try_exists)$"),
    attributes=attributes,
)
