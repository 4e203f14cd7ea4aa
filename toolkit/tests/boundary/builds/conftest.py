# SPDX-License-Identifier: Apache-2.0
"""What one build file refers to, with a wrap in ee/ that has a module acme_ee."""

from collections.abc import Callable

import pytest

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Source
from coreline.boundary.kinds import Kinds
from coreline.boundary.names import Names

Found = list[tuple[int, str, str | None, bool]]
Read = Callable[[str, str], Found]

NAMES = Names(
    modules={"acme_ee": "ee"},
    words=frozenset(["acme_ee"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)


@pytest.fixture
def read() -> Read:
    """Return (line, module, guard, needed) of each reference in a file of some name."""
    kinds = Kinds(load_languages())

    def run(path: str, text: str) -> Found:
        language = kinds.of(path)
        assert language is not None
        data = text.encode()
        facts = language.extract(Source(data, NAMES, NAMES.search(data)))
        return [(one.line, one.module, one.guard, one.needed) for one in facts.references]

    return run
