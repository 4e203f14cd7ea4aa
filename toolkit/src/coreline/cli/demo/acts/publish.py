# SPDX-License-Identifier: Apache-2.0
"""Act two: the core reaches the public, whole, with nothing of the wrap in it."""

from pathlib import Path

from coreline.cli.demo.history import read_story
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import read_manifest


def publish(stage: Stage, scene: Scene) -> str:
    """Publish the whole history and look for the wrap in what is public."""
    scene.run("git", "init", "--quiet", "--bare", "--initial-branch=main", str(stage.public))
    ran = scene.run(
        own_program("coreline"),
        "publish",
        "--to",
        str(stage.public),
        shown="coreline publish --to public.git",
        cwd=stage.private,
    )
    scene.show(ran.out)
    git = ("git", "-C", str(stage.public))
    scene.show(scene.run(*git, "log", "--graph", "--format=%h %an: %s", "--branches").out, limit=20)
    count = scene.run(*git, "rev-list", "--count", "--branches", aside=True).out.strip()
    story = read_story(stage.example)
    expected = f"{story.carried} public commits of {len(story.commit)}"
    scene.expect(count == str(story.carried), expected, count)
    scene.tell([f"looked at again, by path and blob: {_same_trees(stage, scene)} of {count} equal"])
    there = _wrap_objects_in_public(stage, scene)
    scene.expect(not there, "no object of the wrap in the public repository", str(there[:3]))
    return "every public commit is its private commit's core; no object of the wrap is public"


def _same_trees(stage: Stage, scene: Scene) -> int:
    """Compare each public tree with the core of its private one, without the code that filtered.

    Author, time and message say which private commit a public one is.
    """
    line = read_manifest(stage.private / MANIFEST_NAME, repository=stage.private).line
    private = _trees(stage.private, scene)
    same = 0
    for commit, files in _trees(stage.public, scene).items():
        core = {path: blob for path, blob in private[commit].items() if line.side(path) == "core"}
        scene.expect(
            files == core, f"the core of {commit}", str(files.items() ^ core.items())[:300]
        )
        same += 1
    return same


def _trees(repository: Path, scene: Scene) -> dict[str, dict[str, str]]:
    """Return the files of each commit with their blobs."""
    git = ("git", "-C", str(repository))
    log = scene.run(*git, "log", "--branches", "--format=%H %ae %at %s", aside=True).out
    found: dict[str, dict[str, str]] = {}
    for line in log.splitlines():
        commit, _, about = line.partition(" ")
        listed = scene.run(*git, "ls-tree", "-r", "-z", commit, aside=True).out
        rows = (row.partition("\t") for row in listed.split("\0") if row)
        found[about] = {path: entry for entry, _, path in rows}
    return found


def _wrap_objects_in_public(stage: Stage, scene: Scene) -> list[str]:
    """Ask the public repository for every file and folder that the wrap ever had."""
    git = ("git", "-C", str(stage.private))
    ours = scene.run(*git, "rev-list", "--objects", "--all", "--", "enterprise", aside=True)
    ids = [line.split()[0] for line in ours.out.splitlines() if " enterprise" in line]
    scene.say(
        "git -C converge rev-list --objects --all -- enterprise | grep ' enterprise'"
        " | cut -d' ' -f1 | git -C public.git cat-file --batch-check"
    )
    public = ("git", "-C", str(stage.public), "cat-file", "--batch-check")
    asked = scene.run(*public, aside=True, stdin="".join(f"{one}\n" for one in ids))
    answers = asked.out.splitlines()
    scene.expect(len(answers) == len(ids) > 0, f"{len(ids)} answers", str(len(answers)))
    missing = sum(answer.endswith(" missing") for answer in answers)
    scene.tell([f"{missing} of {len(ids)} missing"])
    return [answer for answer in answers if not answer.endswith(" missing")]


def core_alone(stage: Stage, scene: Scene) -> str:
    """Clone what is public and test it where the wrap does not exist."""
    scene.run("git", "clone", "--quiet", str(stage.public), str(stage.clone))
    command = ("python", "-m", "unittest", "discover", "-s", "tests", "-t", ".")
    words = (own_program("python"), *command[1:])
    ran = scene.run(*words, shown=" ".join(command), cwd=stage.clone)
    scene.show(ran.err, only="^(Ran|OK)")
    scene.expect(not (stage.clone / "enterprise").exists(), "no enterprise folder in the clone")
    coreline = own_program("coreline")
    checked = scene.run(coreline, "check", shown="coreline check", cwd=stage.clone)
    scene.show(checked.out, only="^kept")
    return "the public clone passes its tests on its own, and anyone can check its line"


STEPS = (
    Step("publish", "Publish the core, with proof", publish),
    Step("alone", "The core stands alone", core_alone),
)
