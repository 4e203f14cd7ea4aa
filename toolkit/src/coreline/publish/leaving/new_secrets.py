# SPDX-License-Identifier: Apache-2.0
"""Secrets in new contents and new messages.

The states of one file are looked at together: only lines that the state before did not have are
searched, since those of a long history are the same ones again and again.
"""

from collections.abc import Iterator
from typing import NamedTuple

from coreline.publish.leaving.new import New
from coreline.publish.leaving.policy import Policy
from coreline.publish.leaving.secrets import Secrets, is_text


class NewSecret(NamedTuple):
    """A secret that would become public; the secret itself is not in here."""

    where: str
    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place} in {self.where}: {self.kind}"


class SecretScan:
    """Looks through what is new.

    Args:
        new: what leaves.
        policy: which paths were decided about.
    """

    def __init__(self, new: New, policy: Policy) -> None:
        self._new = new
        self._policy = policy
        self._secrets = Secrets()
        self.contents = 0
        self.unread = 0
        """Contents that were not looked into: large ones, and those that are no text."""

    def run(self) -> list[NewSecret]:
        """Return the secrets, each line of a file once."""
        return [*self._in_sayings(), *self._in_contents()]

    def _in_sayings(self) -> Iterator[NewSecret]:
        for saying in self._new.sayings():
            for found in self._secrets.find(b"\n".join(saying.lines), ""):
                where = f"{saying.kind} {saying.name}"
                yield NewSecret(where, saying.place(found.line - 1), found.kind)

    def _in_contents(self) -> Iterator[NewSecret]:
        first: dict[bytes, tuple[str, bytes]] = {}
        for one in self._new.contents:
            if not self._policy.not_secret(one.path):
                first.setdefault(one.blob, (one.path, one.commit))
        # The states of a path follow one another, in the order of their commits.
        order = sorted(first, key=lambda blob: first[blob][0])
        last_path, before, told = "", frozenset[bytes](), set[bytes]()
        for blob, found in zip(order, self._new.read(order), strict=True):
            path, commit = first[blob]
            if path != last_path:
                last_path, before, told = path, frozenset(), set()
            if found.data is None or not is_text(found.data):
                self.unread += 1
                continue
            self.contents += 1
            rows = found.data.split(b"\n")
            now = frozenset(rows)
            added = b"\n".join(now - before)
            before = now
            if self._secrets.likely(added):
                for secret in self._secrets.find(found.data, path):
                    if rows[secret.line - 1] not in told:
                        told.add(rows[secret.line - 1])
                        where = f"commit {self._new.called(commit)}"
                        yield NewSecret(where, f"{path}:{secret.line}", secret.kind)
