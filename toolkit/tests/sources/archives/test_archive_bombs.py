# SPDX-License-Identifier: Apache-2.0
"""A bomb in every format: a reason, little memory, little time, and nothing on the disk."""

import bz2
import gzip
import io
import json
import lzma
import resource
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from coreline.sources.unpack.packing import make_tar, make_tar_gz

MEMORY_BYTES = 700 * 2**20
SECONDS = 60
READ = """
import json, resource, sys
from pathlib import Path
from coreline.sources.artifact import find_artifact
from coreline.sources.unpack import limits
# The real one takes a while to reach.
limits.ENTRIES_MAX = 50_000
tree = find_artifact(Path(sys.argv[1]), "it")
files = sum(one.data is not None for one in tree.read(tree.entries()))
# The peak of getrusage(2) begins with that of the process that started this one (proc(5)).
status = open("/proc/self/status").read() if sys.platform == "linux" else ""
ours = [int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM:")]
peak = (ours or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0] * 1024
print(json.dumps([files, [one.reason for one in tree.troubles][:5], peak]))
"""


def read(path: Path) -> tuple[int, list[str], int]:
    """Read an artifact in a process that may not use much memory or time."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)),
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    files, reasons, peak = json.loads(done.stdout)
    return files, reasons, peak


def zeros(mebibytes: int) -> bytes:
    """Return so many MiB of zeros as a raw deflate stream: one block, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mebibytes + b"\x03\0"


def crc_of_zeros(mebibytes: int) -> int:
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(bytes(1 << 20), crc)
    return crc


def zip_of(
    rows: list[tuple[bytes, bytes, int, int, int]], offsets: list[int] | None = None
) -> bytes:
    """Return a zip file as it is told: (name, packed, method, stated size, CRC) of each entry."""
    body, central, at = [], [], 0
    for number, (name, packed, method, size, crc) in enumerate(rows):
        offset = at if offsets is None else offsets[number]
        fields = (20, 0, method, 0, 0, crc, len(packed), size, len(name), 0)
        if offsets is None or number == 0:
            body.append(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + packed)
            at += len(body[-1])
        head = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, offset)
        central.append(head + name)
    size = sum(map(len, central))
    end = (0, 0, len(rows) & 0xFFFF, len(rows) & 0xFFFF, size, at, 0)
    return b"".join([*body, *central, struct.pack("<4s4H2IH", b"PK\x05\x06", *end)])


