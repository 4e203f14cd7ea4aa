# SPDX-License-Identifier: Apache-2.0
"""Check what leaves: names of a wrap, shared contents, secrets. Any of them stops the publish."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from coreline.errors import InputError
from coreline.publish.leaving.new import New
from coreline.publish.leaving.new_secrets import SecretScan
from coreline.publish.leaving.policy import Policy
from coreline.publish.leaving.shared import shared_contents
from coreline.publish.leaving.wrap_contents import WrapContents
from coreline.publish.private import Private

_SHOWN_MAX = 10
_TOLD_MAX = 200


class LeftJson(TypedDict):
    """The JSON of what was looked at."""

    commits: int
    contents: int
    looked_into: int
    wrap_names: list[str]
    shared: int
    skipped: list[str]


@dataclass
class Left:
    """What was looked at before it left.

    ``contents`` counts contents of the new commits, ``looked_into`` those that were searched for
    secrets; ``wrap_names`` lists names that leave because the manifest only lists them; ``shared``
    counts contents that lay on both sides by decision; ``skipped`` says what was not looked for.
    """

    commits: int = 0
    contents: int = 0
    looked_into: int = 0
    wrap_names: list[str] = field(default_factory=list)
    shared: int = 0
    skipped: list[str] = field(default_factory=list)

    def to_json(self) -> LeftJson:
        """Return it as plain values."""
        return {
            "commits": self.commits,
            "contents": self.contents,
            "looked_into": self.looked_into,
            "wrap_names": self.wrap_names,
            "shared": self.shared,
            "skipped": self.skipped,
        }


def check_leaving(
    new: New, policy: Policy, private: Private, known: WrapContents, *, is_plain: bool = False
) -> Left:
    """Check all that is new to the public.

    Args:
        new: what leaves.
        policy: what is looked for.
        private: the private repository and its branch.
        known: the contents that ever lay in a wrap.
        is_plain: whether each public file is the private one, where it stands in private, by
            today's line; then one look at the private commits finds both sides' contents.

    Raises:
        InputError: ``publish-message-names-wrap``, ``publish-shared-content`` or
            ``publish-secret``; nothing was written outside.
    """
    found = known.learn(private, new.private_commits if is_plain else ())
    if found is not None:
        new.contents = found
    left = Left(len(new.commits), len({one.blob for one in new.contents}))
    left.skipped += policy.skipped
    named = [str(one) for one in policy.names.in_sayings(new.sayings(policy.names.is_likely))]
    if named and policy.names_refused:
        _refuse_names(named)
    left.wrap_names = named[:_TOLD_MAX]
    asked, left.shared = shared_contents(new, known, policy)
    if asked:
        _refuse_shared([str(one) for one in asked])
    if policy.with_secrets:
        scan = SecretScan(new, policy)
        secrets = [str(one) for one in scan.run()]
        if secrets:
            _refuse_secrets(secrets)
        left.looked_into = scan.contents
        if scan.unread:
            left.skipped.append(f"secrets: {scan.unread} contents that are large or no text")
    return left


def _refuse_names(named: Sequence[str]) -> None:
    raise InputError(
        "publish-message-names-wrap",
        f"{_count(named, 'line')} of new commits, tags and names of refs would name a wrap "
        f"in public: {_shown(named)}.",
        'Replace it with a rule in publish.messages, such as {match = "NAME", replace = "…"}; '
        'give a branch another name in public with publish.branches = ["PRIVATE:PUBLIC"], a tag '
        "another name in private; "
        'or write publish.wrap_names = "list", which lists such lines in the report instead.',
    )


def _refuse_shared(asked: Sequence[str]) -> None:
    raise InputError(
        "publish-shared-content",
        f"{_count(asked, 'content')} of the core also lay in a wrap and would become public: "
        f"{_shown(asked)}.",
        "Nothing was written. If that is meant (the file was opened), decide it once in "
        'coreline.toml: publish.shared = [{path = "PATH or GLOB", reason = "…"}]. If not, take '
        "the file out of the core and of its history.",
    )


def _refuse_secrets(secrets: Sequence[str]) -> None:
    raise InputError(
        "publish-secret",
        f"{_count(secrets, 'line')} would carry a secret into public: {_shown(secrets)}.",
        "Nothing was written. Revoke a real one, and take it out of the history. What is none: "
        'publish.not_secret = [{path = "PATH or GLOB", reason = "…"}], or the comment '
        '"pragma: allowlist secret" in its line; --no-secrets skips the search once.',
    )


def _count(rows: Sequence[str], what: str) -> str:
    return f"{len(rows):,} {what}{'' if len(rows) == 1 else 's'}"


def _shown(rows: Sequence[str]) -> str:
    more = f"; and {len(rows) - _SHOWN_MAX:,} more" if len(rows) > _SHOWN_MAX else ""
    return "; ".join(rows[:_SHOWN_MAX]) + more
