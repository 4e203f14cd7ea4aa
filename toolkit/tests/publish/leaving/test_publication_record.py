# SPDX-License-Identifier: Apache-2.0
"""The record of a publication, and what a stranger can check with it and a clone."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.cli.main import run
from coreline.errors import InputError
from coreline.publish.leaving.record import open_record


@pytest.fixture
def signed(vendor: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """A published product with a signed record, and a clone of the public repository."""
    assert run(["keys", "new", "--out", str(tmp_path / "keys")]) == 0
    options = ["--key", str(tmp_path / "keys"), "--record", str(tmp_path / "record.json")]
    vendor.git("tag", "-a", "v1", "-m", "first")
    assert vendor.publish(*options) == 0
    vendor.commit("more", src__a="a = 2\n")
    assert vendor.publish(*options) == 0
    vendor.git("clone", "-q", str(vendor.public), str(tmp_path / "clone"))
    capsys.readouterr()
    return vendor


def _verify(folder: Path, *options: str) -> int:
    return run(["-C", str(folder), "publish", "--verify", "--format", "json", *options])


def test_a_stranger_checks_a_clone(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ["--root-key", str(tmp_path / "keys" / "root.pub")]
    assert _verify(tmp_path / "clone", *root) == 2
    assert "record-missing" in capsys.readouterr().err
    notes = "refs/notes/coreline"
    signed.git("fetch", "-q", "origin", f"{notes}:{notes}", at=tmp_path / "clone")
    assert _verify(tmp_path / "clone", *root) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["signer"]
    assert report["record"]["public"] == signed.git("rev-parse", "main", at=signed.public)
    assert report["record"]["private"] == signed.git("rev-parse", "HEAD")
    assert report["record"]["counts"]["commits"] == 2
    assert "every path of all 2 trees is core" in report["checked"]
    assert "no message of a commit or tag names a wrap" in report["checked"]
    assert any("nothing missing" in row for row in report["unchecked"])
    text = ["-C", str(tmp_path / "clone"), "publish", "--verify", *root]
    assert run(text) == 0
    assert "2 commits lead to it, as the record says" in capsys.readouterr().out


def test_a_leaf_for_releases_signs_records_and_older_ones_hold_on(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, newer = str(tmp_path / "keys"), tmp_path / "newer.json"
    older = (tmp_path / "record.json").read_bytes()
    assert run(["keys", "rotate", "--for", "release", "--key", keys, "--format=json"]) == 0
    releaser = json.loads(capsys.readouterr().out)["kid"]
    signed.commit("third", src__a="a = 3\n")
    assert signed.publish("--key", keys, "--record", str(newer)) == 0
    root = (tmp_path / "keys" / "root.pub").read_text()
    assert open_record(newer.read_bytes(), root).signer == releaser
    assert open_record(older, root).signer != releaser


def test_a_record_that_was_changed_is_refused(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    record.write_text(record.read_text().replace('"commits": 2', '"commits": 3'))
    assert _verify(tmp_path / "clone", "--record", str(record)) == 1
    assert "the record says 3" in capsys.readouterr().out
    root = (tmp_path / "keys" / "root.pub").read_text().strip()
    assert _verify(tmp_path / "clone", "--record", str(record), "--root-key", root) == 2
    assert "record-refused" in capsys.readouterr().err


def test_a_record_of_another_vendor_is_refused(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keys", "new", "--out", str(tmp_path / "others")]) == 0
    options = ["--record", str(tmp_path / "record.json")]
    options += ["--root-key", str(tmp_path / "others" / "root.pub")]
    assert _verify(tmp_path / "clone", *options) == 2
    assert "record-refused" in capsys.readouterr().err


def test_a_tree_with_more_than_the_core_is_seen(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    before = signed.git("rev-parse", "HEAD", at=clone)
    (clone / "enterprise").mkdir()
    (clone / "enterprise" / "x.py").write_text("x\n")
    signed.git("add", "--all", at=clone)
    signed.git("commit", "-q", "-m", "as demo_enterprise", at=clone)
    record = tmp_path / "record.json"
    now = signed.git("rev-parse", "HEAD", at=clone)
    record.write_text(record.read_text().replace(before, now))
    assert _verify(clone, "--record", str(record)) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert any("enterprise/x.py is not core" in row for row in problems)
    assert any("demo_enterprise" in row for row in problems)
    assert any("3 commits lead to it, and the record says 2" in row for row in problems)


def test_a_shallow_clone_cannot_be_checked(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / "shallow"
    signed.git("clone", "-q", "--depth=1", f"file://{signed.public}", str(where))
    assert _verify(where, "--record", str(tmp_path / "record.json")) == 1
    assert "shallow" in capsys.readouterr().out


def test_the_vendor_sees_what_notes_and_tags_hold(
    signed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert signed.publish("--verify") == 0
    signed.git("notes", "--ref=coreline", "add", "-f", "-m", "a leak", "main", at=signed.public)
    signed.git("tag", "-f", "-a", "v1", "-m", "a leak", "main~1", at=signed.public)
    signed.git("tag", "theirs", "main", at=signed.public)
    capsys.readouterr()
    assert signed.publish("--verify", "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    assert any("is no record of a publication" in row for row in report["problems"])
    assert any("refs/tags/v1: names or says" in row for row in report["problems"])
    assert any("refs/tags/theirs" in row for row in report["notes"])


def test_a_shallow_public_repository_is_noticed(
    signed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / "shallow.git"
    signed.git("clone", "-q", "--bare", "--depth=1", f"file://{signed.public}", str(where))
    signed.public = where
    assert signed.publish("--verify") == 1
    assert "The public repository is shallow" in capsys.readouterr().out


def test_notes_of_another_machine_are_kept(signed: Any, tmp_path: Path) -> None:
    first = signed.git("rev-parse", "main~1", at=signed.public)
    signed.git("clone", "-q", str(signed.folder), str(tmp_path / "colleague"))
    signed.folder = tmp_path / "colleague"
    signed.commit("by a colleague", src__a="a = 3\n")
    assert signed.publish() == 0
    listed = signed.git("notes", "--ref=coreline", "list", at=signed.public)
    assert len(listed.splitlines()) == 3
    assert "record" in signed.git("notes", "--ref=coreline", "show", first, at=signed.public)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=100) | st.recursive(st.none() | st.integers() | st.text(),
       lambda inner: st.dictionaries(st.sampled_from(["record", "token", "v"]), inner),
       max_leaves=6).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_bytes_pass_for_a_record(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        open_record(data, None)
    assert refused.value.code == "record-malformed"
