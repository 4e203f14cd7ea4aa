# SPDX-License-Identifier: Apache-2.0
"""Decide which public refs move, and refuse to take anything away from the public.

Branches move forward only. What the public repository holds that we did not put there is an
outsider's, and stays.
"""

from collections.abc import Mapping

from coreline.errors import InputError, OutsideError
from coreline.publish.outside import Move, Removal, ancestry
from coreline.publish.private import Private
from coreline.publish.store import Store
from coreline.publish.tags import PublicTags


def plan_moves(
    source: Private,
    store: Store,
    seen: dict[str, bytes],
    heads: Mapping[str, bytes],
    tags: PublicTags,
    *,
    rebuild: bool,
) -> list[Move]:
    """Return what has to move so that the public repository holds the branches and their tags.

    Args:
        source: the private repository and its branches.
        store: holds the public objects.
        seen: the public repository's refs.
        heads: the public branches and the commits that they shall name.
        tags: the tags that shall be there; those off the branches are taken out.
        rebuild: whether a history that we published before may be replaced.

    Raises:
        OutsideError: the public branch has commits that are not ours (``publish-public-moved``).
        InputError: the public history would be replaced (``publish-history-changed``,
            ``publish-tag-moved``) and that was not asked for.
    """
    moves: list[Move] = []
    for name, public in heads.items():
        branch = f"refs/heads/{name}"
        before = seen.get(branch)
        if before != public:
            if before is not None and not ancestry(store.git, before, public):
                _refuse_replacing(store, branch, before, rebuild=rebuild)
            moves.append(Move(branch, before, public))
    changed = {name for name, target in tags.ids.items() if seen.get(f"refs/tags/{name}") != target}
    if changed:
        here = source.tags_on_branches()
        for name in sorted(changed - here):
            tags.left_out[name] = "it is not on the branch"
            del tags.ids[name]
        moves += [_tag_move(name, seen, tags, rebuild=rebuild) for name in sorted(changed & here)]
    return moves


def unbacked(source: Private, seen: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the public branches that no private branch stands behind: those of outsiders, and
    those whose private branch was renamed or deleted.
    """
    prefix = "refs/heads/"
    public = {ref.removeprefix(prefix): at for ref, at in seen.items() if ref.startswith(prefix)}
    others = public.keys() - {head.public for head in source.heads}
    # All private branches are only listed where something may stand alone.
    backed = source.public_names() if others else set()
    return {name: public[name] for name in sorted(others - backed)}


def removals(store: Store, alone: Mapping[str, bytes]) -> list[Removal]:
    """Return which of the branches that stand alone may go: those of commits published from here,
    so that nobody's work is lost.
    """
    ours = store.ours(alone.values()) if alone else set()
    return [Removal(f"refs/heads/{name}", at) for name, at in alone.items() if at in ours]


def _tag_move(name: str, seen: dict[str, bytes], tags: PublicTags, *, rebuild: bool) -> Move:
    ref = f"refs/tags/{name}"
    before = seen.get(ref)
    if before is not None and not rebuild:
        raise InputError(
            "publish-tag-moved",
            f"The public tag {name} names {before.hex()[:12]}; "
            f"it would have to become {tags.ids[name].hex()[:12]}.",
            "A published tag should never move. If it must, publish with --rebuild.",
        )
    return Move(ref, before, tags.ids[name])


def _refuse_replacing(store: Store, branch: str, before: bytes, *, rebuild: bool) -> None:
    if not store.is_ours(before):
        raise OutsideError(
            "publish-public-moved",
            f"The public {branch} is at {before.hex()[:12]}, which was not published from here.",
            "Bring it in first (coreline import), so that nobody's work is lost.",
        )
    if not rebuild:
        raise InputError(
            "publish-history-changed",
            f"The public {branch} is at {before.hex()[:12]}, which the new history does not "
            "contain: the claims changed for files of older commits, or the private branch was "
            "rewritten.",
            "Everybody who cloned it would have to start anew. If that is meant, publish with "
            "--rebuild.",
        )
