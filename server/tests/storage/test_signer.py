# SPDX-License-Identifier: Apache-2.0
"""The signer goes on through a rotation of keys and never takes back a revocation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreline.errors import InputError
from coreline.licensing.keyring import (
    add_leaf,
    create_keys,
    load_certificates,
    load_root,
    replace,
)
from coreline.licensing.model import IssueRequest
from coreline.licensing.revocations import next_list, read_list
from coreline.licensing.revoking import revoke_by_root
from coreline_sdk.chain import Trust
from coreline_sdk.verify import verify_license, verify_revocations
from coreline_server.storage.signer import KeyringSigner

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def request(now: datetime) -> IssueRequest:
    return IssueRequest(
        product="converge",
        issuer="example.com",
        license_id="LIC-1",
        customer_id="CUS-1",
        customer="Acme",
        edition="enterprise",
        features={"fleet": {}},
        starts=now,
        expires=now + timedelta(days=365),
    )


def test_a_rotation_needs_no_restart_and_old_files_stay_whole(tmp_path: Path) -> None:
    trust = Trust([create_keys(tmp_path, NOW, days=30).root])
    signer = KeyringSigner(tmp_path, "converge", NOW)
    old = signer.license(request(NOW), NOW)
    later = NOW + timedelta(days=29)
    add_leaf(tmp_path, load_root(tmp_path / "root.pem"), later)
    after = NOW + timedelta(days=31)
    new = signer.license(request(after), after)
    for token in (old, new):
        file = signer.armor(token, ["LIC-9"], after)
        (listed,) = verify_license(file, trust, "converge").revocations
        assert listed.claims.licenses == {"LIC-9"}


def test_without_a_key_of_today_it_says_so(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW, days=30)
    signer = KeyringSigner(tmp_path, "converge", NOW)
    after = NOW + timedelta(days=31)
    with pytest.raises(InputError) as caught:
        signer.license(request(after), after)
    assert caught.value.code == "key-outside-dates"


def test_a_list_only_grows(tmp_path: Path) -> None:
    trust = Trust([create_keys(tmp_path, NOW).root])
    signer = KeyringSigner(tmp_path, "converge", NOW)
    first = signer.revocations(["LIC-1"], NOW)
    assert signer.revocations(["LIC-1"], NOW) == first
    signer.revocations(["LIC-1", "LIC-2"], NOW)
    # A database that was restored from an older backup must not bring a license back to life.
    restored = KeyringSigner(tmp_path, "converge", NOW).revocations([], NOW)
    (listed,) = verify_revocations(restored, trust)
    assert listed.claims.licenses == {"LIC-1", "LIC-2"}


def test_a_list_that_the_command_line_wrote_meanwhile_is_taken_up(tmp_path: Path) -> None:
    key = create_keys(tmp_path, NOW)
    signer = KeyringSigner(tmp_path, "converge", NOW)
    signer.revocations(["LIC-1"], NOW)
    path = tmp_path / "revocations.txt"
    replace(path, next_list(read_list(path.read_text(), key.root), ["LIC-2"], key, NOW).encode())
    (listed,) = verify_revocations(signer.revocations(["LIC-3"], NOW), Trust([key.root]))
    assert listed.claims.licenses == {"LIC-1", "LIC-2", "LIC-3"}
    path.unlink()
    (again,) = verify_revocations(signer.revocations(["LIC-3"], NOW), Trust([key.root]))
    assert again.claims.licenses == {"LIC-1", "LIC-2", "LIC-3"}


def test_a_leaf_that_the_root_key_revoked_signs_nothing_more(tmp_path: Path) -> None:
    trust = Trust([create_keys(tmp_path, NOW).root])
    signer = KeyringSigner(tmp_path, "converge", NOW)
    signer.revocations(["LIC-9"], NOW)
    (stolen,) = load_certificates(tmp_path)
    revoke_by_root(tmp_path, NOW, kids=[stolen.kid], root_key=tmp_path / "root.pem")
    with pytest.raises(InputError) as caught:
        signer.license(request(NOW), NOW)
    assert caught.value.code == "key-revoked"
    add_leaf(tmp_path, load_root(tmp_path / "root.pem"), NOW)
    file = signer.armor(signer.license(request(NOW), NOW), ["LIC-8"], NOW)
    lists = verify_license(file, trust, "converge").revocations
    assert {one for said in lists for one in said.claims.licenses} == {"LIC-8", "LIC-9"}
    assert {one for said in lists for one in said.claims.keys} == {stolen.kid}
