# SPDX-License-Identifier: Apache-2.0
"""License texts: sentences that name folders, and texts that lie in a folder."""

from collections.abc import Iterator

from coreline.boundary.spdx_texts import is_open, read_license_text
from coreline.proposal.core_license import core_license
from coreline.proposal.model import LETTER, STATED, Clue, Evidence, Example, Signal
from coreline.proposal.statements import Statement, statements
from coreline.proposal.survey import Survey, is_license_file
from coreline.proposal.vocabulary import FOREIGN, WORDS, read_prose, slug


def find(survey: Survey) -> Iterator[Clue]:
    """Yield what license texts say of folders and files."""
    folders = survey.folders()
    for path, text in survey.texts.items():
        if FOREIGN & set(path.split("/")):
            continue
        license_file = is_license_file(path)
        if "/" not in path and (license_file or path.lower().startswith("readme")):
            for statement in statements(text):
                yield from _stated(survey, folders, path, statement)
        elif license_file:
            yield from _lying_in(survey, path, text)


def _stated(survey: Survey, folders: set[str], path: str, statement: Statement) -> Iterator[Clue]:
    """Yield a clue for each folder or file that a sentence means."""
    if not is_license_file(path) and not _is_plain(statement):
        return
    wrap = _wrap_of(survey, statement)
    says = statement.text if len(statement.text) <= 200 else statement.text[:199] + "…"
    weight = LETTER if is_license_file(path) else STATED
    for target in _targets(survey, folders, statement):
        if not target.endswith("/") and not is_license_file(path):
            continue
        evidence = Evidence(path, statement.line, says)
        yield Clue(target, wrap, weight, evidence, anywhere=statement.anywhere)


def _is_plain(statement: Statement) -> bool:
    """Whether a sentence of a README is about terms: it speaks of much else beside them."""
    named = any(word in WORDS for word in slug(statement.place).split("-"))
    return "<" not in statement.text and (named or bool(statement.files))


def _wrap_of(survey: Survey, statement: Statement) -> str | None:
    """Return the wrap that a sentence puts a place in; None where it is under an open license."""
    if not statement.excepted:
        pointed = [survey.texts[file] for file in statement.files if file in survey.texts]
        known = [spdx for text in pointed for spdx in read_license_text(text).texts]
        named = known or ([] if statement.files else list(statement.licenses))
        if named and all(is_open(spdx) for spdx in named):
            return None
    for part in [*reversed(statement.place.split("/")), *statement.files]:
        for word in slug(part).split("-"):
            if word in WORDS:
                return WORDS[word].wrap
    own = "" if statement.place in survey.paths else slug(statement.place.rpartition("/")[2])
    return read_prose(statement.text) or own


def _targets(survey: Survey, folders: set[str], statement: Statement) -> Iterator[str]:
    place = statement.place
    if statement.is_mark:
        for path in survey.paths:
            if place in path.rpartition("/")[2]:
                yield path
        for folder in folders:
            if folder[:-1].endswith(place.rstrip(".")) and not folder[:-1].endswith("/" + place):
                yield folder
        return
    exact = f"{place}/"
    if exact in folders and not statement.anywhere:
        yield exact
    elif place in survey.paths:
        yield place
    elif statement.anywhere or "/" not in place:
        # "any ee/ directory", or a name that the root does not have.
        yield from (
            folder
            for folder in folders
            if f"/{folder}".endswith(f"/{exact}") and not FOREIGN & set(folder.split("/"))
        )


def _lying_in(survey: Survey, path: str, text: str) -> Iterator[Clue]:
    """Yield what a license text below the root says of the folder that it lies in."""
    folder = path.rpartition("/")[0]
    if folder.rpartition("/")[2].upper() in ("LICENSES", "LICENSE"):
        # A folder that collects texts (REUSE 3.3, "LICENSES") is not under each of them.
        return
    read = read_license_text(text)
    first = _title(text)
    line = text[: text.find(first)].count("\n") + 1
    if read.proprietary:
        wrap = read_prose(first) or _named_above(folder)
        yield Clue(folder + "/", wrap, STATED, Evidence(path, line, first))
    elif read.spdx and is_open(read.spdx):
        yield Clue(folder + "/", None, STATED, Evidence(path, line, f"the text of {read.spdx}"))
    elif read.spdx and read.spdx != core_license(survey).spdx:
        evidence = Evidence(path, line, f"the text of {read.spdx}, which is not open")
        yield Clue(folder + "/", _named_above(folder), STATED, evidence)


def _title(text: str) -> str:
    """Return the first line that names a license, else the first that says something."""
    lines = [line.strip()[:120] for line in text.split("\n") if line.strip()]
    named = (line for line in lines[:10] if "licen" in line.lower())
    return next(named, lines[0] if lines else "")


def _named_above(folder: str) -> str:
    for part in reversed(folder.split("/")):
        for word in slug(part).split("-"):
            if word in WORDS:
                return WORDS[word].wrap
    return ""


SIGNAL = Signal(
    name="license-texts",
    sentence="A license text names folders or file names under other terms, or lies in a folder.",
    example=Example(
        files={
            "LICENSE": "Parts are licensed as follows:\n"
            '* All content residing under the "docs/" directory is licensed under "Creative '
            'Commons: CC BY-SA 4.0 license".\n'
            '* All content that resides under any "ee/" directory is licensed under the license\n'
            '  defined in "ee/LICENSE".\n'
            '* Source code files that contain ".ee." in their filename are licensed under the '
            "Acme Enterprise License.\n"
            '* Outside of the "tsl" directory, code is licensed under the Apache License 2.0.\n',
            "docs/index.md": "",
            "app/ee/a.py": "",
            "app/b.py": "",
            "web/sso.ee.ts": "",
            "tsl/c.c": "",
            "addons/x/LICENSE": "Acme Premium License. You need a valid subscription.",
            "addons/y/LICENSE": "This is free and unencumbered software released into the public "
            "domain.",
        },
        says={
            "docs/": "core",
            "app/ee/": "enterprise",
            "web/sso.ee.ts": "enterprise",
            "tsl/": "tsl",
            "addons/x/": "premium",
            "addons/y/": "core",
        },
    ),
    find=find,
)
