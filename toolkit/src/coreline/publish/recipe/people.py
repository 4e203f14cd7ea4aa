# SPDX-License-Identifier: Apache-2.0
"""Authors and committers as the public sees them: a map in gitmailmap(5) syntax, and a bot.

The map decides first. Whom it does not name and who writes from one of the vendor's domains
becomes the bot, where the manifest names one. Everybody else stays who they are: an outsider's
name is never changed by the bot.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from coreline.errors import InputError

_ENTRY = re.compile(
    r"^\s*(?P<name>[^<>#]*?)\s*<(?P<mail>[^<>]*)>"
    r"(?:\s*(?P<old_name>[^<>]*?)\s*<(?P<old_mail>[^<>]*)>)?\s*(?:#.*)?$"
)
_IDENTITY = re.compile(rb"^(?P<name>[^<>\n]*?) ?<(?P<mail>[^<>\n]*)>(?P<rest>.*)$", re.DOTALL)
_BOT = re.compile(r"^\s*(?P<name>[^<>]+?)\s*<(?P<mail>[^<>\s]+@[^<>\s]+)>\s*$")


class Person(NamedTuple):
    """A name and an address."""

    name: str
    mail: str


class People:
    """The map and the bot.

    Args:
        mailmap: the text of a file in mailmap syntax.
        bot: ``NAME <ADDRESS>``, or None.
        vendor: the vendor's e-mail domains.
        source: the name of the mailmap, for messages.

    Raises:
        InputError: a line of the map, or the bot, is malformed (``publish-people-malformed``).
    """

    def __init__(
        self, mailmap: str, bot: str | None, vendor: Iterable[str], source: str = ".mailmap"
    ) -> None:
        self._by_mail: dict[str, Person] = {}
        self._by_both: dict[tuple[str, str], Person] = {}
        for number, line in enumerate(mailmap.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                self._read(line, f"{source}:{number}")
        self._bot = None if bot is None else _bot(bot)
        self._vendor = tuple(domain.lower() for domain in vendor)
        self._known: dict[bytes, bytes] = {}

    @property
    def is_empty(self) -> bool:
        """Whether everybody stays who they are."""
        return not self._by_mail and not self._by_both and self._bot is None

    def _read(self, line: str, place: str) -> None:
        match = _ENTRY.match(line)
        if match is None:
            raise InputError(
                "publish-people-malformed",
                f"{place}: {line.strip()!r} is no entry of a mailmap.",
                "Write: Proper Name <proper@example.com> <commit@example.com>.",
            )
        new = Person(match["name"], match["mail"] if match["old_mail"] is not None else "")
        old_mail = (match["old_mail"] or match["mail"]).lower()
        if match["old_name"]:
            self._by_both[match["old_name"].lower(), old_mail] = new
        else:
            self._by_mail[old_mail] = new

    def public(self, identity: bytes) -> bytes:
        """Return ``NAME <ADDRESS>``, with whatever follows it, as the public sees it."""
        known = self._known.get(identity)
        if known is None:
            known = self._known[identity] = self._public(identity)
        return known

    def _public(self, identity: bytes) -> bytes:
        match = _IDENTITY.match(identity)
        if match is None:
            return identity
        name = match["name"].decode("utf-8", "surrogateescape")
        mail = match["mail"].decode("utf-8", "surrogateescape")
        found = self._mapped(name, mail)
        if found is None:
            return identity
        raw = f"{found.name or name} <{found.mail or mail}>"
        return raw.encode("utf-8", "surrogateescape") + match["rest"]

    def _mapped(self, name: str, mail: str) -> Person | None:
        key = mail.strip().lower()
        found = self._by_both.get((name.strip().lower(), key)) or self._by_mail.get(key)
        if found is None and self._bot is not None:
            domain = key.rpartition("@")[2]
            is_vendor = any(domain == one or domain.endswith(f".{one}") for one in self._vendor)
            return self._bot if is_vendor else None
        return found


def _bot(text: str) -> Person:
    match = _BOT.match(text)
    if match is None:
        raise InputError(
            "publish-people-malformed",
            f"publish.bot is {text!r}, which names nobody.",
            'Write: bot = "Converge Bot <bot@example.com>".',
        )
    return Person(match["name"], match["mail"])
