# SPDX-License-Identifier: Apache-2.0
"""The feature matrix: which feature comes with which edition, as a pricing page shows it."""

from typing import NamedTuple

from coreline.manifest.claims import wrap_of
from coreline.manifest.model import Edition, Feature, Manifest, Price, Side


class Column(NamedTuple):
    """The core, or an edition."""

    name: str
    """The edition's key; ``core`` for the core."""
    title: str
    price: Price | None
    trial_days: int
    grace_days: int
    segment: str | None
    """The title of the segment that the edition is for."""
    is_core: bool = False


class Row(NamedTuple):
    """A feature, and whether each column has it."""

    name: str
    title: str
    side: Side
    wrap: str | None
    primary: bool
    critical: bool
    segment: str | None
    included: tuple[bool, ...]


class Matrix(NamedTuple):
    """Features by edition. The first column is the core, which every edition is built on."""

    product: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def feature_matrix(manifest: Manifest) -> Matrix:
    """Return the feature matrix: core features first, then those of the wrap, as written."""
    columns = [Column("core", "Core", None, 0, 0, None, is_core=True)]
    columns += [_column(manifest, name, one) for name, one in manifest.editions.items()]
    features = sorted(manifest.features.items(), key=lambda item: item[1].side == "wrap")
    rows = [_row(manifest, name, feature) for name, feature in features]
    return Matrix(manifest.product.name, tuple(columns), tuple(rows))


def _column(manifest: Manifest, name: str, edition: Edition) -> Column:
    return Column(
        name,
        edition.title or spoken(name),
        edition.price,
        edition.trial_days,
        edition.grace_days,
        _segment(manifest, edition.segment),
    )


def _row(manifest: Manifest, name: str, feature: Feature) -> Row:
    is_core = feature.side == "core"
    sold = [is_core or name in edition.features for edition in manifest.editions.values()]
    return Row(
        name,
        feature.title or spoken(name),
        feature.side,
        None if is_core else wrap_of(manifest, name),
        feature.primary,
        feature.critical,
        _segment(manifest, feature.segment),
        (is_core, *sold),
    )


def _segment(manifest: Manifest, name: str | None) -> str | None:
    if name is None:
        return None
    segment = manifest.segments.get(name)
    return (segment.title if segment else None) or spoken(name)


def spoken(name: str) -> str:
    """Return a key as people read it: ``fleet-report`` is "Fleet report"."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


_PERIODS = {
    "seat-month": " per seat and month",
    "seat-year": " per seat and year",
    "month": " per month",
    "year": " per year",
    "once": "",
}


def price_text(column: Column) -> str:
    """Return what a column costs, in words."""
    if column.is_core:
        return "free"
    if column.price is None:
        return "on request"
    amount = column.price.amount
    digits = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"
    return f"{column.price.currency} {digits}{_PERIODS[column.price.per]}"


def trial_text(column: Column) -> str:
    """Return how long a trial lasts, in words; empty where there is none."""
    if column.trial_days == 0:
        return ""
    return "1 day" if column.trial_days == 1 else f"{column.trial_days} days"
