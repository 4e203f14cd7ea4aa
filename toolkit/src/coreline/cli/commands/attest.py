# SPDX-License-Identifier: Apache-2.0
"""``coreline attest``: say who released an artifact, and check who did."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.releases.attest import Signer
    from coreline.releases.attested import Attested, Refusal

_ISSUER = "https://token.actions.githubusercontent.com"


@click.command(name="attest", short_help="Attest to artifacts, or verify attestations.")
@click.argument(
    "named", nargs=-1, required=True, metavar="ARTIFACT...", type=click.Path(path_type=Path)
)
@click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Sign with the newest leaf key for releases of this folder.",
)
@click.option("--sigstore", is_flag=True, help="Sign with the identity of the CI job.")
@click.option("--verify", is_flag=True, help="Check the attestations that lie beside.")
@click.option(
    "--root-key",
    metavar="KEY",
    help="With --verify: the vendor's root key, as products carry it, or a file that holds it.",
)
@click.option(
    "--revocations",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --root-key: the vendor's newest revocations.txt.",
)
@click.option(
    "--identity",
    metavar="ID",
    help="With --verify: the identity of Sigstore that must have signed.",
)
@click.option(
    "--issuer",
    metavar="URL",
    default=_ISSUER,
    show_default=True,
    help="With --identity: who vouches for it.",
)
@click.option(
    "--offline", is_flag=True, help="With --identity: use the keys that came with the library."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def attest(
    ctx: Context,
    named: tuple[Path, ...],
    keys: Path | None,
    sigstore: bool,
    verify: bool,
    root_key: str | None,
    revocations: Path | None,
    identity: str | None,
    issuer: str,
    offline: bool,
    form: str,
) -> int:
    """Attest to artifacts in the form of PEP 740, or verify.

    The attestation lies beside its artifact, as ARTIFACT.publish.attestation. A folder
    that coreline build wrote stands for all of its artifacts. With --verify, the command ends
    with 1 where an attestation does not hold, or is not there.
    """
    _refuse_mixture(
        signs=[keys is not None, sigstore],
        verifies=[root_key is not None, identity is not None],
        verify=verify,
        lists=revocations is not None,
    )
    if not verify:
        return _sign(ctx, named, keys, form)
    if identity is not None:
        check_one = _by_identity(identity, issuer, offline)
    else:
        assert root_key is not None
        check_one = _by_key(ctx, root_key, revocations)
    return _verify(ctx, named, check_one, form)


def _refuse_mixture(*, signs: list[bool], verifies: list[bool], verify: bool, lists: bool) -> None:
    asked, other = (verifies, signs) if verify else (signs, verifies)
    if sum(asked) != 1 or any(other) or (lists and not verifies[0]):
        raise InputError(
            "attest-options",
            "These options do not say one thing.",
            "Sign with --key DIR or with --sigstore; check with --verify and either --root-key "
            "KEY (and --revocations FILE) or --identity ID.",
        )


def _sign(ctx: Context, named: tuple[Path, ...], keys: Path | None, form: str) -> int:
    from coreline.releases.attest import attest as attest_one
    from coreline.releases.attest import attest_release

    signer = _signer(ctx, keys)
    written: list[Path] = []
    for one in named:
        place = ctx.started / one
        if place.is_dir():
            written += attest_release(place, signer=signer)
        else:
            written.append(attest_one(place, signer=signer))
    if form == "json":
        import json

        print(json.dumps({"written": [str(one) for one in written]}, indent=2))
    else:
        for path in written:
            print(f"wrote {path}")
    return int(ExitCode.KEPT)


def _signer(ctx: Context, keys: Path | None) -> "Signer":
    if keys is None:
        from coreline.releases.identity import ambient_signer

        return ambient_signer()
    return key_signer(ctx.started / keys)


def key_signer(folder: Path) -> "Signer":
    """Return who signs with the newest leaf key for releases of a folder.

    Raises:
        InputError: there is none that may sign now.
    """
    from coreline.cli.commands.keys import now, passphrase
    from coreline.licensing.keyring import load_signing_key
    from coreline.licensing.revoking import last_list
    from coreline.releases.attest import KeySigner
    from coreline_sdk.claims import RELEASE

    at, revoked = now(), last_list(folder).keys
    key = load_signing_key(folder, at, passphrase, revoked=revoked, purposes=(RELEASE,))
    return KeySigner(key, at)


_Check = Callable[[bytes, str, str], "Attested | Refusal"]


def _by_key(ctx: Context, root_key: str, revocations: Path | None) -> _Check:
    from coreline.licensing.inspecting import read_file, read_root
    from coreline.licensing.revocations import read_list
    from coreline.releases.attested import check
    from coreline_sdk.chain import Trust

    root = read_root(ctx.started, root_key)
    revoked: frozenset[str] = frozenset()
    if revocations is not None:
        revoked = read_list(read_file(ctx.started / revocations), root).keys
    trust = Trust([root])
    return lambda data, name, sha256: check(data, name, sha256, trust=trust, revoked=revoked)


def _by_identity(identity: str, issuer: str, offline: bool) -> _Check:
    from coreline.releases.identity import check_identity

    return lambda data, name, sha256: check_identity(
        data, name, sha256, identity=identity, issuer=issuer, offline=offline
    )


def _verify(ctx: Context, named: tuple[Path, ...], check_one: _Check, form: str) -> int:
    from coreline.releases.attest import artifacts_of
    from coreline.releases.attested import Refusal, judge

    places = [ctx.started / one for one in named]
    artifacts = [one for place in places for one in artifacts_of(place)]
    judged = [(one, judge(one, check_one)) for one in artifacts]
    kept = not any(isinstance(found, Refusal) for _, found in judged)
    if form == "json":
        import json

        rows = [{"artifact": str(one), **_row(found)} for one, found in judged]
        print(json.dumps({"kept": kept, "artifacts": rows}, indent=2))
        return int(ExitCode.KEPT if kept else ExitCode.BROKEN)
    for one, found in judged:
        if isinstance(found, Refusal):
            print(f"{one}: {found.sentence} [{found.code}]")
        else:
            when = "" if found.at is None else f", on {found.at:%Y-%m-%d %H:%M:%S} UTC as it says"
            print(f"{one}: attested by {found.signer}{when}")
    if not kept:
        print("Do not install what is not attested; ask the vendor.", file=sys.stderr)
    return int(ExitCode.KEPT if kept else ExitCode.BROKEN)


def _row(found: "Attested | Refusal") -> dict[str, object]:
    from coreline.releases.attested import Refusal

    if isinstance(found, Refusal):
        return {"kept": False, "code": found.code, "sentence": found.sentence}
    at = None if found.at is None else found.at.isoformat()
    return {"kept": True, "signer": found.signer, "at": at}


COMMAND = attest
