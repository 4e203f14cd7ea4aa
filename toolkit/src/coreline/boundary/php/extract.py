# SPDX-License-Identifier: Apache-2.0
"""The syntax of PHP: names are resolved as the manual's "Name resolution rules" say.

``use`` fails never: it only gives a class another name. What is done with that name decides
whether the code needs the class, and under which guard.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.guards import Guards
from coreline.boundary.code.nodes import callee_of, dotted, field_of, first_of
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Form
from coreline.boundary.syntax import DEPTH_MAX, Path, text_of

_USES_MAX = 200
_HARMLESS = frozenset(
    ["named_type", "type_list", "attribute", "optional_type", "union_type", "intersection_type"]
)
_PATH = re.compile(r"[\"']([^\"'\n]*)[\"']")
_DIRNAME = re.compile(r"dirname\s*\(", re.IGNORECASE)
# Functions that load the class whose name they are given.
_LOADING = re.compile(
    r"^(make|resolve|app|mock|partialMock|spy|createMock|createStub|getMockBuilder|prophesize"
    r"|ReflectionClass|has(One|Many)\w*|belongsTo\w*|morph\w+|call_user_func(_array)?|dispatch)$"
)
_OWN_FOLDER = re.compile(r"__DIR__|__FILE__")


def extract(source: Source) -> FileFacts:
    """Return the references of a PHP file."""
    return extract_code(source, GRAMMAR)


class _Role(NamedTuple):
    """What is done with the name of a class."""

    form: Form | None
    needed: bool = True


_TYPE = _Role("type-only")
_NEEDED = _Role(None)


def _use(place: Place) -> Iterable[Named]:
    root, data = place.path[0], place.data
    for clause, full, alias in _clauses(place.node):
        if place.is_hit(full):
            used = _how_used(root, data, alias, place.node)
            yield Named(clause, full, form=used.form, guard=used.guard)


def _clauses(declaration: Node) -> Iterator[tuple[Node, str, str]]:
    """Yield each clause of a ``use``, its whole name and the name that it gives."""
    group = field_of(declaration, "body")
    prefix = f"{dotted(declaration.named_children[0])}\\" if group is not None else ""
    for clause in (group or declaration).named_children:
        if clause.type == "namespace_use_clause":
            name = first_of(clause, ("qualified_name", "name", "namespace_name"))
            full = f"{prefix}{dotted(name)}".lstrip("\\")
            alias = text_of(field_of(clause, "alias"))
            yield clause, full, alias or full.rpartition("\\")[2]


class _Used(NamedTuple):
    form: Form | None
    guard: str | None


def _how_used(root: Node, data: bytes, alias: str, declaration: Node) -> _Used:
    """Return how a file uses the name that ``use`` gave a class."""
    guards = Guards(GRAMMAR)
    mention = re.compile(rb"(?<![\w$>])" + re.escape(alias.encode()) + rb"(?!\w)", re.IGNORECASE)
    guarded: str | None = None
    for count, match in enumerate(mention.finditer(data)):
        if declaration.start_byte <= match.start() < declaration.end_byte:
            continue
        path = _descend(root, match.start(), match.end())
        role = _role(path)
        if role is None or not role.needed or role.form == "type-only":
            continue
        around = guards.around(path, lambda text: mention.search(text.encode()) is not None)
        if around.running is None or count >= _USES_MAX:
            return _Used(None, None)
        guarded = guarded or around.running
    return _Used(None, guarded) if guarded else _Used("type-only", None)


def _descend(root: Node, start: int, end: int) -> Path:
    cursor, nodes = root.walk(), [root]
    while len(nodes) < DEPTH_MAX and cursor.goto_first_child_for_byte(start) is not None:
        node = cursor.node
        if node is None or node.start_byte > start or node.end_byte < end:
            break
        nodes.append(node)
    return tuple(nodes)


def _role(path: Path) -> _Role | None:
    """Return what is done with the name at the end of a path; None where it is no name of code."""
    for depth in range(len(path) - 1, 0, -1):
        node, parent = path[depth], path[depth - 1]
        if node.type == "comment" or node.type in GRAMMAR.strings:
            return None
        if parent.type == "namespace_use_declaration":
            return None
        if parent.type in _HARMLESS:
            return _TYPE
        if parent.type == "class_constant_access_expression":
            return _constant(path[:depth])
        if parent.type == "binary_expression":
            return _TYPE if b"instanceof" in _operator(parent) else _NEEDED
        if node.type not in ("name", "qualified_name", "namespace_name", "relative_name"):
            return _NEEDED
    return _NEEDED


def _operator(node: Node) -> bytes:
    operator = field_of(node, "operator")
    return b"" if operator is None else operator.text or b""


def _constant(path: Path) -> _Role:
    """Tell ``X::class``, which is a string, from a constant of the class."""
    node = path[-1]
    if not text_of(node).lower().endswith("class"):
        return _NEEDED
    kinds = [one.type for one in path]
    if kinds[-4:-1] == [
        "return_statement",
        "array_creation_expression",
        "array_element_initializer",
    ]:
        # A file of settings returns the classes that a framework is to load.
        return _Role("string")
    calls = (one for one in path[:-1] if one.type in GRAMMAR.calls)
    callee = next((callee_of(GRAMMAR, one) for one in reversed(list(calls))), "")
    if kinds[-3:-1] == ["arguments", "argument"] and _LOADING.match(callee):
        return _Role("dynamic")
    return _Role("string", needed=False)


def _name(place: Place) -> Iterable[Named] | None:
    if any(node.type == "namespace_use_declaration" for node in place.path):
        return None
    role = _role((*place.path, place.node))
    if role is None:
        return []
    module = _resolved(dotted(place.node), place.path[0])
    return [Named(place.node, module, form=role.form, needed=role.needed)]


def _resolved(name: str, root: Node) -> str:
    """Return the whole name of a class, as the file's namespace and its ``use`` make it."""
    if name.startswith("\\"):
        return name[1:]
    space, given = _table(root)
    first, _, rest = name.partition("\\")
    full = given.get(first.lower())
    if full is not None:
        return f"{full}\\{rest}" if rest else full
    if first.lower() == "namespace":
        name = rest
    return f"{space}\\{name}" if space else name


