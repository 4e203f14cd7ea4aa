# SPDX-License-Identifier: Apache-2.0
"""Which names that a wrap's files define are surely the wrap's: the rest would make false findings.

A setting, a table or a message is defined where it is assigned, created or registered. Nothing
defines an environment variable or a flag: that a wrap reads one says little, so such a name must
say itself whose it is (``ACME_ENTERPRISE_TOKEN``).
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from coreline.boundary.names import normalize
from coreline.boundary.subject import is_test
from coreline.boundary.world import Defined
from coreline.manifest.model import Manifest

LENGTH_MIN = 6
"""A shorter name is anybody's."""
_SEPARATED = re.compile(r"[._:/-]")
_DEEP = re.compile(r"\w[.:/]\w")
_SEGMENT = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Za-z][a-z0-9]*|[0-9]+")
_ABOUT = re.compile(r"(?:^|/)(?:docs?|examples?|fixtures|templates|node_modules)/")


def surely_of_wraps(found: Iterable[Defined], manifest: Manifest) -> list[Defined]:
    """Return the definitions by which a wrap can be known.

    Args:
        found: what files of the wraps define.
        manifest: says what the wraps are called.
    """
    words = words_of(manifest)
    # A wrap that replaces files of the core is often built by the core's own name.
    product = normalize(manifest.product.name)
    return [
        one
        for one in _each(found, words)
        if one.definition.kind != "package" or normalize(one.definition.name) != product
    ]


def _each(found: Iterable[Defined], words: dict[str, frozenset[str]]) -> Iterator[Defined]:
    for one in found:
        kind, name = one.definition.kind, one.definition.name
        if kind in ("package", "namespace"):
            yield one
            continue
        if kind == "gate" or is_test(one.path) or _ABOUT.search(one.path):
            continue
        if kind == "table" and name.startswith("."):
            label = _label(one.path)
            if not label:
                continue
            one = one._replace(definition=replace(one.definition, name=f"{label}_{name[1:]}"))
            name = one.definition.name
        is_told = says(name, words.get(one.wrap, frozenset()))
        if kind in ("environment", "flag"):
            is_sure = is_told
        elif kind == "message":
            # "log-streams" may be anything, "billing.sync" is the name of something.
            is_sure = is_told or _DEEP.search(name) is not None
        else:
            is_sure = _SEPARATED.search(name) is not None
        if is_sure and len(name) >= LENGTH_MIN:
            yield one


def _label(path: str) -> str:
    """Return what Django calls the application of a migration: its folder's name."""
    parts = path.split("/")
    return parts[-3] if len(parts) > 2 and parts[-2] == "migrations" else ""


def words_of(manifest: Manifest) -> dict[str, frozenset[str]]:
    """Return the words by which a name says that it is a wrap's, in lower case, by wrap.

    They are the wrap's own name and the parts of its modules' names, less those of the product.
    """
    product = set(_parts(manifest.product.name))
    found: dict[str, frozenset[str]] = {}
    for wrap, table in manifest.wraps.items():
        last = (module.rpartition(".")[2] for module in table.modules)
        words = {word for name in (wrap, *last) for word in _parts(name)}
        found[wrap] = frozenset(words - product - _COMMON)
    return found


def says(name: str, words: frozenset[str]) -> bool:
    """Whether one of some words is a part of a name."""
    parts = _parts(name)
    return any(
        part in words and (number == 0 or parts[number - 1] not in _OTHERS)
        for number, part in enumerate(parts)
    )


def _parts(name: str) -> list[str]:
    return [part.lower() for part in _SEGMENT.findall(name)]


# Products of others with an edition of the name of a wrap: GITHUB_ENTERPRISE_URL is an integration.
_OTHERS = frozenset(
    [
        *("adobe", "android", "apple", "atlassian", "azure", "bitbucket", "chrome", "confluence"),
        *("docker", "elastic", "github", "gitlab", "google", "hub", "jira", "lab", "kong"),
        *("microsoft", "mongodb", "oracle", "recaptcha", "redhat", "redis", "salesforce", "slack"),
        *("windows", "zoom"),
    ]
)
# A wrap may be called so, and most products have names with these words.
_COMMON = frozenset(["server", "client", "app", "core", "cloud", "main", "web", "api", "backend"])
