# SPDX-License-Identifier: Apache-2.0
"""Facts of the contents of all commits, packed: a change log that names a wrap a thousand times
has thousands of versions, and few of them are looked at together.
"""

from collections.abc import Iterator, Mapping

import msgspec

from coreline.boundary.facts import EMPTY, FileFacts

Key = tuple[str, bytes]
"""A content with its reader, and the names as far as they touch it."""

_UNPACKED_MAX = 8_000_000
"""So many bytes of packed facts are kept unpacked; then they are forgotten."""


class Shelf:
    """Facts by their keys."""

    def __init__(self) -> None:
        self._packed: dict[Key, bytes] = {}
        self._odd: dict[Key, FileFacts] = {}
        self._same: dict[bytes, bytes] = {}
        self._unpacked: dict[bytes, FileFacts] = {}
        self._size = 0
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(FileFacts).decode
        self._nothing = self._encode(EMPTY)

    def __contains__(self, key: object) -> bool:
        return key in self._packed or key in self._odd

    def put(self, key: Key, facts: FileFacts) -> bytes | None:
        """Put facts under a key, and return them packed; None where they cannot be."""
        try:
            packed = self._encode(facts)
        except UnicodeEncodeError:
            # A name that is no UTF-8.
            self._odd[key] = facts
            return None
        self._packed[key] = self._same.setdefault(packed, packed)
        return packed

    def put_packed(self, key: Key, packed: bytes) -> None:
        """Put facts of an earlier run under a key.

        Raises:
            msgspec.MsgspecError: they cannot be read.
        """
        if packed not in self._same:
            self._decode(packed)
        self._packed[key] = self._same.setdefault(packed, packed)

    def is_nothing(self, key: Key) -> bool:
        """Whether there are no facts under a key that is known."""
        return self._packed.get(key) == self._nothing

    def __getitem__(self, key: Key) -> FileFacts:
        if key in self._odd:
            return self._odd[key]
        packed = self._packed[key]
        facts = self._unpacked.get(packed)
        if facts is None:
            self._size += len(packed)
            if self._size > _UNPACKED_MAX:
                self._unpacked.clear()
                self._size = len(packed)
            facts = self._unpacked[packed] = self._decode(packed)
        return facts


class OfCommit(Mapping[str, FileFacts]):
    """The facts of one commit by path, unpacked when they are asked for.

    Args:
        shelf: where they are.
        keys: of each file that has any.
    """

    def __init__(self, shelf: Shelf, keys: Mapping[str, Key]) -> None:
        self._shelf = shelf
        self._keys = keys

    def __getitem__(self, path: str) -> FileFacts:
        return self._shelf[self._keys[path]]

    def __contains__(self, path: object) -> bool:
        return path in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
