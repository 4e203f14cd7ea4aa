# SPDX-License-Identifier: Apache-2.0
"""``coreline build`` with the real tools, on the example product and on small ones."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.sources.artifact import find_artifact

EXAMPLE = Path(__file__).parents[3] / "examples/converge/kept"
LINE = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "package.json", "go.mod", "*.go", "LICENSE"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
"""
SECRET = "".join(f"export const price{number} = {number};\n" for number in range(20))


def git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{a}_{b}": "a@example.com" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")
    }
    when = dict.fromkeys(["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"], "2026-03-04T05:06:07Z")
    subprocess.run(["git", "-C", folder, *arguments], check=True, env=os.environ | who | when)


def repository(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def built(
    folder: Path, capfd: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, list[dict[str, object]]], str]:
    code = run(["-C", str(folder), "build", "--no-isolation", "--format=json", *arguments])
    said = capfd.readouterr()
    return code, json.loads(said.out or "{}"), said.err


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the builds find the tools that these tests run beside."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin:{os.environ['PATH']}")


@pytest.fixture
def converge(tmp_path: Path) -> Path:
    shutil.copytree(
        EXAMPLE, tmp_path / "kept", ignore=shutil.ignore_patterns("dist", "__pycache__")
    )
    return repository(tmp_path / "kept", {})


def test_the_example_is_built_twice_with_the_same_bytes(
    converge: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, document, _ = built(converge, capfd, "--twice")
    assert (code, document["differ"], document["findings"]) == (0, {}, [])
    assert [(one["name"], one["side"]) for one in document["builds"]] == [
        ("converge", "core"),
        ("converge-telemetry", "core"),
        ("converge-enterprise", "wrap"),
    ]
    record = json.loads((converge / "dist/release.json").read_text())
    paths = [one for built in record["builds"] for one in built["artifacts"]]
    assert len(paths) == 6
    assert all((converge / "dist" / one["path"]).is_file() for one in paths)
    assert all((converge / "dist" / one["sbom"]).is_file() for one in paths)
    # Its own artifacts do not make a work tree unclean, and are replaced.
    assert built(converge, capfd)[0] == 0
    assert json.loads((converge / "dist/release.json").read_text()) == record


def test_what_is_not_committed_is_never_built(
    converge: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (converge / "src/converge/extra.py").write_text("EXTRA = 1\n")
    code, _, err = built(converge, capfd)
    assert code == 2
    assert "build-not-clean" in err
    assert not (converge / "dist").exists()
    assert built(converge, capfd, "converge", "--at", "HEAD")[0] == 0
    (wheel,) = converge.glob("dist/core/converge/*.whl")
    tree = find_artifact(wheel, wheel.name)
    assert tree is not None
    assert "converge/extra.py" not in [one.path for one in tree.entries()]


def test_a_folder_of_somebody_is_not_replaced(
    converge: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear\n")
    code, _, err = built(converge, capfd, "--out", str(tmp_path / "mine"))
    assert code == 2
    assert "build-out-occupied" in err
    assert (tmp_path / "mine/letter.txt").read_text() == "dear\n"


def test_a_core_whose_build_needs_the_wrap_says_so(
    converge: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    module = "_".join(("converge", "enterprise"))
    (converge / "src/converge/__init__.py").write_text(f"import {module}\n__version__ = '1'\n")
    project = converge / "pyproject.toml"
    text = project.read_text().replace(
        "[tool.hatch.version]", '[tool.hatch.version]\nsource = "code"'
    )
    project.write_text(text)
    git(converge, "commit", "-qam", "needs it")
    code, document, _ = built(converge, capfd, "converge")
    assert code == 1
    (finding,) = document["findings"]
    assert f"names {module}" in str(finding["message"])
    assert not (converge / "dist").exists()


def test_a_core_package_that_a_command_fills_from_the_wrap_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Its files are not in what is exported, so the command takes them where they still are.
    folder = tmp_path / "acme"
    taken = f"package.json LICENSE {folder}/ee/price.js"
    command = f"mkdir package && cp {taken} package && tar czf a.tgz package"
    builds = f"""
[builds.acme]
side = "core"
tool = "command"
command = "{command}"
artifacts = ["*.tgz"]
"""
    package = '{"name": "acme", "version": "1.0.0", "license": "Apache-2.0"}'
    files = {"coreline.toml": LINE + builds, "package.json": package, "ee/price.js": SECRET}
    repository(folder, {**files, "LICENSE": (EXAMPLE / "LICENSE").read_text()})
    code, document, _ = built(folder, capfd)
    assert code == 1
    assert any("ee/price.js of the wrap ee" in str(one["message"]) for one in document["findings"])
    assert not (folder / "dist").exists()


def test_a_go_module_is_a_zip_file_of_its_tag(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(EXAMPLE / "LICENSE", tmp_path / "LICENSE")
    files = {"go.mod": "module example.com/Acme\n", "a.go": "package acme\n", "ee/b.go": SECRET}
    folder = repository(tmp_path, {"coreline.toml": LINE, **files})
    git(folder, "tag", "v1.2.3")
    code, document, err = built(folder, capfd, "--twice")
    assert (code, document["differ"]) == (0, {}), (document, err)
    (one,) = document["builds"]
    assert (one["package"], one["version"]) == ("example.com/Acme", "v1.2.3")
    (archive,) = folder.glob("dist/core/*/*.zip")
    tree = find_artifact(archive, archive.name)
    assert tree is not None
    prefix = "example.com/Acme@v1.2.3/"
    assert [entry.path for entry in tree.entries()] == [
        prefix + name for name in ("LICENSE", "a.go", "coreline.toml", "go.mod")
    ]


def test_gem_is_named_where_it_is_absent_and_called_where_it_is_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = '[builds.acme]\nside = "core"\ntool = "gem"\nfolder = "src"\n'
    spec = {"src/acme.gemspec": 's.name = "acme"\n', "ee/b.rb": SECRET}
    folder = repository(tmp_path / "acme", {"coreline.toml": LINE + builds, **spec})
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("git", "sh"):
        (programs / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(programs))
    code, _, err = built(folder, capfd)
    assert code == 3
    assert "built with gem, which is not on PATH" in err
    fake = '#!/bin/sh\necho "called: $*; $(git ls-files)"\nexit 9\n'
    (programs / "gem").write_text(fake)
    (programs / "gem").chmod(0o755)
    code, _, err = built(folder, capfd)
    assert code == 3
    assert "called: build acme.gemspec; acme.gemspec" in err


@pytest.mark.parametrize("regions", [True, False])
def test_a_marked_region_is_in_no_artifact_of_the_core(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], regions: bool
) -> None:
    builds = f"[publish]\nregions = {str(regions).lower()}\n"
    marked = "// coreline:wrap-begin\nexport const secret = 1;\n// coreline:wrap-end\nlet a;\n"
    package = '{"name": "acme", "version": "1.0.0", "license": "Apache-2.0"}'
    files = {"coreline.toml": LINE + builds, "package.json": package, "src/a.js": marked}
    folder = repository(tmp_path, {**files, "LICENSE": (EXAMPLE / "LICENSE").read_text()})
    code, _, err = built(folder, capfd)
    if not regions:
        assert code == 2
        assert "src/a.js marks a region of the wrap" in err
        return
    assert code == 0
    (packed,) = folder.glob("dist/core/acme/*.tgz")
    tree = find_artifact(packed, packed.name)
    assert tree is not None
    contents = {one.entry.path: one.data for one in tree.read(tree.entries())}
    assert contents["package/src/a.js"] == b"let a;\n"
