# SPDX-License-Identifier: Apache-2.0
"""``coreline check --standalone`` on the example product and on small ones."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from coreline.cli.main import run

EXAMPLES = Path(__file__).parents[3] / "examples/converge"
# What the example's wrap is called, its own manifest says: these tests are Coreline's core.
LINE = tomllib.loads((EXAMPLES / "kept/coreline.toml").read_text(encoding="utf-8"))
(WRAP,) = LINE["wraps"]["enterprise"]["modules"]
MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "tests/**", "package.json"]
test = [TEST]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
packages = ["acme-ee", "@acme/ee"]
"""


def write(folder: Path, files: dict[str, str], test: str) -> None:
    quoted = ", ".join(json.dumps(one) for one in test.split(" && "))
    files = {"coreline.toml": MANIFEST.replace("TEST", quoted), **files}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def checked(
    folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, list[dict[str, object]]], str]:
    code = run(["-C", str(folder), "check", "--standalone", "--format=json", *arguments])
    said = capsys.readouterr()
    return code, json.loads(said.out or "{}"), said.err


@pytest.fixture
def converge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, and the environment that these tests run in: its telemetry needs the SDK."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    shutil.copytree(EXAMPLES / "kept", tmp_path / "kept")
    return tmp_path / "kept"


def test_the_core_of_the_example_stands_alone(
    converge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report, log = checked(converge, capsys)
    assert (code, report["findings"]) == (0, [])
    assert "OK" in log
    assert any(WRAP in str(note) for note in report["notes"])


@pytest.mark.skipif(
    not (EXAMPLES / "broken-import").is_dir(),
    reason="the broken states are the example vendor's, and not in this copy of the core",
)
def test_a_core_that_imports_the_wrap_is_blamed_at_the_line(
    converge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLES / "broken-import/src", converge / "src", dirs_exist_ok=True)
    code, report, log = checked(converge, capsys)
    assert code == 1
    (finding,) = report["findings"]
    assert (finding["path"], finding["line"]) == ("src/converge/report.py", 11)
    assert finding["names"] == [WRAP]
    assert "ended with 1" in str(finding["message"])
    assert "Traceback" in log


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment as the vendor's developers have it: the wrap is installed, the core too.

    The core is installed as editable installs are, by a path in a .pth file.
    """
    place = tmp_path / "env"
    venv.create(place, symlinks=True, with_pip=False)
    packages = next(place.glob("lib/python*/site-packages"))
    write_plain(
        packages,
        {
            "acme_ee/__init__.py": "",
            "acme_ee_extra.py": "",
            "acme_ee-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-ee\nVersion: 1\n",
            "acme_ee-1.0.dist-info/RECORD": "acme_ee/__init__.py,,\nacme_ee_extra.py,,\n",
            "acme_ee-1.0.dist-info/entry_points.txt": "[acme.plugins]\nee = acme_ee\n",
            "requests_like.py": "",
            "acme.pth": f"{tmp_path / 'repo/src'}\n{tmp_path / 'repo/ee'}\n",
        },
    )
    monkeypatch.setenv("VIRTUAL_ENV", str(place))
    (tmp_path / "repo").mkdir()
    return tmp_path / "repo"


def write_plain(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("module", ["acme_ee", "acme_ee_extra", "undeclared"])
def test_a_wrap_in_the_environment_is_blocked(
    installed: Path, module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        installed,
        {"src/acme.py": f"import {module}\n", "ee/undeclared.py": "", "ee/setup.py": ""},
        "python -c 'import acme'",
    )
    code, report, log = checked(installed, capsys)
    assert code == 1
    assert f"No module named '{module}'" in log
    assert report["findings"][0]["path"] == "src/acme.py"
    assert report["findings"][0]["grade"] == "broken"


def test_a_core_that_does_without_is_not_disturbed(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = """
import importlib.metadata, importlib.util, requests_like
assert not importlib.metadata.entry_points(group="acme.plugins")
try:
    import acme_ee
except ImportError:
    acme_ee = None
print("from", __file__)
"""
    write(installed, {"src/acme.py": source}, "python -c 'import acme'")
    code, _, log = checked(installed, capsys)
    assert code == 0, log
    # It is the core's own files that are tested, not the work tree that is installed.
    assert f"from {installed}/src" not in log


def test_the_environment_is_clean(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", str(installed / "ee"))
    write(installed, {"src/a.py": ""}, "env && ls -d $HOME $TMPDIR && ls")
    code, _, log = checked(installed, capsys)
    assert code == 0
    assert "secret" not in log
    assert f"PYTHONPATH={installed}" not in log
    assert f"HOME={os.environ['HOME']}\n" not in log
    assert log.rstrip().endswith("$ ls\ncoreline.toml\nsrc")


def test_a_commit_is_exported_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    write(tmp_path, {"src/a.txt": "old\n"}, "cat src/a.txt")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "old"]):
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True)
    (tmp_path / "src/a.txt").write_text("new\n")
    assert "\nold\n" in checked(tmp_path, capsys, "--at", "HEAD")[2]
    assert "\nnew\n" in checked(tmp_path, capsys)[2]


def test_what_follows_a_failure_is_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"src/a": ""}, "echo first && exit 9 && echo last")
    code, report, log = checked(tmp_path, capsys)
    assert code == 1
    assert "first\n" in log
    assert "last\n" not in log
    (finding,) = report["findings"]
    assert (finding["path"], finding["names"]) == ("coreline.toml", [])
    assert "ended with 9. Its output names no wrap" in str(finding["message"])


def test_when_time_runs_out_the_promise_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"src/a": ""}, "sleep 60")
    code, report, _ = checked(tmp_path, capsys, "--timeout", "0.3")
    assert code == 1
    assert "did not end within 0 seconds" in str(report["findings"][0]["message"])


def test_a_command_that_does_not_exist_is_the_outside_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"src/a": ""}, "no-such-program-here")
    code, _, log = checked(tmp_path, capsys)
    assert code == 3
    assert "standalone-not-started" in log


def test_without_tests_there_is_nothing_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"src/a": ""}, "x")
    manifest = tmp_path / "coreline.toml"
    manifest.write_text(manifest.read_text().replace('test = ["x"]', ""))
    code, _, log = checked(tmp_path, capsys)
    assert code == 2
    assert "standalone-no-tests" in log


def test_standalone_is_about_the_whole_core(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"src/a": ""}, "true")
    code, _, log = checked(tmp_path, capsys, "src/a")
    assert code == 2
    assert "standalone-takes-no-paths" in log


def test_the_folder_is_removed_unless_it_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    (tmp_path / "repo").mkdir()
    write(tmp_path / "repo", {"src/a": ""}, "mkdir -p locked/x && chmod 500 locked")
    assert checked(tmp_path / "repo", capsys)[0] == 0
    assert list(place.iterdir()) == []
    assert checked(tmp_path / "repo", capsys, "--keep")[0] == 0
    (kept,) = place.iterdir()
    assert (kept / "core/src/a").is_file()
    (kept / "core/locked").chmod(0o700)


def test_an_interrupt_ends_the_tests_and_removes_the_folder(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    (tmp_path / "repo").mkdir()
    write(tmp_path / "repo", {"src/a": ""}, "echo $$ && exec sleep 100")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from coreline.cli.main import main; main()",
            "check",
            "--standalone",
        ],
        cwd=tmp_path / "repo",
        env={**os.environ, "TMPDIR": str(place)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    pid = next(line for line in process.stderr if line.strip().isdigit())
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert rest.endswith("interrupted\n")
    assert list(place.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


@needs_node
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/a.cjs", "require('@acme/ee/fleet')\n"),
        ("src/a.mjs", "import '@acme/ee'\n"),
        ("src/b.mjs", "await import('@acme/ee/fleet')\n"),
    ],
)
def test_node_is_refused_the_wrap(
    tmp_path: Path, name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    package = '{"name": "@acme/ee", "exports": {".": "./i.cjs", "./fleet": "./i.cjs"}}'
    write(
        tmp_path,
        {
            name: text,
            "package.json": "{}",
            "node_modules/@acme/ee/package.json": package,
            "node_modules/@acme/ee/i.cjs": "",
        },
        f"node {name}",
    )
    code, report, log = checked(tmp_path, capsys)
    assert code == 1, log
    assert "it is of the wrap ee" in log
    assert report["findings"][0]["names"] == ["acme/ee"] or "@acme/ee" in str(report["findings"])


@needs_node
def test_node_finds_installed_packages_and_workspaces_of_the_core(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        tmp_path,
        {
            "src/a.mjs": "import o from 'other'; import c from '@acme/c'; console.log(c, o)",
            "src/c/package.json": '{"name": "@acme/c", "main": "i.js"}',
            "src/c/i.js": "module.exports = 'core ' + __filename\n",
            "package.json": "{}",
            "node_modules/other/package.json": '{"main": "i.js"}',
            "node_modules/other/i.js": "module.exports = 'other'\n",
        },
        "node src/a.mjs",
    )
    (tmp_path / "node_modules/@acme").mkdir()
    (tmp_path / "node_modules/@acme/c").symlink_to("../../src/c")
    code, _, log = checked(tmp_path, capsys)
    assert code == 0, log
    assert f"core {tmp_path}" not in log
    assert "/core/src/c/i.js other" in log


@pytest.mark.skipif(shutil.which("ruby") is None, reason="Ruby is not installed")
def test_ruby_is_refused_the_wrap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"src/a.rb": "require 'acme/ee/fleet'\n"}, "ruby src/a.rb")
    code, report, _ = checked(tmp_path, capsys)
    assert code == 1
    assert report["findings"][0]["path"] == "src/a.rb"
