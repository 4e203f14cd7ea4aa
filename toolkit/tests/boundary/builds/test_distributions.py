# SPDX-License-Identifier: Apache-2.0
"""Python distributions that a wrap is built as, and a core that needs them by that name alone."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ee/pyproject.toml", '[build-system]\nname = "x-y"\n[project]\nname = "acme-fleet"\n'),
        ("ee/pyproject.toml", '[tool.poetry]\nversion = "1"\nname = "acme_fleet"  # ours\n'),
        ("ee/setup.cfg", "[metadata]\nname = acme-fleet\n"),
        ("ee/setup.py", 'from setuptools import setup\nsetup(\n    name="acme-fleet",\n)\n'),
    ],
)
def test_core_that_needs_a_wraps_distribution_is_broken(
    checked: Callable[..., Report], path: str, text: str
) -> None:
    files = {path: text, "requirements.txt": "requests\nAcme_Fleet>=1\nx-y\n"}
    report = checked(files, MANIFEST)
    found = [(one.path, one.line) for one in report.findings if one.check == "references"]
    assert report.grade == "broken"
    assert found == [("requirements.txt", 2)]


def test_plain_word_is_nobodys_distribution(checked: Callable[..., Report]) -> None:
    files = {"ee/pyproject.toml": '[project]\nname = "backend"\n', "app/a.py": "import backend\n"}
    assert checked(files, MANIFEST).grade == "loose"


def test_wrap_built_by_the_products_own_name_does_not_own_it(
    checked: Callable[..., Report],
) -> None:
    same = '[project]\nname = "acme-app"\n'
    files = {"ee/x/pyproject.toml": same, "pyproject.toml": same, "requirements.txt": "acme-app\n"}
    named = MANIFEST.replace('name = "acme"', 'name = "acme_app"')
    assert checked(files, named).grade == "loose"
