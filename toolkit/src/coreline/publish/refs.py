# SPDX-License-Identifier: Apache-2.0
"""Which branches and notes are published, and what the branches are called in public.

A branch is written as the source and the destination of a refspec (git-fetch(1)): ``main``,
``release/*``, ``trunk:main``, ``release/*:stable/*``. No branch name holds a colon or an asterisk
(git-check-ref-format(1)), so nothing needs quoting.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coreline.errors import InputError
from coreline.manifest.model import Publish


class Head(NamedTuple):
    """A private branch, what it is called in public, and its newest private commit."""

    private: str
    public: str
    tip: bytes


class _Rule(NamedTuple):
    text: str
    private: str
    public: str | None

    @property
    def is_glob(self) -> bool:
        return "*" in self.private

    def match(self, branch: str) -> re.Match[str] | None:
        before, star, after = self.private.partition("*")
        middle = "(.+)" if star else ""
        return re.fullmatch(re.escape(before) + middle + re.escape(after), branch)

    def called(self, branch: str) -> str | None:
        """Return the public name that it gives to a branch; None where it gives none."""
        found = self.match(branch)
        if found is None or self.public is None:
            return None
        return self.public.replace("*", found[1]) if self.is_glob else self.public


@dataclass(frozen=True)
class Refs:
    """What is published beside tags, which follow the branches.

    Attributes:
        asked: branches of one run; those of the manifest where there are none.
        branches: branches of the manifest; the current one where there are none.
        notes: names of notes, such as ``commits``.
    """

    asked: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, wanted: Publish, asked: Iterable[str] = ()) -> "Refs":
        """Return what a manifest and one run ask for."""
        return cls(tuple(asked), tuple(wanted.branches), tuple(wanted.notes))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The branches as they were written; none for the current one."""
        return self.asked or self.branches

    @property
    def all_are_asked(self) -> bool:
        """Whether it is a run of all that the manifest publishes."""
        return not self.asked

    def patterns(self, current: str | None) -> list[str]:
        """Return the refs to list, for git-for-each-ref(1), so that all branches are among them."""
        rules = _rules(self.chosen)
        if any(rule.is_glob for rule in rules):
            return ["refs/heads"]
        names = [rule.private for rule in rules] or ([] if current is None else [current])
        return [f"refs/heads/{name}" for name in names]

    def public_name(self, branch: str) -> str:
        """Return what a private branch is called in public, whether it is published or not."""
        named = (name for rule in _rules(self.asked) if (name := rule.called(branch)))
        # What names a branch in full says more of it than what only fits.
        rules = sorted(_rules(self.branches), key=lambda rule: rule.is_glob)
        fitting = (rule.called(branch) or branch for rule in rules if rule.match(branch))
        return next(named, None) or next(fitting, branch)

    def heads(self, known: Mapping[str, bytes], current: str | None) -> list[Head]:
        """Return the branches to publish. The first is what a new public repository begins with:
        the first that is named in full, else the current one, else the first that a glob found.

        Args:
            known: the private branches and their newest commits.
            current: the branch that is checked out.

        Raises:
            InputError: there is no such branch (``branch-unknown``), two would be one in public
                (``publish-branches-collide``), or a name is malformed
                (``publish-branch-malformed``).
        """
        rules = _rules(self.chosen) or [_Rule(current or "", current or "", None)]
        named: list[str] = []
        found: list[str] = []
        for rule in rules:
            matching = sorted(filter(rule.match, known))
            if not matching and not (rule.is_glob and len(rules) > 1):
                raise InputError(
                    "branch-unknown",
                    f"The repository has no branch {rule.private!r}.",
                    "Name one that exists with --branch, or in publish.branches.",
                )
            (found if rule.is_glob else named).extend(matching)
        found.sort(key=lambda name: name != current)
        order = dict.fromkeys([*named, *found])
        heads = [Head(name, self.public_name(name), known[name]) for name in order]
        if not heads:
            raise InputError(
                "branch-unknown",
                f"The repository has no branch like {', '.join(self.chosen)}.",
                "Name one that exists with --branch, or in publish.branches.",
            )
        _refuse_collision(heads)
        return heads


def _rules(texts: Iterable[str]) -> list[_Rule]:
    return [_rule(text) for text in texts]


def _rule(text: str) -> _Rule:
    private, colon, public = text.partition(":")
    stars = {private.count("*"), public.count("*")} if colon else {private.count("*")}
    is_right = stars in ({0}, {1}) and _is_name(private) and (not colon or _is_name(public))
    if not is_right:
        raise InputError(
            "publish-branch-malformed",
            f"{text!r} is no branch to publish.",
            'Write "main", "release/*", "trunk:main" or "release/*:stable/*": one * on each side.',
        )
    return _Rule(text, private, public if colon else None)


def _is_name(text: str) -> bool:
    """Whether it may be the name of a branch (git-check-ref-format(1)), an asterisk aside."""
    wrong = re.compile(
        r"[\x00-\x20\x7f~^:?\[\\]|\.\.|@\{|//|^[-/.]|/\.|\.lock(/|$)|[./]$|^@$|^HEAD$|^refs/heads/"
    )
    return bool(text) and wrong.search(text) is None


def _refuse_collision(heads: Sequence[Head]) -> None:
    """Stop where two branches have one public name, or one is the folder of the other.

    Names that differ only by case are one name to many disks: a clone there would lose a branch.
    """
    known: dict[str, Head] = {}
    by_name = {head.public.casefold(): head for head in heads}
    for head in heads:
        folded = head.public.casefold()
        known_as = known.setdefault(folded, head)
        parts = folded.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        other = known_as if known_as is not head else None
        for name in above:
            other = other or by_name.get(name)
        if other is not None:
            raise InputError(
                "publish-branches-collide",
                f"The branches {other.private} and {head.private} would be {other.public} and "
                f"{head.public} in public, which cannot be.",
                'Give one another name in publish.branches: "PRIVATE:PUBLIC".',
            )
