# SPDX-License-Identifier: Apache-2.0
"""License texts against the line: which license they are, and the folders that they name.

A text such as 'content under the "ee/" directory is licensed under "ee/LICENSE"' draws a line of
its own. Where it forgets a folder of the wrap, that folder is open by the letter; where it names
one of the core, that folder is not.
"""

from collections.abc import Iterator
from typing import NamedTuple

from coreline.boundary.expressions import agrees, without_version_choice
from coreline.boundary.facts import FileFacts, Grant
from coreline.boundary.languages.license_text import PROPRIETARY, TEXT_FIELD
from coreline.boundary.model import Finding
from coreline.boundary.ownership import is_under
from coreline.boundary.spdx_texts import is_open
from coreline.boundary.subject import Subject


class _Text(NamedTuple):
    """A license text that names folders of other terms."""

    path: str
    folder: str
    """Where it lies: its folders are named from there."""
    grants: list[Grant]


def text_findings(subject: Subject) -> Iterator[Finding]:
    """Yield the findings about license texts."""
    yield from _wrong_texts(subject)
    for path, facts in subject.facts.items():
        grants = [grant for grant in facts.grants if not grant.is_open]
        if grants and subject.is_core(path):
            text = _Text(path, path.rpartition("/")[0], grants)
            yield from _swallowed(subject, text)
            yield from _forgotten(subject, text)


def _wrong_texts(subject: Subject) -> Iterator[Finding]:
    """Compare the license text at the root, and those of the wraps, with their sides.

    Other texts in the core are those of borrowed files, and stay what they are.
    """
    for path, facts in subject.facts.items():
        side = subject.side_spdx(path)
        for declared in facts.declared if side is not None else ():
            if side is None or declared.field != TEXT_FIELD:
                continue
            is_ours = "/" not in path if subject.is_core(path) else is_open(declared.value)
            if is_ours and not _is_text_of(declared.value, side):
                yield Finding(
                    check="spdx",
                    path=path,
                    kind="license-text",
                    names=(declared.value,),
                    message=f"This is {_shown(declared.value)}, but "
                    f'{subject.side_name(path)} is under "{side}".',
                    hint="Put the text of the side's license here, or correct the manifest.",
                    text=declared.text,
                )


def _is_text_of(stated: str, side: str) -> bool:
    if stated == PROPRIETARY:
        return not is_open(side)
    return bool(agrees(without_version_choice(stated), without_version_choice(side)))


def _shown(stated: str) -> str:
    return "a text of proprietary terms" if stated == PROPRIETARY else f"the text of {stated}"


def _swallowed(subject: Subject, text: _Text) -> Iterator[Finding]:
    for grant in text.grants:
        inside = [
            path for path in subject.claims if _names(text, grant, path) and subject.is_core(path)
        ]
        if inside:
            more = f" and {len(inside) - 1:,} more" if len(inside) > 1 else ""
            yield _finding(
                text,
                grant,
                grant.folder,
                f'The license text puts "{grant.folder}/" under other terms, but the manifest '
                f"gives {inside[0]}{more} to the core.",
                "Give these files to the wrap, or let the text name its folders exactly.",
            )


def _forgotten(subject: Subject, text: _Text) -> Iterator[Finding]:
    licensed = _folders_with_texts(subject)
    for top, wrap in subject.tops.items():
        is_here = is_under(top, [text.folder]) if text.folder else True
        if not is_here or any(_names(text, grant, top) for grant in text.grants):
            continue
        if not is_under(top, licensed) and not _all_state(subject, top, wrap):
            yield _finding(
                text,
                text.grants[0],
                top,
                f"The license text names other folders of proprietary terms but not {top}, which "
                f"is of the wrap {wrap}: by the letter it is open.",
                f'Name "{top}" in the text, or put a license of its own into it.',
            )


def _names(text: _Text, grant: Grant, path: str) -> bool:
    """Whether a license text means a path by a folder that it names."""
    if grant.anywhere:
        inside = path.removeprefix(f"{text.folder}/") if text.folder else path
        return f"/{grant.folder}/" in f"/{inside}/"
    folder = f"{text.folder}/{grant.folder}" if text.folder else grant.folder
    return path == folder or path.startswith(folder + "/")


def _folders_with_texts(subject: Subject) -> list[str]:
    """Return the folders of wraps that hold a license text of their own."""
    return [
        path.rpartition("/")[0]
        for path in subject.claims
        if "/" in path and subject.is_license_text(path) and not subject.is_core(path)
    ]


def _all_state(subject: Subject, top: str, wrap: str) -> bool:
    """Whether every file below states the wrap's license in a header."""
    table = subject.manifest.wraps.get(wrap)
    for path in subject.claims:
        if table is not None and is_under(path, [top]):
            facts = subject.facts.get(path)
            if facts is None or not _states(facts, table.spdx):
                return False
    return True


def _states(facts: FileFacts, side: str) -> bool:
    """Whether a header gives a file the terms of its wrap; words know no name for them."""
    if facts.header is not None:
        return bool(agrees(facts.header.expression, side))
    return facts.terms is not None and not is_open(facts.terms.expression) and not is_open(side)


def _finding(text: _Text, grant: Grant, name: str, message: str, hint: str) -> Finding:
    return Finding(
        check="spdx",
        path=text.path,
        line=grant.line,
        kind="license-text",
        names=(name,),
        message=message,
        hint=hint,
        text=grant.text,
    )
