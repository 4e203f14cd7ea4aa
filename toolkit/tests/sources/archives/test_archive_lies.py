# SPDX-License-Identifier: Apache-2.0
"""Archives that lie or lead astray: each is told, nothing is written, the rest is read."""

import io
import json
import os
import random
import tarfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.sources.archive import Archive
from coreline.sources.artifact import ArtifactTree, find_artifact, load_archives
from coreline.sources.unpack.member import clean, leads_out
from coreline.sources.unpack.packing import make_tar, make_tar_gz, make_zip

ARCHIVES = load_archives()


def opened(folder: Path, name: str, data: bytes) -> ArtifactTree:
    (folder / name).write_bytes(data)
    found = find_artifact(folder / name, name)
    assert found is not None
    return found


def reasons(tree: ArtifactTree) -> list[str]:
    for _ in tree.read(tree.entries()):
        pass
    return [one.reason for one in tree.troubles]


@pytest.mark.parametrize("make", [make_zip, make_tar_gz], ids=["zip", "tar"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../out.py", "leads out of the archive"),
        ("a/../../out.py", "leads out of the archive"),
        ("/etc/passwd", "is absolute"),
        ("C:/Windows/x.dll", "begins with a drive"),
        ("..\\..\\out.py", "leads out of the archive"),
    ],
)
def test_a_name_that_leads_out(
    tmp_path: Path, make: Callable[[dict[str, bytes]], bytes], name: str, reason: str
) -> None:
    suffix = ".zip" if make is make_zip else ".tar.gz"
    tree = opened(tmp_path, f"a{suffix}", make({name: b"x", "a/fine.py": b"y"}))
    assert any(reason in one for one in reasons(tree))
    assert len(tree.entries()) == 2
    assert all(not one.path.startswith(("/", "..")) for one in tree.entries())
    assert [one.name for one in tmp_path.iterdir()] == [f"a{suffix}"]


def test_links_that_lead_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, kind, target in (
            ("a/up", tarfile.SYMTYPE, "../../etc/passwd"),
            ("a/root", tarfile.SYMTYPE, "/etc/passwd"),
            ("a/fine", tarfile.SYMTYPE, "../b"),
            ("a/hard", tarfile.LNKTYPE, "../../etc/shadow"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    found = reasons(opened(tmp_path, "a.tar.gz", out.getvalue()))
    assert len([one for one in found if "leads out" in one]) == 3
    assert any("a hard link to 'etc/shadow', which is not in the archive" in one for one in found)


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"Q"])
def test_devices_and_unknown_entries(tmp_path: Path, kind: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a/device")
        info.type = kind
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("a/fine"))
    tree = opened(tmp_path, "a.tar", out.getvalue())
    assert len(reasons(tree)) == 1
    assert [one.path for one in tree.entries()] == ["a/device", "a/fine"]


def test_a_sparse_file_is_not_read_and_what_follows_is(tmp_path: Path) -> None:
    header = bytearray(tarfile.TarInfo("a/sparse").tobuf(tarfile.GNU_FORMAT))
    # An old GNU sparse file that says it has eight terabytes.
    header[156:157] = b"S"
    header[483:495] = b"\x80" + (8 << 40).to_bytes(11, "big")
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    fine = make_tar({"a/fine": b"x"})
    tree = opened(tmp_path, "a.tar", bytes(header) + fine)
    assert reasons(tree) == ["a sparse file, which is not read"]
    assert [one.path for one in tree.entries()] == ["a/sparse", "a/fine"]


