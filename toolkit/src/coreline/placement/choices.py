# SPDX-License-Identifier: Apache-2.0
"""Choices as arrays: the one form that importers make and that models are estimated from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreline.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Choices:
    """Who chose what out of what: one row for each alternative that somebody could choose.

    Rows of a situation stand together, and so do the situations of a person; an alternative that
    was not on offer has no row.

    Attributes:
        names: the attributes, in the order of the columns of ``values``.
        values: float64 [rows, names].
        situation: int64 [rows], 0, 1, 2 … and ascending.
        alternative: int64 [rows], an index into ``alternatives``.
        alternatives: the names of the alternatives.
        chosen: bool [rows], true once in each situation.
        person: int64 [situations], 0, 1, 2 … and ascending: whose situation it is.
        people: the name of each person.
        segment: int64 [people], an index into ``segments``.
        segments: the names of the segments.
        weight: float64 [people], how much one answer counts; 1 on average.
    """

    names: tuple[str, ...]
    values: Floats
    situation: Ints
    alternative: Ints
    alternatives: tuple[str, ...]
    chosen: Flags
    person: Ints
    people: tuple[str, ...]
    segment: Ints
    segments: tuple[str, ...]
    weight: Floats

    @property
    def situations(self) -> int:
        """How many choices were made."""
        return len(self.person)

    def column(self, name: str) -> Floats:
        """Return the values of one attribute.

        Raises:
            InputError: there is no such attribute (``choices-attribute-unknown``).
        """
        if name not in self.names:
            raise InputError(
                "choices-attribute-unknown",
                f"There is no attribute {name} in the answers.",
                f"There are: {', '.join(self.names)}.",
            )
        found: Floats = self.values[:, self.names.index(name)]
        return found


def choices(
    names: Sequence[str],
    values: Floats,
    *,
    situation: Sequence[object] | NDArray[np.generic],
    alternative: Sequence[str] | NDArray[np.generic],
    chosen: Sequence[object] | NDArray[np.generic],
    person: Sequence[object] | NDArray[np.generic] | None = None,
    segment: Sequence[str] | NDArray[np.generic] | None = None,
    weight: Sequence[float] | Floats | None = None,
) -> Choices:
    """Order rows and check them; every argument but ``names`` has one entry a row.

    Args:
        names: the attributes.
        values: [rows, names].
        situation: which choice a row is of; unique together with the person.
        alternative: the name of the alternative.
        chosen: whether it was chosen.
        person: who chose; each situation is a person's own where None.
        segment: the segment of the person; "all" where None.
        weight: how much the person counts; 1 where None.

    Raises:
        InputError: the rows are no choices; the code says how (``choices-shape``,
            ``choices-not-finite``, ``choices-chosen``, ``choices-alone``,
            ``choices-twice``, ``choices-person-split``).
    """
    table = np.asarray(values, dtype=np.float64)
    rows = len(table)
    who = np.asarray(situation if person is None else person).astype(str)
    _same_length(rows, situation, alternative, chosen, who, segment, weight)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise _wrong("choices-shape", f"{len(names)} names for values of shape {table.shape}.")
    if not np.isfinite(table).all():
        row, column = (int(one[0]) for one in np.nonzero(~np.isfinite(table)))
        raise _wrong("choices-not-finite", f"{names[column]} of row {row + 1} is no number.")
    people, person_of_row = np.unique(who, return_inverse=True)
    labels = np.asarray(situation).astype(str)
    _, label_of_row = np.unique(labels, return_inverse=True)
    alternatives, alternative_of_row = np.unique(
        np.asarray(alternative).astype(str), return_inverse=True
    )
    order = np.lexsort((alternative_of_row, label_of_row, person_of_row))
    person_sorted, label_sorted = person_of_row[order], label_of_row[order]
    starts = np.ones(rows, dtype=bool)
    starts[1:] = (np.diff(person_sorted) != 0) | (np.diff(label_sorted) != 0)
    situation_of_row = np.cumsum(starts) - 1
    taken = np.asarray(chosen).astype(bool)[order]
    _check(situation_of_row, alternative_of_row[order], taken, labels[order], alternatives)
    segments, segment_of_person = _of_person(segment, "segment", order, person_sorted, "all")
    weights = np.ones(len(people))
    if weight is not None:
        found, which = _of_person(weight, "weight", order, person_sorted, 1.0)
        weights = np.asarray(found, dtype=np.float64)[which]
        if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
            raise _wrong("choices-shape", "A weight is negative or no number.")
        weights = weights * len(weights) / weights.sum()
    return Choices(
        names=tuple(names),
        values=np.ascontiguousarray(table[order]),
        situation=situation_of_row.astype(np.int64),
        alternative=alternative_of_row[order].astype(np.int64),
        alternatives=tuple(str(one) for one in alternatives),
        chosen=taken,
        person=person_sorted[starts].astype(np.int64),
        people=tuple(str(one) for one in people),
        segment=segment_of_person,
        segments=tuple(str(one) for one in segments),
        weight=weights,
    )


def _same_length(rows: int, *columns: object) -> None:
    for column in columns:
        if column is not None and len(np.asarray(column)) != rows:
            raise _wrong("choices-shape", f"A column has {len(np.asarray(column))} of {rows} rows.")
    if not rows:
        raise _wrong("choices-shape", "There is no row.")


def _check(
    situation: Ints,
    alternative: Ints,
    taken: Flags,
    labels: NDArray[np.str_],
    names: NDArray[np.str_],
) -> None:
    """Check that one of several alternatives was chosen in each situation."""
    count = int(situation[-1]) + 1
    chosen = np.bincount(situation, weights=taken, minlength=count)
    size = np.bincount(situation, minlength=count)
    first = np.searchsorted(situation, np.arange(count))
    for code, bad, said in (
        ("choices-chosen", chosen != 1, "has not exactly one chosen alternative"),
        ("choices-alone", size < 2, "has one alternative: nothing was chosen there"),
    ):
        if bad.any():
            where = labels[first[int(np.argmax(bad))]]
            raise _wrong(code, f"Situation {where} {said} ({int(bad.sum())} such situations).")
    again = (np.diff(situation) == 0) & (np.diff(alternative) == 0)
    if again.any():
        row = int(np.argmax(again))
        raise _wrong(
            "choices-twice",
            f"Situation {labels[row]} has the alternative {names[alternative[row]]} twice.",
        )


def _of_person(
    column: object, what: str, order: NDArray[np.intp], person: NDArray[np.intp], default: object
) -> tuple[NDArray[np.generic], Ints]:
    """Return the values of a column, and which of them each person has."""
    people = int(person[-1]) + 1
    if column is None:
        return np.asarray([default]), np.zeros(people, dtype=np.int64)
    values, which = np.unique(np.asarray(column)[order], return_inverse=True)
    first = np.searchsorted(person, np.arange(people))
    of_person = which[first]
    if (of_person[person] != which).any():
        raise _wrong("choices-person-split", f"Somebody has more than one {what}.")
    return values, of_person.astype(np.int64)


def _wrong(code: str, sentence: str) -> InputError:
    return InputError(
        code, sentence, "Give one row for each alternative of each choice, one of them chosen."
    )
