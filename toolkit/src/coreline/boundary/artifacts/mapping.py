# SPDX-License-Identifier: Apache-2.0
"""Where a file of an artifact comes from in the repository, told by contents and by its path.

Builds move files (``src/acme/`` is installed as ``acme/``), compile them (``.ts`` to ``.js``), put
them into folders of their own (``dist/``). Files whose content the repository has too tell how.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from coreline.boundary.artifacts.repository import Repository
from coreline.boundary.ownership import CORE
from coreline.sources.listing import NESTED, Listed

_BUILT = re.compile(
    r"^(?:dist|lib|libs|build|built|out|output|esm|es|cjs|umd|mjs|types|compiled|target)/"
)
_SOURCES = ("src/", "", "lib/", "src/main/java/", "src/main/kotlin/", "app/")
# What a compiler makes of a file's last suffixes, and what it was made from.
_COMPILED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\.d\.[mc]?ts(\.map)?$"), (".ts", ".tsx", ".vue")),
    (re.compile(r"\.[mc]?jsx?(\.map)?$"), (".ts", ".tsx", ".js", ".jsx", ".vue")),
    (re.compile(r"(\$[^/]*)?\.class$"), (".java", ".kt", ".scala", ".groovy")),
    (re.compile(r"\.pyc$"), (".py",)),
    (re.compile(r"(\.[\w-]+)?\.(so|pyd)$"), (".pyx", ".py", ".c", ".rs")),
    (re.compile(r"\.css(\.map)?$"), (".scss", ".sass", ".less", ".css")),
)
_PAIRS_MAX = 40
_WHOLE_VOTE = 2


class Origin(NamedTuple):
    """Where a file comes from."""

    path: str
    """In the repository; it need not exist."""
    owner: str
    """The name of a wrap, or ``CORE``."""
    is_there: bool
    """Whether the repository has the file."""


class Mapping:
    """Leads from the paths of one artifact to those of the repository.

    Args:
        listed: the files of the artifact.
        repository: what they come from.
        root: takes a path of the artifact to the one from the root of its package.
        names: of the package.
        is_package: whether all of its files are built from the repository. Most files of an image
            are other people's.
    """

    def __init__(
        self,
        listed: Iterable[Listed],
        repository: Repository,
        root: Callable[[str], str],
        names: Iterable[str],
        *,
        is_package: bool,
    ) -> None:
        self._repository = repository
        self._root = root
        self._is_package = is_package
        folders = [folder for name in names for folder in repository.folders_of(name)]
        self._bases = list(dict.fromkeys(folders)) or [""]
        self._pairs = _pairs(listed, repository)

    def origin(self, path: str) -> Origin | None:
        """Return where a file comes from, None where nothing tells."""
        inner = path.rpartition(NESTED)[2]
        named = self._repository.wrap_named_in(self._root(inner) if self._is_package else inner)
        if named is not None:
            return Origin(inner, named, is_there=False)
        candidates = list(dict.fromkeys(self._candidates(path)))
        owners = self._repository.owners
        for one in candidates:
            for source in _before_compiling(one):
                if source in owners:
                    return Origin(source, owners[source], is_there=True)
        core: Origin | None = None
        for one in candidates:
            for source in _before_compiling(one):
                owner = self._repository.claimed(source)
                if owner not in (None, CORE):
                    return Origin(source, owner or "", is_there=False)
                if owner == CORE and core is None:
                    core = Origin(one, CORE, is_there=False)
        return core

    def _candidates(self, path: str) -> Iterator[str]:
        # An archive inside is a package of its own.
        inner = path.rpartition(NESTED)[2]
        for start, to in self._pairs:
            if inner.startswith(start):
                yield to + inner[len(start) :]
        if not self._is_package:
            return
        plain = self._root(inner)
        for base in self._bases:
            yield _join(base, plain)
            yield from (_join(base, source + plain) for source in _SOURCES if source)
            rest = plain
            while match := _BUILT.match(rest):
                rest = rest[match.end() :]
                yield from (_join(base, source + rest) for source in _SOURCES)


def _pairs(listed: Iterable[Listed], repository: Repository) -> list[tuple[str, str]]:
    """Return which folder of the artifact is which of the repository, by contents of both."""
    votes: Counter[tuple[str, str]] = Counter()
    for one in listed:
        paths = repository.by_blob.get(one.entry.blob or "", ())
        if one.size < 16 or not 0 < len(paths) <= 3:
            continue
        inner = one.entry.path.rpartition(NESTED)[2]
        for path in paths:
            common = _common_end(inner, path)
            if common:
                cut = len(common)
                votes[inner[: len(inner) - cut], path[: len(path) - cut]] += common.count("/") + 1
    kept = [pair for pair, number in votes.most_common(_PAIRS_MAX) if number >= _WHOLE_VOTE]
    # The deepest folder knows best.
    return sorted(kept, key=lambda pair: (-len(pair[0]), -votes[pair]))


def _common_end(one: str, other: str) -> str:
    """Return the last parts that two paths have in common, as many as there are."""
    common: list[str] = []
    for a, b in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if a != b:
            break
        common.append(a)
    return "/".join(reversed(common))


def _before_compiling(path: str) -> Iterator[str]:
    yield path
    for pattern, suffixes in _COMPILED:
        match = pattern.search(path)
        if match is not None:
            yield from (path[: match.start()] + suffix for suffix in suffixes)


def _join(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path
