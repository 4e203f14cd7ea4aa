# SPDX-License-Identifier: Apache-2.0
"""One artifact held against the line: no wrap, the right license, built from the core alone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from coreline.boundary.artifacts.describing import Said, is_metadata, said_by
from coreline.boundary.artifacts.licenses import (
    CHECK_NAME,
    is_text_of_terms,
    metadata_findings,
    text_findings,
)
from coreline.boundary.artifacts.mapping import Mapping, Origin
from coreline.boundary.artifacts.overlaid import Overlaid
from coreline.boundary.artifacts.repository import Repository
from coreline.boundary.artifacts.source_maps import sources_of
from coreline.boundary.check import examine, load_checks, run_checks
from coreline.boundary.extension import Check
from coreline.boundary.likeness import Lines, bundle_lines_of, is_code, lines_of, sample_of
from coreline.boundary.model import Finding, NotAnalyzed
from coreline.boundary.ownership import CORE
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import ParsedManifest
from coreline.sources.artifact import ArtifactTree
from coreline.sources.listing import NESTED, Listed
from coreline.sources.tree import Entry

CHECK = Check(
    name=CHECK_NAME,
    sentence="What is shipped holds the core alone, under the core's license.",
    run=lambda _subject: (),
    kept={},
    broken={},
    path=MANIFEST_NAME,
    kind="stray",
)
"""Not one of the folder's checks, since it looks at artifacts and not at the repository."""

# Of the ordinary checks, those that speak of one file of the core alone.
_ORDINARY = frozenset(["references", "gates", "names", "coverage", "spdx", "dependencies"])
_NOT_OF_A_FILE = frozenset(["license-text"])
_TRIVIAL_BYTES = 40
_MAP_BYTES_MAX = 16 * 2**20


class Judged(NamedTuple):
    """What is known of one artifact."""

    findings: list[Finding]
    not_analyzed: list[NotAnalyzed]
    files: int
    notes: list[str]


class _Sorted(NamedTuple):
    """The files of an artifact, by whose they are."""

    core: dict[str, Listed]
    """By their path in the repository."""
    wrap: list[Finding]
    unknown: list[Listed]


def judge(artifact: ArtifactTree, repository: Repository) -> Judged:
    """Return what is wrong with an artifact."""
    listed = artifact.listed()
    root = artifact.archive.root
    said, texts = _read_descriptions(artifact, listed)
    names = [one.value for one in said if one.key == "name"]
    wrap = next((w for name in names if (w := repository.wrap_of_package(name))), None)
    spdx = repository.manifest.wraps[wrap].spdx if wrap else repository.manifest.core.spdx
    owner = f"the wrap {wrap}" if wrap else "the core"
    findings = list(_troubles(artifact))
    is_package = artifact.archive.has_license
    if is_package:
        findings += text_findings(artifact.label, texts, spdx, owner)
        findings += metadata_findings(said, spdx, owner)
    notes = [f"{artifact.label}: {artifact.archive.name}, {len(listed):,} files, of {owner}."]
    not_analyzed = [
        NotAnalyzed(f"{artifact.label}{NESTED}{one.path}", one.reason)
        for one in artifact.troubles
        if not one.is_harmful
    ]
    if wrap is None:
        mapping = Mapping(listed, repository, root, names, is_package=is_package)
        found = _sort(artifact, listed, repository, mapping)
        findings += found.wrap
        findings += _copies(artifact, found, repository)
        findings += _sources(artifact, listed, repository, mapping)
        findings += _needs(said, repository)
        ordinary, unknown = _ordinary(artifact, found, repository)
        findings += ordinary
        not_analyzed += unknown
    placed = [_placed(artifact, one) for one in findings]
    return Judged(placed, not_analyzed, len(listed), notes)


def _placed(artifact: ArtifactTree, finding: Finding) -> Finding:
    """Return a finding whose path begins with the artifact's name."""
    if finding.path == artifact.label or finding.path.startswith(f"{artifact.label}{NESTED}"):
        return finding
    path = f"{artifact.label}{NESTED}{finding.path}" if finding.path else artifact.label
    return replace(finding, path=path)


