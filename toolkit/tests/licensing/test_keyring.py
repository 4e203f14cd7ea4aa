# SPDX-License-Identifier: Apache-2.0
"""Keys on disk: private, never replaced, rotated under one root; and the lists beside them."""

import errno
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreline.errors import CorelineError, InputError, NothingToDo, OutsideError
from coreline.licensing.inspecting import read_root
from coreline.licensing.issue import issue
from coreline.licensing.issuing import issue_in, new_license_id, slug
from coreline.licensing.keyring import (
    add_leaf,
    create_keys,
    load_certificates,
    load_root,
    load_root_public,
    load_signing_key,
    no_passphrase,
    replace,
    write_new,
)
from coreline.licensing.keys import RootKey
from coreline.licensing.model import IssueRequest
from coreline.licensing.revocations import EMPTY, next_list
from coreline.licensing.revoking import last_list, revoke_by_root, revoke_licenses
from coreline_sdk.chain import Trust
from coreline_sdk.standing import standing
from coreline_sdk.verify import verify_license, verify_revocations

NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def request(license_id: str = "LIC-1") -> IssueRequest:
    return IssueRequest(
        product="converge",
        issuer="example.com",
        license_id=license_id,
        customer_id="acme",
        customer="Acme",
        edition="enterprise",
        features={"fleet": {}},
        starts=NOW,
        expires=NOW + 100 * DAY,
    )


def answer(folder: Path, armor: str) -> str:
    trust = Trust([load_root_public(folder)])
    lists = verify_revocations((folder / "revocations.txt").read_text(), trust)
    found = verify_license(armor, trust, "converge")
    return standing(found, now=NOW.timestamp(), built_at=None, lists=lists).code.name


def code(error: pytest.ExceptionInfo[CorelineError]) -> str:
    return error.value.code


def test_private_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    create_keys(folder, NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {mode for name, mode in modes.items() if name.endswith(".pem")} == {0o600}
    assert len(modes) == 5
    assert (folder / ".gitignore").read_text() == "*.pem\n"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "root.pem").read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_keys_come_back(tmp_path: Path) -> None:
    made = create_keys(tmp_path, NOW, days=10, days_max=20)
    found = load_signing_key(tmp_path, NOW)
    assert found.certificate == made.certificate
    assert found.claims == made.claims
    assert found.claims.days_max == 20
    assert load_root(tmp_path / "root.pem").public == load_root_public(tmp_path) == made.root


def test_keys_are_never_replaced(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError) as refused:
        create_keys(tmp_path, NOW)
    assert code(refused) == "file-exists"
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_rotation_keeps_the_root_and_old_licenses(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW, days=30)
    old = issue_in(tmp_path, request(), NOW)
    later = NOW + 40 * DAY
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, later)
    assert code(refused) == "key-outside-dates"
    root = load_root(tmp_path / "root.pem")
    new = add_leaf(tmp_path, root, later)
    assert load_signing_key(tmp_path, later).kid == new.kid
    assert [leaf.path.suffix for leaf in load_certificates(tmp_path)] == [".cert", ".cert"]
    for armor in (old.armor, issue(request(), new, later).armor):
        assert verify_license(armor, Trust([root.public]), "converge")


def test_a_leaf_for_releases_is_one_of_its_own(tmp_path: Path) -> None:
    seller = create_keys(tmp_path, NOW)
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, NOW, purposes=("release",))
    assert code(refused) == "key-purpose-wrong"
    root = load_root(tmp_path / "root.pem")
    releaser = add_leaf(tmp_path, root, NOW + DAY, purposes=("release",))
    later = NOW + 2 * DAY
    assert load_signing_key(tmp_path, later).kid == seller.kid
    assert load_signing_key(tmp_path, later, purposes=("release",)).kid == releaser.kid
    # A record of a publication is signed by either, rather by the one for releases.
    either = ("release", "license")
    assert load_signing_key(tmp_path, later, purposes=either).kid == releaser.kid
    revoked = frozenset({releaser.kid})
    assert load_signing_key(tmp_path, later, purposes=either, revoked=revoked).kid == seller.kid
    with pytest.raises(InputError) as refused:
        issue(request(), releaser, later)
    assert code(refused) == "key-purpose-wrong"


