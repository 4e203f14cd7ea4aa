# SPDX-License-Identifier: Apache-2.0
"""Issue with the keys of a folder and write the file: the thin shell around ``issue``."""

import re
import secrets
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from coreline.errors import InputError
from coreline.licensing.issue import issue
from coreline.licensing.keyring import (
    REVOCATIONS_FILE,
    Passphrase,
    load_root_public,
    load_signing_key,
    no_passphrase,
    read_text,
    write_new,
)
from coreline.licensing.model import IssuedLicense, IssueRequest
from coreline.licensing.revocations import read_list
from coreline_sdk.armor import read_armor

_ID_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without letters that are taken for digits on the telephone."""


def issue_in(
    folder: Path, request: IssueRequest, now: datetime, passphrase: Passphrase = no_passphrase
) -> IssuedLicense:
    """Return a license signed with the newest leaf key of a folder, with its revocation list.

    Raises:
        InputError: there is no such key, it cannot sign the request, or the license's id is
            revoked (``license-id-revoked``).
    """
    path = folder / REVOCATIONS_FILE
    if not path.exists():
        return issue(request, load_signing_key(folder, now, passphrase), now)
    text = read_text(path)
    last = read_list(text, load_root_public(folder))
    if request.license_id in last.licenses:
        raise InputError(
            "license-id-revoked",
            f"List {last.number} revokes {request.license_id}, and products never forget that.",
            "Give the new license another --id.",
        )
    signing = load_signing_key(folder, now, passphrase, revoked=last.keys)
    lists = read_armor(text)
    return issue(
        request, signing, now, revocations=lists.revocations, certificates=lists.certificates
    )


def write_license(path: Path, issued: IssuedLicense) -> None:
    """Write a license file.

    Raises:
        InputError: there is a file already (``file-exists``).
        OutsideError: ``file-not-written``.
    """
    write_new(path, issued.armor.encode(), 0o644)


def issued_json(issued: IssuedLicense, out: Path | None) -> dict[str, object]:
    """Return what a script wants to know about a license that was issued."""
    claims = issued.claims
    body: dict[str, object] = {
        "id": claims.license_id,
        "customer": claims.customer,
        "edition": claims.edition,
        "features": sorted(claims.features),
        "seats": claims.seats,
        "trial": claims.trial,
        "expires": datetime.fromtimestamp(claims.expires_at, UTC).isoformat(),
        "token": issued.token,
    }
    return body | ({"armor": issued.armor} if out is None else {"file": str(out)})


def new_license_id() -> str:
    """Return a random id of 50 bits, such as LIC-7K3MQX42WD."""
    return "LIC-" + "".join(secrets.choice(_ID_ALPHABET) for _ in range(10))


def slug(name: str) -> str:
    """Return an id made of a name: its ASCII letters and digits, joined by hyphens.

    Raises:
        InputError: the name has none (``customer-id-missing``).
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64]
    if not made:
        # One id for all such customers would make them one customer.
        raise InputError(
            "customer-id-missing",
            f"No id can be made of the name {name!r}.",
            "Give one with --customer-id: letters, digits and . _ : @ -.",
        )
    return made