def _troubles(artifact: ArtifactTree) -> Iterator[Finding]:
    for one in artifact.troubles:
        if one.is_harmful:
            yield Finding(
                check=CHECK_NAME,
                path=one.path,
                kind="unreadable",
                message=f"The archive is not to be trusted: {one.reason}.",
                hint="Build it anew; whether the line holds here is unknown.",
            )


def _read_descriptions(
    artifact: ArtifactTree, listed: Sequence[Listed]
) -> tuple[list[Said], dict[str, bytes]]:
    root = artifact.archive.root
    wanted = [
        one.entry
        for one in listed
        if NESTED not in one.entry.path
        and one.entry.kind != "link"
        and (
            is_metadata(one.entry.path, root(one.entry.path))
            or is_text_of_terms(root(one.entry.path))
        )
    ]
    said: list[Said] = []
    texts: dict[str, bytes] = {}
    for content in artifact.read(wanted):
        path = content.entry.path
        if content.data is None:
            continue
        if is_text_of_terms(root(path)):
            texts[path] = content.data
        else:
            said += said_by(path, content.data)
    return said, texts


def _sort(
    artifact: ArtifactTree, listed: Iterable[Listed], repository: Repository, mapping: Mapping
) -> _Sorted:
    found = _Sorted({}, [], [])
    for one in listed:
        if one.entry.kind == "link" or is_text_of_terms(artifact.archive.root(one.entry.path)):
            continue
        twin = repository.wraps_of(one.entry.blob) if one.size >= _TRIVIAL_BYTES else None
        origin = mapping.origin(one.entry.path)
        is_known_core = _is_of_core(one, repository)
        if twin is not None:
            found.wrap.append(_of_wrap(one, *twin, "byte for byte"))
        elif origin is not None and origin.owner != CORE and not is_known_core:
            found.wrap.append(_by_path(one, origin))
        elif (origin is None and not is_known_core) or one.is_buried:
            found.unknown.append(one)
        else:
            path = origin.path if origin is not None else one.entry.path
            found.core.setdefault(path if path not in found.core else one.entry.path, one)
    return found


def _is_of_core(one: Listed, repository: Repository) -> bool:
    paths = repository.by_blob.get(one.entry.blob or "", ())
    return any(repository.owners[path] == CORE for path in paths)


def _by_path(one: Listed, origin: Origin) -> Finding:
    how = "by its path" if origin.is_there else "by the path that it was built from"
    return _of_wrap(one, origin.owner, origin.path, how)


def _of_wrap(one: Listed, wrap: str, path: str, how: str) -> Finding:
    hidden = ""
    if one.is_buried:
        hidden = " A later layer hides it, and it is shipped all the same."
    return Finding(
        check=CHECK_NAME,
        path=one.entry.path,
        kind="stray",
        names=(path,),
        message=f"It is {path} of the wrap {wrap}, {how}.{hidden}",
        hint="Leave it out where the artifact is built, by a list of what goes in.",
    )


def _copies(artifact: ArtifactTree, found: _Sorted, repository: Repository) -> Iterator[Finding]:
    """Yield the files that are nearly a wrap's, whatever they are called."""
    asked = {
        one.entry.path: one
        for one in (*found.core.values(), *found.unknown)
        if is_code(one.entry.path) and not _is_of_core(one, repository)
    }
    wrapped = repository.wrapped
    candidates: dict[str, Lines] = {}
    for content in artifact.read([one.entry for one in asked.values()]):
        data, path = content.data or b"", content.entry.path
        if wrapped.may_hold(sample_of(data)):
            candidates[path] = lines_of(data)
        held = wrapped.held(bundle_lines_of(data), lambda: repository.core_lines)
        for alike in held if path not in candidates else ():
            how = f"{alike.share:.0%} of whose own lines ({alike.lines}) stand in it"
            yield _held(asked[path], repository.owners[alike.twin], alike.twin, how)
    for alike in wrapped.alike(candidates):
        # A wrap that grew from a file of the core has the core's lines too.
        if wrapped.own(alike.twin, candidates[alike.path], repository.core_lines) is None:
            continue
        wrap = repository.owners[alike.twin]
        how = f"{alike.share:.0%} of its lines ({alike.lines}) the same"
        yield _of_wrap(asked[alike.path], wrap, alike.twin, how)


