# SPDX-License-Identifier: Apache-2.0
"""Package metadata: licenses that are none, and distributions named as an edition."""

import re
from collections.abc import Iterator

from coreline.boundary.spdx_texts import is_open, read_license_text, speaks_proprietary
from coreline.proposal.core_license import core_license
from coreline.proposal.metadata import Package, line_of, packages
from coreline.proposal.model import DOUBTFUL, NAMED, STATED, Clue, Evidence, Example, Signal
from coreline.proposal.product import product_name
from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import ABOUT, read_folder_name, read_prose

_PROPRIETARY = re.compile(r"proprietary|commercial|nonstandard|licenseref-", re.IGNORECASE)
_SEE = re.compile(r"SEE LICEN[CS]E IN\s+(.+)", re.IGNORECASE)
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?:\s+(?:AND|OR|WITH)\s+[A-Za-z0-9.+-]+)*")


def find(survey: Survey) -> Iterator[Clue]:
    """Yield the folders of packages whose metadata tells their side."""
    product, core = product_name(survey).name, core_license(survey).spdx
    for package in packages(survey):
        # The root's package is the product: what it says is said by the root's license text too.
        if package.folder and not ABOUT & set(package.folder.split("/")):
            yield from _named(survey, package, product)
            yield from _licensed(survey, package, core)


def _named(survey: Survey, package: Package, product: str) -> Iterator[Clue]:
    last = package.name.rpartition("/")[2]
    word = read_folder_name(last, product)
    if word is not None and package.name:
        line = line_of(survey.texts[package.path], package.name)
        evidence = Evidence(package.path, line, f"a package named {package.name}")
        yield Clue(package.folder, word.wrap, word.weight, evidence, assumed=word.assumed)


def _licensed(survey: Survey, package: Package, core: str) -> Iterator[Clue]:
    said = package.license.strip()
    if not said:
        return
    evidence = Evidence(package.path, line_of(survey.texts[package.path], said), f"license {said}")
    see = _SEE.fullmatch(said)
    if see is not None:
        evidence = evidence._replace(line=line_of(survey.texts[package.path], see[1]))
        text = survey.texts.get(package.folder + see[1].removeprefix("./"), "")
        # A root license text that the package points to is about the whole repository.
        if text and not read_license_text(text).texts and speaks_proprietary(text):
            yield Clue(package.folder, read_prose(text), STATED, evidence)
    elif said.upper() == "UNLICENSED":
        # Also what a generator writes into a private application that nobody publishes alone.
        yield Clue(package.folder, "", DOUBTFUL, evidence)
    elif _PROPRIETARY.search(said) and said != core:
        yield Clue(package.folder, read_prose(said.replace("-", " ")), STATED, evidence)
    elif _SPDX.fullmatch(said) and is_open(said):
        # Less than a name that says the opposite: generated metadata is seldom looked at.
        yield Clue(package.folder, None, NAMED - 1, evidence)


SIGNAL = Signal(
    name="packages",
    sentence="Package metadata says UNLICENSED or proprietary, or names a distribution as an "
    "edition of the product.",
    example=Example(
        files={
            "pyproject.toml": '[project]\nname = "acme"\n',
            "plugins/big/pyproject.toml": '[project]\nname = "acme-enterprise"\n',
            "web/pay/package.json": '{"name": "@acme/pay", "license": "UNLICENSED"}',
            "gems/x/x.gemspec": 's.name = "acme-x"\ns.license = "Nonstandard"\n',
            "gems/y/y.gemspec": 's.name = "acme-y"\ns.license = "MIT"\n',
        },
        says={
            "plugins/big/": "enterprise",
            "web/pay/": "",
            "gems/x/": "",
            "gems/y/": "core",
        },
    ),
    find=find,
)
