# SPDX-License-Identifier: Apache-2.0
"""The reference page of error codes, found in the source of the three distributions.

Codes are literals where they are raised (STYLE: every refusal has a stable code, a sentence and a
hint), so reading the syntax finds all of them, also those that no test reaches. Nothing is imported
or run. The codes of mistakes in a manifest are on the manifest's own page.
"""

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from coreline.errors import ExitCode

DISTRIBUTIONS = ("coreline_sdk", "coreline", "coreline_server")
# How the classes of the tree end a process; a subclass found in the source ends it as its base.
_EXITS = {
    "InputError": ExitCode.INPUT,
    "OutsideError": ExitCode.OUTSIDE,
    "NothingToDo": ExitCode.NOTHING,
    "InternalError": ExitCode.INTERNAL,
}


class ErrorCode(NamedTuple):
    """One code, as it is raised at one place.

    ``kind`` is the class of the tree, or ``Code`` for an answer of a license check; a part of a
    sentence that is only known at run time is ``…``.
    """

    code: str
    kind: str
    sentence: str
    hint: str
    module: str


def collect(roots: Iterable[Path] | None = None) -> list[ErrorCode]:
    """Return every literal code raised below some folders, in order; by default in all of Coreline.

    Args:
        roots: folders of packages. By default those of the distributions that are installed.
    """
    folders = _installed() if roots is None else [*roots]
    trees = [
        (_module(root, path), ast.parse(path.read_text(encoding="utf-8")))
        for root in folders
        for path in sorted(root.rglob("*.py"))
    ]
    classes = _classes(tree for _, tree in trees)
    found = {error for module, tree in trees for error in _raised(module, tree, classes)}
    return sorted(found)


def _module(root: Path, path: Path) -> str:
    return ".".join([root.name, *path.relative_to(root).with_suffix("").parts])


class Status(NamedTuple):
    """What the server answers a code with: the HTTP status, and the title of the problem."""

    number: int
    title: str


def statuses(root: Path) -> dict[str, Status]:
    """Return the HTTP status of each code, read from the server's one table of them.

    Args:
        root: the folder of the server's package.
    """
    tree = ast.parse((root / "problems.py").read_text(encoding="utf-8"))
    found: dict[str, Status] = {}
    for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            constants = _constants([key, *value.args]) if isinstance(value, ast.Call) else []
            match constants:
                case [str(code), int(number), str(title)]:
                    found[code] = Status(number, title)
    return found


def _constants(nodes: list[ast.expr | None]) -> list[object]:
    return [node.value for node in nodes if isinstance(node, ast.Constant)]


def render() -> str:
    """Return the page, in Markdown."""
    roots = _installed()
    errors = collect(roots)
    server = next((root for root in roots if root.name == "coreline_server"), None)
    http = statuses(server) if server is not None else {}
    raised = {error.code for error in errors}
    parts = [_INTRODUCTION]
    for title, kinds in _SECTIONS:
        chosen = [error for error in errors if error.kind in kinds]
        if chosen:
            parts.append(f"\n## {title}\n\n| code | HTTP | what happened | what to do |\n")
            parts.append("|---|---|---|---|\n")
            parts += _rows(chosen, http)
    alone = {code: status for code, status in http.items() if code not in raised}
    if alone:
        parts.append("\n## Of the server's HTTP interface alone\n\n")
        parts.append("| code | HTTP | title |\n|---|---|---|\n")
        rows = sorted(alone.items())
        parts += [f"| `{code}` | {status.number} | {status.title} |\n" for code, status in rows]
    return "".join(parts)


_INTRODUCTION = """\
<!-- Written by docs/generate.py from the source: change the errors where they are raised. -->

# Error codes

Every refusal has a code that stays the same, a sentence and a hint. The command line prints the
code in brackets, `--format json` and the server as `code`. What depends on the case is `…`.
Mistakes in a manifest have codes of their own: see [its page](manifest.md#mistakes).
"""

_SECTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Your input (exit code 2)", frozenset(["InputError"])),
    ("The outside world (exit code 3)", frozenset(["OutsideError"])),
    ("Nothing to do (exit code 4)", frozenset(["NothingToDo"])),
    ("Bugs in Coreline (exit code 70)", frozenset(["InternalError"])),
    ("Answers of a license check", frozenset(["Code"])),
)


def _rows(errors: list[ErrorCode], http: dict[str, Status]) -> Iterator[str]:
    """Yield one row a code: the sentences of all places that raise it."""
    for code in dict.fromkeys(error.code for error in errors):
        same = [error for error in errors if error.code == code]
        sentences = dict.fromkeys(error.sentence for error in same if error.sentence)
        hints = dict.fromkeys(error.hint for error in same if error.hint not in ("", "…"))
        status = str(http[code].number) if code in http else ""
        cells = [f"`{code}`", status, _cell(sentences), _cell(hints)]
        yield f"| {' | '.join(cells)} |\n"


def _cell(texts: Iterable[str]) -> str:
    return "<br>".join(texts).replace("|", "\\|").replace("\n", " ")


def _installed() -> list[Path]:
    """Return the folders of the distributions, found without importing them."""
    found = (importlib.util.find_spec(name) for name in DISTRIBUTIONS)
    return [Path(spec.origin).parent for spec in found if spec is not None and spec.origin]


def _classes(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Return the names of all error classes, each with the class of the tree that it is."""
    bases = [
        (node.name, base.id)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    classes = {name: name for name in _EXITS}
    while True:
        more = {name: classes[base] for name, base in bases if base in classes} | classes
        if more == classes:
            return classes
        classes = more


def _raised(module: str, tree: ast.Module, classes: dict[str, str]) -> Iterator[ErrorCode]:
    """Yield the codes that a module raises: in calls of error classes and of their constructors."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _is_super_init(call):
                    yield from _code(module, classes[node.name], call)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in classes:
                yield from _code(module, classes[name], node)
            elif name == "Code" and len(node.args) == 4:
                shifted = ast.Call(node.func, [node.args[0], *node.args[2:]], [])
                yield from _code(module, "Code", shifted)


def _is_super_init(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "__init__"
        and isinstance(call.func.value, ast.Call)
        and isinstance(call.func.value.func, ast.Name)
        and call.func.value.func.id == "super"
    )


def _code(module: str, kind: str, call: ast.Call) -> Iterator[ErrorCode]:
    """Yield the code of a call; nothing where it is not a literal."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    code = given[0] if given else None
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        texts = [_text(argument) for argument in given[1:3]] + ["", ""]
        yield ErrorCode(code.value, kind, texts[0], texts[1], module)


def _text(node: ast.expr) -> str:
    """Return a text as far as the source says it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return "…"
