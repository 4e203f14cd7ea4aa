# SPDX-License-Identifier: Apache-2.0
"""``check``: one tree held against the line. Everything else of this room is a part of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from coreline.boundary.aliasing import find_aliases
from coreline.boundary.alike import Watched, find_alike
from coreline.boundary.beyond.resolving import Beyond
from coreline.boundary.code.namespaces import apart
from coreline.boundary.defining import find_definitions
from coreline.boundary.extension import Check, Format, Language, Lock, Resolve
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.grade import grade_of, is_kept
from coreline.boundary.layout import Layout
from coreline.boundary.model import Coverage, Finding, NotAnalyzed, Report
from coreline.boundary.names import Names, collect
from coreline.boundary.naming import surely_of_wraps
from coreline.boundary.notes import notes
from coreline.boundary.own_gates import find_own_gates
from coreline.boundary.ownership import CORE, folder_owners, topmost
from coreline.boundary.reading import Reader, digest_of
from coreline.boundary.reasons import reasons
from coreline.boundary.resolve import Resolver
from coreline.boundary.spdx.installed import find_installed
from coreline.boundary.subject import Gathered, Resolved, Subject
from coreline.boundary.world import Defined, World
from coreline.manifest.claims import Claim, Line, Tie
from coreline.manifest.model import BASELINE_NAME, MANIFEST_NAME, Manifest
from coreline.manifest.parse import ParsedManifest
from coreline.sources.tree import SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache


def check(tree: SourceTree, parsed: ParsedManifest, *, cache: "FactCache | None" = None) -> Report:
    """Hold a tree against the line.

    Args:
        tree: the files, on disk, at a commit, staged or in memory.
        parsed: the line.
        cache: facts of earlier runs; None reads every file.

    Raises:
        OutsideError: git failed while the tree was listed or read.
    """
    return judge(tree, examine(tree, parsed, cache=cache))


Examined = tuple[Subject, Gathered, list[NotAnalyzed]]


def judge(tree: SourceTree, examined: Examined) -> Report:
    """Return what all checks say of a tree that was read."""
    subject, gathered, not_analyzed = examined
    parsed = subject.parsed
    findings = with_fingerprints(run_checks(load_checks(), subject))
    promise = parsed.manifest.core.promise
    coverage = Coverage(
        analyzed=gathered.analyzed - len(not_analyzed),
        not_analyzed=tuple(sorted([*gathered.not_analyzed, *not_analyzed], key=_path)),
        binary=gathered.binary,
    )
    return Report(
        grade=grade_of(findings),
        promise=promise,
        kept=is_kept(promise, findings),
        findings=tuple(findings),
        coverage=coverage,
        notes=tuple(notes(subject)),
        reasons=reasons(promise, findings),
        label=tree.label,
    )


def examine(
    tree: SourceTree, parsed: ParsedManifest, *, cache: "FactCache | None" = None
) -> Examined:
    """Read a tree and resolve its references, without judging them."""
    entries = tree.entries()
    line = Line(parsed.manifest)
    claims = {entry.path: line.claim(entry.path) for entry in entries}
    owners = {path: owner_of(claimed) for path, claimed in claims.items()}
    languages = load_languages()
    definitions = [
        *find_definitions(languages, tree, entries, owners, cache),
        *find_aliases(languages, tree, entries, owners, cache),
    ]
    product = parsed.manifest.product.name
    own_gates = find_own_gates(languages, tree, entries, owners, cache, product=product)
    ground = Ground.of(parsed.manifest, owners, definitions)
    names = ground.names
    reader = Reader(languages, names, cache and cache.opened(digest_of(languages, names)))
    watched = Watched(tree, owners)
    gathered = reader.read(watched, entries, {path: bool(owner) for path, owner in owners.items()})
    if cache is not None:
        cache.save()
    alike = find_alike(watched, entries, owners, cache)
    installed = find_installed(tree, gathered.facts, cache)
    world = ground.world(gathered.facts)
    references, gates, unknown = _sort(gathered, reader, world)
    subject = Subject(
        parsed=parsed,
        line=line,
        claims=claims,
        facts=gathered.facts,
        references=references,
        gates=gates,
        own_gates=own_gates,
        unreadable=gathered.unreadable,
        tops=ground.tops,
        world=world,
        alike=alike,
        installed=installed,
    )
    return subject, gathered, unknown


class Ground(NamedTuple):
    """What the paths of a tree and the definitions of its wraps say, before any file is read."""

    owners: Mapping[str, str]
    definitions: Sequence[Defined]
    folders: Mapping[str, str]
    tops: Mapping[str, str]
    layout: Layout
    words: Mapping[str, set[str]]
    """The names by which paths alone say that a wrap may be meant, by wrap."""
    names: Names

    @classmethod
    def of(
        cls, manifest: Manifest, owners: Mapping[str, str], definitions: Sequence[Defined]
    ) -> "Ground":
        """Lay out a tree.

        Args:
            manifest: the line.
            owners: the owner of each file: the name of a wrap, or ``CORE``.
            definitions: what the files of the wraps define.
        """
        layout = Layout(owners)
        folders = folder_owners(owners)
        tops = topmost(owners, folders)
        words = {**layout.wrap_names(), "": {w for make in _words() for w in make(owners)}}
        bare = cls(owners, (), folders, tops, layout, words, collect(manifest, {}, (), ()))
        return bare.defining(manifest, definitions)

    def defining(self, manifest: Manifest, definitions: Sequence[Defined]) -> "Ground":
        """Return the same paths with other definitions."""
        surely = surely_of_wraps(definitions, manifest)
        defined = apart(surely, self.owners)
        names = collect(manifest, self.words, self.tops, self.folders, defined)
        return self._replace(definitions=surely, names=names)

    def world(self, facts: Mapping[str, FileFacts]) -> World:
        """Return the tree as resolvers see it, with the facts of its files."""
        return World(
            owners=self.owners,
            folders=self.folders,
            names=self.names,
            facts=facts,
            definitions=self.definitions,
            common=Resolver(self.owners, self.folders, self.tops, self.layout, self.names),
        )


@cache
def _words() -> list[Callable[[Mapping[str, str]], Iterable[str]]]:
    """Return what makes words of paths, for the languages that refer to files by such."""
    return [one.words for one in load_languages() if one.words is not None]


def owner_of(claimed: Claim | Tie | None) -> str:
    """Return the wrap that a claim gives a path to, ``CORE`` where it is no wrap's."""
    if isinstance(claimed, Claim) and claimed.side == "wrap":
        return claimed.wrap or "?"
    return CORE


