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


def _note(text: str = "", said: str = "", public: str = "") -> Callable[[Any], None]:
    """A note that says something, or is the wrap's own content; ``public`` is all it may say."""

    def make(at: Any) -> None:
        at.modules = ["acme_enterprise"]
        at.said = f'notes = ["commits"]\n{said}'
        name = at.usual()
        content = ["-m", text] if text else ["-C", at.on.secret]
        at.on.git("notes", "add", *content, name)
        at.options["branch"] = Refs(notes=("commits",))

        def says(repository: Any) -> None:
            assert repository.git("notes", "show", "main") == public

        at.after = says if public else at.after

    return make


def _note_beside(at: Any) -> None:
    """Notes on what is not public: a commit of the wrap alone, and one of another branch."""
    at.said = 'notes = ["commits"]'
    first = at.on.commit([("40000", "enterprise", at.on.wrap)])
    other = at.usual(message="other")
    at.on.git("branch", "other", other)
    at.on.git("notes", "add", "-m", "kept for customers alone", first)
    at.on.git("notes", "add", "-m", "of another branch, for customers alone", other)
    # What was published elsewhere is proven already; it is not of this run all the same.
    at.options["branch"] = Refs(asked=("other",))
    at.to = at.folder / "elsewhere.git"
    at.publish()
    at.to = at.folder / "public.git"
    at.options["branch"] = Refs(notes=("commits",))
    last = at.on.commit(at.on.usual, first)
    at.on.git("notes", "add", "-m", "seen by everybody", last)
    at.after = _alone


def _alone(public: Any) -> None:
    assert len(public.git("notes", "list").splitlines()) == 1
    assert public.git("notes", "show", "main") == "seen by everybody"


def _note_history(at: Any) -> None:
    """A note that said it once: the private notes' history still has it."""
    _note("for customers alone")(at)
    at.on.git("notes", "add", "-f", "-m", "seen by everybody", "main")
    at.after = _alone


def _notes_tree(at: Any) -> None:
    """A file among the notes that is none."""
    at.said = 'notes = ["commits"]'
    at.options["branch"] = Refs(notes=("commits",))
    name = at.usual()
    note = at.on.blob("seen by everybody\n")
    tree = at.on.tree([("100644", name, note), ("40000", "s", at.on.wrap)])
    at.on.git("update-ref", "refs/notes/commits", at.on.git("commit-tree", "-m", "x", tree))
    at.after = _alone


def _notes_unasked(at: Any) -> None:
    at.on.git("notes", "add", "-C", at.on.secret, at.usual())


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
    ("a commit has a note, and `publish.notes` does not ask for it", "removed",
     "notes stay, unless the manifest names them", _notes_unasked),
    ("a note names a file of the wrap", _NAMES, "notes are looked through as messages are",
     _note("see enterprise/s")),
    ("a note says what the rules on messages take out", "removed", "the rules hold for notes too",
     _note("seen for customers alone",
           'messages = [{ match = " for customers.*", replace = " by all" }]', "seen by all")),
    ("a note is a file of the wrap", "refused: publish-shared-content",
     "a content of both sides waits for a decision", _note()),
    ("a note on a commit that is not public, or not of the branches of this run", "removed",
     "a note goes with its commit", _note_beside),
    ("a note said it once", "removed", "public notes have no history", _note_history),
    ("a file of the wrap lies among the notes", "removed", "only notes of commits are taken",
     _notes_tree),
]  # fmt: skip
