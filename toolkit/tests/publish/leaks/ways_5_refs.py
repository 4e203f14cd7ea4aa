# SPDX-License-Identifier: Apache-2.0
"""Ways by refs: what branches, tags and notes are called, and what notes say."""

from collections.abc import Callable
from typing import Any

from coreline.publish.refs import Refs

GROUP = "Names of refs, and notes"

_NAMES = "refused: publish-message-names-wrap"


def _branch(name: str, public: str = "", said: str = "") -> Callable[[Any], None]:
    """A branch of a wrap that has the module acme_enterprise."""

    def make(at: Any) -> None:
        at.modules = ["acme_enterprise"]
        at.said = said
        at.on.git("branch", name, at.usual())
        at.options["branch"] = Refs(asked=("main", f"{name}:{public}" if public else name))
        at.look()

    return make


def _tag(name: str) -> Callable[[Any], None]:
    """A lightweight tag, which has no message."""

    def make(at: Any) -> None:
        at.modules = ["acme_enterprise"]
        at.on.git("tag", name, at.usual())
        at.look()

    return make


WAYS = [
    ("a branch is called as a file of the wrap", _NAMES, "names of new refs are looked through",
     _branch("enterprise/s")),
    ("a branch has a name of the wrap between dashes and slashes: `fix/acme_enterprise-login`",
     _NAMES, "the same, whatever parts the words", _branch("fix/acme_enterprise-login")),
    ("its public name does (`publish.branches`)", _NAMES, "it is the public name that counts",
     _branch("fix", "fix/Acme-Enterprise")),
    ("its private name does, and it has another one in public", "removed",
     "nobody sees the private one", _branch("fix/acme_enterprise-login", "fix/login")),
    ("a lightweight tag does: `v1-acme.enterprise`", _NAMES, "the same",
     _tag("v1-acme.enterprise")),
]  # fmt: skip