@lru_cache(maxsize=1)
def _table(root: Node) -> tuple[str, dict[str, str]]:
    """Return the namespace of a file, and the names that its ``use`` gave to others' classes."""
    space, given = "", {}
    for statement in root.named_children:
        if statement.type == "namespace_definition":
            space = dotted(field_of(statement, "name"))
        elif statement.type == "namespace_use_declaration":
            given.update({alias.lower(): full for _, full, alias in _clauses(statement)})
    return space, given


def _include(place: Place) -> Iterable[Named]:
    """Yield the file that is included; one that is missing only warns where it is not required."""
    text = text_of(place.node)
    strings = _PATH.findall(text)
    if not strings:
        return
    path = strings[-1]
    if _OWN_FOLDER.search(text):
        ups = len(_DIRNAME.findall(text)) - ("__FILE__" in text)
        path = "./" + "../" * max(0, ups) + path.lstrip("/")
    elif len(text) - text.rfind(path) <= len(path) + 2 and "." in text[: text.rfind(path)]:
        # A constant or a variable before it holds a folder that nobody knows.
        path = path.lstrip("/")
    path = path if "/" in path else f"./{path}"
    yield Named(place.node, path, needed=place.node.type.startswith("require"))


_INCLUDES = (
    "require_expression",
    "require_once_expression",
    "include_expression",
    "include_once_expression",
)
GRAMMAR = Grammar(
    package="tree_sitter_php",
    function="language_php",
    strings=frozenset(["string", "encapsed_string", "heredoc", "nowdoc"]),
    statements={
        "namespace_use_declaration": _use,
        "qualified_name": _name,
        "relative_name": _name,
    },
    whole=frozenset(["namespace_use_declaration"]),
    takers=dict.fromkeys(_INCLUDES, _include),
    separator="\\",
    is_compiled=False,
    spaces=frozenset(["namespace_definition"]),
    calls={
        "function_call_expression": "function",
        "member_call_expression": "name",
        "scoped_call_expression": "name",
        "object_creation_expression": "",
    },
    functions=frozenset(
        ["function_definition", "method_declaration", "anonymous_function", "arrow_function"]
    ),
    blocks=frozenset(["compound_statement", "program"]),
    conditionals=frozenset(["if_statement", "else_if_clause", "conditional_expression"]),
    tries=frozenset(["try_statement"]),
    catches=frozenset(["catch_clause"]),
    # A class that is missing is an Error, which is no Exception.
    catching=re.compile(r"\b(Error|Throwable)\b"),
    leaving=frozenset(["return_statement", "throw_expression", "continue_statement"]),
    importing=re.compile(
        r"^(make|resolve|app|class_alias|ReflectionClass|call_user_func(_array)?|spl_autoload_call"
        r"|is_subclass_of|newInstance\w*|createObject)$"
    ),
    probing=re.compile(
        r"^((class|interface|trait|enum|function|method|file)_exists|is_(file|dir|a))$"
    ),
    lines=re.compile(rb"[ \t]*use[ \t]+\\?([\w\\]+)[ \t]*;"),
)