def test_two_contents_of_one_name_are_both_looked_at(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/x.py", "one")
        for text in ("two", "two"):
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("a/x.py", text)
    (tmp_path / "made.zip").write_bytes(out.getvalue())
    tree = find_artifact(tmp_path / "made.zip", "made.zip")
    assert tree is not None
    assert {one.data for one in tree.read(tree.entries())} == {b"one", b"two"}
    assert reasons(tree) == ["two entries of this name have different contents"]


def test_names_that_differ_in_letter_case_alone(tmp_path: Path) -> None:
    tree = opened(tmp_path, "a.zip", make_zip({"a/Readme": b"1", "a/README": b"2"}))
    assert reasons(tree) == ["it differs from 'a/Readme' in letter case alone"]
    assert not tree.troubles[0].is_harmful


def test_a_zip_with_another_name_in_its_own_header(tmp_path: Path) -> None:
    data = make_zip({"a/good.py": b"x"}).replace(b"a/good.py", b"a/evil.py", 1)
    assert any(
        "has another name in its own header" in one
        for one in reasons(opened(tmp_path, "a.zip", data))
    )


def test_an_encrypted_entry_is_told(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a/x.py": b"x"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert reasons(opened(tmp_path, "a.zip", bytes(data))) == ["it is encrypted"]


class Image:
    """An OCI layout that is made of parts, some of which lie."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {"oci-layout": b"{}"}

    def add(self, data: bytes, **lies: object) -> dict[str, object]:
        digest = sha256(data).hexdigest()
        self.parts[f"blobs/sha256/{digest}"] = data
        return {"digest": f"sha256:{digest}", "size": len(data), **lies}

    def packed(self, *manifests: dict[str, object]) -> bytes:
        self.parts["index.json"] = json.dumps({"manifests": manifests}).encode()
        return make_tar(self.parts)


LAYER = make_tar({"app/a.py": b"x"})


@pytest.mark.parametrize(
    ("lies", "reason"),
    [
        ({"size": 1}, "and the image says 1"),
        ({"digest": "sha256:" + "0" * 64}, "is missing"),
        ({"digest": "sha256:../../etc/passwd"}, "which is not read"),
        ({"digest": "md5:00"}, "which is not read"),
        ({"digest": None}, "which is not read"),
    ],
)
def test_a_manifest_that_lies_of_a_layer(
    tmp_path: Path, lies: dict[str, object], reason: str
) -> None:
    image = Image()
    layer = image.add(LAYER, **lies)
    manifest = image.add(json.dumps({"layers": [layer]}).encode())
    assert any(reason in one for one in reasons(opened(tmp_path, "a.tar", image.packed(manifest))))


def test_a_layer_that_is_not_what_its_digest_says(tmp_path: Path) -> None:
    image = Image()
    manifest = image.add(json.dumps({"layers": [image.add(LAYER)]}).encode())
    name = f"blobs/sha256/{sha256(LAYER).hexdigest()}"
    image.parts[name] = make_tar({"app/b.py": b"y"})
    found = reasons(opened(tmp_path, "a.tar", image.packed(manifest)))
    assert any("is not the one that the image names" in one for one in found)


def test_indexes_in_indexes_without_an_end(tmp_path: Path) -> None:
    image = Image()
    row = image.add(b'{"layers": []}')
    for _ in range(10):
        row = image.add(json.dumps({"manifests": [row]}).encode())
    found = reasons(opened(tmp_path, "a.tar", image.packed(row)))
    assert found == ["its indexes name each other without an end"]


def test_a_layout_whose_files_are_links_or_pipes(tmp_path: Path) -> None:
    digest = "1" * 64
    folder = tmp_path / "layout"
    (folder / "blobs/sha256").mkdir(parents=True)
    (folder / "oci-layout").write_text("{}")
    rows = {"manifests": [{"digest": f"sha256:{digest}"}]}
    (folder / "index.json").write_text(json.dumps(rows))
    place = folder / "blobs/sha256" / digest
    for make in (lambda: place.symlink_to("/etc/passwd"), lambda: os.mkfifo(place)):
        make()
        tree = find_artifact(folder, "layout")
        assert tree is not None
        assert len(reasons(tree)) == 1
        place.unlink()


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_a_cut_off_archive_is_told(archive: Archive, tmp_path: Path) -> None:
    data = archive.example({"src/a.py": random.Random(1).randbytes(4000)})
    tree = opened(tmp_path, f"a{archive.suffixes[0]}", data[: len(data) // 3])
    assert reasons(tree) != []


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(seed=st.integers(0, 2**32), edits=st.integers(1, 40))
def test_no_damage_is_more_than_a_reason(
    archive: Archive, tmp_path_factory: pytest.TempPathFactory, seed: int, edits: int
) -> None:
    chance = random.Random(seed)
    data = bytearray(archive.example({"src/acme/a.py": b"import os\n" * 20, "LICENSE": b"terms"}))
    for _ in range(edits):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file = tmp_path_factory.mktemp("damaged") / f"a{archive.suffixes[0]}"
    file.write_bytes(data)
    tree = find_artifact(file, "a")
    if tree is not None:
        assert all(isinstance(one, str) for one in reasons(tree))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(alphabet="a./\\:C\0", max_size=12))
def test_no_name_leads_anywhere_else(name: str) -> None:
    path, warning = clean(name)
    parts = path.split("/")
    assert path == "" or all(part not in ("", ".", "..") for part in parts)
    assert not path.startswith("/")
    if ".." in name.replace("\\", "/").split("/") or name.startswith("/"):
        assert warning or "\\" in name


@pytest.mark.parametrize(
    ("path", "target", "is_out"),
    [
        ("a/b", "../c", False),
        ("a/b", "../../c", True),
        ("a", "..", True),
        ("a/b", "x/../../..", True),
    ],
)
def test_where_a_link_leads(path: str, target: str, is_out: bool) -> None:
    assert leads_out(path, target) is is_out
