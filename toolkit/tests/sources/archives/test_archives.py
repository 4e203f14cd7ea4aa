# SPDX-License-Identifier: Apache-2.0
"""Every format of artifact, by its own example: what was put in comes out, in its order."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from coreline.sources.archive import Archive
from coreline.sources.archives import image
from coreline.sources.artifact import ArtifactTree, find_artifact, load_archives
from coreline.sources.tree import blob_id
from coreline.sources.unpack.packing import make_tar, make_tar_gz, make_zip

FILES = {"src/acme/app.py": b"import os\n", "LICENSE": b"terms\n", "src/acme/data.bin": b"\0\xff"}
ARCHIVES = load_archives()
TAR = next(one for one in ARCHIVES if one.name == "source-tar")


def opened(folder: Path, name: str, data: bytes) -> ArtifactTree:
    (folder / name).write_bytes(data)
    found = find_artifact(folder / name, name)
    assert found is not None
    return found


def contents(tree: ArtifactTree) -> dict[str, bytes | None]:
    return {one.entry.path: one.data for one in tree.read(tree.entries())}


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_an_example_holds_the_files_that_it_was_made_of(archive: Archive, tmp_path: Path) -> None:
    assert archive.sentence.endswith(".")
    tree = opened(tmp_path, f"artifact{archive.suffixes[0]}", archive.example(FILES))
    assert tree.archive.name == archive.name
    found = contents(tree)
    assert set(FILES.values()) <= set(found.values())
    assert [one.blob for one in tree.entries()] == [blob_id(data or b"") for data in found.values()]
    # The last part of each name survives, and its place from the root is known.
    roots = {archive.root(path).rpartition("/")[2] for path in found}
    assert {"app.py", "LICENSE", "data.bin"} <= roots
    assert tree.troubles == []


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_files_can_be_asked_for_in_any_order(archive: Archive, tmp_path: Path) -> None:
    tree = opened(tmp_path, f"artifact{archive.suffixes[0]}", archive.example(FILES))
    backwards = tree.entries()[::-1]
    read = {one.entry.path: one.data for one in tree.read(backwards)}
    assert read == contents(tree)
    assert list(tree.read([])) == []


def test_what_is_no_artifact_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "dist").mkdir()
    assert find_artifact(tmp_path / "a.py", "a.py") is None
    assert find_artifact(tmp_path / "dist", "dist") is None
    assert find_artifact(tmp_path / "missing.whl", "missing.whl") is None


def test_a_tar_file_is_an_image_by_what_is_in_it(tmp_path: Path) -> None:
    plain = opened(tmp_path, "a.tar", make_tar({"acme-1/a.py": b""}))
    whole = opened(tmp_path, "b.tar", image.ARCHIVE.example(FILES))
    packed = opened(tmp_path, "c.tar.gz", gzip.compress(image.ARCHIVE.example(FILES)))
    assert [one.archive.name for one in (plain, whole, packed)] == ["source-tar", "image", "image"]
    assert contents(whole) == contents(packed)


def test_an_image_may_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "image.tar").write_bytes(image.ARCHIVE.example(FILES))
    with tarfile.open(tmp_path / "image.tar") as archive:
        archive.extractall(tmp_path / "layout", filter="data")
    tree = find_artifact(tmp_path / "layout", "layout")
    assert tree is not None
    assert sorted(contents(tree)) == sorted(f"app/{path}" for path in FILES)
    assert tree.troubles == []


def saved(*layers: dict[str, bytes]) -> bytes:
    """Return what ``docker save`` writes of an image with some layers, the manifest last."""
    names = [f"{number:064x}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": "c.json", "Layers": names}]).encode()
    parts = {name: make_tar(layer) for name, layer in zip(names, layers, strict=True)}
    return make_tar({**parts, "manifest.json": manifest})


@pytest.mark.parametrize("is_packed", [False, True])
def test_whiteouts_hide_and_what_they_hide_was_shipped(tmp_path: Path, is_packed: bool) -> None:
    data = saved(
        {"app/a.py": b"1", "app/ee/b.py": b"2", "app/ee/c.py": b"3", "opt/d/e.py": b"4"},
        {"app/a.py": b"5", "app/.wh.ee": b"", "opt/d/.wh..wh..opq": b"", "opt/d/f.py": b"6"},
    )
    name = "saved.tar.gz" if is_packed else "saved.tar"
    tree = opened(tmp_path, name, gzip.compress(data) if is_packed else data)
    visible = {one.entry.path for one in tree.listed() if not one.is_buried}
    buried = {one.entry.path.partition("!/")[2] for one in tree.listed() if one.is_buried}
    assert visible == {"app/a.py", "opt/d/f.py"}
    assert buried == {"app/a.py", "app/ee/b.py", "app/ee/c.py", "opt/d/e.py"}
    assert sorted(map(str, contents(tree).values())) == sorted(
        map(str, [b"1", b"2", b"3", b"4", b"5", b"6"])
    )


def test_archives_inside_are_looked_into(tmp_path: Path) -> None:
    inner = make_zip({"com/acme/A.class": b"a", "lib/deep.jar": make_zip({"B.class": b"b"})})
    tree = opened(tmp_path, "a.war", make_zip({"WEB-INF/lib/inner.jar": inner, "x": b"x"}))
    found = contents(tree)
    assert found["WEB-INF/lib/inner.jar"] == inner
    assert found["WEB-INF/lib/inner.jar!/com/acme/A.class"] == b"a"
    assert found["WEB-INF/lib/inner.jar!/lib/deep.jar!/B.class"] == b"b"
    assert tree.troubles == []


def test_links_modes_and_hard_links(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        script = tarfile.TarInfo("a/run")
        script.mode, script.size = 0o755, 2
        archive.addfile(script, io.BytesIO(b"#!"))
        for name, kind, target in (
            ("a/s", tarfile.SYMTYPE, "run"),
            ("a/h", tarfile.LNKTYPE, "a/run"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    tree = find_artifact(tmp_path / "a.tar.gz", "a.tar.gz")
    assert tree is not None
    assert {one.path: one.kind for one in tree.entries()} == {
        "a/run": "executable",
        "a/s": "link",
        "a/h": "executable",
    }
    assert contents(tree) == {"a/run": b"#!", "a/s": b"run", "a/h": b"#!"}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_long_and_foreign_names_of_every_kind_of_tar(tmp_path: Path, form: int) -> None:
    names = [
        "a/" + "d" * 90 + "/" + "n" * 90,
        "a/\N{SNOWMAN}",
        "a/new\nline",
        "a/" + "x/" * 30 + "y",
    ]
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz", format=form) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    tree = find_artifact(tmp_path / "a.tar.gz", "a.tar.gz")
    assert tree is not None
    assert [one.path for one in tree.entries()] == names


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar.bz2", ".tar.xz", ".tar"])
def test_every_compression_gives_the_same(tmp_path: Path, suffix: str) -> None:
    mode = {".tar.gz": "w:gz", ".tar.bz2": "w:bz2", ".tar.xz": "w:xz", ".tar": "w"}[suffix]
    (tmp_path / "big").write_bytes(bytes(range(256)) * 8192)
    with tarfile.open(tmp_path / f"a{suffix}", mode) as archive:  # type: ignore[call-overload] # One of four.
        archive.add(tmp_path / "big", "a/big")
    tree = find_artifact(tmp_path / f"a{suffix}", "a")
    assert tree is not None
    assert contents(tree) == {"a/big": bytes(range(256)) * 8192}


def test_gzip_of_several_members(tmp_path: Path) -> None:
    data = make_tar({"a/one": b"1" * 5000, "a/two": b"2" * 5000})
    packed = gzip.compress(data[:3000]) + gzip.compress(data[3000:]) + bytes(100)
    assert len(contents(opened(tmp_path, "a.tar.gz", packed))) == 2


def test_a_program_may_stand_before_a_zip_file(tmp_path: Path) -> None:
    packed = b"#!/bin/sh\nexec java -jar $0\n" + make_zip({"A.class": b"a"})
    assert contents(opened(tmp_path, "a.jar", packed)) == {"A.class": b"a"}


def test_zstandard_is_said_not_to_be_read(tmp_path: Path) -> None:
    tree = opened(tmp_path, "a.tar.gz", b"\x28\xb5\x2f\xfd" + bytes(100))
    assert tree.entries() == []
    assert [one.reason for one in tree.troubles] == [
        "it is compressed with Zstandard, which is not read"
    ]


def test_a_gem_without_data_is_broken(tmp_path: Path) -> None:
    tree = opened(tmp_path, "a.gem", make_tar({"checksums.yaml.gz": make_tar_gz({})}))
    tree.entries()
    assert [one.reason for one in tree.troubles] == ["it has no data.tar.gz"]
