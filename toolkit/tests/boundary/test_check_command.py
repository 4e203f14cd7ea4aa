# SPDX-License-Identifier: Apache-2.0
"""``coreline check`` by its arguments, output and exit code, on real repositories."""

import codecs
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.sources.tree import open_tree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "README.md"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**"]
modules = ["acme_enterprise"]
"""


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    write(
        tmp_path,
        {
            "coreline.toml": MANIFEST,
            "README.md": "# Acme\n",
            "src/acme/app.py": "import os\n",
            "enterprise/src/acme_enterprise/fleet.py": "import acme\n",
        },
    )
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "kept")
    return tmp_path


def checked(
    folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, object]]:
    code = run(["-C", str(folder), "check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def paths_of(report: dict[str, object]) -> list[str]:
    findings = report["findings"]
    assert isinstance(findings, list)
    return [finding["path"] for finding in findings]


def test_a_kept_promise_ends_with_0_and_one_line(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(repository), "check"]) == 0
    assert capsys.readouterr().out == "kept: loose — 4 files analyzed, 0 not analyzed\n"


def test_a_broken_promise_ends_with_1(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repository, {"src/acme/app.py": "import acme_enterprise.fleet\n"})
    code, report = checked(repository, capsys)
    assert (code, report["grade"], report["kept"]) == (1, "broken", False)
    assert paths_of(report) == ["src/acme/app.py"]


def test_disk_index_and_commit_are_three_states(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"src/acme/app.py": "import acme_enterprise\n"})
    git(repository, "add", "-A")
    write(
        repository, {"src/acme/app.py": "import os\n", "src/acme/new.py": "import acme_enterprise"}
    )
    assert paths_of(checked(repository, capsys)[1]) == ["src/acme/new.py"]
    assert paths_of(checked(repository, capsys, "--staged")[1]) == ["src/acme/app.py"]
    assert checked(repository, capsys, "--at", "HEAD")[0] == 0


def test_a_new_folder_that_nobody_claims_is_found_before_it_is_tracked(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"plugins/a.py": "", ".gitignore": "build/\n", "build/x": ""})
    assert paths_of(checked(repository, capsys)[1]) == [".gitignore", "plugins/a.py"]


def test_the_cache_changes_nothing_but_time(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"src/acme/app.py": "import acme_enterprise\n"})
    git(repository, "commit", "-qam", "broken")
    first = checked(repository, capsys, "--no-cache")
    assert not (repository / ".git/coreline").exists()
    for _ in range(3):
        assert checked(repository, capsys) == first
    # Facts of files, and what the files of the wrap define.
    files = list((repository / ".git/coreline").glob("facts-*"))
    assert files
    for file in files:
        for damage in (b"", b"garbage", file.read_bytes()[:-7], b"\0" * 5000):
            file.write_bytes(damage)
            assert checked(repository, capsys) == first
    assert checked(repository, capsys, "--at", "HEAD") == (first[0], {**first[1], "label": "HEAD"})


def test_a_changed_file_of_the_same_size_is_read_again(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = "import acme_toolboxxxxx\n", "import acme_enterprise\n\n"
    assert len(good) == len(bad)
    app = repository / "src/acme/app.py"
    app.write_text(good)
    git(repository, "add", "-A")
    assert checked(repository, capsys)[0] == 0
    app.write_text(bad)
    assert checked(repository, capsys)[0] == 1


def test_a_filter_that_is_unlocked_changes_what_is_known_of_a_blob(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = repository / "src/acme/app.py"
    locked = codecs.encode("import acme_enterprise\n", "rot13")
    app.write_text(locked)
    git(repository, "add", "-A")
    age(repository)
    assert checked(repository, capsys)[0] == 0
    # The blob and the size stay, as git sees them: only the content on disk is another.
    git(repository, "config", "filter.lock.clean", "tr a-z n-za-m")
    git(repository, "config", "filter.lock.smudge", "tr n-za-m a-z")
    write(repository, {".git/info/attributes": "src/** filter=lock\n"})
    app.unlink()
    git(repository, "checkout", "-q", "--", "src/acme/app.py")
    assert app.read_text() == "import acme_enterprise\n"
    age(repository, seconds=5)
    assert open_tree(repository).entries()[-1].blob is not None
    assert checked(repository, capsys)[0] == 1


def age(folder: Path, seconds: int = 10) -> None:
    """Make all files older than the index, which is trusted then."""
    before = time.time() - seconds
    for path in folder.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path, (before, before))
    git(folder, "update-index", "--refresh")


def test_new_names_of_the_wrap_are_searched_in_files_already_known(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"src/acme/app.py": "import acme_cloud\n"})
    git(repository, "add", "-A")
    assert checked(repository, capsys)[0] == 0
    write(repository, {"coreline.toml": MANIFEST.replace('e"]', 'e", "acme_cloud"]')})
    assert checked(repository, capsys)[0] == 1


def test_outside_git_every_file_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"coreline.toml": MANIFEST, "src/a.py": "import acme_enterprise"})
    code, report = checked(tmp_path, capsys)
    assert (code, paths_of(report)) == (1, ["src/a.py"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coreline.toml", "src"]


def test_a_bare_repository_uses_the_manifest_of_the_commit(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path_factory.mktemp("bare")
    git(bare, "clone", "-q", "--bare", str(repository), str(bare / "acme.git"))
    code, report = checked(bare / "acme.git", capsys, "--at", "main")
    assert (code, report["label"]) == (0, "main")


def test_staged_files_are_held_against_the_staged_manifest(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"tools/a.sh": "true\n"})
    git(repository, "add", "tools")
    write(repository, {"coreline.toml": MANIFEST.replace('"README', '"tools/**", "README')})
    assert checked(repository, capsys, "--staged")[0] == 1
    assert checked(repository, capsys)[0] == 0
    git(repository, "add", "coreline.toml")
    assert checked(repository, capsys, "--staged")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere"], "path-unknown"),
        ([".."], "path-outside"),
        (["--watch", "README.md"], "watch-files-on-disk"),
        (["--at", "HEAD", "--staged"], "check-one-state"),
        (["--at", "nowhere"], "revision-unknown"),
        (["--format", "nonsense"], "format-unknown"),
    ],
)
def test_mistakes_of_the_caller_end_with_2(
    repository: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert run(["-C", str(repository), "check", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"[{code}]" in said.err


def test_a_repository_made_to_hurt(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = repository / "src"
    (source / "loop").symlink_to("loop")
    (source / "self").symlink_to(".")
    (source / "into").symlink_to("../enterprise/src/acme_enterprise")
    (source / "new\nline\x1b[2J.py").write_text("import acme_enterprise\n")
    (source / "nul.py").write_bytes(b"import acme_enterprise\0\n")
    (source / "big.bin").write_bytes(b"\0" * (17 * 1024 * 1024))
    os.mkfifo(source / "pipe")
    deep = source / "/".join(["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "x.py").write_text("(" * 9000)
    (source / os.fsdecode(b"\xff\xfe.py")).write_text("import acme_enterprise\n")
    code, report = checked(repository, capsys)
    assert code == 1
    assert paths_of(report) == ["src/into", "src/new\nline\x1b[2J.py", "src/\\xff\\xfe.py"]
    findings, coverage = report["findings"], report["coverage"]
    assert isinstance(findings, list)
    assert isinstance(coverage, dict)
    assert [finding["kind"] for finding in findings] == ["link", "static", "static"]
    reasons = {one["path"]: one["reason"] for one in coverage["not_analyzed"]}
    assert set(reasons) == {"src/big.bin", "src/nul.py"}
    assert "larger than" in reasons["src/big.bin"]
    assert run(["-C", str(repository), "check"]) == 1
    assert "\x1b" not in capsys.readouterr().out
