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
from coreline.proposal.survey import Survey, folders_above

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


class _Said(NamedTuple):
    signal: str
    clue: Clue


def decide(survey: Survey, clues: Mapping[str, Iterable[Clue]], answer: Answer) -> Decision:
    """Weigh all clues.

    Args:
        survey: the repository.
        clues: by the name of the signal that gave them.
        answer: asked for each doubtful place, in the order of their paths.
    """
    by_path: dict[str, list[_Said]] = defaultdict(list)
    for signal, found in clues.items():
        for clue in found:
            by_path[clue.path].append(_Said(signal, clue))
    fallback = _common_wrap(by_path)
    anywhere: set[str] = set()
    verdicts: dict[str, _Verdict] = {}
    folders: dict[str, Owner] = {}
    doubts: list[Doubt] = []
    for path in sorted(by_path):
        if _strength(by_path[path]) < NAMED and _nearest(folders, path) is not None:
            # Nobody doubts a folder that lies in a wrap anyway.
            continue
        verdict = _weigh(by_path[path], fallback, answer, doubts)
        if verdict is not None:
            verdicts[path] = verdict
            if path.endswith("/"):
                folders[path] = verdict.owner
            if verdict.owner is not None:
                anywhere.update(_names(path, [said.clue for said in by_path[path]]))
    return _settle(survey, verdicts, tuple(doubts), frozenset(anywhere))


def _weigh(
    said: list[_Said], fallback: str, answer: Answer, doubts: list[Doubt]
) -> _Verdict | None:
    """Return what the clues on one place come to, None where nothing."""
    wrap = [one for one in said if one.clue.wrap is not None]
    core = [one for one in said if one.clue.wrap is None]
    for_wrap, for_core = _strength(wrap), _strength(core)
    if for_core > for_wrap:
        return _Verdict(None, for_core, _evidence(core))
    if not wrap:
        return None
    ranked = sorted((one.clue for one in wrap), key=lambda clue: (not clue.wrap, -clue.weight))
    name = ranked[0].wrap or fallback
    if for_wrap >= NAMED:
        return _Verdict(name, for_wrap, _evidence(wrap))
    assumed = any(clue.assumed for clue in ranked)
    doubt = Doubt(ranked[0].path, name, assumed, _evidence(wrap))
    doubts.append(doubt._replace(assumed=answer(doubt)))
    return _Verdict(name, for_wrap, _evidence(wrap)) if doubts[-1].assumed else None


def _strength(said: list[_Said]) -> int:
    """Return how strong clues are together: the strongest, or different signals added up."""
    by_signal: dict[str, int] = {}
    for signal, clue in said:
        by_signal[signal] = max(clue.weight, by_signal.get(signal, 0))
    return max([min(STATED, sum(by_signal.values())), *by_signal.values()])


def _evidence(said: list[_Said]) -> tuple[Evidence, ...]:
    return tuple(clue.evidence for _, clue in sorted(said, key=lambda one: -one.clue.weight))


def _common_wrap(by_path: Mapping[str, list[_Said]]) -> str:
    """Return the name for a wrap that no clue names: the only or most frequent other one."""
    names = Counter(
        clue.wrap
        for said in by_path.values()
        for _, clue in said
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
        around = _nearest(folders, folder)
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
    return next((folders[one] for one in folders_above(path) if one in folders), None)
