# SPDX-License-Identifier: Apache-2.0
"""Facts of all files of a tree: from the cache where the content is known, else from its bytes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec

from coreline.boundary import beyond
from coreline.boundary.extension import Language, Source
from coreline.boundary.facts import EMPTY, FileFacts, Header, Reference, Trouble
from coreline.boundary.kinds import Kinds
from coreline.boundary.model import NotAnalyzed
from coreline.boundary.names import Names
from coreline.boundary.search import HITS_MAX
from coreline.boundary.spdx.terms import read_terms
from coreline.boundary.subject import Gathered, Unreadable
from coreline.boundary.tokens import tokens
from coreline.sources.tree import Content, Entry, SourceTree

HEADER_REACH = 4096
"""An SPDX header is looked for in this many bytes at the beginning of a file."""

# The tag, alone in its line but for what begins and ends a comment (SPDX 2.3, annex E). One in
# quotes is somebody's text about headers.
_HEADER = re.compile(
    rb"""^[^\w\n"'`]*SPDX-License-Identifier:[ \t]*"""
    rb"""([^\r\n]*?)[ \t]*(?:\*/|--+>|\#\}|%>)?[ \t]*\r?$""",
    re.MULTILINE,
)
LICENSE_TEXT = "license-text"
"""The language of license texts: they are what they are, whatever they begin with."""

_NOTHING = FileFacts()
"""The one object that stands for no facts in the loop over all files."""

_LFS = b"version https://git-lfs.github.com/spec/"


