# SPDX-License-Identifier: Apache-2.0
"""A proposal: everything a first manifest says, each with where it was seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coreline.boundary.spdx_texts import is_open, read_license_text
from coreline.manifest.globset import GlobSet
from coreline.manifest.model import MANIFEST_NAME, Promise
from coreline.manifest.spdx import find_mistake
from coreline.proposal import evident
from coreline.proposal.compose import Composition, compose
from coreline.proposal.core_license import SPDX_TAG, UNKNOWN, CoreLicense, core_license
from coreline.proposal.decide import Answer, Decision, decide
from coreline.proposal.discovered import Discovered, SaidLookup
from coreline.proposal.metadata import workspaces
from coreline.proposal.model import Claimed, Doubt, Evidence, Owner, Signal
from coreline.proposal.modules import Named, side_packages, wrap_modules
from coreline.proposal.product import Said, primary_use, product_name, vendor_domains
from coreline.proposal.survey import Survey, folders_above, is_license_file
from coreline.proposal.vocabulary import slug


@dataclass(frozen=True)
class ProposedWrap:
    """What is proposed for one wrap."""

    name: str
    spdx: Said
    claims: tuple[Claimed, ...]
    modules: Named
    packages: Named
    lookups: tuple[SaidLookup, ...] = ()
    names: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a repository; ``notes`` are what its reader should know first."""

    product: Said
    primary: Said | None
    vendor: tuple[Said, ...]
    license: CoreLicense
    claims: tuple[Claimed, ...]
    packages: Named
    doors: tuple[Said, ...]
    tests: tuple[Said, ...]
    wraps: tuple[ProposedWrap, ...]
    features: tuple[evident.Suggestion, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    promise: Promise = "loose"
    promise_reason: str = ""
    gates: tuple[Said, ...] = ()

    def promising(self, promise: Promise, reason: str) -> "Proposal":
        """Return the same proposal with another promise."""
        return replace(self, promise=promise, promise_reason=reason)

    def declaring(self, found: Discovered) -> "Proposal":
        """Return the same proposal with what reading the files showed."""
        wraps = tuple(
            replace(
                wrap,
                lookups=found.lookups.get(wrap.name, ()),
                names=found.names.get(wrap.name, ()),
            )
            for wrap in self.wraps
        )
        return replace(self, gates=found.gates, wraps=wraps)


def propose(
    survey: Survey, signals: Mapping[str, Signal], answer: Answer = lambda doubt: doubt.assumed
) -> Proposal:
    """Propose a manifest for a repository.

    Args:
        survey: what was seen of it.
        signals: by name; each is asked once.
        answer: decides a doubtful place; the default is what the signals assume.
    """
    clues = {name: list(signal.find(survey)) for name, signal in signals.items()}
    decision = decide(survey, clues, answer)
    # The manifest is the core's by itself.
    owners = {path: o for path, o in decision.owners.items() if path != MANIFEST_NAME}
    composition = compose(
        owners,
        decided=decision.decided,
        apart=workspaces(survey),
        anywhere=decision.anywhere,
    )
    claims = _claimed(composition, decision, owners)
    names = wrap_modules(survey, decision.owners, decision.decided)
    packaged = side_packages(survey, decision.owners)
    product, license_ = product_name(survey), core_license(survey)
    wraps = tuple(
        ProposedWrap(
            name,
            _wrap_spdx(survey, decision, product.name, name),
            tuple(claim for claim in claims if claim.owner == name),
            names.get(name, {}),
            packaged.get(name, {}),
        )
        for name in sorted({claim.owner for claim in claims if claim.owner})
    )
    found = {module for wrap in wraps for module in wrap.modules}
    return Proposal(
        product=product,
        primary=primary_use(survey, product.name),
        vendor=tuple(vendor_domains(survey)),
        license=license_,
        claims=tuple(claim for claim in claims if claim.owner is None),
        packages=packaged.get(None, {}),
        doors=tuple(evident.doors(survey, decision.owners, product.name)),
        tests=tuple(evident.test_commands(survey, decision.owners)),
        wraps=wraps,
        features=tuple(
            evident.suggested_features(survey, decision.owners, decision.decided, found)
        ),
        doubts=decision.doubts,
        notes=tuple(_notes(survey, license_, decision, composition, bool(wraps))),
    )


def _claimed(
    composition: Composition, decision: Decision, owners: Mapping[str, Owner]
) -> list[Claimed]:
    """Return each pattern with the number of files that it wins and the evidence for it."""
    patterns = composition.patterns
    globs = GlobSet(pattern.glob for pattern in patterns)
    files: Counter[int] = Counter()
    reasons: dict[int, dict[Evidence, None]] = {}
    for path in owners:
        mine = [n for n in globs.matches(path) if patterns[n].owner == owners[path]]
        if mine:
            number = max(mine, key=lambda n: len(patterns[n].glob))
            files[number] += 1
            for evidence in _why(path, decision):
                reasons.setdefault(number, {})[evidence] = None
    return [
        Claimed(pattern.owner, pattern.glob, files[number], tuple(reasons.get(number, ())))
        for number, pattern in enumerate(patterns)
    ]


def _why(path: str, decision: Decision) -> tuple[Evidence, ...]:
    """Return why a path has its owner: what was said of it, else of the nearest folder."""
    if path in decision.reasons:
        return decision.reasons[path]
    nearest = (one for one in folders_above(path) if one in decision.decided)
    return next((decision.reasons[folder] for folder in nearest), ())


def _wrap_spdx(survey: Survey, decision: Decision, product: str, wrap: str) -> Said:
    """Return the wrap's SPDX license: as headers or a known text say, else a name of its own."""
    for path, head in survey.heads.items():
        tag = SPDX_TAG.search(head) if decision.owners[path] == wrap else None
        if tag is not None and not is_open(tag[1]) and find_mistake(tag[1]) is None:
            line = head.count("\n", 0, tag.start()) + 1
            return Said(tag[1], Evidence(path, line, f"its header says {tag[1]}"))
    own = "-".join(part.capitalize() for part in slug(f"{product}-{wrap}").split("-"))
    for path in sorted(survey.texts, key=lambda path: path.count("/")):
        if decision.owners[path] == wrap and is_license_file(path):
            read = read_license_text(survey.texts[path])
            if read.spdx and not is_open(read.spdx):
                return Said(read.spdx, Evidence(path, 1, f"the text of {read.spdx}"))
            says = "a text that SPDX has no name for"
            return Said(f"LicenseRef-{own}", Evidence(path, 1, says))
    return Said(f"LicenseRef-{own}", Evidence("", 0, "no text of it was found"))


def _notes(
    survey: Survey,
    license_: CoreLicense,
    decision: Decision,
    composition: Composition,
    has_wraps: bool,
) -> list[str]:
    notes: list[str] = []
    if not has_wraps:
        notes.append("No sign of a wrap was found, so everything is proposed as the core.")
    if license_.spdx == UNKNOWN:
        notes.append(
            f"Nothing says under which license the core is: {UNKNOWN} stands for it. "
            "Add a LICENSE text and its SPDX id."
        )
    elif not is_open(license_.spdx):
        notes.append(
            f"{license_.spdx} is not an open source license: users of this core may not use, "
            "change and share it freely, so it is no open core yet."
        )
    notes += _unnamed(decision, survey)
    notes += [
        f"{evidence.where} is {evidence.says}, inside a wrap. It stays there; claim its folder "
        "for the core if it is meant to be published."
        for evidence in decision.kept
    ]
    if composition.given:
        notes.append(
            f"{len(composition.given)} names hold characters that a pattern cannot say and were "
            f"given to a wrap, so that nothing leaks: {', '.join(map(ascii, composition.given))}."
        )
    return notes


def _unnamed(decision: Decision, survey: Survey) -> list[str]:
    """Say which folders are a wrap's by their names alone, where a license text names others."""
    said = {
        evidence.path
        for folder, owner in decision.decided.items()
        if owner is not None
        for evidence in decision.reasons[folder]
        if is_license_file(evidence.path) and "/" not in evidence.path
    }
    alone = [
        folder
        for folder, owner in decision.decided.items()
        if owner is not None and all(one.line == 0 for one in decision.reasons[folder])
    ]
    if not said or not alone:
        return []
    names, folders = ", ".join(sorted(said)), ", ".join(alone)
    letter = f"{names} names other folders than {folders}: by its letter they have the core's"
    return [f"{letter} license. They are proposed for the wrap, which leaks nothing."]
