# SPDX-License-Identifier: Apache-2.0
"""Artifacts made from a commit, each held against the line before anybody may have it."""

import hashlib
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from coreline.boundary.artifacts.reporting import report_artifacts
from coreline.boundary.artifacts.repository import Repository
from coreline.boundary.model import Finding
from coreline.boundary.names import normalize
from coreline.boundary.standalone import Watch, names_of
from coreline.errors import InputError, InternalError, OutsideError
from coreline.manifest.claims import Line
from coreline.manifest.parse import ParsedManifest
from coreline.releases.model import Artifact, Built
from coreline.releases.plan import Planned
from coreline.releases.staging import Cut, Whole, stage
from coreline.releases.surroundings import block_wraps, environment_of
from coreline.releases.tool import Commit, Identity, Tool, Wishes, Workplace
from coreline.sources.alone.process import run_command
from coreline.sources.artifact import ArtifactTree, find_artifact
from coreline.sources.tree import SourceTree


class Job(Struct, frozen=True, kw_only=True):
    """What all builds of a run have in common."""

    tree: SourceTree
    parsed: ParsedManifest
    commit: Commit
    tools: Sequence[Tool]
    wishes: Wishes
    cut: Callable[[str], Cut]
    """Takes a package's folder to what the core's files become for it."""
    passed: Sequence[str] = ()
    timeout_seconds: float = 3600


class Made(NamedTuple):
    """What one build came to: findings where it must not leave."""

    built: Built | None
    findings: list[Finding]
    notes: list[str]


def build_one(job: Job, planned: Planned, room: Path, out: Path) -> Made:
    """Make and check the artifacts of one build.

    Args:
        job: what is built from, and how.
        planned: the build.
        room: an empty folder for its work.
        out: the folder of all artifacts; this build's own is made in it.

    Raises:
        InputError: its folder is none of the commit (``build-folder-missing``).
        OutsideError: it failed (``build-failed``), or made nothing (``build-made-nothing``).
    """
    manifest, line = job.parsed.manifest, Line(job.parsed.manifest)
    is_core, entries = planned.side == "core", job.tree.entries()
    seen = [one for one in entries if not is_core or line.side(one.path) == "core"]
    cut: Cut = job.cut(planned.folder) if is_core else _whole
    left = stage(Whole(job.commit.git, job.commit.id, cut), seen, room / "source", job.commit.epoch)
    notes = [f"{planned.name}: {one.path} was left out: {one.reason}" for one in left]
    _require_folder(planned, room / "source")
    names = names_of((one.path for one in entries), job.parsed)
    hooks = block_wraps(room, manifest, names, job.commit.git.folder) if is_core else {}
    env = environment_of(room, epoch=job.commit.epoch, passed=job.passed, hooks=hooks)
    target = out / planned.side / planned.name
    target.mkdir(parents=True)
    watch = Watch(names, str(room / "source")) if is_core else None
    place = Workplace(
        planned=planned,
        top=room / "source",
        out=target,
        env=env,
        commit=job.commit,
        wishes=job.wishes,
        run=_runner(planned, env, job.timeout_seconds, watch),
    )
    tool = next((one for one in job.tools if one.name == planned.tool), None)
    if tool is None:
        raise InternalError("build-tool-unknown", f"No tool is called {planned.tool}.")
    try:
        tool.make(place)
    except OutsideError as error:
        if error.code != "build-failed" or watch is None or watch.place is None:
            raise
        return Made(None, [_needs_wrap(planned, watch.place.name, watch.place.line)], notes)
    made = sorted(one for one in target.iterdir() if one.is_file() and one.name != ".gitignore")
    if not made:
        raise OutsideError(
            "build-made-nothing", f"{planned.name}: its tool ended well and made no artifact."
        )
    (target / ".gitignore").unlink(missing_ok=True)
    return _judged(job, planned, made, out, notes)


def _require_folder(planned: Planned, top: Path) -> None:
    """Refuse a folder that is not there, or that a link leads out of the export."""
    folder = (top / planned.folder).resolve()
    if not folder.is_dir() or not folder.is_relative_to(top.resolve()):
        of = f"the wrap {planned.wrap}" if planned.wrap else "the core"
        raise InputError(
            "build-folder-missing",
            f"{planned.name}: {planned.folder or 'the top'} is no folder that a build of {of} "
            "sees.",
            f"Correct builds.{planned.name}.folder, or commit what is in it.",
        )


def _whole(_path: str, data: bytes) -> bytes:
    """Leave a file as it is: a build of a wrap sees everything."""
    return data


