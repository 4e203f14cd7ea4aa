# SPDX-License-Identifier: Apache-2.0
"""Names of a wrap in what commits and tags say, and in the names of refs.

Names are what the manifest gives to a wrap: modules, packages, names, and paths below its folders.
A plain word such as "enterprise" says nothing by itself; where a wrap has it as a module, it counts
where it is used as one: imported, in backquotes, or with an attribute behind it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coreline.manifest.claims import Line
from coreline.manifest.model import Manifest
from coreline.publish.leaving.new import Saying

# Nothing that would make a name a part of a longer one, or of an address.
_BEFORE = rb"(?<![\w@.-])"
_AFTER = rb"(?![\w-])"
# In the name of a ref, anything but a letter or a digit parts words; "_" does beside a whole name.
_PART = rb"(?<![^\W_])(?:NAMES)(?![^\W_])"
_PATH = rb"[^\s\0\"'`<>()\[\]{},;:|]+"


class Named(NamedTuple):
    """A name of a wrap: what says it, where in that, and the name."""

    where: str
    place: str
    name: str

    def __str__(self) -> str:
        return f"{self.where}, {self.place}: {self.name}"


class WrapNames:
    """Finds names of wraps.

    Args:
        manifest: the wraps and their names.
        line: the claims, compiled.
    """

    def __init__(self, manifest: Manifest, line: Line) -> None:
        self._line = line
        pieces = [*_name_patterns(manifest), *_folder_patterns(manifest, line)]
        self._pattern = re.compile(b"|".join(pieces)) if pieces else None
        parts = sorted(set(_part_patterns(manifest)))
        self._part = re.compile(_PART.replace(b"NAMES", b"|".join(parts))) if parts else None

    def find(self, text: bytes) -> Iterator[str]:
        """Yield the names in a line, whatever its bytes are."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            found = match[0].decode("utf-8", "surrogateescape")
            if match.lastgroup != "path":
                yield found
                continue
            # What ends a sentence is no part of the path.
            path = found.rstrip(".!?*")
            if not path.endswith("/") and self._line.side(path) != "core":
                yield path

    def find_in_name(self, name: bytes) -> Iterator[str]:
        """Yield the names in the name of a ref: as in any text, and as a part of it, in any case
        and whatever parts its words.
        """
        found = list(self.find(name))
        yield from found
        if self._part is not None:
            for match in self._part.finditer(name):
                shown = match[0].decode("utf-8", "surrogateescape")
                if not any(shown in one for one in found):
                    yield shown

    def is_likely(self, text: bytes) -> bool:
        """Whether a text of many lines may hold a name; no name goes over the end of a line."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def in_sayings(self, sayings: Iterable[Saying]) -> Iterator[Named]:
        """Yield the names in what commits and tags say."""
        for saying in sayings:
            if not (saying.is_name or self.is_likely(b"\n".join(saying.lines))):
                continue
            for index, row in enumerate(saying.lines):
                for name in self.find_in_name(row) if saying.is_name else self.find(row):
                    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                    yield Named(f"{saying.kind} {saying.name}", saying.place(index), shown)


def _name_patterns(manifest: Manifest) -> Iterator[bytes]:
    for wrap in manifest.wraps.values():
        for name in (*wrap.modules, *wrap.names):
            raw = re.escape(name.encode("utf-8", "surrogateescape"))
            if re.fullmatch("[A-Za-z]?[a-z]+", name):
                yield rb"\bimport " + raw + _AFTER
                yield rb"`" + raw + rb"`"
                yield _BEFORE + raw + rb"(?!\.(?:com|org|net|io|dev)\b)(?=\.[a-z_]\w)"
            else:
                yield _BEFORE + raw + _AFTER
        for name in wrap.packages:
            parts = re.split(r"[-_.]+", name)
            raw = rb"[-_.]+".join(re.escape(part.encode()) for part in parts)
            # A package with a plain word for its name is known by its version or its requirement.
            tail = rb"(?=[=<>~@]=?[\d^~])" if len(parts) == 1 and name.isalpha() else _AFTER
            yield _BEFORE + rb"(?i:" + raw + rb")" + tail


def _part_patterns(manifest: Manifest) -> Iterator[bytes]:
    """Yield patterns of names as parts of the name of a ref. A plain word says nothing there."""
    for wrap in manifest.wraps.values():
        for name in (*wrap.modules, *wrap.names, *wrap.packages):
            words = [word for word in re.split(r"[-_./:@\s]+", name) if word]
            raw = [re.escape(word.encode("utf-8", "surrogateescape")) for word in words]
            if len(words) > 1:
                yield rb"(?i:" + rb"[-_./]+".join(raw) + rb")"
            elif words and not re.fullmatch("[A-Za-z]?[a-z]+", name):
                yield raw[0]


def _folder_patterns(manifest: Manifest, line: Line) -> Iterator[bytes]:
    heads = sorted({head for head in map(_head, _wrap_globs(manifest)) if head})
    # Only what is the wrap's whatever follows is a folder of the wrap.
    folders = [one for one in heads if not one.endswith("/") or line.side(f"{one}-") == "wrap"]
    if folders:
        names = rb"|".join(
            re.escape(one.encode("utf-8", "surrogateescape"))
            + (_PATH if one.endswith("/") else _AFTER)
            for one in folders
        )
        yield rb"(?<![\w@.:/-])(?P<path>(?:" + names + rb"))"


def _wrap_globs(manifest: Manifest) -> Iterator[str]:
    for wrap in manifest.wraps.values():
        yield from wrap.paths
    for feature in manifest.features.values():
        if feature.side == "wrap":
            yield from feature.paths


def _head(pattern: str) -> str:
    """Return the folder that a glob begins with, with its slash, or the file that it names."""
    found = re.match(r"[^*?]*", pattern)
    literal = found[0] if found else ""
    if literal == pattern:
        return pattern if "/" in pattern else ""
    return literal[: literal.rfind("/") + 1]
