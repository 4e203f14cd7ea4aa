# SPDX-License-Identifier: Apache-2.0
"""Act three: the vendor's keys, a release stamped with them, and the packages."""

import re
from datetime import UTC, datetime

from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

_VENDOR = "enterprise/src/converge_enterprise/vendor.py"


def keys(stage: Stage, scene: Scene) -> str:
    """Make the vendor's keys and stamp the public one into the wrap's release."""
    coreline = own_program("coreline")
    made = scene.run(
        coreline, "keys", "new", "--out", str(stage.keys), shown="coreline keys new --out keys"
    )
    scene.show(made.out, limit=3)
    root = (stage.keys / "root.pub").read_text("utf-8").strip()
    stage.facts["root"] = root
    stamp(stage, root, datetime.now(UTC), "1.1.0")
    scene.show(scene.run("git", "diff", "-U0", cwd=stage.private).out, only=r"^[+-]\w")
    commit_all(stage, scene, "chore(enterprise): stamp release 1.1.0")
    again = scene.run(
        coreline,
        "publish",
        "--to",
        str(stage.public),
        shown="coreline publish --to public.git",
        cwd=stage.private,
        expect=4,
    )
    scene.show(again.err or again.out, limit=3)
    modes = {path.stat().st_mode & 0o077 for path in stage.keys.glob("*.pem")}
    scene.expect(modes == {0}, "private keys that only their owner reads", str(modes))
    return "private keys are the owner's alone; a commit to the wrap publishes nothing (exit 4)"


def stamp(stage: Stage, root: str, day: datetime, version: str) -> None:
    """Write root key, release day and version into the wrap."""
    vendor = stage.private / _VENDOR
    text = vendor.read_text("utf-8")
    text = re.sub(r"^ROOT_KEYS.*$", f'ROOT_KEYS = ("{root}",)', text, flags=re.M)
    built = f"BUILT = date({day.year}, {day.month}, {day.day})"
    vendor.write_text(re.sub(r"^BUILT = .*$", built, text, flags=re.M), "utf-8")
    init = vendor.with_name("__init__.py")
    text = init.read_text("utf-8")
    init.write_text(re.sub(r'"[\d.]+"$', f'"{version}"', text, flags=re.M), "utf-8")


def commit_all(stage: Stage, scene: Scene, message: str) -> None:
    """Commit as the vendor."""
    who = ("-c", "user.name=Grace Example", "-c", "user.email=grace@example.com")
    words = ("git", *who, "commit", "--quiet", "-a", "-m", message)
    scene.run(*words, shown=f'git commit -a -m "{message}"', cwd=stage.private)


def wheels(stage: Stage, scene: Scene) -> str:
    """Build the core from the public clone, the wrap from the vendor's repository."""
    build_wheel(stage, scene, str(stage.clone))
    build_wheel(stage, scene, str(stage.private / "enterprise"))
    # The SDK that the wrap carries is Coreline's own package, not the vendor's.
    sdk = str(stage.example.parents[1] / "sdk")
    build_wheel(stage, scene, sdk, into=str(stage.wheelhouse), shown="coreline/sdk")
    names = sorted(path.name for path in stage.wheels.iterdir())
    scene.tell(names)
    expected = ["converge-1.1.0-py3-none-any.whl", "converge_enterprise-1.1.0-py3-none-any.whl"]
    scene.expect(names == expected, str(expected), str(names))
    core = stage.wheels / names[0]
    packed = scene.run(own_program("python"), "-m", "zipfile", "-l", str(core), aside=True).out
    files = [line.split()[0] for line in packed.splitlines()[1:]]
    public = scene.run("git", "ls-files", "src", cwd=stage.clone, aside=True).out.splitlines()
    source = [name for name in files if ".dist-info/" not in name]
    scene.expect(sorted(f"src/{name}" for name in source) == sorted(public), "public files only")
    scene.tell([f"{core.name}: {len(source)} files, each of them public"])
    return "both packages built, the core from the public clone and with nothing else in it"


def build_wheel(
    stage: Stage, scene: Scene, source: str, *, into: str = "", shown: str = ""
) -> None:
    """Build one wheel with the tools of the running environment, without a network."""
    target = into or str(stage.wheels)
    words = ("-m", "build", "--wheel", "--no-isolation", "--outdir", target)
    told = f"python {' '.join(words)} {shown or source}"
    scene.run(own_program("python"), *words, source, shown=told)


STEPS = (
    Step("keys", "The vendor's keys, stamped into a release", keys),
    Step("wheels", "Two packages: core and wrap", wheels),
)
