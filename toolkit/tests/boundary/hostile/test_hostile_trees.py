# SPDX-License-Identifier: Apache-2.0
"""Trees made to hurt: a finding or a clear error, bounded memory, no hang, no write outside."""

import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
"""
MEMORY_BYTES = 900 * 2**20
SECONDS = 60
MAIN = "from coreline.cli.main import main; main()"
RUN = """
import resource, sys
from coreline.cli.main import run
code = run(sys.argv[1:])
# The peak of getrusage(2) begins with that of the process that started this one (proc(5)).
status = open("/proc/self/status").read() if sys.platform == "linux" else ""
ours = [int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM:")]
peak = (ours or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0] * 1024
print(code, peak, file=sys.stderr)
"""


class Ran:
    """How ``coreline check`` ended in a process that may not use much memory or time."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", RUN, "-C", str(folder), "check", "--format=json", *arguments],
            capture_output=True,
            timeout=SECONDS,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)),
            check=False,
        )
        *said, last = done.stderr.decode("utf-8", "replace").strip().split("\n")
        self.error = "\n".join(said)
        assert last.replace(" ", "").isdigit(), last
        code, peak = last.split()
        self.code, self.peak = int(code), int(peak)
        self.report = json.loads(done.stdout or b"{}")

    @property
    def reasons(self) -> dict[str, str]:
        rows = self.report["coverage"]["not_analyzed"]
        return {row["path"]: row["reason"] for row in rows}

    @property
    def kinds(self) -> dict[str, str]:
        return {one["path"]: one["kind"] for one in self.report["findings"]}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, input=stdin)
    return done.stdout.decode("utf-8", "surrogateescape").strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "src").mkdir(parents=True)
    (folder / "ee").mkdir()
    (folder / "coreline.toml").write_text(MANIFEST)
    (folder / "src/app.py").write_text("import os\n")
    (folder / "ee/fleet.py").write_text("import os\n")
    git(folder, "init", "-q")
    return folder


def committed(folder: Path) -> Path:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "hostile")
    return folder


def test_links_in_circles(tree: Path) -> None:
    (tree / "src/loop").symlink_to("loop")
    (tree / "src/up").symlink_to("..")
    (tree / "src/down").mkdir()
    (tree / "src/down/again").symlink_to("../down")
    ran = Ran(committed(tree))
    assert (ran.code, ran.report["findings"]) == (0, [])


def test_a_link_into_the_wrap_or_out_of_the_tree(tree: Path) -> None:
    (tree / "src/in").symlink_to("../ee/fleet.py")
    (tree / "src/out").symlink_to("/etc/passwd")
    ran = Ran(committed(tree))
    assert ran.kinds == {"src/in": "link"}


def test_a_file_of_two_hundred_megabytes_is_not_read(tree: Path) -> None:
    with (tree / "src/big.py").open("wb") as file:
        file.truncate(200 << 20)
    for arguments in ((), ("--at", "HEAD")):
        ran = Ran(committed(tree) if not arguments else tree, *arguments)
        assert "210 MB" in ran.reasons["src/big.py"]
        assert ran.peak < 250 * 2**20


def test_nul_bytes_and_bytes_that_are_no_text(tree: Path) -> None:
    (tree / "src/nul.py").write_bytes(b"import acme_ee\0\n" * 3)
    (tree / "src/latin.py").write_bytes(b"# \xff\xfe\nimport acme_ee\n")
    (tree / "src/half.py").write_bytes("import acme_ee\n".encode("utf-16"))
    ran = Ran(committed(tree))
    assert ran.code == 1
    assert ran.kinds["src/latin.py"] == "static"
    assert "binary" in ran.reasons["src/nul.py"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.py", "x = " + "(" * 50_000 + "acme_ee" + ")" * 50_000),
        ("blocks.py", "".join(" " * n + "if acme_ee:\n" for n in range(2000))),
        ("deep.ts", "const x = " + "[" * 50_000 + '"acme_ee"' + "]" * 50_000),
        ("deep.go", "package a\nvar x = " + "(" * 50_000 + '"acme_ee"' + ")" * 50_000),
        ("deep.json", "[" * 100_000 + '"acme_ee"' + "]" * 100_000),
        ("package.json", '{"a":' * 50_000 + '"acme_ee"' + "}" * 50_000),
        ("pyproject.toml", "a = " + "[" * 50_000 + '"acme_ee"' + "]" * 50_000),
        ("pom.xml", "<a>" * 50_000 + "acme_ee" + "</a>" * 50_000),
        ("compose.yaml", "".join("- " for _ in range(20_000)) + "acme_ee\n"),
    ],
)
def test_code_and_data_nested_beyond_reason(tree: Path, name: str, text: str) -> None:
    (tree / "src" / name).write_text(text)
    ran = Ran(committed(tree))
    assert ran.code in (0, 1), ran.error
    assert ran.peak < 700 * 2**20


