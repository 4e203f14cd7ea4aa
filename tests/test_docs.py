# SPDX-License-Identifier: Apache-2.0
"""The documentation is whole: pages are current, links lead somewhere, no index is named."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    targets = LINK.findall(prose)
    missing = [name for name in targets if not (page.parent / unquote(name)).exists()]
    assert missing == []


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    records = [path.name for path in (ROOT / "docs/decisions").glob("0*.md")]
    assert records
    assert [name for name in records if f"({name})" not in listed] == []


def test_requirements_name_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_the_words_page_has_every_word_of_the_manifest() -> None:
    from coreline.manifest.model import Manifest

    words = (ROOT / "docs/explanation/words.md").read_text(encoding="utf-8")
    # The product is what the page is about; every other table is a word of the field.
    tables = set(Manifest.__struct_fields__) - {"product"}
    assert [table for table in tables if f"| {table.rstrip('s')}" not in words] == []