def run_checks(checks: Iterable[Check], subject: Subject) -> list[Finding]:
    """Return the findings of some checks."""
    return [finding for one in checks for finding in one.run(subject)]


def load_checks() -> list[Check]:
    """Load every check."""
    from coreline.boundary import checks
    from coreline.extensions import load

    return list(load(checks, "CHECK", Check))


def load_languages() -> list[Language]:
    """Load every language, the formats of lock files among them."""
    from coreline.boundary import languages
    from coreline.boundary.locking import language_of
    from coreline.extensions import load

    return [*load(languages, "LANGUAGE", Language), *map(language_of, load_locks())]


def load_locks() -> list[Lock]:
    """Load every format of lock files."""
    from coreline.boundary import locks
    from coreline.extensions import load

    return list(load(locks, "LOCK", Lock))


def load_formats() -> list[Format]:
    """Load every format of a report."""
    from coreline.boundary import formats
    from coreline.extensions import load

    return list(load(formats, "FORMAT", Format))


def _sort(gathered: Gathered, reader: Reader, world: World) -> "Sorted":
    """Part the references into those that mean a wrap, gates, and files nobody can judge."""
    sorted_ = Sorted([], [], [])
    resolvers = Resolvers(world)
    for path, facts in gathered.facts.items():
        sort_file(path, facts, reader.language(path), resolvers, sorted_)
    return sorted_


class Sorted(NamedTuple):
    """References that mean a wrap, gates, and files nobody can judge."""

    references: list[Resolved]
    gates: list[tuple[str, Reference]]
    unknown: list[NotAnalyzed]


def sort_file(
    path: str, facts: FileFacts, language: Language | None, resolvers: "Resolvers", out: Sorted
) -> None:
    """Add what the references of one file mean in a tree.

    Args:
        path: of the file.
        facts: of the file.
        language: of the file, None for text of no known kind.
        resolvers: of the tree.
        out: grows.
    """
    if path.rpartition("/")[2] in (MANIFEST_NAME, BASELINE_NAME):
        # A line names the wraps, and has to.
        return
    found: list[Resolved] = []
    if language is None and facts.script:
        language = resolvers.language(facts.script)
    resolve = resolvers.of(language)
    for reference in facts.references:
        if reference.form == "gate":
            out.gates.append((path, reference))
            continue
        if reference.form in ("lookup", "name"):
            aside = resolvers.beyond.resolved(reference, path, resolve)
            out.references.extend(Resolved(path, *one) for one in aside)
            continue
        meant = resolve(reference, path)
        if meant is not None:
            if path.endswith(_STUBS) and reference.form in ("static", "local", "re-export"):
                # A stub is read by type checkers alone.
                reference = replace(reference, form="type-only")
            found.append(Resolved(path, reference, meant))
    is_link = any(reference.form == "link" for reference in facts.references)
    if found and not is_link and (facts.is_binary or language is None):
        out.unknown.append(NotAnalyzed(path, _why(path, found, facts.is_binary)))
    else:
        out.references.extend(found)


_STUBS = (".pyi", ".d.ts", ".d.mts", ".d.cts")


class Resolvers:
    """The resolver of each language, made when the first file of it has a reference."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._made: dict[str, Resolve] = {}
        self._languages: dict[str, Language] = {}
        self.beyond = Beyond(world)

    def language(self, name: str) -> Language | None:
        """Return the language of a script by its name."""
        if not self._languages:
            self._languages = {one.name: one for one in load_languages()}
        return self._languages.get(name)

    def of(self, language: Language | None) -> Resolve:
        """Return what resolves the references of a language's files."""
        make = None if language is None else language.resolver
        if language is None or make is None:
            return self._world.common.meant
        if language.name not in self._made:
            self._made[language.name] = make(self._world)
        return self._made[language.name]


def _why(path: str, found: Sequence[Resolved], is_binary: bool) -> str:
    names = ", ".join(dict.fromkeys(one.meant.name[:80] for one in found[:3]))
    if is_binary:
        return f"binary: its bytes name {names}"
    name = path.rpartition("/")[2]
    kind = name[name.rfind(".") :] if "." in name[1:] else name
    return f"names {names}, but there is no extractor for {kind} yet"


def _path(one: NotAnalyzed) -> tuple[str, str]:
    return one.path, one.reason
