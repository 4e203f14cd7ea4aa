# SPDX-License-Identifier: Apache-2.0
"""``coreline build`` where something was built before, differs the second time, or breaks off."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.releases.tool import Commit
from coreline.releases.tools.go import version_of
from coreline.sources.git import Git

LINE = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "docs/**", "LICENSE"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""
LICENSE = Path(__file__).parents[3] / "examples/converge/kept/LICENSE"
PACK = "mkdir package && cp ../LICENSE package"


def build_of(name: str, command: str, side: str = "core", artifacts: str = "*.tgz") -> str:
    return f"""
[builds.{name}]
side = "{side}"
tool = "command"
folder = "src"
command = "{command}"
artifacts = ["{artifacts}"]
"""


def git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{a}_{b}": "a@example.com" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")
    }
    when = dict.fromkeys(["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"], "2026-03-04T05:06:07Z")
    subprocess.run(["git", "-C", folder, *arguments], check=True, env=os.environ | who | when)


def repository(folder: Path, builds: str, files: dict[str, str] | None = None) -> Path:
    texts = {"coreline.toml": LINE + builds, "LICENSE": LICENSE.read_text(), "src/a.js": "let a;\n"}
    for name, text in {**texts, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def built(
    folder: Path, capfd: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, object], str]:
    code = run(["-C", str(folder), "build", "--format=json", *arguments])
    said = capfd.readouterr()
    return code, json.loads(said.out or "{}"), said.err


def recorded(folder: Path) -> list[str]:
    return [one["name"] for one in json.loads((folder / "dist/release.json").read_text())["builds"]]


def test_one_build_leaves_the_others_of_its_commit(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = ("one", "two", "three")
    builds = "".join(build_of(n, f"{PACK} && tar czf {n}.tgz package") for n in names)
    folder = repository(tmp_path, builds)
    assert built(folder, capfd, "one")[0] == 0
    assert built(folder, capfd, "three")[0] == 0
    assert recorded(folder) == ["one", "three"]
    code, document, _ = built(folder, capfd, "two")
    assert code == 0
    assert document["notes"] == ["kept as built before: one", "kept as built before: three"]
    assert recorded(folder) == ["one", "two", "three"]
    files = {p.relative_to(folder / "dist").as_posix() for p in folder.glob("dist/core/*/*.tgz")}
    assert files == {f"core/{name}/{name}.tgz" for name in names}
    # What was changed since is not what was checked.
    (folder / "dist/core/one/one.tgz").write_bytes(b"other")
    assert built(folder, capfd, "two")[0] == 0
    assert recorded(folder) == ["two", "three"]
    # Another commit's artifacts are no part of this one's release.
    git(folder, "commit", "-q", "--allow-empty", "-m", "second")
    assert built(folder, capfd, "one")[0] == 0
    assert recorded(folder) == ["one"]


def test_a_build_that_writes_the_time_lists_the_member_that_differs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stamped = f"{PACK} && date +%s%N > package/stamp && tar czf a.tgz package"
    folder = repository(tmp_path, build_of("acme", stamped))
    code, document, _ = built(folder, capfd, "--twice")
    assert code == 1
    assert document["differ"] == {"core/acme/a.tgz": ["package/stamp"]}


def test_an_interruption_leaves_what_was_there(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path, build_of("acme", f"{PACK} && tar czf a.tgz package"))
    assert built(folder, capfd)[0] == 0
    before = {one: one.read_bytes() for one in folder.glob("dist/**/*") if one.is_file()}

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("coreline.releases.sbom.write_sbom", interrupted)
    assert built(folder, capfd)[0] == 130
    after = {one: one.read_bytes() for one in folder.glob("dist/**/*") if one.is_file()}
    assert after == before
    assert not list(folder.glob(".dist-*"))


@pytest.mark.parametrize(("side", "code"), [("core", 1), ("wrap", 0)])
def test_an_artifact_that_nobody_can_look_into_is_none_of_the_core(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], side: str, code: int
) -> None:
    builds = build_of("acme", "head -c 100 /dev/zero > a.blob", side, "*.blob")
    folder = repository(tmp_path, builds)
    ended, document, _ = built(folder, capfd)
    assert ended == code
    said = json.dumps([document["findings"], document["notes"]])
    assert ("can be looked into" in said) == (side == "core")
    assert ("a.blob was not looked into" in said) == (side == "wrap")
    assert (folder / "dist").exists() == (side == "wrap")


def test_a_page_that_shows_a_region_is_left_out_where_it_is_not_of_the_package(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    marked = "// coreline:wrap-begin\nlet secret;\n// coreline:wrap-end\n"
    builds = build_of("acme", f"test ! -e ../docs/a.md && {PACK} && tar czf a.tgz package")
    folder = repository(tmp_path, builds, {"docs/a.md": marked})
    code, document, _ = built(folder, capfd)
    assert code == 0
    assert document["notes"] == [
        "acme: docs/a.md was left out: no build may see its regions of a wrap"
    ]
    (folder / "src/b.js").write_text(marked)
    git(folder, "add", "-A", "src")
    git(folder, "commit", "-q", "-m", "second")
    code, _, err = built(folder, capfd)
    assert code == 2
    assert "src/b.js marks a region of the wrap" in err


def test_a_folder_that_the_core_does_not_have_or_that_leads_out(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    builds = build_of("acme", "true").replace('"src"', '"ee"')
    folder = repository(tmp_path / "one", builds, {"ee/a.js": "let b;\n"})
    code, _, err = built(folder, capfd)
    assert (code, "build-folder-missing" in err) == (2, True)
    builds = build_of("acme", "touch was-here").replace('"src"', '"src/out"')
    (tmp_path / "two/src").mkdir(parents=True)
    (tmp_path / "two/src/out").symlink_to(tmp_path / "outside")
    (tmp_path / "outside").mkdir()
    folder = repository(tmp_path / "two", builds)
    code, _, err = built(folder, capfd)
    assert (code, "build-folder-missing" in err) == (2, True)
    assert not list((tmp_path / "outside").iterdir())


@pytest.mark.parametrize(
    ("tags", "module", "folder", "version"),
    [
        ([], "a.example/m", "", "v0.0.0-20260304050607-{}"),
        ([], "a.example/m/v3", "", "v3.0.0-20260304050607-{}"),
        (["v1.4.0", "v1.3.9"], "a.example/m", "", "v1.4.1-0.20260304050607-{}"),
        (["v1.4.0-rc.1"], "a.example/m", "", "v1.4.0-rc.1.0.20260304050607-{}"),
        (["v2.0.0", "v1.4.0"], "a.example/m", "", "v1.4.1-0.20260304050607-{}"),
        (["v1.4.0"], "a.example/m/sub", "sub", "v0.0.0-20260304050607-{}"),
        (["sub/v1.4.0"], "a.example/m/sub", "sub", "v1.4.1-0.20260304050607-{}"),
    ],
)
def test_a_commit_without_a_tag_has_a_pseudo_version(
    tmp_path: Path, tags: list[str], module: str, folder: str, version: str
) -> None:
    """As in the Go Modules Reference, "Pseudo-versions"."""
    repository(tmp_path, "")
    for tag in tags:
        git(tmp_path, "tag", tag)
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "second")
    source = Git(tmp_path)
    commit = source.resolve("HEAD")
    epoch = int(source.text("show", "-s", "--format=%ct", commit))
    made = version_of(module, folder, Commit(source, commit, epoch), is_core=False)
    assert made == version.format(commit[:12])
