# SPDX-License-Identifier: Apache-2.0
"""Licenses alone held against the line: the beginnings of files instead of whole ones.

Whether the core knows a wrap is not asked, so nothing but headers is read of most files. License
texts, metadata of packages and lock files are read whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from coreline.boundary.check import Ground, load_checks, load_languages, owner_of, run_checks
from coreline.boundary.extension import Language
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.kinds import Kinds
from coreline.boundary.model import Coverage, Report
from coreline.boundary.names import Names
from coreline.boundary.notes import notes
from coreline.boundary.reading import HEADER_REACH, Reader, digest_of
from coreline.boundary.reasons import reasons
from coreline.boundary.spdx.installed import find_installed
from coreline.boundary.subject import Subject
from coreline.manifest.claims import Line
from coreline.manifest.parse import ParsedManifest
from coreline.sources.heads import read_heads
from coreline.sources.tree import Content, Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

CHECKS = ("dependencies", "spdx")
"""The checks that ask for nothing but licenses."""

ALONE = (
    "Licenses alone were checked: whether the core knows a wrap says a check without --licenses."
)

_NO_NAMES = Names(modules={}, words=frozenset(), folders=frozenset(), packages={})


def check_licenses(
    tree: SourceTree, parsed: ParsedManifest, *, cache: "FactCache | None" = None
) -> Report:
    """Hold the licenses of a tree against the line.

    Args:
        tree: the files, on disk, at a commit, staged or in memory.
        parsed: the line.
        cache: facts of earlier runs; None reads every file.

    Raises:
        OutsideError: git failed while the tree was listed or read.
    """
    entries = tree.entries()
    line = Line(parsed.manifest)
    claims = {entry.path: line.claim(entry.path) for entry in entries}
    owners = {path: owner_of(claimed) for path, claimed in claims.items()}
    languages = load_languages()
    version = b"licenses\n" + digest_of(languages, _NO_NAMES)
    reader = Reader(languages, _NO_NAMES, cache and cache.opened(version))
    gathered = reader.read(_Beginnings(tree, languages), entries, dict.fromkeys(owners, True))
    if cache is not None:
        cache.save()
    ground = Ground.of(parsed.manifest, owners, [])
    subject = Subject(
        parsed=parsed,
        line=line,
        claims=claims,
        facts=gathered.facts,
        references=(),
        gates=(),
        unreadable=gathered.unreadable,
        tops=ground.tops,
        world=ground.world(gathered.facts),
        installed=find_installed(tree, gathered.facts, cache),
    )
    checks = [one for one in load_checks() if one.name in CHECKS]
    findings = with_fingerprints(run_checks(checks, subject))
    return Report(
        grade="loose",
        promise=parsed.manifest.core.promise,
        kept=not findings,
        findings=tuple(findings),
        coverage=Coverage(
            analyzed=gathered.analyzed,
            not_analyzed=tuple(sorted(gathered.not_analyzed, key=lambda one: one.path)),
            binary=gathered.binary,
        ),
        notes=(*notes(subject), ALONE),
        reasons=reasons(parsed.manifest.core.promise, findings),
        label=tree.label,
        scope="licenses",
    )


class _Beginnings:
    """A tree that gives the beginnings of files, and whole ones where a language always reads."""

    def __init__(self, tree: SourceTree, languages: Sequence[Language]) -> None:
        self._tree = tree
        self._kinds = Kinds(languages)
        self.label = tree.label
        self.space = tree.space

    def entries(self) -> list[Entry]:
        """Return every path of the tree."""
        return self._tree.entries()

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield each entry: first the whole ones, then the beginnings of the others."""
        rest: list[Entry] = []
        whole: list[Entry] = []
        for entry in entries:
            language = self._kinds.of(entry.path)
            is_whole = language is not None and language.always
            is_file = entry.kind in ("file", "executable")
            (whole if is_whole or not is_file else rest).append(entry)
        yield from self._tree.read(whole)
        yield from read_heads(self._tree, rest, HEADER_REACH)
