# SPDX-License-Identifier: Apache-2.0
"""License checks that a vendor wrote and nobody declared: found by where and how they are defined.

Conservative, since most functions with "license" in their names check none: the name of the file
or its folder must speak of licenses, editions or a wrap, the function's name must be a question
about them made of such words alone, and what it does must speak of them too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from coreline.boundary.defining import remembered
from coreline.boundary.extension import Language
from coreline.boundary.facts import Definition
from coreline.boundary.kinds import Kinds
from coreline.boundary.ownership import CORE
from coreline.boundary.subject import is_test
from coreline.boundary.world import Defined
from coreline.sources.tree import Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_VERSION = 2
SIZE_MAX = 512 * 1024
_FILE = re.compile(
    r"licen[sc]e|licen[sc]ing|entitle|(?<![a-z])editions?(?![a-z])|enterprise|premium"
    r"|(?:^|[_./-])ee(?![a-z])",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    rb"^(?P<in>[ \t]*)(?:(?:export|default|async|public|private|protected|internal|static|final"
    rb"|open|override|pub(?:\(\w+\))?)[ \t]+)*"
    rb"(?:(?:def|function|func|fn|fun)[ \t]+(?:self\.|\([^)\n]{0,60}\)[ \t]*)?(?P<name>\w+[?]?)"
    rb"|(?:boolean|bool|Boolean)[ \t]+(?P<typed>\w+)[ \t]*\("
    rb"|(?:const|let)[ \t]+(?P<arrow>\w+)[ \t]*=[^=\n]{0,80}=>)",
    re.MULTILINE,
)
_OWNER = re.compile(
    rb"^([ \t]*)(?:[a-z]+[ \t]+)*(?:class|module|object|struct)[ \t]+(\w+(?:(?:::|\.)\w+)*)", re.M
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SUBJECTS = frozenset(
    ["premium", "enterprise", "licensed", "license", "licence", "ee", "commercial"]
)
_ASKING = frozenset(["is", "has", "have", "in"])
_ENDING = frozenset(["enabled", "active", "valid", "licensed"])
_OTHERS = frozenset(
    [
        *("edition", "feature", "features", "plan", "mode", "version", "available", "a", "an"),
        *("the", "and", "current", "currently", "check", "any", "use", "using", "running", "on"),
    ]
)
_BODY = re.compile(rb"licen[sc]|entitle|premium|edition|enterprise", re.IGNORECASE)
_BODY_REACH = 600


def find_own_gates(
    languages: Iterable[Language],
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
    *,
    product: str,
) -> list[Defined]:
    """Return the license checks that files of the core define.

    Args:
        languages: all languages.
        tree: reads the files.
        entries: all files.
        owners: the owner of each.
        cache: what earlier runs found; None reads the files again.
        product: the product's name: a file of that name may say which edition runs.
    """
    kinds = Kinds(list(languages))
    asked = [
        (entry, language)
        for entry in entries
        if owners[entry.path] == CORE and entry.kind in ("file", "executable")
        if may_define(entry.path, product)
        if (language := kinds.of(entry.path)) is not None and language.grammar is not None
    ]
    return remembered(asked, _gates, tree, owners, cache, f"own gates {_VERSION}".encode())


def may_define(path: str, product: str) -> bool:
    """Whether the name of a file or its folder speaks of licenses, editions or the product.

    A test's does not count.
    """
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    said = f"{folder.rpartition('/')[2]}/{stem}"
    is_named = _FILE.search(said) is not None or stem.lower() == product.lower()
    return is_named and not is_test(path)


def _gates(language: Language, data: bytes) -> list[Definition]:
    del language
    return list(gates_in(data)) if len(data) <= SIZE_MAX else []


def gates_in(data: bytes) -> Iterator[Definition]:
    """Yield the license checks that a file defines, spelled as ``core.gates`` spells them."""
    found = list(_DEFINED.finditer(data))
    for number, match in enumerate(found):
        name = (match["name"] or match["typed"] or match["arrow"]).decode()
        end = found[number + 1].start() if number + 1 < len(found) else len(data)
        body = data[match.end() : min(end, match.end() + _BODY_REACH)]
        if asks_for_a_license(name) and _BODY.search(body):
            owner = _owner(data, match) if match["name"] else b""
            spelling = f"{owner.decode()}.{name}" if owner else name
            yield Definition("gate", spelling, data.count(b"\n", 0, match.start()) + 1)


def _owner(data: bytes, function: re.Match[bytes]) -> bytes:
    """Return the last part of the name of the class or module that a function is indented in."""
    depth = len(function["in"])
    around = [
        one
        for one in _OWNER.finditer(data, 0, function.start())
        if len(one[1].expandtabs()) < depth
    ]
    return re.split(rb"::|\.", around[-1][2])[-1] if around else b""


def asks_for_a_license(name: str) -> bool:
    """Whether a function's name is a question about a license, and about nothing else."""
    words = [word.lower() for word in _WORD.findall(name)]
    known = _SUBJECTS | _ASKING | _ENDING | _OTHERS
    if not words or not _SUBJECTS.intersection(words) or not known.issuperset(words):
        return False
    return name.endswith("?") or words[0] in _ASKING or words[-1] in _ENDING
