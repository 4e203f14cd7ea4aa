# SPDX-License-Identifier: Apache-2.0
"""The reference page of ``coreline.toml``, rendered from the model that parses it."""

from collections.abc import Iterator

from msgspec import NODEFAULT, inspect

from coreline.manifest.codes import CODES
from coreline.manifest.model import Manifest
from coreline.manifest.patch import literal
from coreline.manifest.shape import plain

_INTRODUCTION = """\
<!-- Written by docs/generate.py from coreline.manifest: change it there. -->

# `coreline.toml`

The manifest says where the line is, and nothing else does. `coreline schema` prints its JSON
Schema, so that an editor completes it; `coreline explain PATH` says which of its lines decides
about a file. Unknown tables and keys are mistakes, and all mistakes are reported in one run, each
with its line.

## Claims

The texts in `paths` are *claims*: globs that give files to the core, to a wrap or to a feature.
The most specific claim wins; claims of two sides that are equally specific are a tie, which
`check` reports. A file that nobody claims is a finding.

| glob | matches |
|---|---|
| `*` | any run of characters within one folder |
| `**` | any number of whole folders; at the end, everything below |
| `?` | one character other than a slash |
| anything else | itself, brackets and parentheses too |

A claim begins at the repository's root. A folder is claimed by what is in it: `docs/**`, not
`docs`.
"""


def render() -> str:
    """Return the page, in Markdown."""
    manifest = plain(inspect.type_info(Manifest))
    assert isinstance(manifest, inspect.StructType)
    parts = [_INTRODUCTION, "\n## Tables\n"]
    for field in manifest.fields:
        parts += _table(field.encode_name, field.type)
    parts.append("\n## Mistakes\n\n| code | what is wrong |\n|---|---|\n")
    parts += [f"| `{code}` | {sentence} |\n" for code, sentence in sorted(CODES.items())]
    return "".join(parts)


def _table(name: str, kind: inspect.Type) -> Iterator[str]:
    kind = plain(kind)
    if isinstance(kind, inspect.DictType):
        name, kind = f"{name}.NAME", plain(kind.value_type)
    assert isinstance(kind, inspect.StructType)
    yield f"\n### `[{name}]`\n\n{(kind.cls.__doc__ or '').strip()}\n\n"
    yield "| key | type | default | meaning |\n|---|---|---|---|\n"
    inner: list[tuple[str, inspect.Type]] = []
    for field in kind.fields:
        cells = (f"`{field.encode_name}`", _type(field.type), _default(field), _meaning(field))
        yield f"| {' | '.join(cells)} |\n"
        within = plain(field.type)
        if isinstance(within, inspect.ListType):
            within = plain(within.item_type)
        if isinstance(within, inspect.StructType):
            inner.append((f"{name}.{field.encode_name}", within))
    for inner_name, inner_kind in inner:
        yield from _table(inner_name, inner_kind)


def _type(kind: inspect.Type) -> str:
    kind = plain(kind)
    if isinstance(kind, inspect.ListType):
        return f"list of {_type(kind.item_type)}s"
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(f"`{literal(str(choice))}`" for choice in kind.values)
    if isinstance(kind, inspect.UnionType):
        return "number"
    names: dict[type[inspect.Type], str] = {
        inspect.StrType: "text",
        inspect.BoolType: "true or false",
        inspect.IntType: "whole number",
        inspect.StructType: "table",
    }
    return names[type(kind)]


def _default(field: inspect.Field) -> str:
    if field.required:
        return "required"
    if field.default_factory is not NODEFAULT:
        return "none" if field.default_factory in (list, dict) else "made"
    if field.default is None:
        return "none"
    return f"`{literal(field.default)}`" if isinstance(field.default, str | bool | int) else "none"


def _meaning(field: inspect.Field) -> str:
    """Return the description of a field; of its type's where the field has none."""
    kind: inspect.Type = field.type
    item = kind.item_type if isinstance(kind, inspect.ListType) else kind
    for one in (kind, item):
        if isinstance(one, inspect.Metadata) and one.extra_json_schema:
            return str(one.extra_json_schema.get("description", "")).replace("|", "\\|")
    return ""
