# SPDX-License-Identifier: Apache-2.0
"""``coreline license``: issue, inspect, verify and revoke licenses. Fully offline."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from coreline.cli.commands.keys import FORMAT, KEY_FOLDER, ROOT_KEY, key_folder, now, passphrase
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

DATE = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"])
FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")


@click.group("license")
def license_() -> None:
    """Issue, inspect, verify and revoke licenses, without any server."""


@license_.command("issue")
@click.option("--edition", required=True, help="An edition of the manifest.")
@click.option("--customer", required=True, metavar="NAME", help="The name to show.")
@click.option("--customer-id", metavar="ID", help="Your id of the customer. [default: from NAME]")
@click.option("--id", "license_id", metavar="ID", help="The license's id. [default: random]")
@click.option("--seats", type=click.IntRange(min=1), help="[default: not counted]")
@click.option("--days", type=click.IntRange(1, 36_525), help="End it so many days from now.")
@click.option("--expires", type=DATE, metavar="DATE", help="End it when this day begins, in UTC.")
@click.option("--starts", type=DATE, metavar="DATE", help="[default: a day before now]")
@click.option("--trial", is_flag=True, help="For the edition's trial days.")
@KEY_FOLDER
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it; never over another file. [default: standard output]",
)
@FORMAT
@click.pass_obj
def issue(
    ctx: Context,
    *,
    edition: str,
    customer: str,
    customer_id: str | None,
    license_id: str | None,
    seats: int | None,
    days: int | None,
    expires: datetime | None,
    starts: datetime | None,
    trial: bool,
    folder: Path | None,
    out: Path | None,
    shape: str,
) -> None:
    """Sign a license of an edition for a customer."""
    from coreline.licensing import issuing
    from coreline.licensing.rules import request_for

    at = now()
    if days is not None and expires is not None:
        raise InputError("expiry-twice", "--days and --expires say the same.", "Give one of them.")
    request = request_for(
        ctx.manifest().manifest,
        edition,
        license_id=license_id or issuing.new_license_id(),
        customer_id=customer_id or issuing.slug(customer),
        customer=customer,
        now=at,
        starts=_utc(starts),
        expires=_utc(expires) if days is None else at + timedelta(days=days),
        seats=seats,
        trial=trial,
    )
    issued = issuing.issue_in(key_folder(ctx, folder), request, at, passphrase)
    if out is not None:
        issuing.write_license(ctx.started / out, issued)
    if shape == "json":
        print(json.dumps(issuing.issued_json(issued, out), indent=2))
    elif out is None:
        print(issued.armor, end="")
    else:
        print(
            f"License {issued.claims.license_id} for {customer}, edition {edition}, "
            f"until {request.expires:%Y-%m-%d}: {out}"
        )


@license_.command("inspect", short_help="Print what a license says.")
@FILE
@click.option("--root", metavar="KEY", help="The root key's public line, or a file with it.")
@FORMAT
@click.pass_obj
def inspect(ctx: Context, file: Path, root: str | None, shape: str) -> None:
    """Print what a license says: claims, keys, revocation list, and whether it is verified."""
    from coreline.licensing.inspecting import inspect_text, lines, read_file, read_root

    keys = [] if root is None else [read_root(ctx.started, root)]
    found = inspect_text(read_file(ctx.started / file), keys, now())
    print(json.dumps(found, indent=2) if shape == "json" else "\n".join(lines(found)))


@license_.command("verify")
@FILE
@click.option(
    "--root", required=True, metavar="KEY", help="The root key's public line, or a file with it."
)
@click.option("--product", metavar="NAME", help="[default: the manifest's, if there is one]")
@click.option("--at", type=DATE, metavar="DATE", help="At this time instead of now, in UTC.")
@click.option("--built", type=DATE, metavar="DATE", help="For a build of this date.")
@click.option(
    "--revocations",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A revocation list beside the license.",
)
@FORMAT
@click.pass_obj
def verify(
    ctx: Context,
    *,
    file: Path,
    root: str,
    product: str | None,
    at: datetime | None,
    built: datetime | None,
    revocations: Path | None,
    shape: str,
) -> int:
    """Say whether a license allows its features. Exits with 0 if it does, with 1 if not."""
    from coreline.licensing.inspecting import read_file, read_root, verify_text

    if product is None and (ctx.named or ctx.manifest_file.exists()):
        product = ctx.manifest().manifest.product.name
    answer = verify_text(
        read_file(ctx.started / file),
        root=read_root(ctx.started, root),
        product=product,
        at=_utc(at) or now(),
        built=_utc(built),
        revocations=None if revocations is None else read_file(ctx.started / revocations),
    )
    if shape == "json":
        print(json.dumps(answer.to_json(), indent=2))
    else:
        print(f"{answer.sentence} [{answer.code}]")
        if answer.hint:
            print(f"  hint: {answer.hint}")
    return int(ExitCode.KEPT if answer.entitled else ExitCode.BROKEN)


@license_.command("revoke", short_help="Put licenses on the revocation list.")
@click.argument("licenses", metavar="ID...", nargs=-1, required=True)
@KEY_FOLDER
@ROOT_KEY
@FORMAT
@click.pass_obj
def revoke(
    ctx: Context, licenses: tuple[str, ...], folder: Path | None, root_key: Path | None, shape: str
) -> None:
    """Write the next signed revocation list, DIR/revocations.txt, with these licenses on it."""
    from coreline.licensing.revoking import revoke_licenses

    root_path = None if root_key is None else ctx.started / root_key
    number = revoke_licenses(
        key_folder(ctx, folder), now(), licenses=licenses, root_key=root_path, passphrase=passphrase
    )
    if shape == "json":
        print(json.dumps({"number": number, "licenses": list(licenses)}))
    else:
        print(f"Revocation list {number} names {', '.join(licenses)}. Hand out revocations.txt.")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


COMMAND: click.Command = license_
