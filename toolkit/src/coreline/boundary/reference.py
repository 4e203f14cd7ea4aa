# SPDX-License-Identifier: Apache-2.0
"""The reference page of ``coreline check``, rendered from the extensions and their examples."""

from collections.abc import Iterator
from inspect import cleandoc

from coreline.boundary import grade
from coreline.boundary.check import load_checks, load_formats, load_languages
from coreline.boundary.extension import Check, Language

_INTRODUCTION = """\
<!-- Written by docs/generate.py from coreline.boundary: change it there. -->

# What `coreline check` checks

`coreline check` holds the files on disk against `coreline.toml`; `--staged` holds what is staged
for the next commit, `--at COMMIT` what a commit has. It ends with 0 where the promise is kept and
with 1 where it is broken. Nothing of the checked repository is run.

The names of the wraps are searched in the bytes of every file of the core. Only files that hold one
are parsed, and what they refer to is resolved to files: a name that merely looks alike is no
finding. Every file is either analyzed or listed as not analyzed, with the reason.
"""


def render() -> str:
    """Return the page, in Markdown."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    yield f"\n## Grades\n\n{_grades()}\n\n## Checks\n"
    for check in load_checks():
        yield from _check(check)
    yield "\n## Languages\n\nFiles of any other kind are searched too. Where one names a wrap, it\n"
    yield "is listed as not analyzed: nobody can say yet what the name means there.\n"
    for language in load_languages():
        yield from _language(language)
    yield "\n## Formats\n\n| `--format` | |\n|---|---|\n"
    for one in load_formats():
        yield f"| `{one.name}` | {one.sentence} |\n"


def _grades() -> str:
    """Return what the module that decides grades says of them, less its first sentence."""
    text = cleandoc(grade.__doc__ or "").partition("\n\n")[2]
    return text.replace("``", "`")


def _check(check: Check) -> Iterator[str]:
    yield f"\n### `{check.name}`\n\n{check.sentence}\n\n"
    page = f"checks/{check.name}.md"
    yield f"An example that keeps it and one that breaks it: [{check.name}]({page}).\n"


def _language(language: Language) -> Iterator[str]:
    folders = (f"{folder}/*" for folder in language.folders)
    named = (*sorted(language.suffixes), *language.filenames, *folders)
    files = ", ".join(f"`{name}`" for name in named)
    yield f"\n### {language.name}\n\n{language.sentence} Files: {files}.\n\n"
    yield "| code | form | guard | names |\n|---|---|---|---|\n"
    for example in language.examples:
        code = _cell(example.code)
        for form, guard, module, names in example.expected or [("nothing", None, "", ())]:
            shown = ", ".join(part for part in (module, *names) if part)
            yield f"| {code} | {form} | {guard or ''} | {shown.replace('*', chr(92) + '*')} |\n"


def _cell(code: str) -> str:
    """Return code as it can stand in a cell of a table."""
    escaped = code.strip("\n").replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    spaced = escaped.replace(" ", "&nbsp;").replace("*", "&#42;").replace("`", "&#96;")
    return f"<code>{spaced.replace(chr(10), '<br>')}</code>"
