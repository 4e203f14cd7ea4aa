# SPDX-License-Identifier: Apache-2.0
"""Scripts whose names say no language: their first line does."""

from collections.abc import Callable

import pytest

from coreline.boundary.check import load_languages
from coreline.boundary.kinds import Kinds
from coreline.boundary.model import Report

Checked = Callable[..., Report]

WRAP = {"enterprise/acme_enterprise/__init__.py": ""}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"#!/usr/bin/env ruby\n", "ruby"),
        (b"#!/usr/bin/ruby -w\n", "ruby"),
        (b"#!/usr/bin/env -S python3.12 -u\n", "python"),
        (b"#! /bin/sh\n", "shell"),
        (b"#!/usr/bin/env A=1 bash", "shell"),
        (b"#!/usr/bin/env node\r\n", "javascript"),
        (b"#!/usr/bin/perl\n", None),
        (b"#!\n", None),
        (b" #!/bin/sh\n", None),
        (b"#!" + b"\xff" * 1000, None),
        (b"", None),
    ],
)
def test_the_first_line(line: bytes, name: str | None) -> None:
    found = Kinds(load_languages()).of_script(line)
    assert (None if found is None else found.name) == name


def test_a_script_is_judged_as_its_language_is(checked: Checked) -> None:
    files = {"bin/run": "#!/usr/bin/env python3\nimport acme_enterprise\n", **WRAP}
    report = checked(files)
    assert [(one.path, one.line, one.kind) for one in report.findings] == [("bin/run", 2, "static")]
    assert report.coverage.not_analyzed == ()


def test_a_text_without_such_a_line_is_reported_as_not_analyzed(checked: Checked) -> None:
    report = checked({"bin/run": "import acme_enterprise\n", **WRAP})
    assert [one.path for one in report.coverage.not_analyzed] == ["bin/run"]


def test_a_name_goes_before_the_first_line(checked: Checked) -> None:
    files = {"run.md": "#!/usr/bin/env python3\nimport acme_enterprise\n", **WRAP}
    assert checked(files).findings == ()
