# SPDX-License-Identifier: Apache-2.0
"""The product behind a repository: its name, its primary use and its vendor, each with why."""

import re
from functools import lru_cache
from typing import NamedTuple

from coreline.proposal.metadata import Package, line_of, packages
from coreline.proposal.model import NAMED, Evidence
from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import read_folder_name, slug


class Said(NamedTuple):
    """A value that was read somewhere."""

    name: str
    evidence: Evidence


# Names of folders and packages that say nothing of the product.
_GENERIC = frozenset(
    [
        "",
        "repo",
        "repository",
        "app",
        "src",
        "code",
        "monorepo",
        "main",
        "root",
        "project",
        "source",
    ]
)
# Where mail is given to everybody. The domains of noreply addresses are the forges'.
_PUBLIC_MAIL = re.compile(
    r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|mac|protonmail|proton"
    r"|pm|gmx|web|mail|yandex|qq|163|126|foxmail|zoho|fastmail|hey|tutanota|posteo|naver|seznam)"
    r"\.\w+(?:\.\w+)?|users\.noreply\..*|.*\.local|localhost|example\.\w+|.*noreply.*|[^.]*"
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
COMMITS_MIN = 5
# A second domain of the vendor (an old one, a parent company) has a good part of the commits too.
SHARE_OF_FIRST_MIN = 1 / 3


@lru_cache(maxsize=2)
def product_name(survey: Survey) -> Said:
    """Return the product's name, as the manifest allows names."""
    found = packages(survey)
    for package in found:
        name = _short(package.name)
        if not package.folder and name not in _GENERIC:
            return _said(survey, package, name)
    remote = _short((survey.remote or "").rstrip("/").removesuffix(".git"))
    if remote not in _GENERIC:
        return Said(remote, Evidence(".git/config", 0, f"remote origin is {survey.remote}"))
    names = [name for p in found if (name := _short(p.name)) not in _GENERIC]
    if names:
        # Of coreline, coreline-sdk and coreline-server, the one that the others are named after.
        name = max(names, key=lambda one: sum(other.startswith(one) for other in names))
        return _said(survey, next(p for p in found if _short(p.name) == name), name)
    folder = slug(survey.folder) or "product"
    return Said(folder, Evidence(survey.folder + "/", 0, "the name of the folder"))


def primary_use(survey: Survey, product: str) -> Said | None:
    """Return the sentence in which the product says what it is for, None where none is found."""
    found = [p for p in packages(survey) if p.description and not _is_edition(p, product)]
    at_root = [package for package in found if not package.folder]
    for package in at_root:
        return _described(survey, package)
    readme = _from_readme(survey)
    if readme is not None:
        return readme
    return _described(survey, found[0]) if found else None


def vendor_domains(survey: Survey) -> list[Said]:
    """Return the e-mail domains that most commits came from, public mail providers left out."""
    own = {domain: n for domain, n in survey.authors.items() if _may_be_vendor(domain)}
    # Where the repository's own texts name a domain, a diligent author's own domain is no rival.
    named = {domain: count for domain, count in own.items() if _is_named(survey, domain)}
    ranked = sorted((named or own).items(), key=lambda one: (-one[1], one[0]))[:2]
    if ranked and ranked[0][1] >= COMMITS_MIN:
        most, total = ranked[0][1], sum(survey.authors.values())
        return [
            Said(domain, Evidence("git log", 0, f"authors of {count} of {total} commits"))
            for domain, count in ranked
            if count >= most * SHARE_OF_FIRST_MIN
        ]
    for package in packages(survey):
        for email in package.emails:
            domain = email.rpartition("@")[2].lower()
            if _may_be_vendor(domain):
                line = line_of(survey.texts[package.path], email)
                return [Said(domain, Evidence(package.path, line, f"author {email}"))]
    return []


def _may_be_vendor(domain: str) -> bool:
    return bool(_DOMAIN.fullmatch(domain)) and not _PUBLIC_MAIL.fullmatch(domain)


def _is_named(survey: Survey, domain: str) -> bool:
    """Whether a text at the root, or the remote, names a domain or its longest part."""
    label = max(domain.split(".")[:-1], key=len, default=domain)
    word = re.compile(rf"\b{re.escape(label)}\b", re.IGNORECASE)
    texts = (text for path, text in survey.texts.items() if "/" not in path)
    return any(word.search(text) for text in (survey.remote or "", *texts))


def _short(name: str) -> str:
    """Return the product in a package's name: no scope, no host, no version, no "-monorepo"."""
    last = re.sub(r"/v\d+$", "", name).rpartition("/")[2].rpartition(":")[2]
    return re.sub(r"[-_](?:monorepo|workspace|root)$", "", slug(last))


def _said(survey: Survey, package: Package, name: str) -> Said:
    line = line_of(survey.texts[package.path], package.name)
    return Said(name, Evidence(package.path, line, f"name {package.name}"))


def _described(survey: Survey, package: Package) -> Said:
    line = line_of(survey.texts[package.path], "description")
    return Said(_shorten(package.description), Evidence(package.path, line, "description"))


def _is_edition(package: Package, product: str) -> bool:
    word = read_folder_name(slug(package.name), product)
    return word is not None and word.weight >= NAMED


def _from_readme(survey: Survey) -> Said | None:
    path = next((p for p in survey.texts if re.fullmatch(r"readme(\.\w+)?", p, re.I)), None)
    if path is None:
        return None
    paragraph: list[str] = []
    begins = 0
    for number, line in enumerate([*survey.texts[path].split("\n"), ""], 1):
        plain = _plain(line)
        if plain:
            begins = begins or number
            paragraph.append(plain)
            continue
        text = " ".join(paragraph)
        if len(text.split()) >= 5 and re.search(r"[a-z]{3}", text):
            return Said(_shorten(text), Evidence(path, begins, "the first sentence"))
        paragraph, begins = [], 0
    return None


def _plain(line: str) -> str:
    """Return the prose of a line of Markdown: no images, badges, HTML, headings and rules."""
    if re.match(
        r"\s*(#{1,3}\s|[-*+]\s|<|\||```|[-*_=]{3,}\s*$|\[!?\[|!\[|:\w+:|\[[^\]]*\]:)", line
    ):
        return ""
    line = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]*>", "", line)
    line = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", line)
    # A line of links is a menu.
    if "|" in line or "•" in line or "·" in line:
        return ""
    return re.sub(r"[*_`#>]+", "", line).strip()


SENTENCE_MAX = 160


def _shorten(text: str) -> str:
    text = " ".join(text.replace("\\", " ").split())
    sentence = re.split(r"(?<=[.!?])\s", text)[0].rstrip(".")
    if len(sentence) <= SENTENCE_MAX:
        return sentence
    return sentence[:SENTENCE_MAX].rpartition(" ")[0] + " …"
