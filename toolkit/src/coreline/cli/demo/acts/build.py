# SPDX-License-Identifier: Apache-2.0
"""Act three: the vendor's keys, a release stamped with them, and the packages."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import read_manifest


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
    (vendor,) = stage.private.glob("*/src/*/vendor.py")
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
    """Build the core's packages from the public clone, the wrap's from the vendor's repository."""
    build_wheel(stage, scene, str(stage.clone))
    build_wheel(stage, scene, str(stage.clone / "telemetry"))
    build_wheel(stage, scene, str(stage.private / "enterprise"))
    # The SDK that the wrap carries is Coreline's own package, not the vendor's.
    sdk = str(stage.example.parents[1] / "sdk")
    build_wheel(stage, scene, sdk, into=str(stage.wheelhouse), shown="coreline/sdk")
    names = sorted(path.name for path in stage.wheels.iterdir())
    expected = _packages(stage)
    scene.expect([name.split("-")[0] for name in names] == expected, str(expected), str(names))
    public = scene.run("git", "ls-files", cwd=stage.clone, aside=True).out.splitlines()
    for name in (names[0], names[2]):
        packed = _files(stage.wheels / name)
        hidden = [file for file in packed if not any(one.endswith(file) for one in public)]
        scene.expect(not hidden, "public files only", str(hidden))
        scene.tell([f"{name}: {len(packed)} files, each of them public"])
    return "three packages; those of the core come from the public clone, with nothing else in them"


def _packages(stage: Stage) -> list[str]:
    """Return the packages that the manifest names, spelled as in the names of wheels (PEP 427)."""
    manifest = read_manifest(stage.private / MANIFEST_NAME, repository=stage.private).manifest
    sides = (manifest.core.packages, *(wrap.packages for wrap in manifest.wraps.values()))
    return sorted(name.replace("-", "_") for names in sides for name in names)


def _files(wheel: Path) -> list[str]:
    """Return the files of a wheel, less what the build itself adds."""
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if ".dist-info/" not in name]


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
    Step("wheels", "The packages of core and wrap", wheels),
)
