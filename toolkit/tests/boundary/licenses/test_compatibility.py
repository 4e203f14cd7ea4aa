# SPDX-License-Identifier: Apache-2.0
"""The table of licenses, and expressions judged by it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.expressions import agrees, parse
from coreline.boundary.spdx.compatibility import (
    EITHER,
    EXCEPTION,
    LINKING_EXCEPTIONS,
    ROWS,
    USES,
    Use,
    Verdict,
)
from coreline.boundary.spdx.judging import ORDER, judge, readable, uses_of

IDS = sorted(spdx for row in ROWS for spdx in row.ids)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_cell_has_a_verdict_and_a_source(row: object) -> None:
    found = next(one for one in ROWS if one is row)
    assert set(found.cells) == set(USES)
    for cell in found.cells.values():
        assert cell.verdict in ORDER
        assert len(cell.source) > 5
        assert cell.source == cell.source.strip()


def test_no_license_stands_in_two_rows() -> None:
    assert len({spdx.lower() for spdx in IDS}) == len(IDS)
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert set(EITHER) & set(IDS) == set()
    assert EXCEPTION.source


def test_every_id_is_on_the_spdx_list() -> None:
    from license_expression import (  # type: ignore[import-untyped]  # It ships no types.
        get_spdx_licensing,
    )

    known = set(get_spdx_licensing().known_symbols)
    named = {one for one in (*IDS, *EITHER) if not one.startswith("LicenseRef-")}
    assert named - known == set()
    assert LINKING_EXCEPTIONS - known == set()
    # The library's own reading of an expression is the same as the quick one.
    assert str(get_spdx_licensing().parse("GPL-2.0+ OR MIT")) == "GPL-2.0-or-later OR MIT"


@pytest.mark.parametrize(
    ("spdx", "use", "verdict"),
    [
        ("MIT", "permissive", "yes"),
        ("Apache-2.0", "gpl-2", "no"),
        ("Apache-2.0", "gpl-3", "yes"),
        ("GPL-2.0-only", "gpl-3", "no"),
        ("GPL-2.0-or-later", "gpl-3", "yes"),
        ("GPL-2.0+", "gpl-3", "yes"),
        ("GPL-3.0-only", "permissive", "no"),
        ("GPL-3.0-only", "wrap", "no"),
        ("GPL-3.0-only", "agpl-3", "yes"),
        ("AGPL-3.0-or-later", "wrap", "no"),
        ("AGPL-3.0-or-later", "gpl-3", "conditions"),
        ("LGPL-3.0-only", "wrap", "conditions"),
        ("LGPL-3.0-or-later", "gpl-2", "no"),
        ("LGPL-2.1-only", "gpl-3", "yes"),
        ("MPL-2.0", "wrap", "conditions"),
        ("MPL-2.0", "gpl-2", "yes"),
        ("EPL-2.0", "gpl-3", "no"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "wrap", "conditions"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "gpl-3", "no"),
        ("GPL-2.0-only WITH Universal-FOSS-exception-1.0", "wrap", "no"),
        ("SSPL-1.0", "permissive", "no"),
        ("BUSL-1.1", "permissive", "no"),
        ("BUSL-1.1", "wrap", "conditions"),
        ("CC-BY-NC-4.0", "wrap", "no"),
        ("LicenseRef-Anybody", "permissive", "no"),
        ("LicenseRef-Anybody", "wrap", "conditions"),
        ("MIT OR GPL-3.0-only", "wrap", "yes"),
        ("MIT AND GPL-3.0-only", "wrap", "no"),
        ("(MIT OR GPL-3.0-only) AND LGPL-3.0-only", "wrap", "conditions"),
        ("HPND-sell-variant", "wrap", "unknown"),
        ("not ( an expression", "wrap", "unknown"),
    ],
)
def test_known_answers(spdx: str, use: Use, verdict: Verdict) -> None:
    found = judge(spdx, use)
    assert found.verdict == verdict
    assert bool(found.source) == (verdict != "unknown")


EXPRESSIONS = st.recursive(
    st.sampled_from([*IDS, *EITHER, "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-X"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=5,
)
ANY_USE = st.sampled_from(sorted(USES))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(EXPRESSIONS, EXPRESSIONS, ANY_USE)
def test_an_alternative_never_makes_a_verdict_worse(one: str, other: str, use: Use) -> None:
    assert judge(f"{one} OR {other}", use).rank <= judge(one, use).rank
    assert judge(f"{one} OR {other}", use).rank == judge(f"{other} OR {one}", use).rank


@settings(deadline=None, derandomize=True, max_examples=200)
@given(EXPRESSIONS, EXPRESSIONS, ANY_USE)
def test_a_further_license_never_makes_a_verdict_better(one: str, other: str, use: Use) -> None:
    assert judge(f"{one} AND {other}", use).rank >= judge(one, use).rank


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.sampled_from(IDS), min_size=1, max_size=3), st.sampled_from(["AND", "OR"]))
def test_the_quick_reading_agrees_with_the_library(names: list[str], operator: str) -> None:
    quick = f" {operator} ".join(names)
    # Another pair of brackets sends it through the library.
    slow = f"(({quick}))"
    for use in USES:
        assert judge(quick, use).verdict == judge(slow, use).verdict
    assert agrees(slow, quick) or len(set(names)) < len(names) or agrees(quick, slow)


@pytest.mark.parametrize(
    ("side", "uses"),
    [
        ("MIT", ("permissive",)),
        ("MIT AND CC-BY-SA-4.0", ("permissive",)),
        ("MPL-2.0", ("weak",)),
        ("Apache-2.0 OR GPL-2.0-only", ("permissive", "gpl-2")),
        ("Apache-2.0 AND GPL-3.0-only", ("gpl-3",)),
        ("GPL-2.0-or-later", ("gpl-2", "gpl-3")),
        ("AGPL-3.0-only", ("agpl-3",)),
        ("BUSL-1.1", ("wrap",)),
        ("AGPL-3.0-only OR LicenseRef-Acme-Commercial", ("agpl-3", "wrap")),
        ("LicenseRef-Acme", ("wrap",)),
        ("GPL-2.0-only WITH Classpath-exception-2.0", ("gpl-2",)),
    ],
)
def test_what_a_side_asks_of_its_dependencies(side: str, uses: tuple[Use, ...]) -> None:
    assert uses_of(side) == uses


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("BSD", "BSD-3-Clause"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2.0+ OR MIT", "GPL-2.0-or-later OR MIT"),
        ("GPL", "GPL-1.0-or-later"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("UNLICENSED", "LicenseRef-Proprietary"),
        ("License :: Other/Proprietary License", "LicenseRef-Proprietary"),
        ("License :: OSI Approved :: Apache Software License", "Apache-2.0"),
        (
            "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
            "GPL-3.0-or-later",
        ),
        (
            "License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)",
            "LGPL-2.1-only",
        ),
        ("SEE LICENSE IN LICENSE.md", None),
        ("MIT AND Something", None),
        ("https://example.com/license", None),
        ("Dual License", None),
        ("", None),
    ],
)
def test_what_metadata_means(text: str, spdx: str | None) -> None:
    found = readable(text)
    assert found == spdx or (found is not None and found.lower() == (spdx or "").lower())


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(max_size=60))
def test_no_text_makes_reading_or_judging_fail(text: str) -> None:
    found = readable(text)
    if found is not None:
        assert judge(found, "wrap").verdict in ORDER


def test_brackets_without_end_are_no_expression() -> None:
    assert parse("(" * 200 + "MIT" + ")" * 200) is None or judge("MIT", "wrap").verdict == "yes"
    assert judge("(" * 5000, "wrap").verdict == "unknown"
