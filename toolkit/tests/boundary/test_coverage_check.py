# SPDX-License-Identifier: Apache-2.0
"""Every file is analyzed or said not to be; nothing in a file makes a check fail or hang."""

import time
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import check
from coreline.boundary.model import Report
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import Content, Entry, MemoryTree

Checked = Callable[..., Report]


class FaultyTree(MemoryTree):
    """A tree of which some files cannot be read, for the reasons given."""

    def __init__(self, files: dict[str, str], faults: dict[str, Content]) -> None:
        super().__init__(files)
        self._faults = faults

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the faults in the place of contents."""
        for content in super().read(entries):
            yield self._faults.get(content.entry.path, content)


def faulty(manifest: str, path: str, reason: str, *, is_failure: bool) -> Report:
    entry = Entry(path, "file", None)
    fault = Content(entry, None, reason, is_failure=is_failure)
    files = {"coreline.toml": manifest, "a.py": "", "enterprise/b.py": ""}
    return check(FaultyTree(files, {path: fault}), parse_manifest(manifest))


def test_a_file_of_the_core_that_cannot_be_read_is_a_finding(manifest: str) -> None:
    report = faulty(manifest, "a.py", "cannot be read: Input/output error", is_failure=True)
    (finding,) = report.findings
    assert (finding.check, finding.kind, finding.path) == ("coverage", "unreadable", "a.py")
    assert not report.kept
    assert report.coverage.analyzed == 2
    assert [one.path for one in report.coverage.not_analyzed] == ["a.py"]


def test_a_file_that_is_left_out_for_a_reason_is_said(manifest: str) -> None:
    report = faulty(manifest, "a.py", "20 MB: larger than 16 MiB", is_failure=False)
    assert report.findings == ()
    assert report.coverage.not_analyzed[0].reason == "20 MB: larger than 16 MiB"
    wrap = faulty(manifest, "enterprise/b.py", "cannot be read: no", is_failure=True)
    assert wrap.findings == ()
    assert len(wrap.coverage.not_analyzed) == 1


def test_a_pointer_of_git_lfs_is_not_the_content(checked: Checked) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    report = checked({"model.bin": pointer})
    assert [one.path for one in report.coverage.not_analyzed] == ["model.bin"]


def test_binaries_are_searched_and_counted(checked: Checked) -> None:
    report = checked({"a.png": b"\x89PNG\0\0 ee \0", "enterprise/c.py": ""})
    assert (report.coverage.binary, report.coverage.not_analyzed) == (1, ())
    naming = checked({"a.so": b"\0\0acme_enterprise.fleet\0", "enterprise/c.py": ""})
    assert naming.coverage.not_analyzed[0].reason.startswith("binary: its bytes name acme_ent")


def test_a_syntax_error_around_a_name_is_a_finding(checked: Checked) -> None:
    report = checked({"a.py": "x = 1\nclass (((\n acme_enterprise . ) = =\n"})
    (finding,) = report.findings
    assert (finding.check, finding.line) == ("coverage", 3)
    assert [one.path for one in report.coverage.not_analyzed] == ["a.py"]


def test_a_syntax_error_elsewhere_hides_no_import(checked: Checked) -> None:
    report = checked({"a.py": "import acme_enterprise\nprint 'x'\nclass ((\n"})
    assert [(f.check, f.line) for f in report.findings] == [("references", 1)]
    assert report.coverage.not_analyzed == ()


def test_metadata_that_cannot_be_parsed_and_names_the_wrap(checked: Checked) -> None:
    report = checked({"pyproject.toml": "= = acme_enterprise"})
    assert [(f.check, f.path) for f in report.findings] == [("coverage", "pyproject.toml")]


@pytest.mark.parametrize(
    "data",
    [
        b"(" * 20_000 + b"acme_enterprise" + b")" * 20_000,
        b"import acme_enterprise\n" * 6_000,
        b"x = [" + b"'acme_enterprise'," * 6_000 + b"]",
        b"acme_enterprise." * 20_000,
        b"if a:\n" + b" if a:\n" * 2_000 + b"  import acme_enterprise\n",
        b"try:\n" * 2_000 + b"import acme_enterprise",
        b"import acme_enterprise" + b", acme_enterprise" * 50_000,
        b"from acme_enterprise import (" + b"acme_enterprise, " * 50_000 + b")",
        b"import acme_enterprise\n" + b"__all__ = [" * 300_000,
        b"import acme_enterprise, coreline_sdk\n" + b"x.entitled('a')\n" * 20_000,
        b"if " + b"(" * 150 + b"a" + b" == b)" * 150 + b":\n import acme_enterprise",
        b"try:\n import acme_enterprise\nexcept " + b"(" * 9_000 + b"A" + b")" * 9_000 + b": pass",
        b"acme_enterprise " * 1_000_000,
    ],
)
def test_files_made_to_hurt_are_answered(checked: Checked, data: bytes) -> None:
    started = time.process_time()
    report = checked({"a.py": data})
    assert report.findings
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", b"enterprise/" * 1_000_000),
        ("a.json", b"/enterprise " * 300_000),
        ("Dockerfile", b"RUN enterprise/ " + b"--mount=type=bind," * 200_000),
        ("LICENSE", b'The "a/" directory is licensed. ' * 8_000),
        ("LICENSE", b"a/" * 100_000 + b"a directory licensed"),
        ("package.json", b'{"a":' * 100_000 + b'"acme_enterprise"'),
        ("pyproject.toml", b"a = " + b"[" * 100_000 + b"acme_enterprise"),
        ("setup.cfg", b"[a]\n" + b"acme_enterprise = 1\n" * 50_000),
        ("a.bin", b"\0acme_enterprise" * 500_000),
    ],
)
def test_files_of_other_kinds_made_to_hurt_are_answered(
    checked: Checked, path: str, data: bytes
) -> None:
    started = time.process_time()
    coverage = checked({path: data, "enterprise/x.py": ""}).coverage
    assert coverage.analyzed + len(coverage.not_analyzed) == 3
    assert time.process_time() - started < 20


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            [
                *("import ", "from ", "acme_enterprise", "enterprise/", ".fleet", "\n", "    "),
                *("try:", "except ImportError:", "if settings.X:", "def f():", "(", ")", "[", "'"),
                *('"""', "f'", "{", "}", "#", "\0", "\udcff", "é", ";", "\\", ",", " as x", "*"),
            ]
        ),
        max_size=40,
    ),
    st.sampled_from(["a.py", "a.ts", "Dockerfile", "pyproject.toml", "LICENSE", "package.json"]),
)
def test_any_text_is_answered_with_a_report(parts: list[str], path: str) -> None:
    manifest = (
        '[product]\nname = "a"\nprimary = "b"\n[core]\nspdx = "MIT"\npaths = ["**"]\n'
        '[wraps.e]\nspdx = "LicenseRef-E"\npaths = ["enterprise/**"]\n'
        'modules = ["acme_enterprise"]\n'
    )
    data = "".join(parts).encode("utf-8", "surrogateescape")
    tree = MemoryTree({path: data, "enterprise/x.py": ""})
    report = check(tree, parse_manifest(manifest))
    counted = report.coverage.analyzed + len(report.coverage.not_analyzed)
    assert counted == 2
