# SPDX-License-Identifier: Apache-2.0
"""Third parties' packages against the side whose lock file pins them.

A package's license is what the manifest says of it, else what its lock says, else what its
installed metadata says; else it is unknown and counted as that. Packages for developers only and
locks of tests and examples are not shipped and not judged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from coreline.boundary.facts import Locked
from coreline.boundary.model import Finding
from coreline.boundary.names import normalize
from coreline.boundary.spdx.judging import Judgement, judge, readable, uses_of
from coreline.boundary.spdx_texts import is_open
from coreline.boundary.subject import Subject, is_example, is_test

_DEV_FILE = re.compile(
    r"(^|[-_./])(dev|develop|development|tests?|testing|lint|ci|docs?)([-_./]|$)"
)


class Judged(NamedTuple):
    """One pinned package with the worst answer for the uses that its side makes of it."""

    path: str
    package: Locked
    license: str
    side: str
    """The SPDX expression of the side."""
    in_side: Judgement
    in_wrap: Judgement


class Survey(Struct, frozen=True, dict=True):
    """The packages of all locks of a tree, each judged once for each side that ships it."""

    subject: Subject

    @cached_property
    def locks(self) -> Sequence[str]:
        """The lock files whose packages are shipped."""
        return [
            path
            for path, facts in self.subject.facts.items()
            if facts.packages and self.subject.side_spdx(path) is not None
            if not is_test(path) and not is_example(path)
            if not _DEV_FILE.search(path.rpartition("/")[2].lower())
        ]

    @cached_property
    def packages(self) -> Sequence[tuple[str, Locked, str | None]]:
        """Each shipped package with its lock and its license, None where that is unknown."""
        found: dict[tuple[str, str, str, str], tuple[str, Locked, str | None]] = {}
        for path in self.locks:
            owner = self.subject.world.owners.get(path, "")
            for package in self.subject.facts[path].packages:
                key = (owner, package.ecosystem, package.name, package.version)
                if not package.is_dev and key not in found:
                    found[key] = (path, package, self._license(package))
        return list(found.values())

    @cached_property
    def unknown(self) -> Sequence[Locked]:
        """The shipped packages whose license nobody says."""
        return [package for _, package, license_ in self.packages if license_ is None]

    @cached_property
    def judged(self) -> Sequence[Judged]:
        """The packages whose license is known."""
        return [
            self._judged(path, package, license_)
            for path, package, license_ in self.packages
            if license_ is not None
        ]

    def _license(self, package: Locked) -> str | None:
        said = self._declared.get(normalize(package.name)) if self._declared else None
        if said is not None:
            return said
        found = readable(package.license) if package.license else None
        if found is None and self.subject.installed:
            key = (package.ecosystem, package.name, package.version)
            found = readable(self.subject.installed.get(key, ""))
        return found

    @cached_property
    def _declared(self) -> Mapping[str, str]:
        tables = self.subject.manifest.dependencies
        return {normalize(name): table.spdx for name, table in tables.items()}

    @cached_property
    def idle(self) -> Sequence[str]:
        """Names of ``[dependencies]`` that no lock pins."""
        tables = self.subject.manifest.dependencies
        files = self.subject.facts.values() if tables else ()
        pinned = {normalize(one.name) for facts in files for one in facts.packages}
        return [name for name in tables if normalize(name) not in pinned]

    def _judged(self, path: str, package: Locked, license_: str) -> Judged:
        side = self.subject.side_spdx(path) or ""
        in_side = max((judge(license_, use) for use in uses_of(side)), key=_rank)
        return Judged(path, package, license_, side, in_side, judge(license_, "wrap"))


def survey_of(subject: Subject) -> Survey:
    """Return the survey of a tree, made once: a check and the notes both ask for it."""
    kept: dict[str, Survey] = vars(subject)
    return kept.setdefault("survey", Survey(subject))


def _rank(one: Judgement) -> int:
    return one.rank


def dependency_findings(survey: Survey) -> Iterator[Finding]:
    """Yield a finding for each package that its side cannot ship, or no wrap could be built on."""
    subject = survey.subject
    has_wrap = any(not is_open(wrap.spdx) for wrap in subject.manifest.wraps.values())
    for one in survey.judged:
        # Around a core that is under such terms itself only its vendor can build a wrap, and a
        # package of others takes even that away.
        forbids = one.in_wrap.verdict == "no" and subject.is_core(one.path)
        is_wanted = has_wrap or _lets_others(one.side)
        if one.in_side.verdict == "no" or (forbids and is_wanted):
            yield _finding(subject, one, forbids=forbids)


def _lets_others(side: str) -> bool:
    return is_open(side) and judge(side, "around").verdict in ("yes", "conditions")


def _finding(subject: Subject, one: Judged, *, forbids: bool) -> Finding:
    package, owner = one.package, subject.side_name(one.path)
    said = []
    if one.in_side.verdict == "no":
        said.append(f"{_may_not(owner, one.side)} ({one.in_side.source})")
    if forbids:
        source = "" if said and one.in_side.source == one.in_wrap.source else one.in_wrap.source
        shown = f" ({source})" if source else ""
        said.append(f"nobody can build a proprietary wrap on what links to it{shown}")
    return Finding(
        check="dependencies",
        path=one.path,
        line=package.line,
        kind="dependency",
        names=(package.name, one.license),
        message=f"{package.name} {package.version} is under {one.license}: {', and '.join(said)}.",
        hint=f"Replace it or ship without it. If its license is another one, say so: "
        f'[dependencies."{package.name}"] with spdx and reason.',
    )


def _may_not(owner: str, side: str) -> str:
    if is_open(side):
        return f'{owner} cannot be passed on under "{side}" with it'
    return f"{owner} cannot ship it under terms of its own"
