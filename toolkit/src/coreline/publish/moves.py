# SPDX-License-Identifier: Apache-2.0
"""Decide which public refs move, and refuse to take anything away from the public.

The branch moves forward only. What the public repository holds that we did not put there is an
outsider's, and stays.
"""

from coreline.errors import InputError, OutsideError
from coreline.publish.outside import Move, ancestry
from coreline.publish.private import Private
from coreline.publish.store import Store
from coreline.publish.tags import PublicTags


def plan_moves(
    source: Private,
    store: Store,
    seen: dict[str, bytes],
    public: bytes,
    tags: PublicTags,
    *,
    rebuild: bool,
) -> list[Move]:
    """Return what has to move so that the public repository holds the branch and its tags.

    Args:
        source: the private repository and its branch.
        store: holds the public objects.
        seen: the public repository's refs.
        public: the commit that the branch shall name.
        tags: the tags that shall be there; those off the branch are taken out.
        rebuild: whether a history that we published before may be replaced.

    Raises:
        OutsideError: the public branch has commits that are not ours (``publish-public-moved``).
        InputError: the public history would be replaced (``publish-history-changed``,
            ``publish-tag-moved``) and that was not asked for.
    """
    branch = f"refs/heads/{source.branch}"
    before = seen.get(branch)
    moves: list[Move] = []
    if before != public:
        if before is not None and not ancestry(store.git, before, public):
            _refuse_replacing(store, branch, before, rebuild=rebuild)
        moves.append(Move(branch, before, public))
    changed = {name for name, target in tags.ids.items() if seen.get(f"refs/tags/{name}") != target}
    if changed:
        here = source.tags_on_branch()
        for name in sorted(changed - here):
            tags.left_out[name] = "it is not on the branch"
            del tags.ids[name]
        moves += [_tag_move(name, seen, tags, rebuild=rebuild) for name in sorted(changed & here)]
    return moves


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
