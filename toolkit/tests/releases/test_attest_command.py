# SPDX-License-Identifier: Apache-2.0
"""``coreline attest`` from the command line: sign, verify, and what neither can do."""

import hashlib
import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pypi_attestations
import pytest
import sigstore.oidc
import sigstore.verify
from attesting import NOW, WHEEL, attested, beside
from sigstore.errors import TUFError
from sigstore.oidc import IdentityError
from sigstore.verify.policy import Identity

from coreline.cli.main import run
from coreline.errors import InputError, OutsideError
from coreline.releases.attest import artifacts_of
from coreline.releases.attested import Attested, Refusal
from coreline.releases.identity import (
    GITHUB_ISSUER,
    IdentitySigner,
    ambient_signer,
    check_identity,
)
from coreline.releases.model import Artifact, Built, Release, read_release, write_release

SHA256 = hashlib.sha256(b"wheel").hexdigest()
WORKFLOW = "https://github.com/acme/acme/.github/workflows/release.yml@refs/tags/v1"

_LINE = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["go.mod", "LICENSE"]
"""
_WHO = {f"GIT_{a}_{b}": "a@example.com" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")}


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys with a leaf that sells and one for releases."""
    folder = tmp_path / "keys"
    _at(monkeypatch, NOW - timedelta(days=1))
    assert run(["keys", "new", "--out", str(folder)]) == 0
    assert run(["keys", "rotate", "--for", "release", "--days", "30", "--key", str(folder)]) == 0
    _at(monkeypatch, NOW)
    return folder


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as ``coreline build`` writes it."""
    folder = tmp_path / "dist"
    (folder / "core/acme").mkdir(parents=True)
    (folder / "core/acme" / WHEEL).write_bytes(b"wheel")
    (folder / "core/acme" / f"{WHEEL}.cdx.json").write_text("{}")
    path = f"core/acme/{WHEEL}"
    artifact = Artifact(path=path, sha256=SHA256, size=5, sbom=f"{path}.cdx.json")
    one = Built(
        name="acme",
        side="core",
        wrap=None,
        tool="python",
        package="acme-core",
        version="1.2",
        spdx="Apache-2.0",
        registry=None,
        artifacts=[artifact],
    )
    write_release(Release(commit="c" * 40, epoch=0, line="d" * 64, builds=[one]), folder)
    return folder


def _at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("coreline.cli.commands.keys.now", lambda: moment)


def _code(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.rstrip().rpartition("[")[2].partition("]")[0]


def test_sign_and_verify_a_folder(
    keys: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    root = ["--root-key", str(keys / "root.pub")]
    assert run(["attest", str(built), "--key", str(keys), "--format", "json"]) == 0
    (written,) = json.loads(capsys.readouterr().out)["written"]
    path = f"core/acme/{WHEEL}"
    assert written == str(built / f"{path}.publish.attestation")
    (artifact,) = read_release(built).builds[0].artifacts
    assert artifact.attestation == f"{path}.publish.attestation"
    assert artifact.sbom == f"{path}.cdx.json"
    assert run(["attest", "--verify", str(built), *root, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kept"]
    assert found["artifacts"][0]["at"] == NOW.isoformat()
    assert run(["attest", "--verify", str(built / path), *root]) == 0
    assert "2026-03-04 05:06:07 UTC as it says" in capsys.readouterr().out
    (built / path).write_bytes(b"other")
    assert run(["attest", "--verify", str(built), *root]) == 1
    assert "[artifact-changed]" in capsys.readouterr().out
    assert run(["attest", "--verify", str(built), *root, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["artifacts"][0]["code"] == "artifact-changed"


def test_what_is_built_is_attested(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "coreline.toml").write_text(_LINE)
    (folder / "go.mod").write_text("module example.com/acme\n")
    shutil.copy(Path(__file__).parents[3] / "LICENSE", folder)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"], ["tag", "v1.2.3"]):
        subprocess.run(["git", "-C", folder, *command], check=True, env=os.environ | _WHO)
    assert run(["-C", str(folder), "build", "--attest", str(keys)]) == 0
    dist = folder / "dist"
    artifacts = [one for built in read_release(dist).builds for one in built.artifacts]
    assert artifacts
    assert all(one.attestation == f"{one.path}.publish.attestation" for one in artifacts)
    capsys.readouterr()
    assert run(["attest", "--verify", str(dist), "--root-key", str(keys / "root.pub")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(artifacts)
    # What was attested is the build's own, and is replaced with it.
    assert run(["-C", str(folder), "build", "--attest", str(keys)]) == 0
    sellers = tmp_path / "sellers"
    assert run(["keys", "new", "--out", str(sellers)]) == 0
    assert run(["-C", str(folder), "build", "--attest", str(sellers)]) == 2
    assert _code(capsys) == "key-purpose-wrong"


def test_a_folder_hides_nothing(
    keys: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["attest", str(built), "--key", str(keys)]) == 0
    (built / "core/acme/evil-1.0.tar.gz").write_bytes(b"evil")
    (built / "core/acme/evil.cdx.json").write_bytes(b"evil")
    assert [one.name for one in artifacts_of(built)] == [
        WHEEL,
        "evil-1.0.tar.gz",
        "evil.cdx.json",
    ]
    assert run(["attest", "--verify", str(built), "--root-key", str(keys / "root.pub")]) == 1
    assert capsys.readouterr().out.count("[attestation-missing]") == 2


def test_what_changed_after_its_check_is_not_attested(
    keys: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact = built / "core/acme" / WHEEL
    artifact.write_bytes(b"other")
    assert run(["attest", str(built), "--key", str(keys)]) == 2
    assert _code(capsys) == "artifact-differs"
    assert not beside(artifact).exists()


def test_a_stolen_leaf(keys: Path, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attest", str(built), "--key", str(keys)]) == 0
    capsys.readouterr()
    root = ["--root-key", str(keys / "root.pub")]
    assert run(["keys", "show", "--key", str(keys), "--format", "json"]) == 0
    leaves = json.loads(capsys.readouterr().out)["leaves"]
    (stolen,) = [leaf["kid"] for leaf in leaves if leaf["purposes"] == ["release"]]
    assert run(["keys", "revoke", stolen, "--key", str(keys)]) == 0
    lists = ["--revocations", str(keys / "revocations.txt")]
    assert run(["attest", "--verify", str(built), *root, *lists]) == 1
    assert "[key-revoked]" in capsys.readouterr().out
    assert run(["attest", str(built), "--key", str(keys)]) == 2
    assert _code(capsys) == "key-revoked"


def test_keys_that_may_not(
    keys: Path,
    built: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _at(monkeypatch, NOW + timedelta(days=40))
    assert run(["attest", str(built), "--key", str(keys)]) == 2
    assert _code(capsys) == "key-outside-dates"
    _at(monkeypatch, NOW)
    sellers = keys.parent / "sellers"
    assert run(["keys", "new", "--out", str(sellers)]) == 0
    assert run(["attest", str(built), "--key", str(sellers)]) == 2
    assert _code(capsys) == "key-purpose-wrong"


_OPTIONS = [
    [],
    ["--verify"],
    ["--key", "keys", "--sigstore"],
    ["--key", "keys", "--root-key", "root.pub"],
    ["--verify", "--key", "keys", "--root-key", "root.pub"],
    ["--verify", "--root-key", "root.pub", "--identity", "a"],
    ["--verify", "--identity", "a", "--revocations", "r"],
    ["--key", "keys", "--revocations", "r"],
]


@pytest.mark.parametrize("options", _OPTIONS)
def test_options_say_one_thing(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attest", "a.whl", *options]) == 2
    assert _code(capsys) == "attest-options"


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    artifact = attested(tmp_path)
    assert run(["attest", "--verify", str(artifact), "--root-key", "none"]) == 2
    assert _code(capsys) == "root-key-malformed"
    root = "ed25519:" + "A" * 43
    assert run(["attest", "--verify", str(tmp_path / "none.whl"), "--root-key", root]) == 2
    assert _code(capsys) == "artifact-missing"
    beside(artifact).unlink()
    beside(artifact).mkdir()
    assert run(["attest", "--verify", str(artifact), "--root-key", root]) == 2
    assert _code(capsys) == "attestation-unreadable"
    shutil.rmtree(beside(artifact))
    assert run(["attest", "--verify", str(artifact), "--root-key", root]) == 1


# Identities of Sigstore. Its servers are not here, so what they answer is.


def test_no_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact = attested(tmp_path)
    before = beside(artifact).read_bytes()
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sigstore.oidc, "detect_credential", lambda: None)
    assert run(["attest", str(artifact), "--sigstore"]) == 3
    assert _code(capsys) == "attest-no-identity"
    assert beside(artifact).read_bytes() == before


def test_a_job_that_may_not_ask_for_its_identity(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # What GitHub sets in a job without the permission id-token: write.
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", raising=False)
    with pytest.raises(OutsideError) as refused:
        ambient_signer()
    assert refused.value.code == "attest-no-identity"
    monkeypatch.setattr(sigstore.oidc, "detect_credential", lambda: "no token")
    with pytest.raises(OutsideError) as refused:
        ambient_signer()
    assert refused.value.code == "attest-no-identity"
    assert isinstance(refused.value.__cause__, IdentityError)


def test_sigstore_is_not_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> Any:
        raise TUFError("no network")

    monkeypatch.setattr(sigstore.verify.Verifier, "production", nowhere)
    data = beside(attested(tmp_path)).read_bytes()
    with pytest.raises(OutsideError) as refused:
        check_identity(data, WHEEL, SHA256, identity=WORKFLOW, issuer=GITHUB_ISSUER)
    assert refused.value.code == "attest-sigstore-failed"

    class Context:
        signer = nowhere

    token: Any = None
    context: Any = Context()
    with pytest.raises(OutsideError) as refused:
        IdentitySigner(token, context).attestation(tmp_path / WHEEL, SHA256)
    assert refused.value.code == "attest-sigstore-failed"
    with pytest.raises(InputError) as no_python:
        IdentitySigner(token, context).attestation(tmp_path / "acme-1.2.tgz", SHA256)
    assert no_python.value.code == "attest-not-python"


def test_an_own_key_is_no_identity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    artifact = attested(tmp_path)
    options = ["--identity", WORKFLOW, "--offline"]
    assert run(["attest", "--verify", str(artifact), *options]) == 1
    assert "[identity-refused]" in capsys.readouterr().out
    beside(artifact).write_text("{}")
    assert run(["attest", "--verify", str(artifact), *options]) == 1
    assert "[attestation-malformed]" in capsys.readouterr().out
    other = attested(tmp_path, "acme-1.2.tgz")
    assert run(["attest", "--verify", str(other), *options]) == 1
    assert "[attest-not-python]" in capsys.readouterr().out


def test_identity_and_issuer_and_artifact_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, Any, bool]] = []

    def verify(self: object, policy: Any, distribution: Any, *, offline: bool) -> None:
        asked.append((policy, distribution, offline))
        if distribution.digest != SHA256:
            raise pypi_attestations.VerificationError("subject does not match")

    monkeypatch.setattr(pypi_attestations.Attestation, "verify", verify)
    data = beside(attested(tmp_path)).read_bytes()
    found = check_identity(data, WHEEL, SHA256, identity=WORKFLOW, issuer=GITHUB_ISSUER)
    assert found == Attested(WORKFLOW, None)
    ((policy, distribution, offline),) = asked
    assert isinstance(policy, Identity)
    assert (policy._identity, policy._issuer._value) == (WORKFLOW, GITHUB_ISSUER)
    assert (distribution.name, distribution.digest, offline) == (WHEEL, SHA256, False)
    found = check_identity(data, WHEEL, "0" * 64, identity=WORKFLOW, issuer=GITHUB_ISSUER)
    assert found == Refusal("identity-refused", "subject does not match")
