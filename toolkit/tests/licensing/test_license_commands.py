# SPDX-License-Identifier: Apache-2.0
"""``coreline keys`` and ``coreline license`` by arguments, output and exit code."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline.cli.commands import keys as keys_command
from coreline.cli.commands import license as license_command
from coreline.cli.main import run
from coreline.licensing.revoking import last_list, revoke_licenses
from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.jws import LICENSE_TYPE, Json, sign

NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
MANIFEST = """
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
spdx = "Apache-2.0"
paths = ["src/**"]

[wraps.enterprise]
spdx = "LicenseRef-Enterprise"
paths = ["enterprise/**"]

[features.apply]
side = "core"
primary = true

[features.fleet]
side = "wrap"
wrap = "enterprise"

[editions.enterprise]
features = ["fleet"]
trial_days = 30
grace_days = 14
"""


class Shell:
    """Runs commands in a folder with a manifest."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        code = run(["-C", str(self.folder), *arguments])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return code

    def json(self, *arguments: str) -> Any:
        assert self(*arguments, "--format", "json") == 0, self.err
        return json.loads(self.out)

    def issue(self, *more: str, out: str = "acme.txt") -> int:
        fixed = ("--edition", "enterprise", "--customer", "Acme GmbH", "--out", out)
        return self("license", "issue", *fixed, *more)


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    for command in (keys_command, license_command):
        monkeypatch.setattr(command, "now", lambda: NOW)
    monkeypatch.delenv("CORELINE_KEY_PASSPHRASE", raising=False)
    return Shell(tmp_path, capsys)