def test_paths_nested_as_deep_as_git_allows(tree: Path) -> None:
    # The path as a whole is longer than the kernel opens, so git alone knows of it.
    path = "src/" + "d/" * 5000 + "a.py"
    blob = git(tree, "hash-object", "-w", "--stdin", stdin=b"import acme_ee\n")
    git(tree, "add", "coreline.toml", "src", "ee")
    git(tree, "update-index", "--add", "--index-info", stdin=f"100644 {blob}\t{path}\n".encode())
    git(tree, "commit", "-qm", "deep")
    ran = Ran(tree, "--at", "HEAD")
    assert ran.kinds == {path: "static"}


def test_names_with_every_character(tree: Path) -> None:
    names = [
        b"new\nline.py",
        b"tab\t.py",
        b"\xff\xfe.py",
        b"esc\x1b[31m.py",
        b"*?[x].py",
        b"-rf.py",
    ]
    for name in names:
        with open(os.fsencode(tree / "src") + b"/" + name, "wb") as file:  # noqa: PTH123 - bytes.
            file.write(b"import acme_ee\n")
    ran = Ran(committed(tree))
    assert len(ran.kinds) == len(names)
    text = subprocess.run(
        [sys.executable, "-c", MAIN, "-C", str(tree), "check"],
        capture_output=True,
        check=False,
    )
    assert b"\x1b[31m" not in text.stdout


def test_a_submodule_and_a_missing_blob_are_told(tree: Path) -> None:
    committed(tree)
    head = git(tree, "rev-parse", "HEAD")
    row = f"160000 {head}\tsrc/module\n100644 {'1' * 40}\tsrc/missing.py\n"
    git(tree, "update-index", "--add", "--index-info", stdin=row.encode())
    tree_id = git(tree, "write-tree", "--missing-ok")
    commit = git(tree, "commit-tree", tree_id, "-p", head, stdin=b"x")
    ran = Ran(tree, "--at", commit)
    assert "submodule" in ran.reasons["src/module"]
    assert "missing" in ran.reasons["src/missing.py"]
    assert ran.kinds == {"src/missing.py": "unreadable"}


def _socket(place: Path) -> None:
    # The path of a socket may not be long.
    made = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    os.chdir(place.parent)
    try:
        made.bind(place.name)
    finally:
        os.chdir(before)
        made.close()


@pytest.mark.parametrize("make", [os.mkfifo, _socket], ids=["fifo", "socket"])
@pytest.mark.parametrize("is_git", [True, False])
def test_what_is_no_file_is_not_waited_for(
    tree: Path, make: Callable[[Path], None], is_git: bool
) -> None:
    make(tree / "src/pipe.py")
    if not is_git:
        (tree / ".git").rename(tree.parent / "moved")
    ran = Ran(tree)
    assert ran.code == 0, ran.error


def test_a_file_that_became_a_pipe_while_it_is_tracked(tree: Path) -> None:
    committed(tree)
    (tree / "src/app.py").unlink()
    os.mkfifo(tree / "src/app.py")
    assert Ran(tree).code in (0, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="The superuser may read everything.")
def test_a_file_that_may_not_be_read_is_a_finding(tree: Path) -> None:
    (tree / "src/app.py").chmod(0)
    ran = Ran(tree)
    assert ran.kinds == {"src/app.py": "unreadable"}


def test_thirty_thousand_findings(tree: Path) -> None:
    blob = git(tree, "hash-object", "-w", "--stdin", stdin=b"import acme_ee\n")
    rows = "".join(f"100644 {blob}\tsrc/{n % 100}/{n}.py\n" for n in range(30_000))
    git(tree, "add", "coreline.toml", "ee")
    git(tree, "update-index", "--add", "--index-info", stdin=rows.encode())
    git(tree, "commit", "-qm", "many")
    ran = Ran(tree, "--at", "HEAD")
    assert len(ran.report["findings"]) == 30_000


def test_nothing_is_written_but_the_cache(tree: Path) -> None:
    committed(tree)
    before = {str(one.relative_to(tree)) for one in tree.rglob("*")}
    Ran(tree)
    new = {str(one.relative_to(tree)) for one in tree.rglob("*")} - before
    assert all(one.startswith(".git/coreline") for one in new)
    assert [one.name for one in tree.parent.iterdir()] == ["repository"]