def test_encrypted_keys_need_their_passphrase(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW, passphrase=b"secret")
    assert b"ENCRYPTED" in (tmp_path / "root.pem").read_bytes()
    assert load_signing_key(tmp_path, NOW, lambda: b"secret").kid
    for ask in (lambda: b"other", no_passphrase):
        with pytest.raises(InputError) as refused:
            load_signing_key(tmp_path, NOW, ask)
        assert code(refused) == "passphrase-wrong"


def test_the_passphrase_is_not_asked_for_without_need(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    assert load_signing_key(tmp_path, NOW, lambda: pytest.fail("It asked.")).kid


def test_missing_and_damaged_keys_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-not-found"
    create_keys(tmp_path, NOW)
    (leaf,) = tmp_path.glob("leaf-*.pem")
    leaf.write_text("-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-unreadable"
    (certificate,) = tmp_path.glob("leaf-*.cert")
    certificate.write_text("nothing")
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-refused"


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "root.pem").write_bytes(pem)
    with pytest.raises(InputError, match="no Ed25519 key"):
        load_root(tmp_path / "root.pem")


def test_a_folder_that_cannot_be_written_is_the_outside_world(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError) as failed:
        create_keys(tmp_path / "file" / "keys", NOW)
    assert code(failed) == "file-not-written"
    with pytest.raises(OutsideError):
        replace(tmp_path / "no folder" / "file", b"")


def test_revoking_is_numbered_and_only_grows(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    armor = issue_in(tmp_path, request(), NOW).armor
    assert last_list(tmp_path) == EMPTY
    assert revoke_licenses(tmp_path, NOW, licenses=["LIC-2"]) == 1
    assert answer(tmp_path, armor) == "valid"
    assert revoke_licenses(tmp_path, NOW, licenses=["LIC-1"]) == 2
    assert answer(tmp_path, armor) == "revoked"
    assert last_list(tmp_path).licenses == {"LIC-1", "LIC-2"}
    with pytest.raises(NothingToDo):
        revoke_licenses(tmp_path, NOW, licenses=["LIC-1"])


def test_new_licenses_carry_the_newest_list(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    revoke_licenses(tmp_path, NOW, licenses=["LIC-9"])
    add_leaf(tmp_path, load_root(tmp_path / "root.pem"), NOW + DAY)
    armor = issue_in(tmp_path, request(), NOW + DAY).armor
    found = verify_license(armor, Trust([load_root_public(tmp_path)]), "converge")
    assert [one.claims.licenses for one in found.revocations] == [{"LIC-9"}]


def test_a_stolen_leaf_is_revoked_by_the_root_and_the_next_leaf_goes_on(tmp_path: Path) -> None:
    stolen = create_keys(tmp_path, NOW)
    armor = issue_in(tmp_path, request(), NOW).armor
    later = NOW + DAY
    new = add_leaf(tmp_path, load_root(tmp_path / "root.pem"), later)
    assert revoke_by_root(tmp_path, later, kids=[stolen.kid]) == 1
    assert answer(tmp_path, armor) == "key-revoked"
    with pytest.raises(InputError) as refused:
        next_list(last_list(tmp_path), ["LIC-3"], stolen, later)
    assert code(refused) == "key-revoked"
    # The server, without the root key, revokes on; the root's word stays in the file.
    (tmp_path / "root.pem").unlink()
    assert revoke_licenses(tmp_path, later, licenses=["LIC-3"]) == 2
    assert answer(tmp_path, armor) == "key-revoked"
    again = issue(request(), new, later).armor
    assert answer(tmp_path, again) == "valid"
    assert revoke_licenses(tmp_path, later, licenses=["LIC-1"]) == 3
    assert answer(tmp_path, again) == "revoked"


def test_revoking_keys_needs_the_right_root_and_real_ids(tmp_path: Path) -> None:
    create_keys(tmp_path / "a", NOW)
    leaf = create_keys(tmp_path / "b", NOW)
    with pytest.raises(InputError) as refused:
        revoke_by_root(tmp_path / "a", NOW, kids=["short"])
    assert code(refused) == "key-id-malformed"
    with pytest.raises(InputError) as refused:
        revoke_by_root(tmp_path / "a", NOW, kids=[leaf.kid], root_key=tmp_path / "b" / "root.pem")
    assert code(refused) == "root-key-differs"


def test_a_damaged_list_stops_the_next_one(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    (tmp_path / "revocations.txt").write_text("damaged")
    with pytest.raises(InputError) as refused:
        revoke_licenses(tmp_path, NOW, licenses=["LIC-1"])
    assert code(refused) == "revocations-refused"


def test_a_full_list_says_so(tmp_path: Path) -> None:
    leaf = create_keys(tmp_path, NOW)
    with pytest.raises(InputError) as refused:
        next_list(EMPTY, [f"LIC-{number:05}" for number in range(5000)], leaf, NOW)
    assert code(refused) == "revocations-too-many"


def test_ids_for_people() -> None:
    ids = {new_license_id() for _ in range(100)}
    assert len(ids) == 100
    assert slug("Acme GmbH & Söhne") == "acme-gmbh-sohne"
    with pytest.raises(InputError) as refused:
        slug("愛")
    assert code(refused) == "customer-id-missing"


def test_the_root_key_is_not_shown() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    assert "rivate" not in repr(RootKey(Ed25519PrivateKey.generate()))


def test_a_gitignore_of_the_folder_keeps_its_lines(tmp_path: Path) -> None:
    ignore = tmp_path / ".gitignore"
    ignore.write_text("build/")
    create_keys(tmp_path, NOW)
    assert ignore.read_text() == "build/\n*.pem\n"
    again = tmp_path / "again"
    again.mkdir()
    (again / ".gitignore").write_text("*.pem\nx\n")
    create_keys(again, NOW)
    assert (again / ".gitignore").read_text() == "*.pem\nx\n"


def test_no_private_key_is_left_beside_the_public_line_of_another(tmp_path: Path) -> None:
    (tmp_path / "root.pub").write_text("ed25519:another\n")
    with pytest.raises(InputError) as refused:
        create_keys(tmp_path, NOW)
    assert code(refused) == "file-exists"
    assert [path.name for path in tmp_path.iterdir()] == ["root.pub"]


def test_a_file_that_was_not_written_whole_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kept = tmp_path / "kept"
    kept.write_text("old")
    for write in (lambda: write_new(tmp_path / "new", b"x", 0o600), lambda: replace(kept, b"x")):
        with pytest.raises(OutsideError, match="No space left"):
            write()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept", "old")]


def test_a_key_that_may_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "root.pub").write_text("x")
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(InputError, match="Permission denied") as refused:
        read_root(tmp_path, "root.pub")
    assert (code(refused), bool(refused.value.hint)) == ("file-unreadable", True)
    with pytest.raises(InputError, match="Permission denied") as refused:
        load_root_public(tmp_path)
    assert (code(refused), bool(refused.value.hint)) == ("key-unreadable", True)


def test_damaged_public_files_are_named(tmp_path: Path) -> None:
    create_keys(tmp_path, NOW)
    (certificate,) = tmp_path.glob("leaf-*.cert")
    text = certificate.read_text()
    other = tmp_path / "other"
    create_keys(other, NOW)
    (stranger,) = other.glob("leaf-*.cert")
    # One letter of it is another.
    certificate.write_text(text[:200] + ("A" if text[200] != "A" else "B") + text[201:])
    with pytest.raises(InputError, match="leaf-") as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-refused"
    certificate.write_text(stranger.read_text())
    with pytest.raises(InputError) as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-outside-dates"
    (tmp_path / "root.pub").write_text("garbage")
    with pytest.raises(InputError, match=r"root\.pub holds no root key") as refused:
        load_signing_key(tmp_path, NOW)
    assert code(refused) == "key-refused"
