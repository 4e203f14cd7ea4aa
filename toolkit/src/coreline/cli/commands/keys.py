# SPDX-License-Identifier: Apache-2.0
"""``coreline keys``: make, rotate, show and revoke the keys that sign licenses. Fully offline."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.licensing.keys import SigningKey

FORMAT = click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True
)
KEY_FOLDER = click.option(
    "--key",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of the keys. [default: keys, beside coreline.toml]",
)
DAYS = click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=400,
    show_default=True,
    help="How long the leaf key may sign. What it signed outlives it.",
)
LICENSE_DAYS = click.option(
    "--license-days",
    type=click.IntRange(1, 36_525),
    default=400,
    show_default=True,
    help="The longest license that the leaf key may sign; products refuse longer ones.",
)
ROOT_KEY = click.option(
    "--root-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The root key, if it is not DIR/root.pem.",
)
PASSPHRASE = "CORELINE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret.


def now() -> datetime:
    """Return the time, to the second. Tests replace it."""
    return datetime.now(UTC).replace(microsecond=0)


def passphrase() -> bytes | None:
    """Return the passphrase of an encrypted key: from the environment, or asked for."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return os.fsencode(given)
    if not _can_ask():
        return None
    asked: str = click.prompt("Passphrase", hide_input=True, err=True)
    return os.fsencode(asked)


def _can_ask() -> bool:
    # Standard input may be closed altogether.
    return sys.stdin is not None and sys.stdin.isatty()


def key_folder(ctx: Context, named: Path | None) -> Path:
    """Return the folder of the keys: the one that the user named, else that of the manifest."""
    return ctx.folder / "keys" if named is None else ctx.started / named


@click.group("keys")
def keys() -> None:
    """Make and keep the keys that sign licenses.

    The root key certifies dated leaf keys and stays offline; a leaf key signs licenses.
    """


@keys.command("new")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to make them in. [default: keys, beside coreline.toml]",
)
@DAYS
@LICENSE_DAYS
@click.option("--encrypt", is_flag=True, help=f"Ask for a passphrase, or take ${PASSPHRASE}.")
@FORMAT
@click.pass_obj
def new(
    ctx: Context, folder: Path | None, days: int, license_days: int, encrypt: bool, shape: str
) -> None:
    """Make a root key and its first leaf key. Never replaces a key."""
    from coreline.licensing.keyring import create_keys

    place = key_folder(ctx, folder)
    secret = _new_passphrase() if encrypt else None
    leaf = create_keys(place, now(), days=days, days_max=license_days, passphrase=secret)
    _say_made(place, leaf, shape)
    if shape == "text":
        print("Keep root.pem offline; products carry the root key's public line above.")


@keys.command("rotate")
@KEY_FOLDER
@ROOT_KEY
@DAYS
@LICENSE_DAYS
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["license", "release"]),
    default="license",
    show_default=True,
    help="What the leaf key may sign: all that sells, or attestations and records alone.",
)
@click.option("--encrypt", is_flag=True, help=f"Ask for a passphrase, or take ${PASSPHRASE}.")
@FORMAT
@click.pass_obj
def rotate(
    ctx: Context,
    folder: Path | None,
    root_key: Path | None,
    days: int,
    license_days: int,
    purpose: str,
    encrypt: bool,
    shape: str,
) -> None:
    """Make a new leaf key under the same root key. Installed products need no change.

    A leaf key for releases is one of its own: it lies where artifacts are built, and cannot sign
    a license.
    """
    from coreline.licensing.keyring import ROOT_FILE, add_leaf, load_root, load_root_public
    from coreline_sdk.claims import PURPOSES, RELEASE

    place = key_folder(ctx, folder)
    root_path = place / ROOT_FILE if root_key is None else ctx.started / root_key
    root = load_root(root_path, passphrase)
    if root.public != load_root_public(place):
        raise InputError(
            "root-key-differs",
            "This is not the root key of the folder.",
            "Installed products would refuse its licenses. Give the root key that root.pub names.",
        )
    secret = _new_passphrase() if encrypt else None
    leaf = add_leaf(
        place,
        root,
        now(),
        days=days,
        days_max=license_days,
        purposes=(RELEASE,) if purpose == RELEASE else PURPOSES,
        passphrase=secret,
    )
    _say_made(place, leaf, shape)


