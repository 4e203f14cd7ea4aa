# SPDX-License-Identifier: Apache-2.0
"""``coreline build``: the artifacts of each side, from a clean commit."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from coreline.boundary.model import Finding
    from coreline.manifest.parse import ParsedManifest
    from coreline.releases.attest import Signer
    from coreline.releases.build import Job
    from coreline.releases.model import Built
    from coreline.releases.plan import Planned
    from coreline.releases.staging import Cut
    from coreline.sources.git import Git
    from coreline.sources.tree import SourceTree


@click.command(name="build", short_help="Make the artifacts of each side from a clean commit.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), metavar="DIR")
@click.option("--at", metavar="COMMIT", help="Build this commit, whatever the work tree holds.")
@click.option("--no-isolation", is_flag=True, help="Fetch nothing: build with what is installed.")
@click.option("--scripts", is_flag=True, help="Let npm run the scripts of the packages.")
@click.option("--env", "passed", multiple=True, metavar="VARIABLE", help="Hand a variable on.")
@click.option(
    "--attest",
    "keys",
    type=click.Path(path_type=Path),
    metavar="KEYS",
    help="Attest to what is built with the leaf key for releases of this folder.",
)
@click.option("--twice", is_flag=True, help="Build twice, and compare the bytes.")
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=3600,
    metavar="SECONDS",
    help="How long one command may take. [default: 3600]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def build(
    ctx: Context,
    names: tuple[str, ...],
    out: Path,
    at: str | None,
    no_isolation: bool,
    scripts: bool,
    passed: tuple[str, ...],
    keys: Path | None,
    twice: bool,
    seconds: float,
    form: str,
) -> int:
    """Make the artifacts of each side.

    This runs the repository's own build back ends and commands. They see the files of a clean
    commit in a fresh folder, the core's see the core's files alone. Each artifact is
    checked: where one of the core holds something of a wrap, nothing is written, and the
    command ends with 1. So it does where --twice finds that bytes differ.
    """
    from msgspec import to_builtins

    from coreline.cli.commands.attest import key_signer
    from coreline.releases.build import Job
    from coreline.releases.discover import plan_of
    from coreline.releases.placing import refuse_foreign
    from coreline.releases.plan import chosen
    from coreline.releases.tool import Commit, Wishes, load_tools
    from coreline.sources.git import Git

    place = (ctx.started / out).absolute()
    git = Git(ctx.folder_of(at=at or "HEAD"))
    if at is None:
        _refuse_dirty(git, place)
    commit = git.resolve(at or "HEAD")
    refuse_foreign(place)
    # Before the long work: a key that may not sign is no reason to build twice.
    signer = None if keys is None else key_signer(ctx.started / keys)
    tree = ctx.tree(at=commit)
    parsed = _manifest(ctx, tree)
    plan = plan_of(parsed.manifest, tree, load_tools())
    job = Job(
        tree=tree,
        parsed=parsed,
        commit=Commit(
            git,
            commit,
            int(git.text("show", "-s", "--format=%ct", commit)),
            _public(git, parsed, commit),
        ),
        tools=load_tools(),
        wishes=Wishes(isolated=not no_isolation, scripts=scripts),
        cut=_cut(parsed),
        passed=passed,
        timeout_seconds=seconds,
    )
    result = _run(job, plan.builds, chosen(plan.builds, names), place, twice=twice, signer=signer)
    notes = [*plan.notes, *result.notes]
    if form == "json":
        import json

        document = {
            "commit": commit,
            "out": str(place) if not result.findings else None,
            "builds": to_builtins(result.built),
            "findings": [
                {"path": one.path, "kind": one.kind, "message": one.message, "hint": one.hint}
                for one in result.findings
            ],
            "differ": result.differ,
            "notes": notes,
        }
        print(json.dumps(document, indent=2))
    else:
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
        _say(result, place)
    return int(ExitCode.BROKEN if result.findings or result.differ else ExitCode.KEPT)


class _Result:
    """What a run came to."""

    def __init__(self) -> None:
        self.built: list[Built] = []
        self.findings: list[Finding] = []
        self.notes: list[str] = []
        self.differ: dict[str, list[str]] = {}


def _run(
    job: "Job",
    plan: list["Planned"],
    builds: list["Planned"],
    place: Path,
    *,
    twice: bool,
    signer: "Signer | None",
) -> _Result:
    """Build beside the place, and move there what is whole and kept."""
    import tempfile

    from msgspec.structs import replace

    from coreline.releases.build import build_one, differing, remove
    from coreline.releases.model import Release, write_release
    from coreline.releases.placing import keep_earlier
    from coreline.releases.placing import place as put

    result = _Result()
    place.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="coreline-build-")).resolve()
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent)).resolve()
    made = beside / "made"
    try:
        made.mkdir()
        for planned in builds:
            (work / planned.name).mkdir()
            one = build_one(job, planned, work / planned.name, made)
            result.findings += one.findings
            result.notes += one.notes
            result.built += [one.built] if one.built is not None else []
            if twice and one.built is not None and not one.findings:
                again = work / "again" / planned.name
                again.mkdir(parents=True)
                build_one(job, planned, again, work / "second")
                artifacts = one.built.artifacts
                result.differ |= differing(made, work / "second", artifacts)
        if not result.findings:
            result.built = [_described(job, one, made, signer) for one in result.built]
            digest = _digest(job.parsed)
            release = Release(
                commit=job.commit.id, epoch=job.commit.epoch, line=digest, builds=result.built
            )
            others = {one.name for one in plan} - {one.name for one in builds}
            kept = keep_earlier(place, made, release, others)
            order = [one.name for one in plan]
            whole = sorted([*kept, *release.builds], key=lambda one: order.index(one.name))
            result.notes += [f"kept as built before: {one.name}" for one in kept]
            write_release(replace(release, builds=whole), made)
            put(made, place)
    finally:
        remove(work)
        remove(beside)
    return result


def _digest(parsed: "ParsedManifest") -> str:
    import hashlib

    return hashlib.sha256(parsed.text.encode("utf-8", "surrogateescape")).hexdigest()


def _described(job: "Job", built: "Built", made: Path, signer: "Signer | None") -> "Built":
    """Write SBOM and attestation beside each artifact, and return the build with them."""
    from msgspec.structs import replace

    from coreline.releases.attest import attest
    from coreline.releases.sbom import line_said, write_sbom

    digest = _digest(job.parsed)
    line = line_said(job.parsed.manifest, side=built.side, wrap=built.wrap, digest=digest)
    artifacts = []
    for one in built.artifacts:
        file = made / one.path
        sbom = write_sbom(
            file,
            file.parent,
            built=built,
            # What the core's say is public, and so no private id may be in it.
            release_commit=job.commit.public if built.side == "core" else job.commit.id,
            epoch=job.commit.epoch,
            line=line,
        )
        said = replace(one, sbom=sbom.relative_to(made).as_posix())
        if signer is not None:
            said = replace(
                said, attestation=attest(file, signer=signer).relative_to(made).as_posix()
            )
        artifacts.append(said)
    return replace(built, artifacts=artifacts)


def _refuse_dirty(git: "Git", out: Path) -> None:
    """Refuse a work tree that is not the commit.

    Raises:
        InputError: it is not (``build-not-clean``).
    """
    top = git.folder.absolute()
    skipped = [f":(exclude){out.relative_to(top)}"] if out.is_relative_to(top) else []
    rows = git.text("status", "--porcelain", "--untracked-files=normal", "--", ".", *skipped)
    changed = rows.splitlines()
    if changed:
        raise InputError(
            "build-not-clean",
            f"{len(changed):,} files are not as in the commit, such as {changed[0][3:]}.",
            "Commit or remove them, or build a commit as it is: --at HEAD.",
        )


def _public(git: "Git", parsed: "ParsedManifest", commit: str) -> str | None:
    """Return the public commit that stands for one, where it was published from here."""
    from coreline.publish.ledger import Ledger
    from coreline.publish.recipe.recipe import recipe_of
    from coreline.publish.store import Store

    store = Store(Path(git.text("rev-parse", "--path-format=absolute", "--git-common-dir")))
    if not store.folder.is_dir():
        return None
    path = store.ledger_path(recipe_of(parsed, git.folder).digest)
    entry = Ledger(path).get(bytes.fromhex(commit))
    return None if entry is None or entry.public is None else entry.public.hex()


def _manifest(ctx: Context, tree: "SourceTree") -> "ParsedManifest":
    """Return the manifest that the user named, else the commit's own."""
    from coreline.manifest.model import MANIFEST_NAME
    from coreline.manifest.parse import parse_manifest

    own = [entry for entry in tree.entries() if entry.path == MANIFEST_NAME]
    data = next(tree.read(own)).data if own and ctx.named is None else None
    return ctx.manifest() if data is None else parse_manifest(data.decode("utf-8", "replace"))


def _cut(parsed: "ParsedManifest") -> "Callable[[str], Cut]":
    """Return what takes a package's folder to what the files of the core become."""
    from coreline.publish.recipe.regions import MARK, without_regions
    from coreline.releases.staging import refuse_marked

    if parsed.manifest.publish.regions:
        return lambda _folder: lambda _path, data: without_regions(data)
    return lambda folder: refuse_marked(MARK, without_regions, folder)


def _say(result: _Result, place: Path) -> None:
    for finding in result.findings:
        print(f"{finding.path}: {finding.message}\n    {finding.hint}")
    if result.findings:
        print("Nothing was written: an artifact must not leave like this.")
        return
    for built in result.built:
        of = f"the wrap {built.wrap}" if built.wrap else "the core"
        print(f"{built.name}: {built.package or 'an artifact'} {built.version or ''} of {of}")
        for one in built.artifacts:
            print(f"  {place.name}/{one.path}  {one.size:,} bytes  {one.sha256[:16]}")
    for path, members in result.differ.items():
        print(f"{path} differs when built again: {', '.join(members[:10])}")


COMMAND = build
