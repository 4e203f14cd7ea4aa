# SPDX-License-Identifier: Apache-2.0
"""What public messages say: rules, trailers that are left out, people, and ids of commits.

A pure function of the message and of what became of the commit's own ancestors: an id of any
other commit is left as it is, since whether it is known would depend on the order of work.
"""

import re
from collections.abc import Callable, Iterable

from coreline.errors import InputError
from coreline.manifest.model import MessageRule
from coreline.publish.recipe.people import People
from coreline.publish.recipe.text import decoded, encoded

Renamed = Callable[[str], str | None]
"""Takes an id, or the beginning of one, that a message holds; returns what stands in its place,
None where it is no private commit before this one."""

_TRAILER = re.compile(r"^(?P<key>[A-Za-z0-9][A-Za-z0-9-]*): ?(?P<value>.*)$")
_PERSON_KEY = re.compile(r"-by$", re.IGNORECASE)
_ID = re.compile(r"(?<![0-9A-Za-z_/.-])[0-9a-f]{7,40}(?![0-9A-Za-z_])")


class Messages:
    """The rules on messages.

    Args:
        rules: what is replaced, in order, within each line.
        drop_trailers: keys of trailers that are left out, in any case.
        people: whose names in trailers are changed as those of authors are.
        commit_ids: whether ids of private commits become those of public ones.

    Raises:
        InputError: an expression is malformed (``publish-message-rule``).
    """

    def __init__(
        self,
        rules: Iterable[MessageRule],
        drop_trailers: Iterable[str],
        people: People,
        *,
        commit_ids: bool = False,
    ) -> None:
        self._rules = [(_compiled(rule), rule.replace) for rule in rules]
        self._dropped = frozenset(key.lower().rstrip(":") for key in drop_trailers)
        self._people = people
        self._commit_ids = commit_ids

    @property
    def is_empty(self) -> bool:
        """Whether every message stays as it is."""
        nothing = not self._rules and not self._dropped and not self._commit_ids
        return nothing and self._people.is_empty

    def public(self, message: bytes, encoding: bytes, renamed: Renamed) -> bytes:
        """Return a message as the public reads it.

        Args:
            message: of a commit or a tag.
            encoding: the commit's header line, or empty.
            renamed: what becomes of ids.
        """
        if self.is_empty:
            return message
        text, codec = decoded(message, encoding)
        lines = text.split("\n")
        start = _trailers_from(lines)
        public = [one for line in lines[:start] if (one := self._line(line)) is not None]
        public += self._trailers(lines[start:])
        said = "\n".join(public)
        if self._commit_ids:
            said = _ID.sub(lambda match: renamed(match[0]) or match[0], said)
        # What cannot be told apart from an unchanged message has to be one, to the byte.
        return message if said == text else encoded(said, codec)

    def _line(self, line: str) -> str | None:
        """Return a line with the rules applied; None where they leave nothing of it."""
        public = line
        for expression, replacement in self._rules:
            public = expression.sub(replacement, public)
        return None if line.strip() and not public.strip() else public

    def _trailers(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        is_dropping = False
        for line in lines:
            match = _TRAILER.match(line)
            if match is not None:
                is_dropping = match["key"].lower() in self._dropped
            elif not line.startswith((" ", "\t")):
                is_dropping = False
            if is_dropping:
                continue
            if match is not None and _PERSON_KEY.search(match["key"]):
                value = match["value"].encode("utf-8", "surrogateescape")
                shown = self._people.public(value).decode("utf-8", "surrogateescape")
                line = line[: match.start("value")] + shown
            public = self._line(line)
            if public is not None:
                kept.append(public)
        return kept


def _trailers_from(lines: list[str]) -> int:
    """Return where the trailers begin (git-interpret-trailers(1)): the last paragraph, if its lines
    are trailers and their continuations; the number of lines where there are none.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    block = lines[start:end]
    found = [_TRAILER.match(line) is not None for line in block]
    is_block = start > 0 and bool(block) and found[0]
    fits = all(one or line[:1] in (" ", "\t") for one, line in zip(found, block, strict=True))
    return start if is_block and fits else len(lines)


def _compiled(rule: MessageRule) -> re.Pattern[str]:
    try:
        expression = re.compile(rule.match)
        # A reference to a group that does not exist shows only where something matches.
        re.compile(f"(?:{rule.match})|").sub(rule.replace, "")
    except (re.error, IndexError) as error:
        raise InputError(
            "publish-message-rule",
            f"{rule.match!r} → {rule.replace!r} is no rule on messages: {error}.",
            "Write Python's regular expressions; \\\\1 in replace is the first group.",
        ) from error
    return expression
