# SPDX-License-Identifier: Apache-2.0
"""``coreline publish`` refuses what must not leave, and goes on once a human has decided."""

from typing import Any

import pytest

from coreline.publish.leaving import new as new_module
from coreline.publish.leaving import policy as policy_module
from coreline.publish.leaving import wrap_contents

_TOKEN = "sk_" + "live_" + "aB3" * 8


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_a_message_that_names_the_wrap(vendor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    commit = vendor.commit("fix\n\nas demo_enterprise does\n", src__a="a = 2\n")
    assert vendor.publish() == 2
    said = _said(capsys)
    assert "publish-message-names-wrap" in said
    assert f"commit {commit[:12]}, line 3 of its message: demo_enterprise" in said
    assert not vendor.public.exists()
    vendor.decide('messages = [{match = "demo_enterprise", replace = "the product"}]')
    assert vendor.publish() == 0
    assert "demo_enterprise" not in vendor.git("log", "main", at=vendor.public)


def test_names_may_be_listed_instead(vendor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    vendor.commit("see enterprise/sso", src__a="a = 2\n")
    vendor.git("tag", "-a", "v1", "-m", "with demo_enterprise")
    assert vendor.publish() == 2
    assert "tag v1" in _said(capsys)
    vendor.decide('wrap_names = "list"')
    assert vendor.publish() == 0
    said = _said(capsys)
    assert "names a wrap: tag v1, line 1 of its message: demo_enterprise" in said
    vendor.commit("fine", src__a="a = 3\n")
    assert vendor.publish() == 0
    assert "names a wrap" not in _said(capsys)


def test_a_secret_in_a_file_is_never_printed(
    vendor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = vendor.commit("pay", src__pay=f"x = 1\nkey = '{_TOKEN}'\n")
    vendor.commit("gone", src__pay="x = 1\n")
    assert vendor.publish() == 2
    said = _said(capsys)
    assert "publish-secret" in said
    assert f"src/pay:2 in commit {commit[:12]}: Stripe Access Key" in said
    assert _TOKEN not in said
    assert not vendor.public.exists()
    vendor.decide('not_secret = [{path = "src/p*", reason = "of the sandbox"}]')
    assert vendor.publish() == 0


def test_a_secret_in_a_message(vendor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    vendor.commit(f"use {_TOKEN}", src__a="a = 2\n")
    assert vendor.publish() == 2
    said = _said(capsys)
    assert "line 1 of its message in commit" in said
    assert _TOKEN not in said
    assert vendor.publish("--no-secrets", "--format", "json") == 0
    assert '"secrets: --no-secrets"' in _said(capsys)
    assert "secrets: --no-secrets" in vendor.git("notes", "--ref=coreline", "show", "main",
                                                 at=vendor.public)  # fmt: skip


def test_without_the_scanner_the_report_says_so(
    vendor: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_module, "is_installed", lambda: False)
    assert vendor.publish() == 0
    assert "detect-secrets is not installed" in _said(capsys)


def test_a_content_of_both_sides_is_decided_once(
    vendor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.commit("copy", src__sso="sso = 1\n" * 20, src__empty="")
    assert vendor.publish() == 2
    said = _said(capsys)
    assert "publish-shared-content" in said
    assert "src/sso (in a wrap: enterprise/sso)" in said
    # The license has the same text on both sides, and nobody is asked about it.
    assert "1 content of the core" in said
    assert not vendor.public.exists()
    vendor.decide('shared = [{path = "src/s*", reason = "opened in 1.2"}]')
    assert vendor.publish() == 0
    vendor.commit("more", src__a="a = 2\n")
    assert vendor.publish() == 0


def test_a_content_that_the_wrap_had_long_ago(
    vendor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vendor.publish() == 0
    vendor.commit("never mind", enterprise__sso="other\n" * 30)
    assert vendor.publish() == 4
    vendor.commit("copy of what was", src__b="sso = 1\n" * 20)
    assert vendor.publish() == 2
    assert "src/b (in a wrap: enterprise/sso)" in _said(capsys)


def test_a_damaged_memory_is_made_again(vendor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor.publish() == 0
    memories = list((vendor.folder / ".git/coreline/publish").glob("wrap-contents-*"))
    assert len(memories) == 1
    memories[0].write_bytes(b"no database at all" * 100)
    vendor.commit("copy", src__b="sso = 1\n" * 20)
    assert vendor.publish() == 2
    assert "publish-shared-content" in _said(capsys)


def test_every_branch_teaches_what_lay_in_a_wrap(
    vendor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.decide('branches = ["main", "stable"]')
    vendor.git("branch", "stable")
    assert vendor.publish() == 0
    vendor.git("checkout", "-q", "stable")
    vendor.commit("wrap", enterprise__late="late = 1\n" * 20)
    vendor.commit("copy", src__b="late = 1\n" * 20)
    # Nothing is new on main, the first branch.
    vendor.git("checkout", "-q", "main")
    assert vendor.publish() == 2
    assert "src/b (in a wrap: enterprise/late)" in _said(capsys)


@pytest.mark.parametrize("fetched", [False, True])
def test_a_branch_that_is_not_published_teaches_what_lay_in_a_wrap(
    vendor: Any, capsys: pytest.CaptureFixture[str], fetched: bool
) -> None:
    assert vendor.publish() == 0
    vendor.git("checkout", "-q", "-b", "work")
    vendor.commit("wrap", enterprise__late="late = 1\n" * 20)
    vendor.git("checkout", "-q", "main")
    if fetched:
        # A clone of a job knows other branches by what was fetched alone.
        vendor.git("update-ref", "refs/remotes/origin/work", "work")
        vendor.git("branch", "-q", "-D", "work")
    vendor.commit("copy", src__b="late = 1\n" * 20)
    assert vendor.publish() == 2
    assert "src/b (in a wrap: enterprise/late)" in _said(capsys)


def test_one_more_commit_reads_what_is_new(vendor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        vendor.commit(f"c{number}", src__a=f"a = {number}\n", enterprise__b=f"b = {number}\n")
    read: list[int] = []
    looked: list[int] = []
    news: list[new_module.New] = []
    memories: list[wrap_contents.WrapContents] = []

    class Counted(new_module.New):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            news.append(self)

    class Remembered(wrap_contents.WrapContents):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            memories.append(self)

    monkeypatch.setattr("coreline.publish.publish.New", Counted)
    monkeypatch.setattr("coreline.publish.publish.WrapContents", Remembered)
    for _ in range(3):
        vendor.commit("more", src__a=f"a = {len(news)}0\n")
        assert vendor.publish() == 0
        read.append(news[-1].objects_read)
        looked.append(memories[-1].commits_read)
    assert read[0] > 60
    # Twice the commit (names, secrets) and its one content.
    assert read[1:] == [3, 3]
    assert looked == [33, 1, 1]


def test_the_promise_and_the_manifest_are_warned_about(
    vendor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.commit("broken", **{"src__c.py": "import demo_enterprise\n"})
    path = vendor.folder / "coreline.toml"
    path.write_text(path.read_text() + "# not committed\n")
    assert vendor.publish("--check") == 0
    said = _said(capsys)
    assert "warning: the promise is broken at the head (broken)" in said
    assert "warning: coreline.toml is not committed on main" in said
