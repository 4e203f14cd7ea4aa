# SPDX-License-Identifier: Apache-2.0
"""Which SPDX license the core has: the root's license text, else metadata, else headers."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from coreline.boundary.spdx_texts import read_license_text
from coreline.manifest.spdx import find_mistake
from coreline.proposal.metadata import line_of, packages
from coreline.proposal.model import Evidence
from coreline.proposal.statements import license_of_the_rest
from coreline.proposal.survey import Survey, is_license_file

UNKNOWN = "LicenseRef-Unknown"
SPDX_TAG = re.compile(r"SPDX-License-Identifier:\s*([^\r\n]*?)\s*(?:\*/|-->|#}|\r?$)", re.MULTILINE)
_NO_LICENSE = re.compile(
    r"unlicensed|none|proprietary|nonstandard|commercial|other|licenseref-", re.IGNORECASE
)
# The names a root license file may have beside the plain one when a choice is offered.
_CHOICE = re.compile(
    r"(?:licen[cs]e|copying)[-_.](?:mit|apache|bsd|mpl|a?gpl)[\w.-]*", re.IGNORECASE
)
_PLAIN = re.compile(r"(?:licen[cs]e|copying)(?:\.(?:txt|md|rst))?", re.IGNORECASE)


class CoreLicense(NamedTuple):
    """The SPDX expression of the core and where it is said."""

    spdx: str
    evidence: tuple[Evidence, ...]


@lru_cache(maxsize=2)
def core_license(survey: Survey) -> CoreLicense:
    """Return the core's SPDX license, ``LicenseRef-Unknown`` where nothing says it."""
    return (
        _of_texts(survey) or _of_metadata(survey) or _of_headers(survey) or CoreLicense(UNKNOWN, ())
    )


def _of_texts(survey: Survey) -> CoreLicense | None:
    root = [path for path in survey.texts if "/" not in path and is_license_file(path)]
    plain = [path for path in root if _PLAIN.fullmatch(path)]
    choice = [path for path in root if _CHOICE.fullmatch(path)]
    for paths, joined in ((plain, " AND "), (choice, " OR ")):
        read = [(path, read_license_text(survey.texts[path])) for path in sorted(paths)]
        known = [(path, text) for path, text in read if text.texts]
        if known:
            spdx = joined.join(dict.fromkeys(str(text.spdx) for _, text in known))
            evidence = tuple(
                Evidence(path, _title_line(survey.texts[path]), f"the text of {text.spdx}")
                for path, text in known
            )
            return CoreLicense(_refined(survey, spdx), evidence)
    for path in plain:
        rest = license_of_the_rest(survey.texts[path])
        if rest is not None:
            line, spdx = rest
            says = f"names {spdx} for what is outside of the folders it names"
            return CoreLicense(_refined(survey, spdx), (Evidence(path, line, says),))
    return None


def _refined(survey: Survey, spdx: str) -> str:
    """Say "or later" where the root's metadata does: a GNU text alone cannot."""
    for package in packages(survey):
        said = package.license.strip()
        if "/" not in package.path and said == spdx.replace("-only", "-or-later"):
            return said
    return spdx


def _of_metadata(survey: Survey) -> CoreLicense | None:
    for package in packages(survey):
        said = package.license.strip()
        if said and not _NO_LICENSE.match(said) and find_mistake(said) is None:
            line = line_of(survey.texts[package.path], said)
            return CoreLicense(said, (Evidence(package.path, line, f"license {said}"),))
    return None


def _of_headers(survey: Survey) -> CoreLicense | None:
    tags = Counter(found[1] for head in survey.heads.values() if (found := SPDX_TAG.search(head)))
    known = [
        (spdx, count)
        for spdx, count in tags.most_common(3)
        if not _NO_LICENSE.match(spdx) and find_mistake(spdx) is None
    ]
    if not known:
        return None
    spdx, count = known[0]
    path = next(path for path, head in survey.heads.items() if spdx in head)
    return CoreLicense(
        spdx, (Evidence(path, line_of(survey.heads[path], spdx), f"{count} headers say {spdx}"),)
    )


def _title_line(text: str) -> int:
    """Return the first line of a text that is not empty."""
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
