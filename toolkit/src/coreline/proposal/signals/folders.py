# SPDX-License-Identifier: Apache-2.0
"""Names of folders: ``ee/``, ``enterprise/``, ``premium/`` at any depth."""

from collections.abc import Iterator

from coreline.proposal.model import DOUBTFUL, NAMED, Clue, Evidence, Example, Signal
from coreline.proposal.product import product_name
from coreline.proposal.survey import Survey, folders_above
from coreline.proposal.vocabulary import ABOUT, FOREIGN, Word, read_folder_name


def find(survey: Survey) -> Iterator[Clue]:
    """Yield the outermost folders whose names are an edition's."""
    product = product_name(survey).name
    outer: set[str] = set()
    for folder in sorted(survey.folders()):
        parts = folder[:-1].split("/")
        if FOREIGN & set(parts) or any(one in outer for one in folders_above(folder)):
            continue
        word = read_folder_name(parts[-1], product)
        if word is None:
            continue
        if ABOUT & set(parts[:-1]):
            # Pages about an edition, not the edition.
            word = Word(word.wrap, DOUBTFUL, False)
        if word.weight >= NAMED:
            outer.add(folder)
        evidence = Evidence(folder, 0, f"a folder named {parts[-1]}")
        yield Clue(folder, word.wrap, word.weight, evidence, assumed=word.assumed)


SIGNAL = Signal(
    name="folders",
    sentence="A folder is named as an edition: ee, enterprise, premium, commercial; perhaps pro, "
    "paid, cloud.",
    example=Example(
        files={
            "src/app/main.py": "",
            "src/app/ee/sso.py": "",
            "premium/report.py": "",
            "docs/ee/index.md": "",
            "vendor/other/enterprise/x.go": "",
        },
        says={"src/app/ee/": "enterprise", "premium/": "premium", "docs/ee/": "enterprise"},
    ),
    find=find,
)
