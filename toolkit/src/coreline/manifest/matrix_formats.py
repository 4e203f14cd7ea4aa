# SPDX-License-Identifier: Apache-2.0
"""The feature matrix as Markdown, CSV and JSON."""

import csv
import io
import json
import re

from coreline.manifest.matrix import Column, Matrix, price_text, trial_text

MARK = "✓"


def head_rows(matrix: Matrix) -> list[tuple[str, list[str]]]:
    """Return what stands above the features: price, trial, segment, for each column."""
    rows = [
        ("Price", [price_text(column) for column in matrix.columns]),
        ("Trial", [trial_text(column) for column in matrix.columns]),
        ("Segment", [column.segment or "" for column in matrix.columns]),
    ]
    return [(name, cells) for name, cells in rows if name == "Price" or any(cells)]


def markdown(matrix: Matrix) -> str:
    """Return a table in GitHub Flavored Markdown."""
    titles = [column.title for column in matrix.columns]
    lines = [_markdown_row([matrix.product, *titles]), "|---" + "|:-:" * len(titles) + "|"]
    lines += [_markdown_row([name, *cells]) for name, cells in head_rows(matrix)]
    for row in matrix.rows:
        marks = [MARK if included else "" for included in row.included]
        lines.append(_markdown_row([row.title, *marks]))
    return "\n".join(lines) + "\n"


def _markdown_row(cells: list[str]) -> str:
    # A title must not end the cell, begin a link or become HTML on somebody's page.
    safe = (re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", " ".join(cell.split())) for cell in cells)
    return "".join(f"| {cell} " for cell in safe) + "|"


def csv_text(matrix: Matrix) -> str:
    """Return CSV (RFC 4180): first what the columns are, then one line for each feature."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [column.name for column in matrix.columns]
    writer.writerow(["row", "name", "title", "side", "segment", *map(_cell, names)])
    for title, cells in head_rows(matrix):
        writer.writerow([title.lower(), "", title, "", "", *map(_cell, cells)])
    for row in matrix.rows:
        marks = ["yes" if included else "no" for included in row.included]
        about = [row.name, row.title, row.side, row.segment or ""]
        writer.writerow(["feature", *map(_cell, about), *marks])
    return out.getvalue()


def _cell(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula (OWASP: CSV injection).
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def json_text(matrix: Matrix) -> str:
    """Return JSON: the editions with their prices, and the features with their editions."""
    body = {
        "product": matrix.product,
        "editions": [_edition(column) for column in matrix.columns],
        "features": [
            {
                "name": row.name,
                "title": row.title,
                "side": row.side,
                "wrap": row.wrap,
                "primary": row.primary,
                "critical": row.critical,
                "segment": row.segment,
                "editions": [
                    column.name
                    for column, included in zip(matrix.columns, row.included, strict=True)
                    if included
                ],
            }
            for row in matrix.rows
        ],
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _edition(column: Column) -> dict[str, object]:
    price = column.price
    return {
        "name": column.name,
        "title": column.title,
        "core": column.is_core,
        "price": price and {"amount": price.amount, "currency": price.currency, "per": price.per},
        "trial_days": column.trial_days,
        "grace_days": column.grace_days,
        "segment": column.segment,
    }
