# SPDX-License-Identifier: Apache-2.0
"""Ways by what is around: the target, git's configuration, the environment, other runs."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coreline.publish.store import Store

GROUP = "Repositories, configuration and runs"


def _common(at: Any) -> Path:
    return Path(at.on.repository.folder)


def _replaced(at: Any) -> None:
    name = at.usual()
    other = at.on.git("commit-tree", "-m", "x", at.on.wrap)
    at.on.git("replace", name, other)


def _grafted(at: Any) -> None:
    name = at.usual()
    (_common(at) / "info").mkdir(exist_ok=True)
    (_common(at) / "info" / "grafts").write_text(f"{name}\n")


def _shallow(at: Any) -> None:
    at.on.commit(at.on.usual, at.usual())
    cut = at.folder / "cut.git"
    at.on.git("clone", "-q", "--bare", "--depth=1", f"file://{_common(at)}", str(cut))
    at.on.repository.folder = cut


def _borrows(at: Any) -> None:
    at.usual()
    at.prepare()
    (at.to / "objects" / "info" / "alternates").write_text(f"{_common(at)}/objects\n")


def _borrows_from_afar(at: Any) -> None:
    at.usual()
    at.prepare()
    middle = at.lab.repository(at.folder / "middle.git")
    (middle.folder / "objects" / "info" / "alternates").write_text("../../private.git/objects\n")
    (at.to / "objects" / "info" / "alternates").write_text(f"{middle.folder}/objects\n")


def _linked_objects(at: Any) -> None:
    at.usual()
    at.prepare()
    shutil.rmtree(at.to / "objects")
    (at.to / "objects").symlink_to(_common(at) / "objects")


def _itself(at: Any) -> None:
    at.usual()
    at.to = _common(at)


def _store_itself(at: Any) -> None:
    at.usual()
    Store(_common(at)).prepare(_git_of(at))
    at.to = Store(_common(at)).repository


def _git_of(at: Any) -> Any:
    from coreline.sources.git import Git

    return Git(_common(at))


def _hooks(at: Any) -> None:
    at.usual()
    for name in ("pre-push", "reference-transaction", "post-checkout"):
        hook = _common(at) / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {at.folder}/ran\n")
        hook.chmod(0o755)
    at.prepare()
    at.after = lambda _public: _did_not_run(at)


def _did_not_run(at: Any) -> None:
    assert not (at.folder / "ran").exists()


def _config(*pairs: tuple[str, str]) -> Callable[[Any], None]:
    """Settings of the private repository that would redirect, add or show something else."""

    def make(at: Any) -> None:
        at.usual()
        other = at.lab.repository(at.folder / "other.git")
        for key, value in pairs:
            text = value.format(other=other.folder, to=at.to, folder=at.folder)
            at.on.git("config", key.format(other=other.folder), text)
        at.prepare()

        def as_asked(_public: Any) -> None:
            _did_not_run(at)
            assert not other.git("for-each-ref")

        at.after = as_asked

    return make


def _target_hides(at: Any) -> None:
    at.usual()
    public = at.prepare()
    public.git("config", "uploadpack.hideRefs", "refs/heads")
    public.git("config", "uploadpack.allowAnySHA1InWant", "true")
    public.git("config", "receive.fsckObjects", "true")


def _templates(at: Any) -> None:
    at.usual()
    hooks = at.folder / "template" / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "post-update").write_text("#!/bin/sh\n")
    (at.folder / "template" / "secret.ee").write_text("of the wrap, for customers alone\n")
    at.environment["GIT_TEMPLATE_DIR"] = str(at.folder / "template")

    def not_copied(public: Any) -> None:
        assert not list(public.folder.rglob("secret.ee"))
        assert not (public.folder / "hooks").exists()

    at.is_new = True
    at.after = not_copied


def _environment(name: str, value: str) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        first = at.on.commit(at.on.usual[:1])
        second = at.on.commit(at.on.usual, first)
        other = at.on.git("commit-tree", "-m", "other", at.on.wrap)
        at.on.git("update-ref", f"refs/evil/{second}", other)
        (at.folder / "grafts").write_text(f"{second}\n")
        elsewhere = at.lab.repository(at.folder / "elsewhere.git")
        at.environment[name] = value.format(folder=at.folder, elsewhere=elsewhere.folder)

        def whole(_public: Any) -> None:
            assert at.public.git("rev-list", "--count", "main") == "2"
            assert not elsewhere.git("for-each-ref")

        at.files = {"a", "src/x"}
        at.after = whole

    return make


def _left_by_a_killed_run(at: Any) -> None:
    at.usual()
    left = at.folder / ".public.git.coreline-dead" / "repository"
    left.mkdir(parents=True)
    (left / "secret.ee").write_text("of the wrap, for customers alone\n")

    def gone(public: Any) -> None:
        assert not left.parent.exists()
        assert not list(public.folder.rglob("secret.ee"))

    at.is_new = True
    at.after = gone


def _at_once(at: Any) -> None:
    at.usual()
    held = Store(_common(at)).locked()
    held.__enter__()
    # It is held as long as the attempt lives.
    at.held = held


def _made_meanwhile(at: Any) -> None:
    """Another clone makes the same new folder between our look and our move."""
    at.usual()
    at.is_new = True
    from coreline.publish import outside

    real = outside._put

    def put(made: Path, path: Path, label: str) -> None:
        at.lab.repository(path)
        real(made, path, label)

    at.patch.setattr(outside, "_put", put)


def _outsider(**options: object) -> Callable[[Any], None]:
    def make(at: Any) -> None:
        name = at.usual()
        at.publish()
        public = at.public
        theirs = public.git("commit-tree", "-p", "main", "-m", "outsider's", "main^{tree}")
        public.git("update-ref", "refs/heads/main", theirs)
        at.on.commit(at.on.usual[:2], name)
        at.options = dict(options)

    return make


def _rewritten(at: Any) -> None:
    at.on.commit(at.on.usual, at.on.commit(at.on.usual[:1]))
    at.publish()
    at.on.commit(at.on.usual, at.on.commit([("100644", "b", at.on.plain)]))


def _rebuilt_with_less(at: Any) -> None:
    """What was core by mistake: its commits are replaced, and nothing names them any more."""
    name = at.usual(("100644", "z", at.on.plain))
    at.publish()
    before = at.public.git("rev-parse", "main")
    at.wrap = [*at.wrap, "z"]
    at.options = {"rebuild": True}
    at.on.commit(at.on.usual, name)

    def replaced(public: Any) -> None:
        assert before not in public.git("rev-list", "--all").split()

    at.after = replaced
    at.files = {"a", "src/x"}


def _moved_tag(at: Any) -> None:
    name = at.usual()
    at.on.git("tag", "v1", name)
    at.publish()
    at.on.git("tag", "-f", "v1", at.on.commit(at.on.usual[:2], name))


def _unclaimed(at: Any) -> None:
    at.core = ["src/**", "a"]
    at.usual(("40000", "new", at.on.wrap))


def _below_top(at: Any) -> None:
    at.on.commit([("40000", "product", at.on.tree(at.on.usual))])
    at.on.git("clone", "-q", str(_common(at)), str(at.folder / "clone"))
    at.on.repository.folder = at.folder / "clone" / "product"


WAYS = [
    ("objects are replaced (`git replace`)", "refused: publish-replaced-objects",
     "the history that git shows would not be the one that ids are of", _replaced),
    ("grafts give commits other parents", "refused: publish-history-cut", "the same", _grafted),
    ("the clone is shallow", "refused: publish-history-cut",
     "public ids follow from the whole history", _shallow),
    ("the public repository borrows the private one's objects (alternates)",
     "refused: target-borrows-private", "whoever may read it could ask for any of them", _borrows),
    ("it borrows from one that borrows from the private one", "refused: target-borrows-private",
     "the same", _borrows_from_afar),
    ("its `objects` is a link to the private one's", "refused: target-borrows-private", "the same",
     _linked_objects),
    ("the private repository is its own target", "refused: target-is-private",
     "nothing would be left out", _itself),
    ("the target is where public objects wait", "refused: target-borrows-private",
     "it borrows from the private repository", _store_itself),
    ("the private repository has hooks", "harmless", "none is run", _hooks),
    ("its configuration sends pushes elsewhere (`insteadOf`, `pushInsteadOf`)", "harmless",
     "publish pushes from a repository of its own, with a configuration of its own",
     _config(("url.{other}.insteadOf", "{to}"), ("url.{other}.pushInsteadOf", "{to}"))),
    ("its configuration pushes more (`remote.*.push`, `push.followTags`, `push.default`)",
     "harmless", "the refs of a push are named one by one",
     _config(("remote.origin.push", "+refs/*:refs/*"), ("push.followTags", "true"),
             ("push.default", "matching"), ("remote.origin.mirror", "true"))),
    ("its configuration runs programs (monitors, pagers, alternate refs)", "harmless",
     "none is run", _config(("core.fsmonitor", "touch {folder}/ran"),
                            ("core.pager", "touch {folder}/ran"),
                            ("core.alternateRefsCommand", "touch {folder}/ran"))),
    ("the public repository hides its refs and gives out any object", "harmless",
     "it holds nothing else", _target_hides),
    ("a template would be copied into a new public repository", "harmless",
     "it is made without one", _templates),
    *((f"`{name}` is set", "harmless", "git runs without what would show another history",
       _environment(name, value))
      for name, value in (
          ("GIT_DIR", "{elsewhere}"), ("GIT_OBJECT_DIRECTORY", "{elsewhere}/objects"),
          ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "{elsewhere}/objects"),
          ("GIT_REPLACE_REF_BASE", "refs/evil/"), ("GIT_GRAFT_FILE", "{folder}/grafts"),
          ("GIT_SHALLOW_FILE", "{folder}/grafts"), ("GIT_DEFAULT_HASH", "sha256"),
          ("GIT_NAMESPACE", "evil"), ("GIT_INDEX_FILE", "{folder}/index"))),
    ("a killed run left a half-made repository", "harmless",
     "it is made anew in a place of its own, and what was left is removed", _left_by_a_killed_run),
    ("another clone makes the same new public repository meanwhile",
     "refused: publish-push-refused", "each makes it in a place of its own, and one comes first",
     _made_meanwhile),
    ("two publishes of one repository run at once", "refused: publish-running",
     "the second one waits for nobody", _at_once),
    ("an outsider's commit is on the public branch", "refused: publish-public-moved",
     "it would be lost", _outsider()),
    ("an outsider's commit, and `--rebuild`", "refused: publish-public-moved", "the same",
     _outsider(rebuild=True)),
    ("the private branch was rewritten", "refused: publish-history-changed",
     "everybody would have to start anew; `--rebuild` says that it is meant", _rewritten),
    ("the line took something back, and `--rebuild`", "removed",
     "no public ref leads to the older commits any more", _rebuilt_with_less),
    ("a published tag names something else now", "refused: publish-tag-moved", "the same",
     _moved_tag),
    ("a new folder has no side", "refused: publish-unclaimed",
     "it must neither leak nor get lost by being forgotten", _unclaimed),
    ("the manifest lies below the repository's top", "refused: publish-below-top",
     "its claims would meet paths that they do not mean", _below_top),
]  # fmt: skip
