# SPDX-License-Identifier: Apache-2.0
"""Paths that people or file systems take for one another, and the line asked about those.

macOS and Windows fold case, macOS composes letters and skips what is invisible (so git has to guard
``.git`` on them), Windows drops dots and spaces at the end of a name and reads ``\\`` as a slash;
people cannot tell a Cyrillic letter from a Latin one (UTS #39). A file that was meant for
``enterprise/`` and lies in ``Enterprise/`` would be published by a core of ``**``.
"""

import unicodedata
from functools import lru_cache

from coreline.manifest.claims import Line
from coreline.manifest.model import Core, Manifest, Product, Wrap
from coreline.publish.folders import Folders

# Small letters of Greek, Cyrillic and IPA that are drawn as Latin ones, of those that names need.
_DRAWN_AS = {
    "a": "\u03b1\u0430",
    "b": "\u0432",
    "c": "\u0441",
    "d": "\u0501",
    "e": "\u03b5\u0435",
    "g": "\u0261",
    "h": "\u04bb",
    "i": "\u03b9\u0456",
    "j": "\u0458",
    "k": "\u03ba\u043a",
    "m": "\u043c",
    "n": "\u043f",
    "o": "\u03bf\u043e",
    "p": "\u03c1\u0440",
    "s": "\u0455",
    "t": "\u03c4\u0442",
    "u": "\u03c5",
    "v": "\u03bd",
    "x": "\u03c7\u0445",
    "y": "\u0443",
}
_LATIN = str.maketrans({like: latin for latin, all_ in _DRAWN_AS.items() for like in all_})
_IGNORABLE = "Cf"


# Names that git refuses to check out (fsck's hasDot, hasDotdot and hasDotgit).
_IMPOSSIBLE = frozenset([".", "..", ".git", "git~1"])


def is_impossible(name: str) -> bool:
    """Whether git refuses to check out a name, on one system or the other."""
    return "/" in name or "\0" in name or folded(name) in _IMPOSSIBLE


@lru_cache(maxsize=65536)
def folded(path: str) -> str:
    """Return the one path that stands for all that look like it (NFKC, Unicode case folding)."""
    if path.isascii():
        text = path.lower()
    else:
        path = _decoded(path)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
        text = "".join(char for char in text if unicodedata.category(char) != _IGNORABLE)
        text = text.translate(_LATIN)
    if "\\" not in text and " " not in text and "./" not in text and not text.endswith("."):
        return text
    return "/".join(_bare(part) for part in text.replace("\\", "/").split("/"))


def _decoded(path: str) -> str:
    """Return a path whose bytes are no UTF-8 as the older systems that wrote it showed it."""
    raw = path.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _bare(name: str) -> str:
    """Return a name as Windows keeps it; those of dots alone mean something else."""
    return name.rstrip(". ") or name


def folded_line(line: Line) -> Line:
    """Return the line with all of its claims folded; those that become one then tie."""
    core: list[str] = []
    wraps: dict[str, list[str]] = {}
    for claim in line.claims:
        paths = core if claim.side == "core" else wraps.setdefault(claim.wrap or "", [])
        paths.append(folded(claim.pattern))
    return Line(
        Manifest(
            product=Product(name="folded", primary="Compare"),
            core=Core(spdx="", paths=core),
            wraps={name: Wrap(spdx="", paths=paths) for name, paths in wraps.items()},
        )
    )


class LookAlikes:
    """Finds paths of the core that look like paths of a wrap.

    Args:
        line: the claims.
    """

    def __init__(self, line: Line) -> None:
        self._line = folded_line(line)
        self._folders = Folders(self._line)
        self._same = all(folded(claim.pattern) == claim.pattern for claim in line.claims)

    def has_no_wrap(self, folder: str) -> bool:
        """Whether nothing in a folder, at any depth, can look like a path of a wrap."""
        return self._folders.extent(folded(folder)) == "core"

    def is_wrap(self, path: str) -> bool:
        """Whether a path of the core looks like one that a wrap claims."""
        like = folded(path)
        # Where folding changes neither the path nor the claims, the claims have decided already.
        return not (self._same and like == path) and self._line.side(like) == "wrap"
