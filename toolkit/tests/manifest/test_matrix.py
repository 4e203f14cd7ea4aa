# SPDX-License-Identifier: Apache-2.0
"""The feature matrix, in each of its forms."""

import csv
import io
import json

import pytest

from coreline.manifest.matrix import Column, feature_matrix, price_text, spoken, trial_text
from coreline.manifest.matrix_formats import csv_text, head_rows, json_text, markdown
from coreline.manifest.model import Price
from coreline.manifest.parse import parse_manifest

TEXT = """
[product]
name = "converge"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**"]
[wraps.w]
spdx = "LicenseRef-W"
[features.fleet-report]
side = "wrap"
segment = "big"
[features.sso]
side = "wrap"
title = "=SSO | <b>SAML</b> & *all*"
[features.apply]
side = "core"
primary = true
[features.unsold]
side = "wrap"
[editions.team]
features = ["sso"]
price = { amount = 1200.5, currency = "EUR", per = "month" }
[editions.enterprise]
title = "Enterprise+"
features = ["sso", "fleet-report"]
segment = "big"
trial_days = 1
grace_days = 14
[segments.big]
title = "Big companies"
"""
MATRIX = feature_matrix(parse_manifest(TEXT).manifest)


def test_core_features_come_first_and_are_in_every_column() -> None:
    assert [column.name for column in MATRIX.columns] == ["core", "team", "enterprise"]
    assert [(row.name, row.included) for row in MATRIX.rows] == [
        ("apply", (True, True, True)),
        ("fleet-report", (False, False, True)),
        ("sso", (False, True, True)),
        ("unsold", (False, False, False)),
    ]
    assert [row.wrap for row in MATRIX.rows] == [None, "w", "w", "w"]
    assert MATRIX.rows[1].segment == "Big companies"


def test_a_manifest_without_editions_has_the_core_alone() -> None:
    text = TEXT[: TEXT.index("[editions.team]")] + TEXT[TEXT.index("[segments.big]") :]
    matrix = feature_matrix(parse_manifest(text).manifest)
    assert [column.title for column in matrix.columns] == ["Core"]
    assert head_rows(matrix) == [("Price", ["free"])]


def test_markdown_escapes_what_would_change_the_page() -> None:
    assert markdown(MATRIX) == (
        "| converge | Core | Team | Enterprise+ |\n"
        "|---|:-:|:-:|:-:|\n"
        "| Price | free | EUR 1,200.50 per month | on request |\n"
        "| Trial |  |  | 1 day |\n"
        "| Segment |  |  | Big companies |\n"
        "| Apply | ✓ | ✓ | ✓ |\n"
        "| Fleet report |  |  | ✓ |\n"
        "| =SSO \\| \\<b\\>SAML\\</b\\> \\& \\*all\\* |  | ✓ | ✓ |\n"
        "| Unsold |  |  |  |\n"
    )


def test_csv_is_read_back_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(MATRIX))))
    assert rows[0] == {
        "row": "price",
        "name": "",
        "title": "Price",
        "side": "",
        "segment": "",
        "core": "free",
        "team": "EUR 1,200.50 per month",
        "enterprise": "on request",
    }
    sso = next(row for row in rows if row["name"] == "sso")
    assert sso["title"] == "'=SSO | <b>SAML</b> & *all*"
    assert (sso["core"], sso["team"], sso["enterprise"]) == ("no", "yes", "yes")
    assert csv_text(MATRIX).count("\r\n") == 1 + 3 + 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\\t"])
def test_cells_that_begin_like_a_formula_are_guarded(start: str) -> None:
    text = TEXT.replace('"=SSO', f'"{start}x')
    rows = list(csv.reader(io.StringIO(csv_text(feature_matrix(parse_manifest(text).manifest)))))
    titles = [row[2] for row in rows]
    assert any(title.startswith("'") for title in titles)
    assert not any(title.startswith(("=", "+", "-", "@", "\t")) for title in titles)


def test_json_names_editions_with_prices_and_features_with_editions() -> None:
    body = json.loads(json_text(MATRIX))
    assert body["product"] == "converge"
    assert body["editions"][1] == {
        "name": "team",
        "title": "Team",
        "core": False,
        "price": {"amount": 1200.5, "currency": "EUR", "per": "month"},
        "trial_days": 0,
        "grace_days": 0,
        "segment": None,
    }
    assert body["editions"][0]["core"] is True
    assert [one["editions"] for one in body["features"]] == [
        ["core", "team", "enterprise"],
        ["enterprise"],
        ["team", "enterprise"],
        [],
    ]


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (Price(amount=4900, currency="USD", per="seat-year"), "USD 4,900 per seat and year"),
        (Price(amount=9.9, currency="USD", per="seat-month"), "USD 9.90 per seat and month"),
        (Price(amount=0, currency="USD", per="year"), "USD 0 per year"),
        (Price(amount=10, currency="USD", per="once"), "USD 10"),
        (None, "on request"),
    ],
)
def test_prices_in_words(price: Price | None, text: str) -> None:
    assert price_text(Column("e", "E", price, 0, 0, None)) == text


def test_trials_and_names_in_words() -> None:
    assert [trial_text(Column("e", "E", None, days, 0, None)) for days in (0, 1, 30)] == [
        "",
        "1 day",
        "30 days",
    ]
    assert [spoken(name) for name in ("a", "fleet-report", "s_s-o")] == [
        "A",
        "Fleet report",
        "S s o",
    ]
