# SPDX-License-Identifier: Apache-2.0
"""Make private commits of a contribution, such that publishing them gives the public ones again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coreline.errors import InputError, InternalError, NothingToDo
from coreline.manifest.model import Contributions
from coreline.publish.back.incoming import Incoming
from coreline.publish.back.origin import Origin, origin_of, original, signature_of, with_origin
from coreline.publish.back.overlay import Overlay
from coreline.publish.back.rights import missing_rights, refuse_missing
from coreline.publish.back.wrap_bytes import refuse_leading_out, refuse_wrap_bytes
from coreline.publish.history import Progress, carry_forward
from coreline.publish.leaving.policy import Policy
from coreline.publish.ledger import Ledger
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.states import States
from coreline.publish.store import Store
from coreline.sources.git import Batch
from coreline.sources.objects import CommitParts, build_commit, object_id, parse_commit
from coreline.sources.packs import ObjectWriter


@dataclass(frozen=True)
class Terms:
    """What a contribution has to meet: ``wanted`` by the manifest, with the CLA's list and the
    vendor's domains; ``moves_line`` is whether it may change the manifest, and ``policy`` says
    which contents of a wrap are public by decision.
    """

    wanted: Contributions
    signed: str
    vendor: Sequence[str]
    moves_line: bool
    policy: Policy


def known_commits(source: Private, store: Store, recipe: Recipe, tell: Progress) -> Ledger:
    """Return the ledger with the whole branch in it, so that every public commit is known."""
    store.prepare(source.git)
    ledger = Ledger(store.ledger_path(recipe.digest))
    with store.git.batch() as batch:
        carry_forward(source, store, recipe, ledger, batch, tell)
    return ledger


class Bringing:
    """Makes the private commits of one contribution.

    Args:
        source: the private repository and its branch.
        store: holds the public objects, the contribution among them.
        recipe: what is public.
        ledger: which public commit stands for which private one.
        terms: what the contribution has to meet.
    """

    def __init__(
        self, source: Private, store: Store, recipe: Recipe, ledger: Ledger, terms: Terms
    ) -> None:
        self._source = source
        self._store = store
        self._recipe = recipe
        self._ledger = ledger
        self._terms = terms
        self._private = self._standing()
        self._overlay = Overlay(source, store, recipe, moves_line=terms.moves_line)

    def _standing(self) -> dict[bytes, bytes]:
        """Return the newest private commit of the branch that stands for each public one."""
        found: dict[bytes, bytes] = {}
        for name in self._source.commits(()):
            entry = self._ledger.get(name)
            if entry is not None and entry.public is not None:
                found[entry.public] = name
        return found

    def bring(self, incoming: Incoming) -> list[tuple[bytes, bytes]]:
        """Return the public and the private id of each commit; the private ones are stored.

        Raises:
            InputError: the contribution lacks a right, touches what is not core, or does not build
                on the public history (``import-unrelated``).
            NothingToDo: all of it is in the branch already (``import-up-to-date``).
        """
        new = [name for name in incoming.commits if name not in self._private]
        if not new:
            raise NothingToDo(
                "import-up-to-date", f"Every commit of {incoming.name} is in the branch already."
            )
        with self._store.git.batch() as batch:
            read = Reader(batch, str(self._store.repository))
            raw = list(read(new))
            parts = [parse_commit(data) for data in raw]
            terms = self._terms
            pairs = zip(new, parts, strict=True)
            missing = missing_rights(pairs, terms.wanted, terms.signed, terms.vendor)
            refuse_missing(list(missing), terms.wanted)
            refuse_wrap_bytes(new, self._source, self._store, self._recipe, terms.policy, batch)
            self._take_blobs(new)
            done: list[tuple[bytes, bytes]] = []
            for name, data, part in zip(new, raw, parts, strict=True):
                self._private[name] = self._one(name, data, part, batch)
                done.append((name, self._private[name]))
            # The first one's parent is of the branch, for parents come first.
            base = self._private[parts[0].parents[0]]
        with self._source.git.batch() as batch:
            after, before = self._tree_of(done[-1][1]), self._tree_of(base)
            refuse_leading_out(after, before, self._source, self._recipe, batch)
        return done

    def _one(self, name: bytes, data: bytes, part: CommitParts, batch: Batch) -> bytes:
        unknown = [parent for parent in part.parents if parent not in self._private]
        if unknown or not part.parents:
            raise InputError(
                "import-unrelated",
                f"Commit {name.hex()[:12]} does not build on what was published from this branch.",
                "Ask for it to be rebased onto the public branch.",
            )
        parents = tuple(self._private[parent] for parent in part.parents)
        tree = self._overlay.tree(name, list(part.parents), list(parents))
        private = part._replace(tree=tree, parents=parents)
        body = self._body(name, data, part, private)
        writer = ObjectWriter(self._source.common / "objects")
        made = writer.add(b"commit", body)
        writer.store()
        self._prove(name, made, private, part.tree, batch)
        return made

    def _body(self, name: bytes, data: bytes, part: CommitParts, private: CommitParts) -> bytes:
        """Return the private commit; it says where it comes from where publish could not know."""
        ids = CommitIds(self._ledger, self._source.is_before)
        carried = self._recipe.carried(part, ids.renamed_at(self._source.tip))
        comes_out = object_id(b"commit", build_commit(carried)) == name
        # An empty commit could be pruned with the private one that it stands on.
        changes = len(part.parents) > 1 or private.tree != self._tree_of(private.parents[0])
        if comes_out and changes and self._recipe.messages.is_empty:
            return build_commit(private)
        origin = Origin(name, signature_of(data))
        made = with_origin(private, origin)
        if original(part, origin) is None or origin_of(made) != origin:
            raise InputError(
                "import-id-changes",
                f"Commit {name.hex()[:12]} has headers besides a signature, so publishing it would "
                "give another id.",
                "Ask for it without merges of signed tags.",
            )
        return made

    def _tree_of(self, commit: bytes) -> bytes:
        tree = self._source.git.run("rev-parse", f"{commit.hex()}^{{tree}}")
        return bytes.fromhex(tree.decode().strip())

    def _prove(
        self, name: bytes, made: bytes, private: CommitParts, tree: bytes, batch: Batch
    ) -> None:
        """Hold the private tree against the public one by the way that publish goes."""
        read = Reader(batch, str(self._source.common))
        states = States(self._recipe, read, ObjectWriter(self._store.objects))
        (found,) = states.public([made], [private])
        if found != tree:
            raise InternalError(
                "import-not-inverse",
                f"The private commit of {name.hex()[:12]} would not be published as it came.",
                "This is a bug in Coreline: please report it. Nothing was merged.",
            )

    def _take_blobs(self, commits: list[bytes]) -> None:
        """Copy the contents of a contribution into the private repository."""
        known = b"".join(b"^%b\n" % name.hex().encode() for name in self._ledger_tips())
        listed = self._store.git.run(
            "rev-list", "--objects", "--no-object-names", "--filter=object:type=blob",
            "--filter-provided-objects", "--stdin", "--ignore-missing",
            stdin=b"".join(b"%b\n" % name.hex().encode() for name in commits) + known,
        )  # fmt: skip
        if listed.strip():
            pack = self._store.git.run("pack-objects", "-q", "--stdout", stdin=listed)
            self._source.git.run("unpack-objects", "-q", stdin=pack)

    def _ledger_tips(self) -> list[bytes]:
        entries = (self._ledger.get(tip) for tip in self._ledger.tips)
        return [entry.public for entry in entries if entry is not None and entry.public is not None]


def signed_list(wanted: Contributions, folder: Path) -> str:
    """Return the text of the list of who has signed the CLA.

    Raises:
        InputError: it cannot be read, or is not named (``import-cla-unreadable``).
    """
    if wanted.sign_off != "cla":
        return ""
    try:
        return (folder / (wanted.cla or "")).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "import-cla-unreadable",
            f"contributions.cla names {wanted.cla!r}, which cannot be read: {error.strerror}.",
            "Name a file of the repository: one address, or @domain, a line.",
        ) from error