def test_from_keys_to_a_verified_license(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    root = (shell.folder / "keys" / "root.pub").read_text().strip()
    assert f"root  {root}\n" in shell.out
    assert shell.issue("--days", "365", "--seats", "5", "--id", "LIC-1") == 0
    assert shell.out == (
        "License LIC-1 for Acme GmbH, edition enterprise, until 2027-09-21: acme.txt\n"
    )
    assert shell("license", "verify", "acme.txt", "--root", root) == 0
    assert shell.out == "The license is valid. [valid]\n"
    assert shell("license", "verify", "acme.txt", "--root", "keys/root.pub") == 0


@pytest.mark.parametrize(
    ("more", "exit_code", "answer"),
    [
        (["--at", "2027-09-25"], 0, "in-grace"),
        (["--at", "2027-10-10"], 1, "expired"),
        (["--at", "2030-01-01", "--built", "2027-09-01"], 0, "build-kept"),
        (["--at", "2026-09-01"], 1, "not-yet-valid"),
        (["--product", "other"], 1, "wrong-product"),
    ],
)
def test_verify_at_a_time_and_for_a_build(
    shell: Shell, more: list[str], exit_code: int, answer: str
) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--days", "365") == 0
    given = ("license", "verify", "acme.txt", "--root", "keys/root.pub", *more)
    assert shell(*given, "--format", "json") == exit_code
    assert json.loads(shell.out)["code"] == answer
    assert shell(*given) == exit_code
    assert f"[{answer}]" in shell.out


def test_verify_by_another_root_is_refused(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell("keys", "new", "--out", "other") == 0
    assert shell.issue("--trial") == 0
    assert shell("license", "verify", "acme.txt", "--root", "other/root.pub") == 1
    assert "[key-unknown]" in shell.out


def test_verify_needs_no_manifest(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--trial") == 0
    (shell.folder / "coreline.toml").unlink()
    assert shell("license", "verify", "acme.txt", "--root", "keys/root.pub") == 0
    assert "[trial]" in shell.out


def test_inspect_says_whether_it_is_verified(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--days", "10", "--id", "LIC-1") == 0
    assert shell("license", "inspect", "acme.txt") == 0
    assert shell.out.startswith("UNVERIFIED")
    assert "jti         LIC-1" in shell.out
    assert "exp         2026-10-01 12:00:00 UTC" in shell.out
    found = shell.json("license", "inspect", "acme.txt")
    assert found["verified"] is False
    assert "status" not in found
    found = shell.json("license", "inspect", "acme.txt", "--root", "keys/root.pub")
    assert found["verified"] is True
    assert found["status"]["code"] == "valid"
    assert found["license"]["features"] == ["fleet"]
    assert found["keys"][0]["purposes"] == ["lease", "license", "revocations"]
    assert shell("license", "inspect", "acme.txt", "--root", "keys/root.pub") == 0
    assert shell.out.startswith("The license is valid. [valid]\n")


def test_inspect_shows_no_control_characters(shell: Shell) -> None:
    # Nobody verifies who made such a file, so every part of it may be made to fool a terminal.
    body: dict[str, Json] = {"customer": "a\x1b[31m", "features": ["b\x1b[31m"], "c\x1b[31m": 1}
    token = sign(body, typ=LICENSE_TYPE, kid="k" * 43, key=Ed25519PrivateKey.generate())
    (shell.folder / "acme.txt").write_text(write_armor(Armor(license=token)))
    assert shell("license", "inspect", "acme.txt") == 0
    assert "\x1b" not in shell.out
    assert shell.out.count("\\x1b[31m") == 3
    assert shell("keys", "new") == 0
    assert shell.issue("--trial", "--customer", "Ac\x1b[31mme", out="other.txt") == 2
    assert "[text-not-printable]" in shell.err


def test_a_license_goes_to_standard_output_without_a_file(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    arguments = ("--edition", "enterprise", "--customer", "Acme", "--expires", "2027-01-01")
    assert shell("license", "issue", *arguments) == 0
    assert shell.out.startswith("-----BEGIN CORELINE LICENSE-----\n")
    issued = shell.json("license", "issue", *arguments)
    assert issued["armor"].startswith("-----BEGIN CORELINE LICENSE-----\n")
    assert issued["expires"] == "2027-01-01T00:00:00+00:00"
    assert issued["seats"] is None


def test_revoking(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--days", "9", "--id", "LIC-1") == 0
    assert shell("license", "revoke", "LIC-1") == 0
    assert "Revocation list 1 names LIC-1." in shell.out
    assert shell("license", "revoke", "LIC-1") == 4
    verify = ("license", "verify", "acme.txt", "--root", "keys/root.pub")
    assert shell(*verify) == 0
    assert shell(*verify, "--revocations", "keys/revocations.txt") == 1
    assert "[revoked]" in shell.out
    assert shell.json("license", "revoke", "LIC-2") == {"number": 2, "licenses": ["LIC-2"]}


def test_rotating_and_revoking_keys(shell: Shell) -> None:
    first = shell.json("keys", "new")["kid"]
    assert shell.issue("--days", "9") == 0
    second = shell.json("keys", "rotate", "--license-days", "800")
    assert second["kid"] != first
    assert second["license_days"] == 800
    assert shell.json("keys", "revoke", first) == {"number": 1, "keys": [first]}
    shown = shell.json("keys", "show")
    assert shown["root"] == second["root"]
    states = {leaf["kid"]: (leaf["live"], leaf["revoked"]) for leaf in shown["leaves"]}
    assert states == {first: (False, True), second["kid"]: (True, False)}
    verify = ("license", "verify", "acme.txt", "--root", "keys/root.pub")
    assert shell(*verify, "--revocations", "keys/revocations.txt") == 1
    assert "[key-revoked]" in shell.out
    assert shell("keys", "show") == 0
    assert (shell.out.count("  may sign  "), shell.out.count("  revoked  ")) == (1, 1)
    assert shell("keys", "rotate") == 0
    assert shell("keys", "revoke", first) == 4
    assert "[revoked-already]" in shell.err


def test_nothing_is_signed_that_products_refuse(shell: Shell) -> None:
    kid = shell.json("keys", "new")["kid"]
    assert shell("license", "revoke", "LIC-1") == 0
    assert shell.issue("--days", "9", "--id", "LIC-1") == 2
    assert "[license-id-revoked]" in shell.err
    assert shell("keys", "revoke", kid) == 0
    for command in (("license", "revoke", "LIC-2"), ("license", "issue", *SOLD, "--days", "9")):
        assert shell(*command) == 2
        assert "[key-revoked]" in shell.err
        assert "coreline keys rotate" in shell.err
    # Made in the same second, so that not the dates say which leaf is good.
    assert shell("keys", "rotate") == 0
    assert shell.issue("--days", "9") == 0
    assert shell("license", "verify", "acme.txt", "--root", "keys/root.pub") == 0
    assert shell("license", "revoke", "LIC-2") == 0


def test_a_list_by_another_root_key_replaces_none(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell("keys", "new", "--out", "other") == 0
    assert shell("license", "revoke", "LIC-1") == 0
    before = (shell.folder / "keys/revocations.txt").read_bytes()
    assert shell("license", "revoke", "LIC-2", "--root-key", "other/root.pem") == 2
    assert "[root-key-differs]" in shell.err
    assert (shell.folder / "keys/revocations.txt").read_bytes() == before


def test_a_revoked_key_that_nobody_knows_is_said(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell("keys", "revoke", "x" * 43) == 0
    assert shell.err.startswith("note: no certificate in ")


def test_a_damaged_list_says_nothing_about_the_license(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--days", "9") == 0
    (shell.folder / "list.txt").write_text("damaged")
    given = ("license", "verify", "acme.txt", "--root", "keys/root.pub")
    assert shell(*given, "--revocations", "list.txt") == 2
    assert "[revocations-refused]" in shell.err


def test_revoking_at_the_same_time_loses_nothing(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    folder = shell.folder / "keys"
    ids = [f"LIC-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: revoke_licenses(folder, NOW, licenses=[one]), ids))
    last = last_list(folder)
    assert (last.number, last.licenses) == (8, frozenset(ids))


SOLD = ("--edition", "enterprise", "--customer", "Acme")


def test_encrypted_keys(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("keys", "new", "--encrypt") == 2
    assert "[passphrase-missing]" in shell.err
    monkeypatch.setenv("CORELINE_KEY_PASSPHRASE", "secret")
    assert shell("keys", "new", "--encrypt") == 0
    assert shell.issue("--trial") == 0
    monkeypatch.setenv("CORELINE_KEY_PASSPHRASE", "wrong")
    assert shell.issue("--trial", out="two.txt") == 2
    assert "[passphrase-wrong]" in shell.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["keys", "new"], "file-exists"),
        (["keys", "show", "--key", "nothing"], "key-not-found"),
        (["keys", "rotate", "--root-key", "nothing"], "key-not-found"),
        (["keys", "revoke", "x"], "key-id-malformed"),
        (["license", "revoke", "a b"], "id-malformed"),
        (["license", "revoke", "LIC-1", "--key", "nothing"], "key-not-found"),
        (["license", "verify", "nothing", "--root", "keys/root.pub"], "file-not-found"),
        (["license", "verify", ".", "--root", "keys/root.pub"], None),
        (["license", "verify", "coreline.toml", "--root", "nonsense"], "root-key-malformed"),
        (["license", "inspect", "coreline.toml"], "license-malformed"),
    ],
)
def test_mistakes_are_named(shell: Shell, arguments: list[str], code: str | None) -> None:
    assert shell("keys", "new") == 0
    assert shell(*arguments) == 2
    assert code is None or f"[{code}]" in shell.err


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ([], "expiry-missing"),
        (["--days", "500"], "license-too-long"),
        (["--days", "5", "--expires", "2026-12-01"], "expiry-twice"),
        (["--expires", "2026-01-01"], "expiry-too-early"),
        (["--days", "5", "--id", "a b"], "id-malformed"),
        (["--days", "5", "--key", "nothing"], "key-not-found"),
        (["--trial", "--days", "31"], "trial-too-long"),
        (["--days", "5", "--starts", "1970-01-01"], "date-out-of-range"),
        (["--expires", "9999-12-31"], "date-out-of-range"),
        (["--trial", "--starts", "9999-12-31"], "date-out-of-range"),
        (["--days", "5", "--customer", "愛"], "customer-id-missing"),
        (["--days", "5", "--customer", "\udcff", "--customer-id", "x"], "text-not-printable"),
        (["--days", "5", "--customer", "", "--customer-id", "x"], "text-length-wrong"),
        (["--days", "9" * 12], "36525"),
    ],
)
def test_licenses_that_are_not_issued(shell: Shell, more: list[str], code: str) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue(*more) == 2
    assert code in shell.err
    assert not (shell.folder / "acme.txt").exists()


def test_a_license_file_is_never_replaced(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell.issue("--trial") == 0
    assert shell.issue("--trial") == 2
    assert "[file-exists]" in shell.err


def test_a_foreign_root_key_does_not_rotate(shell: Shell) -> None:
    assert shell("keys", "new") == 0
    assert shell("keys", "new", "--out", "other") == 0
    assert shell("keys", "rotate", "--root-key", "other/root.pem") == 2
    assert "[root-key-differs]" in shell.err


@pytest.mark.parametrize("length", [64, 65])
def test_what_the_manifest_takes_a_license_can_say(shell: Shell, length: int) -> None:
    name = "f" * length
    for described in (f"[features.{name}]\nside = 'wrap'\n", ""):
        text = MANIFEST.replace('["fleet"]', f'["{name}"]').replace("= 14", "= 366")
        (shell.folder / "coreline.toml").write_text(text + described)
        shell("keys", "new")
        out = f"{bool(described)}.txt"
        assert shell.issue("--days", "9", out=out) == (0 if length == 64 else 2), shell.err
    (shell.folder / "coreline.toml").write_text(MANIFEST.replace("= 14", "= 367"))
    assert shell.issue("--days", "9") == 2
    assert "[out-of-range]" in shell.err
