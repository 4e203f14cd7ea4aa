# SPDX-License-Identifier: Apache-2.0
"""``coreline publish``: the core's history out, filtered and proven."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.licensing.keys import SigningKey
    from coreline.publish.report import PublishReport
    from coreline.publish.verify import VerifyReport


_SHOWN_MAX = 5


@click.command(name="publish")
@click.option("--to", metavar="REPO", help="A folder or an address [default: core.public].")
@click.option(
    "--branch",
    "branches",
    multiple=True,
    metavar="NAME",
    help="A branch, a glob, or PRIVATE:PUBLIC; may be repeated. [default: publish.branches, or "
    "the current one]",
)
@click.option("--dry-run", is_flag=True, help="Filter and prove, but write nothing outside.")
@click.option("--verify", is_flag=True, help="Prove from scratch what the public repository holds.")
@click.option("--rebuild", is_flag=True, help="Replace a history published under other claims.")
@click.option(
    "--prune-refs",
    is_flag=True,
    help="Remove public branches published from here that no private branch stands behind.",
)
@click.option(
    "--check/--no-check",
    "checked",
    default=None,
    help="Warn where the promise is broken at the head. [default: at a terminal]",
)
@click.option("--no-secrets", is_flag=True, help="Do not look for secrets, this time.")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the record of the publication; with --verify, read it.",
)
@click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Sign the record with the newest leaf key of this folder.",
)
@click.option(
    "--root-key",
    metavar="KEY",
    help="With --verify, in a clone of the public repository alone: the vendor's root key, as "
    "products carry it, or a file that holds it.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def publish(
    ctx: Context,
    to: str | None,
    branches: tuple[str, ...],
    dry_run: bool,
    verify: bool,
    rebuild: bool,
    prune_refs: bool,
    checked: bool | None,
    no_secrets: bool,
    record: Path | None,
    keys: Path | None,
    root_key: str | None,
    form: str,
) -> int:
    """Publish the history of the core.

    Every commit is filtered by coreline.toml: what is not core is left out. Before
    anything is written outside, each public tree is proven to be the core of its private one.
    What is new must name no wrap, hold no secret, and nothing that a wrap held as well.
    A second run carries only the new commits; a killed one goes on where it was.
    """
    if verify and (record or root_key):
        return _verify_alone(ctx, record, root_key, form)
    if root_key:
        raise InputError(
            "publish-options",
            "--root-key is for --verify.",
            "A record is signed with --key DIR.",
        )
    import gc
    from datetime import UTC, datetime

    from coreline.cli.progress import progress
    from coreline.publish.leaving.policy import policy_of
    from coreline.publish.leaving.recording import Recorder
    from coreline.publish.publish import publish as publish_core
    from coreline.publish.recipe.recipe import recipe_of
    from coreline.publish.refs import Refs
    from coreline.publish.verify import verify as verify_public

    recipe = recipe_of(ctx.manifest(), ctx.folder)
    where = ctx.public(to)
    refs = Refs.of(ctx.manifest().manifest.publish, branches)
    # A history is hundreds of thousands of small values without a cycle among them: looking for
    # cycles in them again and again would only cost time.
    gc.set_threshold(200_000)
    with progress() as tell:
        if verify:
            verified = verify_public(ctx.folder, where, recipe, branch=refs, progress=tell)
        else:
            report = publish_core(
                ctx.folder,
                where,
                recipe,
                now=datetime.now(UTC),
                branch=refs,
                dry_run=dry_run,
                rebuild=rebuild,
                prune=prune_refs,
                policy=policy_of(ctx.manifest(), secrets=not no_secrets),
                recorder=Recorder(_signing(ctx, keys), _from_start(ctx, record)),
                manifest=_manifest(ctx),
                progress=tell,
            )
            # It costs as much as all else where one commit is new; in CI, check is a step.
            if sys.stderr.isatty() if checked is None else checked:
                report.warnings += _promise(ctx, report)
    if form == "json":
        import json

        print(json.dumps((verified if verify else report).to_json(), indent=2))
    elif verify:
        _say_verified(verified)
    else:
        _say(report)
    return int(ExitCode.BROKEN if verify and not verified.kept else ExitCode.KEPT)


def _from_start(ctx: Context, path: Path | None) -> Path | None:
    """Return a path of the command line."""
    return None if path is None else ctx.started / path


def _promise(ctx: Context, report: "PublishReport") -> list[str]:
    """Warn where the promise of the manifest is broken in what was published."""
    from coreline.cli.checking.options import Options
    from coreline.cli.checking.tree import report_of
    from coreline.errors import CorelineError

    try:
        checked = report_of(
            ctx,
            Options(
                at=report.private.hex(),
                staged=False,
                since=None,
                standalone=False,
                watch=False,
                format_name="text",
                cached=True,
                paths=(),
            ),
        )
    except CorelineError as error:
        return [f"the promise was not checked: {error.sentence}"]
    if checked.kept:
        return []
    return [f"the promise is broken at the head ({checked.grade}): coreline check says where"]


def _signing(ctx: Context, keys: Path | None) -> "SigningKey | None":
    """Return the key that signs the record."""
    if keys is None:
        return None
    from datetime import UTC, datetime

    from coreline.cli.commands.keys import passphrase
    from coreline.licensing.keyring import load_signing_key
    from coreline.licensing.revoking import last_list
    from coreline_sdk.claims import RELEASE

    place = ctx.started / keys
    return load_signing_key(
        place,
        datetime.now(UTC),
        passphrase,
        revoked=last_list(place).keys,
        purposes=(RELEASE, "license"),
    )


def _manifest(ctx: Context) -> tuple[str, bytes] | None:
    """Return where the manifest lies in the repository and what it says; None for another one."""
    if ctx.named is not None:
        return None
    return ctx.manifest_file.name, ctx.manifest_file.read_bytes()


def _verify_alone(ctx: Context, record: Path | None, root_key: str | None, form: str) -> int:
    """Check a clone of the public repository by its record."""
    from coreline.publish.leaving.alone import verify_alone

    root = root_key
    if root_key is not None and not root_key.startswith("ed25519:"):
        from coreline.licensing.keyring import read_text

        root = read_text(ctx.started / root_key).strip()
    report = verify_alone(ctx.folder, _from_start(ctx, record), root)
    if form == "json":
        import json

        print(json.dumps(report.to_json(), indent=2))
    else:
        says = "agrees with its record" if report.kept else "does not agree with its record"
        print(f"{report.repository} {says}")
        for title, rows in (
            ("wrong", report.problems),
            ("checked", report.checked),
            ("not checked", report.unchecked),
        ):
            # Whoever reads this decides by it, so nothing that was checked, or not, is left out.
            for row in rows:
                print(f"  {title}: {row}")
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def _say_left(report: "PublishReport") -> None:
    """Say what was looked for in what leaves."""
    left = report.left
    if left is None:
        return
    print(f"  looked through {left.commits:,} messages and {left.contents:,} contents that leave")
    if left.shared:
        print(f"  lay in a wrap too, and public by decision or trivial: {left.shared:,}")
    _say_some([f"names a wrap: {row}" for row in left.wrap_names])
    _say_some([f"not looked for: {row}" for row in left.skipped])
    if report.record is not None:
        signed = f"signed by {report.signer}" if report.signer else "not signed (--key)"
        print(f"  its record, a note on {report.public.hex()[:12]}, is {signed}")


def _say(report: "PublishReport") -> None:
    verb = "published" if report.pushed else "would publish"
    print(f"{verb} {report.named} to {report.target}")
    for one in report.branches:
        of = f" ({one.public_name})" if len(report.branches) > 1 else ""
        print(f"  {one.private.hex()[:12]} in private is {one.public.hex()[:12]} in public{of}")
    if report.commits:
        commits = "commit" if report.commits == 1 else "commits"
        print(
            f"  {report.commits:,} new {commits}: {report.published:,} carried, "
            f"{report.pruned:,} without a trace in the core left out"
        )
        print(f"  proven: every one of them is the core of its private commit ({report.rule})")
    else:
        print(f"  no new commit: all of them were proven before ({report.rule})")
    _say_left(report)
    if report.unclaimed:
        print(
            f"  {len(report.unclaimed):,} files and folders of older commits have no side today "
            f"and are not published, such as {report.unclaimed[0]}"
        )
    if report.malformed:
        print(
            f"  {len(report.malformed):,} files of older commits have region markers that do not "
            f"fit together and are not published, such as {report.malformed[0]}"
        )
    moved = len([move for move in report.moves if move.ref.startswith("refs/tags/")])
    if moved:
        print(f"  {moved:,} tags")
    _say_some(
        [
            f"notes {name}: {count['public']:,} in public, {count['left_out']:,} left out"
            for name, count in sorted(report.notes.items())
        ]
    )
    _say_some(
        [
            f"tag {name}: its signature was left out, as it would not fit any more"
            for name in sorted(report.tags.unsigned)
        ]
    )
    _say_some(
        [
            f"tag {name} is not published: {reason}"
            for name, reason in sorted(report.tags.left_out.items())
        ]
    )
    done = "removed" if report.pushed else "would be removed"
    _say_some([f"{one.ref} {done} in public" for one in report.removed])
    _say_some([f"no private branch stands behind {name} in public" for name in report.unbacked])
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if not report.pushed:
        print("Nothing was written outside (--dry-run).", file=sys.stderr)


def _say_some(lines: list[str]) -> None:
    """Print the first lines of a list, and how many more there are."""
    for line in lines[:_SHOWN_MAX]:
        print(f"  {line}")
    if len(lines) > _SHOWN_MAX:
        print(f"  … and {len(lines) - _SHOWN_MAX:,} more: --format json lists them")


def _say_verified(report: "VerifyReport") -> None:
    if not report.kept:
        print(f"{report.target} does not hold what it should")
        _say_some(report.problems)
        return
    print(f"{report.target} holds the core and nothing else")
    print(f"  {report.commits:,} public commits and {report.contents:,} contents, all proven")
    if report.shared:
        print(
            f"  {len(report.shared):,} contents lay on both sides of the line at some time, such as"
        )
        _say_some([f"  {path}" for path in report.shared])
    _say_some(report.notes)


COMMAND = publish
