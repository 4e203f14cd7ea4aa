# SPDX-License-Identifier: Apache-2.0
"""A contribution that brings back what lay in a wrap, or leads into one, is not taken in.

Publish looks at what is new to the public; a contribution that was pushed to the public repository
is there already, so nobody would look at it any more once it is imported.
"""

from collections.abc import Sequence

from coreline.errors import InputError
from coreline.publish.head_guard import refuse_disguised
from coreline.publish.leaving.new import New
from coreline.publish.leaving.policy import Policy
from coreline.publish.leaving.raw import changes
from coreline.publish.leaving.shared import shared_contents
from coreline.publish.leaving.wrap_contents import WrapContents
from coreline.publish.plain import PlainTrees
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.lines import claims_digest
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.store import Store
from coreline.sources.git import Batch

_SHOWN_MAX = 10


def refuse_wrap_bytes(
    commits: Sequence[bytes],
    source: Private,
    store: Store,
    recipe: Recipe,
    policy: Policy,
    batch: Batch,
) -> None:
    """Hold every content that the commits of a contribution bring against the wraps' own.

    Args:
        commits: the public ones; all of them are looked at, for what one brings and a later one
            removes stays in the history.
        source: the private repository and its branch.
        store: holds the public commits.
        recipe: what is public.
        policy: what was decided to be public though it lay in a wrap as well.
        batch: reads the store.

    Raises:
        InputError: contents of a wrap are among them (``import-wrap-content``).
    """
    known = WrapContents(store.remembered("wrap-contents", claims_digest(recipe.line)), recipe.line)
    known.learn(source)
    new = New(store.git, batch, (), ())
    new.contents = list(changes(store.git, commits))
    found, _ = shared_contents(new, known, policy)
    if not found:
        return
    shown = ", ".join(str(one) for one in found[:_SHOWN_MAX])
    more = f" and {len(found) - _SHOWN_MAX} more" if len(found) > _SHOWN_MAX else ""
    raise InputError(
        "import-wrap-content",
        f"The contribution brings what lay in a wrap: {shown}{more}.",
        "Find out how its author came to it; where the wrap had it from the public, say so in "
        "publish.shared. Nothing was imported.",
    )


def refuse_leading_out(
    tree: bytes, before: bytes, source: Private, recipe: Recipe, batch: Batch
) -> None:
    """Look through the private tree that a contribution ends in, as publish does at the head.

    Args:
        tree: of the last private commit.
        before: the tree that it builds on. Where that is refused too, the contribution is not to
            blame and publish says what is wrong.
        source: the private repository.
        recipe: what is public.
        batch: reads the private repository.

    Raises:
        InputError: it is refused, and the tree before it is not (``publish-link-into-wrap``,
            ``publish-look-alike``, ``publish-submodule-private`` and others, see ``head_guard``).
    """
    read = Reader(batch, str(source.common))
    try:
        refuse_disguised(tree, recipe.line, read, PlainTrees())
    except InputError:
        try:
            refuse_disguised(before, recipe.line, read, PlainTrees())
        except InputError:
            return
        raise