@keys.command("show", short_help="Print the root key's public line and the leaf keys.")
@KEY_FOLDER
@FORMAT
@click.pass_obj
def show(ctx: Context, folder: Path | None, shape: str) -> None:
    """Print the public line that products carry, and the leaf keys with their dates."""
    from coreline.licensing.keyring import load_certificates, load_root_public
    from coreline.licensing.revoking import last_list

    place = key_folder(ctx, folder)
    root, at = load_root_public(place), now().timestamp()
    revoked = last_list(place).keys
    leaves = [
        {
            "file": leaf.path.name,
            "kid": leaf.kid,
            "starts": _day(leaf.starts_at),
            "ends": _day(leaf.expires_at),
            "purposes": list(leaf.purposes),
            "revoked": leaf.kid in revoked,
            "live": leaf.starts_at <= at < leaf.expires_at and leaf.kid not in revoked,
        }
        for leaf in load_certificates(place)
    ]
    if shape == "json":
        print(json.dumps({"root": root, "leaves": leaves}, indent=2))
        return
    print(f"root  {root}")
    for leaf in leaves:
        may = "attest" if leaf["purposes"] == ["release"] else "sign"
        state = f"may {may}" if leaf["live"] else f"may not {may} now"
        state = "revoked" if leaf["revoked"] else state
        print(f"leaf  {leaf['kid']}  {leaf['starts']} to {leaf['ends']}  {state}  {leaf['file']}")


@keys.command("revoke", short_help="Put stolen leaf keys on the revocation list.")
@click.argument("kids", metavar="KID...", nargs=-1, required=True)
@KEY_FOLDER
@ROOT_KEY
@FORMAT
@click.pass_obj
def revoke(
    ctx: Context, kids: tuple[str, ...], folder: Path | None, root_key: Path | None, shape: str
) -> None:
    """Revoke stolen leaf keys, by their ids, in a list that the root key signs.

    Every license that such a key signed is refused from then on. Issue them again first.
    """
    from coreline.licensing.keyring import load_certificates
    from coreline.licensing.revoking import revoke_by_root

    root_path = None if root_key is None else ctx.started / root_key
    place = key_folder(ctx, folder)
    number = revoke_by_root(place, now(), root_key=root_path, kids=kids, passphrase=passphrase)
    for kid in set(kids) - {leaf.kid for leaf in load_certificates(place)}:
        print(f"note: no certificate in {place} is of {kid}; is it spelled right?", file=sys.stderr)
    if shape == "json":
        print(json.dumps({"number": number, "keys": list(kids)}))
    else:
        print(f"Revocation list {number} names {', '.join(kids)}. Hand out revocations.txt.")


def _say_made(folder: Path, leaf: "SigningKey", shape: str) -> None:
    claims = leaf.claims
    if shape == "json":
        body = {
            "folder": str(folder),
            "root": leaf.root,
            "kid": leaf.kid,
            "starts": _day(claims.starts_at),
            "ends": _day(claims.expires_at),
            "license_days": claims.days_max,
        }
        print(json.dumps(body, indent=2))
        return
    print(f"root  {leaf.root}")
    print(f"leaf  {leaf.kid}  {_day(claims.starts_at)} to {_day(claims.expires_at)}")
    print(f"kept in {folder}")


def _new_passphrase() -> bytes:
    given = os.environ.get(PASSPHRASE)
    if not given and _can_ask():
        given = click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True)
    if not given:
        raise InputError(
            "passphrase-missing", "There is no passphrase to encrypt with.", f"Set {PASSPHRASE}."
        )
    return os.fsencode(given)


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


COMMAND: click.Command = keys