class Store(Protocol):
    """Where facts are kept between runs; ``coreline.sources.cache`` implements it."""

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep something under a key."""
        ...


class Reader:
    """Reads the facts of files.

    Args:
        languages: all languages.
        names: what the core must not know.
        store: facts of earlier runs with the same names and languages; None for none.
    """

    def __init__(
        self, languages: Sequence[Language], names: Names, store: Store | None = None
    ) -> None:
        self._kinds = Kinds(languages)
        self.language = self._kinds.of
        self._names = names
        self._store = store
        self._space = ""
        self._kept: dict[bytes, FileFacts] = {}
        self._decode = msgspec.msgpack.Decoder(FileFacts).decode
        self._encode = msgspec.msgpack.Encoder().encode
        self._binary = 0
        self._has_beyond = bool(names.beyond or names.globs)

    def read(
        self, tree: SourceTree, entries: Iterable[Entry], is_wrap: Mapping[str, bool]
    ) -> Gathered:
        """Return the facts of every file of a tree.

        Args:
            tree: reads the files.
            entries: the files.
            is_wrap: for each path, whether it is a wrap's: names are not searched there.
        """
        self._space = tree.space
        gathered = Gathered({}, 0, 0, [], [])
        waiting: list[Entry] = []
        analyzed = 0
        for entry in entries:
            kept = self._kept_of(entry, is_wrap[entry.path])
            if kept is _NOTHING:
                analyzed += 1
            elif kept is None:
                waiting.append(entry)
            else:
                analyzed += self._take(entry.path, kept, gathered)
        for content in tree.read(waiting):
            analyzed += self._read(content, is_wrap[content.entry.path], gathered)
        return gathered._replace(analyzed=analyzed, binary=self._binary)

    def _kept_of(self, entry: Entry, is_wrap: bool) -> FileFacts | None:
        """Return the facts of an earlier run, None where there are none."""
        if self._store is None or entry.blob is None:
            return None
        kept = self._store.get(self._key(entry, is_wrap))
        # Most files have the same facts, namely none.
        facts = None if kept is None else self._kept.get(kept)
        if kept is not None and facts is None:
            try:
                facts = self._decode(kept)
            except msgspec.MsgspecError:
                return None
            facts = self._kept[kept] = _NOTHING if facts == EMPTY else facts
        return facts

    def _key(self, entry: Entry, is_wrap: bool) -> str:
        language = self.language(entry.path)
        reader = "link" if entry.kind == "link" else "" if language is None else language.name
        return f"{entry.blob}{entry.stamp}{self._space}{'w' if is_wrap else 'c'}{reader}"

    def _read(self, content: Content, is_wrap: bool, gathered: Gathered) -> int:
        entry, data = content.entry, content.data
        if data is None or is_pointer(data):
            reason = content.reason or "a Git LFS pointer: the content is not in the repository"
            gathered.not_analyzed.append(NotAnalyzed(entry.path, reason))
            if content.is_failure and not is_wrap:
                gathered.unreadable.append(Unreadable(entry.path, 1, reason))
            return 0
        facts = link_facts(data) if entry.kind == "link" else self.facts(entry.path, data, is_wrap)
        if self._store is not None and entry.blob is not None:
            # A link may lead to a name that is no UTF-8: it is read anew each time.
            with suppress(UnicodeEncodeError):
                self._store.put(self._key(entry, is_wrap), self._encode(facts))
        return self._take(entry.path, facts, gathered)

    def _take(self, path: str, facts: FileFacts, gathered: Gathered) -> int:
        if facts == EMPTY:
            return 1
        self._binary += facts.is_binary
        gathered.facts[path] = facts
        if facts.trouble is None:
            return 1
        reason = f"{facts.trouble.reason} (line {facts.trouble.line})"
        gathered.not_analyzed.append(NotAnalyzed(path, reason))
        if self.language(path) is not None and not facts.is_binary:
            gathered.unreadable.append(Unreadable(path, facts.trouble.line, facts.trouble.reason))
        return 0

    def facts(self, path: str, data: bytes, is_wrap: bool) -> FileFacts:
        """Return the facts of one file's bytes.

        Args:
            path: decides the language, nothing else.
            data: the whole file.
            is_wrap: whether only what it says of itself counts.
        """
        language = self.language(path)
        script = self._kinds.of_script(data) if language is None else None
        language = language or script
        if b"\r" in data and b"\n" not in data:
            # Lines of old Macs: no language's grammar ends a comment there.
            data = data.replace(b"\r", b"\n")
        is_binary = b"\0" in data
        header = None if is_binary else _header(data)
        if header is not None and language is not None and not language.states(header.line):
            header = None
        is_code = language is not None and language.reads_names
        hits = [] if is_wrap else self._names.search(data, is_code=is_code)
        others: list[tuple[int, int]] = []
        if hits and self._has_beyond:
            hits, others = self._names.part(data, hits)
        found = EMPTY
        if len(hits) > HITS_MAX:
            found = FileFacts(trouble=Trouble(1, f"more than {HITS_MAX:,} places name a wrap"))
        elif is_binary or language is None:
            if hits:
                references = tokens(Source(data, self._names, hits))
                found = FileFacts(references=tuple(references))
        elif hits or language.always:
            found = language.extract(Source(data, self._names, hits))
        if not is_binary and (hits or others):
            found = _with_beyond(found, data, self._names, others, hits, language)
        # A tag is exact, and documentation may speak of any license.
        is_said = header is None and not is_binary and _may_state(language)
        terms = read_terms(data) if is_said else None
        if script is not None and found != EMPTY:
            found = msgspec.structs.replace(found, script=script.name)
        if header is None and terms is None and not is_binary:
            return found
        return msgspec.structs.replace(found, header=header, terms=terms, is_binary=is_binary)


def _with_beyond(
    found: FileFacts,
    data: bytes,
    names: Names,
    others: Sequence[tuple[int, int]],
    hits: Sequence[tuple[int, int]],
    language: Language | None,
) -> FileFacts:
    """Return a file's facts with its gates, look-ups and names, for which few files are parsed."""
    # Imported only where a file has a hit: most runs read none.
    from coreline.boundary.beyond.suspects import may_help

    if not others and not may_help(data, hits):
        return found
    from coreline.boundary.beyond.extract import extract

    more = extract(data, names, others, hits, language)
    return msgspec.structs.replace(
        found,
        references=found.references + more.references,
        definitions=found.definitions + more.definitions,
    )


def _may_state(language: Language | None) -> bool:
    return language is None or (language.header_line_max is None and language.name != LICENSE_TEXT)


def _header(data: bytes) -> Header | None:
    match = _HEADER.search(data, 0, HEADER_REACH) if b"SPDX-License-Id" in data[:4096] else None
    if match is None:
        return None
    if not match[1]:
        return None
    line = data.count(b"\n", 0, match.start(1)) + 1
    return Header(line, match[1].decode("utf-8", "replace"))


def is_pointer(data: bytes) -> bool:
    """Whether a content stands for one that Git LFS keeps elsewhere."""
    return data.startswith(_LFS)


def link_facts(target: bytes) -> FileFacts:
    """Return the facts of a symbolic link."""
    text = target.decode("utf-8", "surrogateescape")
    return FileFacts(
        references=(Reference(1, 1, "link", text, text=text.encode("utf-8", "replace").decode()),)
    )


def digest_of(languages: Iterable[Language], names: Names) -> bytes:
    """Return what identifies facts: they are only of use to the same languages and names."""
    versions = "\n".join(sorted(f"{one.name} {one.version}" for one in languages))
    return names.digest + f"{versions}\n{_FORMAT} {beyond.VERSION}".encode()


_FORMAT = 9
"""Raised whenever facts are kept in another shape, or headers and tokens are found otherwise."""
