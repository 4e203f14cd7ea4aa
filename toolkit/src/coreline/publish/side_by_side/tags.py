# SPDX-License-Identifier: Apache-2.0
"""Tags of private and public side by side: which wait, which differ, which only the public has."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from coreline.publish.ledger import Ledger
from coreline.publish.private import Tag
from coreline.publish.store import Store

_TAGS = "refs/tags/"


@dataclass(frozen=True)
class TagsApart:
    """Names of tags that the next publish would bring out (``wait``), that name another commit in
    public (``differ``), and that no private tag stands behind (``public_only``).
    """

    wait: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    public_only: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, list[str]]:
        """Return it as plain values."""
        return asdict(self)


def tags_apart(
    tags: Sequence[Tag], refs: Mapping[str, bytes], ledger: Ledger, store: Store
) -> TagsApart:
    """Compare the tags of commits that are published with those of the public repository.

    Args:
        tags: the private ones.
        refs: what the public refs name.
        ledger: which public commit stands for which private one.
        store: holds the public objects that were published from here.
    """
    entries = {tag.name: ledger.get(tag.commit) for tag in tags if tag.commit is not None}
    wanted = {name: one.public for name, one in entries.items() if one is not None and one.public}
    there = {name: refs[_TAGS + name] for name in wanted if _TAGS + name in refs}
    led = _commits(store, list(there.values()))
    differ = [name for name, target in there.items() if led[target] != wanted[name]]
    own = {tag.name for tag in tags}
    public = {ref.removeprefix(_TAGS) for ref in refs if ref.startswith(_TAGS)}
    return TagsApart(sorted(wanted.keys() - there), sorted(differ), sorted(public - own))


def _commits(store: Store, names: list[bytes]) -> dict[bytes, bytes | None]:
    """Return the commits that objects lead to; None for one that was not published from here."""
    if not names:
        return {}
    asked = b"".join(b"%b^{commit}\n" % name.hex().encode() for name in names)
    said = store.git.run("cat-file", "--batch-check=%(objectname)", stdin=asked).splitlines()
    led = [None if row.endswith(b" missing") else bytes.fromhex(row.decode()) for row in said]
    return dict(zip(names, led, strict=True))
