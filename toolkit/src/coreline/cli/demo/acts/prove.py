# SPDX-License-Identifier: Apache-2.0
"""Act one: the line holds; a developer breaks it and is told where; it is mended."""

import json
import shutil
from typing import Any

from coreline.cli.demo.example import expected_findings, files
from coreline.cli.demo.history import write_history
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

BROKEN = "broken-import"


def repository(stage: Stage, scene: Scene) -> str:
    """Write the vendor's repository."""
    commits = write_history(stage.example, stage.private)
    command = ("git", "log", "--graph", "--format=%h %an: %s", "--all")
    scene.show(scene.run(*command, cwd=stage.private).out, limit=20)
    head = commits[-1][:10]
    return f"a repository of {len(commits)} commits, a merge and 2 tags; its head is always {head}"


def check_keeps(stage: Stage, scene: Scene) -> str:
    """Check the kept state."""
    coreline = own_program("coreline")
    scene.show(scene.run(coreline, "check", shown="coreline check", cwd=stage.private).out)
    report = check_json(stage, scene, 0)
    scene.expect(report["grade"] == "loose", "grade loose", str(report["grade"]))
    coverage = report["coverage"]
    return (
        f"the core does not know the wrap: grade loose, {coverage['analyzed']} files analyzed, "
        f"{len(coverage['not_analyzed'])} not"
    )


def check_breaks(stage: Stage, scene: Scene) -> str:
    """Lay a broken state over the kept one, and mend it."""
    expected = expected_findings(stage.example, BROKEN)
    changed = list(files(stage.example / BROKEN))
    for path in changed:
        shutil.copyfile(stage.example / BROKEN / path, stage.private / path)
    scene.show(scene.run("git", "diff", "-U0", cwd=stage.private).out, only=r"^[+-]\w|^[+-] +\S")
    coreline = own_program("coreline")
    command = (coreline, "check")
    scene.show(scene.run(*command, shown="coreline check", cwd=stage.private, expect=1).out)
    found = [
        (one["check"], one["path"], one["kind"]) for one in check_json(stage, scene, 1)["findings"]
    ]
    scene.expect(sorted(found) == [tuple(one) for one in expected], str(expected), str(found))
    scene.run("git", "checkout", "--quiet", "--", ".", cwd=stage.private)
    scene.run(*command, shown="coreline check", cwd=stage.private)
    return f"exit 1 and the place, {expected[0].path}; mended, exit 0 again"


def check_json(stage: Stage, scene: Scene, expect: int) -> Any:
    """Return what check says of the vendor's repository as JSON, for the assertions."""
    words = (own_program("coreline"), "check", "--format", "json")
    return json.loads(scene.run(*words, cwd=stage.private, expect=expect, aside=True).out)


STEPS = (
    Step("repository", "A vendor's repository: open core and proprietary wrap", repository),
    Step("check", "The line holds", check_keeps),
    Step("break", "A developer breaks the line, and mends it", check_breaks),
)
