# SPDX-License-Identifier: Apache-2.0
"""From clues to the owner of every path.

The nearest word holds: what is said of a file before what is said of its folder, and of that
before the folder around it. Where clues on one place are equally strong, the wrap gets it, since
what is published cannot be taken back. Within a wrap only an exact word (a sentence of the license,
an SPDX tag) gives something to the core.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from coreline.proposal.model import LETTER, NAMED, STATED, Clue, Doubt, Evidence, Owner
from coreline.proposal.survey import Survey

Answer = Callable[[Doubt], bool]
"""Whether a doubtful place is the wrap's, asked of a person or assumed."""

WRAP_WITHOUT_NAME = "commercial"


class Decision(NamedTuple):
    """Who owns what and why.

    ``owners`` has every path; ``decided`` every folder (ending in a slash) that was decided as a
    whole; ``reasons`` the evidence for each decided folder and file; ``anywhere`` names and marks
    that mean a wrap wherever they stand; ``kept`` places in a wrap that say they are open.
    """

    owners: dict[str, Owner]
    decided: dict[str, Owner]
    reasons: dict[str, tuple[Evidence, ...]]
    doubts: tuple[Doubt, ...]
    anywhere: frozenset[str]
    kept: tuple[Evidence, ...]


class _Verdict(NamedTuple):
    owner: Owner
    weight: int
    reasons: tuple[Evidence, ...]


def decide(survey: Survey, clues: Mapping[str, Iterable[Clue]], answer: Answer) -> Decision:
    """Weigh all clues.

    Args:
        survey: the repository.
        clues: by the name of the signal that gave them.
        answer: asked for each doubtful place, in the order of their paths.
    """
    by_path: dict[str, dict[str, Clue]] = defaultdict(dict)
    anywhere: set[str] = set()
    for signal, found in clues.items():
        for clue in found:
            key = f"{signal} {clue.wrap is None}"
            known = by_path[clue.path].get(key)
            if known is None or clue.weight > known.weight:
                by_path[clue.path][key] = clue
    fallback = _common_wrap(by_path)
    verdicts: dict[str, _Verdict] = {}
    doubts: list[Doubt] = []
    for path in sorted(by_path):
        found = tuple(by_path[path].values())
        verdict = _weigh(found, fallback, answer, doubts)
        if verdict is not None:
            verdicts[path] = verdict
            if verdict.owner is not None:
                anywhere.update(_names(path, found))
    return _settle(survey, verdicts, tuple(doubts), frozenset(anywhere))


def _weigh(
    clues: tuple[Clue, ...], fallback: str, answer: Answer, doubts: list[Doubt]
) -> _Verdict | None:
    """Return what the clues on one place come to, None where nothing."""
    wrap = [clue for clue in clues if clue.wrap is not None]
    core = [clue for clue in clues if clue.wrap is None]
    for_wrap, for_core = _strength(wrap), _strength(core)
    if for_core > for_wrap:
        return _Verdict(None, for_core, _evidence(core))
    if not wrap:
        return None
    ranked = sorted(wrap, key=lambda clue: (not clue.wrap, -clue.weight))
    name = ranked[0].wrap or fallback
    if for_wrap >= NAMED:
        return _Verdict(name, for_wrap, _evidence(wrap))
    doubt = Doubt(clues[0].path, name, any(clue.assumed for clue in wrap), _evidence(wrap))
    doubts.append(doubt._replace(assumed=answer(doubt)))
    return _Verdict(name, for_wrap, _evidence(wrap)) if doubts[-1].assumed else None


def _strength(clues: list[Clue]) -> int:
    strongest = max((clue.weight for clue in clues), default=0)
    return max(strongest, min(STATED, sum(clue.weight for clue in clues)))


def _evidence(clues: list[Clue]) -> tuple[Evidence, ...]:
    return tuple(clue.evidence for clue in sorted(clues, key=lambda clue: -clue.weight))


def _common_wrap(by_path: Mapping[str, Mapping[str, Clue]]) -> str:
    """Return the name for a wrap that no clue names: the only or most frequent other one."""
    names = Counter(
        clue.wrap
        for clues in by_path.values()
        for clue in clues.values()
        if clue.wrap and clue.weight >= NAMED
    )
    return names.most_common(1)[0][0] if names else WRAP_WITHOUT_NAME


def _names(path: str, clues: Iterable[Clue]) -> Iterator[str]:
    """Yield what is said to mean a wrap anywhere: a folder's name, a mark in a file's name."""
    if not any(clue.anywhere for clue in clues):
        return
    if path.endswith("/"):
        yield path[:-1].rpartition("/")[2]
        return
    name = path.rpartition("/")[2].lower()
    yield from (mark for mark in (".ee.", "_ee.", "-ee.") if mark in name)


def _settle(
    survey: Survey,
    verdicts: dict[str, _Verdict],
    doubts: tuple[Doubt, ...],
    anywhere: frozenset[str],
) -> Decision:
    """Give every path to the nearest verdict above it."""
    folders: dict[str, Owner] = {}
    kept: list[Evidence] = []
    for folder in sorted(path for path in verdicts if path.endswith("/")):
        around = _nearest(folders, folder[:-1])
        verdict = verdicts[folder]
        if _stays(verdict, around):
            kept += verdict.reasons[:1]
        elif verdict.owner != around:
            folders[folder] = verdict.owner
    owners: dict[str, Owner] = {}
    for path in survey.paths:
        around = _nearest(folders, path)
        found = verdicts.get(path)
        owners[path] = around if found is None or _stays(found, around) else found.owner
    reasons = {path: verdict.reasons for path, verdict in verdicts.items()}
    return Decision(owners, folders, reasons, doubts, anywhere, tuple(kept))


def _stays(verdict: _Verdict, around: Owner) -> bool:
    """Whether something in a wrap stays there, although a text beside it is open."""
    return around is not None and verdict.owner is None and verdict.weight < LETTER


def _nearest(folders: Mapping[str, Owner], path: str) -> Owner:
    slash = path.rfind("/")
    while slash > 0:
        folder = path[: slash + 1]
        if folder in folders:
            return folders[folder]
        slash = path.rfind("/", 0, slash)
    return None
