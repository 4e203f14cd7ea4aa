# SPDX-License-Identifier: Apache-2.0
"""What a report says of licenses beside its findings, and that it is no legal advice: once."""

from collections import defaultdict
from collections.abc import Iterator

from coreline.boundary.spdx.dependencies import Survey, survey_of
from coreline.boundary.spdx.judging import judge
from coreline.boundary.spdx_texts import is_open
from coreline.boundary.subject import Subject

NOT_ADVICE = (
    "What is said of licenses follows a table of rules with their sources"
    " (Coreline's docs/explanation/licenses.md) and is not legal advice."
)
_NAMED_MAX = 3


def license_notes(subject: Subject) -> Iterator[str]:
    """Yield a sentence for each thing about licenses that is worth knowing."""
    survey = survey_of(subject)
    said = [*_core(subject), *_borrowed(subject), *_conditions(survey), *_unknown(survey)]
    yield from said
    for name in survey.idle:
        yield f'{subject.parsed.source}: [dependencies."{name}"] is pinned by no lock file.'
    if said or survey.judged:
        yield NOT_ADVICE


def _core(subject: Subject) -> Iterator[str]:
    """Say what the core's own license asks of those who build proprietary software around it."""
    spdx = subject.manifest.core.spdx
    around = judge(spdx, "around")
    # Terms of contents, such as those of a documentation, ask nothing of software.
    if around.verdict in ("yes", "unknown") or around.license.startswith("CC-"):
        return
    if not is_open(spdx):
        yield (
            f"The core is under {spdx}, which is not open: others may build on it only as far as"
            f" its terms allow ({around.source})."
        )
    elif around.verdict == "conditions":
        yield (
            f"The core is under {spdx}: others may build proprietary software around it on the"
            f" conditions of {around.source}."
        )
    else:
        yield (
            f"The core is under {spdx}: what links to it is passed on under the same terms"
            f" ({around.source}). Proprietary software around it can come only from who holds the"
            " rights to all of the core, such as a vendor with an agreement of every contributor."
        )


def _borrowed(subject: Subject) -> Iterator[str]:
    """Count the files whose headers, in words, state other terms that may be passed on here."""
    from coreline.boundary.spdx.headers import borrowed

    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, header in borrowed(subject):
        found[subject.side_name(path), header.expression].append(path)
    for (owner, spdx), paths in found.items():
        yield (
            f"{_counted(len(paths), 'file')} of {owner} {_is(paths)} under {spdx} by the header,"
            f" which may be passed on with it: {_listed(paths)}. The manifest can say so with AND."
        )


def _conditions(survey: Survey) -> Iterator[str]:
    """Say which packages come with conditions, a sentence for each license and side."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in survey.judged:
        if one.in_side.verdict == "conditions":
            owner = survey.subject.side_name(one.path)
            found[owner, one.in_side.license, one.in_side.source].append(one.package.name)
    for (owner, spdx, source), names in found.items():
        yield (
            f"{owner[0].upper()}{owner[1:]} ships {_counted(len(names), 'dependency')} under {spdx}"
            f" on the conditions of {source}: {_listed(names)}."
        )


def _unknown(survey: Survey) -> Iterator[str]:
    """Count the packages whose license nobody says, and those that the table does not know."""
    total = len(survey.packages)
    if survey.unknown:
        yield (
            f"The licenses of {len(survey.unknown):,} of {_counted(total, 'shipped dependency')}"
            " are unknown: the locks do not say them and no installed metadata does. Install them"
            " beside the lock files, or say them in [dependencies]."
        )
    strange = {one.in_side.license for one in survey.judged if one.in_side.verdict == "unknown"}
    if strange:
        yield f"The table of licenses has no answer for {_listed(sorted(strange))}."


def _listed(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _NAMED_MAX
    return ", ".join(distinct[:_NAMED_MAX]) + (f" and {more:,} more" if more > 0 else "")


def _counted(number: int, noun: str) -> str:
    plural = (
        noun if number == 1 else noun.removesuffix("y") + "ies" if noun[-1] == "y" else noun + "s"
    )
    return f"{number:,} {plural}"


def _is(things: list[str]) -> str:
    return "is" if len(things) == 1 else "are"
