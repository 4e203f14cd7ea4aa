# SPDX-License-Identifier: Apache-2.0
"""Only what git-filter-repo does, and the proof: ``python -m bench.publish_carry REPOSITORY
MANIFEST`` filters and proves a history, and looks through nothing that would leave.

It is measured beside the whole of ``coreline publish``, so that a ratio says what it is of.
"""

import gc
import sys
from pathlib import Path

from coreline.manifest.parse import read_manifest
from coreline.publish.history import carry_forward
from coreline.publish.ledger import Ledger
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import recipe_of
from coreline.publish.store import Store


def main(repository: Path, manifest: Path) -> None:
    """Carry the current branch forward in the store of a repository."""
    gc.set_threshold(200_000)
    recipe = recipe_of(read_manifest(manifest, repository=repository), repository)
    source = Private(repository, None)
    store = Store(source.common)
    with store.locked():
        store.prepare(source.git)
        ledger = Ledger(store.ledger_path(recipe.digest))
        with store.git.batch() as batch:
            carry_forward(source, store, recipe, ledger, batch, lambda *_: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
