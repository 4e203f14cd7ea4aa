# SPDX-License-Identifier: Apache-2.0
"""``coreline release``: what was built, uploaded to the registry of its side."""

import os
from pathlib import Path

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError


@click.command(name="release", short_help="Upload artifacts to the registry of their side.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, and say what would go where.")
@click.option("--side", type=click.Choice(["core", "wrap"]), help="Upload this side alone.")
@click.option("--name", metavar="NAME", help="Upload what this build made alone.")
@click.pass_obj
def release(ctx: Context, folder: Path, dry_run: bool, side: str | None, name: str | None) -> int:
    """Upload what coreline build wrote, the core before the wraps.

    Each file is judged again by the line of its commit, and each registry is asked what it
    shows without a credential. If anything speaks against one upload, there is none. Credentials
    are read from the variables of the tools, with CORELINE_CORE_ or CORELINE_WRAP_ before them.
    A run that failed is finished by the same command.
    """
    from coreline.boundary.artifacts.repository import Repository
    from coreline.manifest.model import MANIFEST_NAME
    from coreline.manifest.parse import parse_manifest
    from coreline.releases.model import read_release
    from coreline.releases.release import done, environment, judged, key, probed, refuse, send
    from coreline.releases.upload import load_uploads

    place, uploads = ctx.started / folder, load_uploads()
    record = read_release(place)
    chosen = [
        one
        for one in sorted(record.builds, key=lambda built: built.side == "wrap")
        if side in (None, one.side) and name in (None, one.name)
    ]
    if not chosen:
        raise InputError("release-nothing", "Nothing in this folder is of that side and name.")
    tree = ctx.tree(at=record.commit)
    own = [one for one in tree.entries() if one.path == MANIFEST_NAME]
    data = next(tree.read(own)).data if own and ctx.named is None else None
    parsed = ctx.manifest() if data is None else parse_manifest(data.decode("utf-8", "replace"))
    refuse(judged(chosen, place, Repository(tree, parsed)))
    refuse(probed(chosen, uploads))
    both = len({one.side for one in chosen}) > 1
    earlier = done(place)
    for built in chosen:
        before = done(place)
        if not dry_run:
            send(built, place, uploads, environment(os.environ, built.side, both=both))
        word = "would go" if dry_run else "went"
        for one in built.artifacts:
            how = "is there already:" if key(one, built) in before else f"{word} to"
            print(f"{built.side}  {one.path}  {how} {built.registry}")
    everything = {key(one, built) for built in chosen for one in built.artifacts}
    return int(ExitCode.NOTHING if everything <= set(earlier) else ExitCode.KEPT)


COMMAND = release