def _judged(job: Job, planned: Planned, made: Sequence[Path], out: Path, notes: list[str]) -> Made:
    trees = [(one, find_artifact(one, one.relative_to(out).as_posix())) for one in made]
    tool = next(one for one in job.tools if one.name == planned.tool)
    readers = job.tools if planned.tool == "command" else [tool]
    said = [_identity(tree, readers) for _, tree in trees if tree is not None]
    package = next((one for one in said if one.package), Identity())
    findings = _other_side(job.parsed, planned, {one.package for one in said if one.package})
    known = [tree for _, tree in trees if tree is not None]
    unread = [one for one, tree in trees if tree is None and not one.name.endswith(tool.plain)]
    if planned.side == "core":
        findings += [_unread(planned, one.relative_to(out).as_posix()) for one in unread]
    else:
        notes += [f"{planned.name}: {one.name} was not looked into" for one in unread]
    parsed = _told(job.parsed, planned, {one.package for one in said if one.package})
    report = report_artifacts(known, Repository(job.tree, parsed))
    if not report.kept:
        findings += report.findings
    artifacts = [
        Artifact(
            path=one.relative_to(out).as_posix(),
            sha256=hashlib.sha256(one.read_bytes()).hexdigest(),
            size=one.stat().st_size,
        )
        for one in made
    ]
    built = Built(
        name=planned.name,
        side=planned.side,
        wrap=planned.wrap,
        tool=planned.tool,
        package=package.package,
        version=package.version,
        spdx=planned.spdx,
        registry=planned.registry,
        artifacts=artifacts,
    )
    return Made(built, findings, notes)


def _unread(planned: Planned, path: str) -> Finding:
    return Finding(
        check="build",
        path=path,
        kind="stray",
        message="Its format is none that can be looked into, so nothing shows that no wrap is in "
        "it.",
        hint=f"Pack it as an archive (.zip, .tar.gz), or narrow builds.{planned.name}.artifacts.",
    )


def _identity(tree: ArtifactTree, tools: Sequence[Tool]) -> Identity:
    for tool in tools:
        for content in tree.read([o for o in tree.entries() if tool.is_metadata(o.path)][:1]):
            if content.data is not None:
                return tool.identify(content.entry.path, content.data)
    return Identity()


def _other_side(parsed: ParsedManifest, planned: Planned, packages: set[str]) -> list[Finding]:
    """Return a finding for each package that the manifest gives to another side."""
    manifest = parsed.manifest
    sides = {normalize(one): None for one in manifest.core.packages} | {
        normalize(one): name for name, wrap in manifest.wraps.items() for one in wrap.packages
    }
    return [
        Finding(
            check="build",
            path=planned.folder or ".",
            kind="stray",
            message=f"The build {planned.name} is of the {planned.side}, and made {name}, which "
            f"is a package of {sides[normalize(name)] or 'the core'}.",
            hint=f"Correct builds.{planned.name}, or the packages of the sides.",
        )
        for name in sorted(packages)
        if sides.get(normalize(name), planned.wrap) != planned.wrap
    ]


def _told(parsed: ParsedManifest, planned: Planned, packages: set[str]) -> ParsedManifest:
    """Return a line that knows the packages of a wrap's build to be that wrap's."""
    from msgspec.structs import replace

    if planned.wrap is None:
        return parsed
    manifest = parsed.manifest
    wrap = manifest.wraps[planned.wrap]
    told = replace(wrap, packages=[*wrap.packages, *sorted(packages)])
    wraps = {**manifest.wraps, planned.wrap: told}
    return ParsedManifest(replace(manifest, wraps=wraps), parsed.text, parsed.source)


def _needs_wrap(planned: Planned, name: str, line: str) -> Finding:
    return Finding(
        check="build",
        path=planned.folder or ".",
        kind="build",
        names=(name,),
        message=f"The build of {planned.name} failed where no wrap exists, and names {name}: "
        f"{line}",
        hint="The core must build from its own files alone: let the wrap attach through a door.",
        grade="broken",
    )


def _runner(
    planned: Planned, env: dict[str, str], seconds_max: float, watch: Watch | None
) -> Callable[[str, Path], None]:
    def on_line(line: bytes) -> None:
        if watch is not None:
            watch.line(line)
        sys.stderr.write(line.decode("utf-8", "replace"))
        sys.stderr.flush()

    def run(command: str, folder: Path) -> None:
        print(f"coreline: $ {command}", file=sys.stderr, flush=True)
        ended = run_command(
            f"umask 022\n{command}",
            folder=folder,
            env=env,
            timeout_seconds=seconds_max,
            on_line=on_line,
        )
        if ended.code != 0:
            how = "ran out of time" if ended.code is None else f"ended with {ended.code}"
            raise OutsideError(
                "build-failed",
                f"{planned.name}: `{command}` {how}.",
                "Its own output is above. Builds see the commit's files and a clean environment: "
                "--env NAME hands a variable on.",
            )

    return run


def differing(first: Path, second: Path, artifacts: Sequence[Artifact]) -> dict[str, list[str]]:
    """Return the artifacts whose bytes differ between two builds, with the members that do."""
    found: dict[str, list[str]] = {}
    for one in artifacts:
        pair = first / one.path, second / one.path
        if not pair[1].is_file():
            found[one.path] = ["it was not made the second time"]
        elif pair[0].read_bytes() != pair[1].read_bytes():
            members = [_members(path) for path in pair]
            names = sorted(dict(members[0].items() ^ members[1].items()))
            found[one.path] = names or ["no member: their order, times or packing alone"]
    return found


def _members(path: Path) -> dict[str, str | None]:
    tree = find_artifact(path, path.name)
    return {} if tree is None else {one.path: one.blob for one in tree.entries()}


def remove(folder: Path) -> None:
    """Remove what a build left, folders that nobody may write included."""
    for one in folder.rglob("*"):
        if one.is_dir() and not one.is_symlink():
            one.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