def _held(one: Listed, wrap: str, path: str, how: str) -> Finding:
    return Finding(
        check=CHECK_NAME,
        path=one.entry.path,
        kind="stray",
        names=(path,),
        message=f"It was made with {path} of the wrap {wrap}, {how}.",
        hint="Build the artifact from the core alone.",
    )


def _sources(
    artifact: ArtifactTree, listed: Iterable[Listed], repository: Repository, mapping: Mapping
) -> Iterator[Finding]:
    """Yield the files of a wrap that source maps name."""
    maps = [
        one.entry
        for one in listed
        if one.entry.path.endswith(".map") and one.size <= _MAP_BYTES_MAX
    ]
    for content in artifact.read(maps):
        seen = dict[str, tuple[Origin, bool]]()
        for source, is_held in sources_of(content.entry.path, content.data or b""):
            origin = mapping.origin(source)
            if origin is not None and origin.owner != CORE and "node_modules/" not in source:
                seen.setdefault(origin.path, (origin, is_held))
        for path, (origin, is_held) in seen.items():
            held = "holds the whole text of" if is_held else "was made from"
            yield Finding(
                check=CHECK_NAME,
                path=content.entry.path,
                kind="stray",
                names=(path,),
                message=f"This source map {held} {path}, which is of the wrap {origin.owner}; "
                "so the bundle beside it was built with it.",
                hint="Build the artifact from the core alone.",
            )


def _needs(said: Iterable[Said], repository: Repository) -> Iterator[Finding]:
    for one in said:
        wrap = repository.wrap_of_package(one.value) if one.key in ("need", "wish") else None
        if wrap is not None:
            is_needed = one.key == "need"
            yield Finding(
                check=CHECK_NAME,
                path=one.path,
                line=one.line,
                kind="build",
                guard=None if is_needed else "extra",
                names=(one.value,),
                message=f"It needs {one.value} to be installed, which is of the wrap {wrap}"
                + ("." if is_needed else ", where an extra asks for it."),
                hint="Let the wrap depend on the core, never the reverse.",
                grade="broken" if is_needed else "tight",
                text=one.text,
            )


def _ordinary(
    artifact: ArtifactTree, found: _Sorted, repository: Repository
) -> tuple[list[Finding], list[NotAnalyzed]]:
    """Return what the ordinary checks find in the files of the core."""
    placed: dict[str, Entry] = {path: one.entry for path, one in found.core.items()}
    if not placed:
        return [], []
    tree = Overlaid(artifact, placed, repository.tree, repository.entries, repository.owners)
    manifest = repository.manifest
    # Whatever is in an artifact of the core and not a wrap's is the core's.
    core = replace(manifest.core, paths=[*manifest.core.paths, "**"])
    own = repository.parsed
    parsed = ParsedManifest(replace(manifest, core=core), own.text, own.source)
    subject, gathered, unknown = examine(tree, parsed, cache=repository.cache)
    checks = [one for one in load_checks() if one.name in _ORDINARY]
    findings = [
        replace(one, path=f"{artifact.label}{NESTED}{placed[one.path].path}")
        for one in run_checks(checks, subject)
        if one.path in placed and one.kind not in _NOT_OF_A_FILE
    ]
    rows = [
        NotAnalyzed(f"{artifact.label}{NESTED}{placed[one.path].path}", one.reason)
        for one in [*gathered.not_analyzed, *unknown]
        if one.path in placed
    ]
    return findings, rows
