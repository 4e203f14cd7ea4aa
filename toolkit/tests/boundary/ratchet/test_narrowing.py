# SPDX-License-Identifier: Apache-2.0
"""Which license gives less than another."""

import pytest

from coreline.boundary.ratchet.narrowing import narrower, step_of


@pytest.mark.parametrize(
    ("expression", "step"),
    [
        ("MIT", "permissive"),
        ("Apache-2.0", "permissive"),
        ("BSL-1.0", "permissive"),
        ("MPL-2.0", "weak copyleft"),
        ("GPL-3.0-only", "strong copyleft"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "weak copyleft"),
        ("AGPL-3.0-or-later", "network copyleft"),
        ("BUSL-1.1", "source-available"),
        ("SSPL-1.0", "source-available"),
        ("Elastic-2.0", "source-available"),
        ("LicenseRef-Apache-2.0-Commons-Clause", "source-available"),
        ("LicenseRef-Acme", "proprietary"),
        ("MIT OR LicenseRef-Acme", "permissive"),
        ("MIT AND AGPL-3.0-only", "network copyleft"),
        ("(MIT OR GPL-2.0-only) AND MPL-2.0", None),
    ],
)
def test_the_steps(expression: str, step: str | None) -> None:
    found = step_of(expression)
    if step is not None:
        assert found is not None
        assert found.name == step


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("MPL-2.0", "BUSL-1.1"),
        ("Apache-2.0", "AGPL-3.0-only"),
        ("AGPL-3.0-only", "SSPL-1.0"),
        ("BUSL-1.1", "LicenseRef-Acme"),
        ("MIT OR GPL-3.0-only", "GPL-3.0-only"),
    ],
)
def test_less_is_told_and_the_way_back_is_not(before: str, after: str) -> None:
    assert narrower(before, after) is not None
    assert narrower(after, before) is None
    assert narrower(after, after) is None


def test_what_nobody_knows_is_compared_with_nothing() -> None:
    assert narrower("MIT", "Frobnicate-1.0") is None
    assert narrower("Frobnicate-1.0", "LicenseRef-Acme") is None
