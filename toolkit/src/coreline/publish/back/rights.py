# SPDX-License-Identifier: Apache-2.0
"""What a contribution needs before it is taken in: a sign-off (DCO 1.1), or an entry in a list.

The same for everybody. Only where the manifest says so openly (``vendor_exempt``) do the vendor's
own people need none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coreline.errors import InputError
from coreline.manifest.model import Contributions
from coreline.sources.objects import CommitParts

_PERSON = re.compile(r"^(?P<name>[^<>]*?)\s*<(?P<mail>[^<>]*)>")
_SIGNED = re.compile(
    r"^Signed-off-by:\s*[^<>]*<(?P<mail>[^<>]*)>\s*$", re.MULTILINE | re.IGNORECASE
)
_CO_AUTHOR = re.compile(r"^Co-authored-by:\s*(?P<who>[^<>]*<[^<>]*>)\s*$", re.M | re.IGNORECASE)


class Missing(NamedTuple):
    """What one commit lacks."""

    commit: bytes
    subject: str
    line: str


def missing_rights(
    commits: Iterable[tuple[bytes, CommitParts]],
    wanted: Contributions,
    signed: str,
    vendor: Sequence[str],
) -> Iterator[Missing]:
    """Yield what is missing, commit by commit.

    Args:
        commits: ids and parts. Merges that somebody else's commits made are asked like any other.
        wanted: what the manifest asks for.
        signed: the list of who has signed the CLA: an address or a ``@domain`` a line.
        vendor: the vendor's domains.
    """
    if wanted.sign_off == "none":
        return
    listed = {line.split("#")[0].strip().lower() for line in signed.splitlines()}
    for name, part in commits:
        message = part.message.decode("utf-8", "replace")
        subject = message.strip().split("\n")[0][:72]
        for who in _authors(part, message):
            match = _PERSON.match(who)
            mail = match["mail"].strip().lower() if match else ""
            if wanted.vendor_exempt and _is_vendor(mail, vendor):
                continue
            if wanted.sign_off == "cla":
                if mail not in listed and f"@{mail.rpartition('@')[2]}" not in listed:
                    yield Missing(name, subject, mail or who)
            elif mail not in {found.strip().lower() for found in _SIGNED.findall(message)}:
                person = match[0] if match else who
                yield Missing(name, subject, f"Signed-off-by: {person}")


def refuse_missing(missing: Sequence[Missing], wanted: Contributions) -> None:
    """Stop where a commit lacks a right.

    Raises:
        InputError: with every commit and the exact line that it lacks (``import-sign-off-missing``,
            ``import-cla-missing``).
    """
    if not missing:
        return
    rows = "\n".join(f"  {one.commit.hex()[:12]} {one.subject}: {one.line}" for one in missing)
    if wanted.sign_off == "cla":
        raise InputError(
            "import-cla-missing",
            f"Authors are not in {wanted.cla}, the list of who has signed:\n{rows}",
            "Add them once they have signed; nothing was imported.",
        )
    raise InputError(
        "import-sign-off-missing",
        f"Commits are not signed off by their authors (Developer Certificate of Origin):\n{rows}",
        "Their authors add these lines (git rebase --signoff); nothing was imported.",
    )


def _authors(part: CommitParts, message: str) -> Iterator[str]:
    yield part.author.partition(b" ")[2].decode("utf-8", "replace").rpartition(">")[0] + ">"
    yield from (match["who"] for match in _CO_AUTHOR.finditer(message))


def _is_vendor(mail: str, vendor: Sequence[str]) -> bool:
    domain = mail.rpartition("@")[2]
    return any(domain == one.lower() or domain.endswith(f".{one.lower()}") for one in vendor)
