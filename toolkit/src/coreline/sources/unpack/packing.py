# SPDX-License-Identifier: Apache-2.0
"""Small archives made in memory, for the examples of each format. Always the same bytes."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping

_TIME = (2026, 1, 1, 0, 0, 0)


def make_tar(files: Mapping[str, bytes]) -> bytes:
    """Return a tar file that holds some files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_tar_gz(files: Mapping[str, bytes]) -> bytes:
    """Return the same, compressed."""
    return gzip.compress(make_tar(files), mtime=0)


def make_zip(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file that holds some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()