def tar_header(name: bytes, kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo(name.decode())
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def tar_of_zeros(kind: bytes, mebibytes: int) -> bytes:
    """Return a compressed tar file with one entry that holds zeros, a gzip member for each MiB."""
    head = gzip.compress(tar_header(b"a/zeros", kind, mebibytes << 20), mtime=0)
    return head + gzip.compress(bytes(1 << 20), mtime=0) * mebibytes


def many_entries(number: int) -> bytes:
    rows = gzip.compress(b"".join(tar_header(b"a/%d" % n, b"0", 0) for n in range(1000)), 1)
    return rows * (number // 1000)


def nested(depth: int, make: Callable[[dict[str, bytes]], bytes], name: str) -> bytes:
    data = make({"bottom.txt": b"x"})
    for _ in range(depth):
        data = make({name: data})
    return data


def plain_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def many_zip_entries(number: int) -> bytes:
    return zip_of([(b"%d" % n, b"", 0, 0, 0) for n in range(number)])


MIB = bytes(1 << 20)
RATIO = "it unpacks to more than 100 times its size"


def layer(data: bytes) -> bytes:
    return make_tar(
        {"1/layer.tar": data, "manifest.json": json.dumps([{"Layers": ["1/layer.tar"]}]).encode()}
    )


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip that unpacks to many mebibytes": (
        "a.zip",
        lambda: zip_of([(b"z", zeros(300), 8, 300 << 20, crc_of_zeros(300))]),
        RATIO,
    ),
    "zip that says it is small": (
        "a.whl",
        lambda: zip_of([(b"z", zeros(300), 8, 10, 0)]),
        "is larger than it says",
    ),
    "zip that says it is huge": (
        "a.jar",
        lambda: zip_of([(b"z", zeros(1), 8, 0xFFFFFFF0, 0)]),
        "is not what the directory says",
    ),
    "zip whose entries are one": (
        "a.nupkg",
        lambda: zip_of([(b"z", zeros(64), 8, 64 << 20, 0)] * 500, [0] * 500),
        "entries of it lie over each other",
    ),
    "zip with a huge directory": (
        "a.zip",
        lambda: zip_of([(b"n" * 60_000, b"", 0, 0, 0)] * 600),
        "its central directory has",
    ),
    "zip of too many entries": ("a.zip", lambda: many_zip_entries(50_001), "50,000 entries"),
    "zips in zips": ("a.zip", lambda: nested(8, plain_zip, "in.zip"), "too deep"),
    "jars in jars": ("a.war", lambda: nested(8, plain_zip, "in.jar"), "too deep"),
    "tar.gz that unpacks to many mebibytes": ("a.tgz", lambda: tar_of_zeros(b"0", 300), RATIO),
    "tar.xz": (
        "a.tar.xz",
        lambda: lzma.compress(tar_header(b"a", b"0", 300 << 20)) + lzma.compress(MIB) * 300,
        RATIO,
    ),
    "tar.bz2": (
        "a.tar.bz2",
        lambda: bz2.compress(tar_header(b"a", b"0", 300 << 20)) + bz2.compress(MIB) * 300,
        RATIO,
    ),
    "tar of millions of entries": (
        "a.crate",
        lambda: many_entries(400_000),
        "than 50,000 entries",
    ),
    "tar with a long name of many mebibytes": (
        "a.tar.gz",
        lambda: tar_of_zeros(b"L", 300),
        "a header of it has 314,572,800 bytes",
    ),
    "tar with an extended header of many mebibytes": (
        "a.tar.gz",
        lambda: tar_of_zeros(b"x", 300),
        "a header of it has 314,572,800 bytes",
    ),
    "tars in tars": ("a.tar.gz", lambda: nested(8, make_tar_gz, "in.tar.gz"), "too deep"),
    "gem whose data is a bomb": (
        "a.gem",
        lambda: make_tar({"data.tar.gz": tar_of_zeros(b"0", 300)}),
        RATIO,
    ),
    "gem whose specification is a bomb": (
        "a.gem",
        lambda: make_tar({"metadata.gz": gzip.compress(MIB) * 300}),
        "a document of it has more than",
    ),
    "image whose layer is a bomb": ("a.tar", lambda: layer(tar_of_zeros(b"0", 300)), RATIO),
    "image whose index is too large": (
        "a.tar",
        lambda: make_tar({"index.json": b"[" * (5 << 20)}),
        "a document of it has more than",
    ),
    "image whose index is too deep": (
        "a.tar",
        lambda: make_tar({"index.json": b"[" * (1 << 20)}),
        "index.json of it is no JSON",
    ),
    "image of too many layers": (
        "a.tar",
        lambda: make_tar(
            {"manifest.json": json.dumps([{"Layers": [f"{n}" for n in range(10_000)]}]).encode()}
        ),
        "it has more than 256 layers",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_reason_and_costs_little(name: str, tmp_path: Path) -> None:
    file_name, make, reason = BOMBS[name]
    (tmp_path / file_name).write_bytes(make())
    _, reasons, peak = read(tmp_path / file_name)
    assert any(reason in one for one in reasons), reasons
    assert peak < 300 * 2**20
    assert [one.name for one in tmp_path.iterdir()] == [file_name]


def test_files_of_two_hundred_megabytes_are_passed_over(tmp_path: Path) -> None:
    size = 200 << 20
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name in ("a/one", "a/two"):
            info = tarfile.TarInfo(name)
            info.size = size
            archive.addfile(info, _Zeros(size))
        archive.addfile(tarfile.TarInfo("a/three"))
    files, reasons, peak = read(tmp_path / "a.tar")
    assert (files, reasons) == (1, [])
    assert peak < 200 * 2**20


class _Zeros(io.RawIOBase):
    """A file of zeros."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        taken = min(self._left, size)
        self._left -= taken
        return bytes(taken)
