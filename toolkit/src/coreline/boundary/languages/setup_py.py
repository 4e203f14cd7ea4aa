# SPDX-License-Identifier: Apache-2.0
"""``setup.py``: Python, in which ``setup`` is told what to take, to need and to build."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from coreline.boundary.builds.distribution import define_in_call
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import Declared, FileFacts
from coreline.boundary.languages.python import LANGUAGE as PYTHON
from coreline.boundary.text import Lines


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.setups import extract

    return replace(extract(source), declared=tuple(_declared(source.data)))


# What is told by a variable is not known without running the file.
_LICENSE = re.compile(
    rb"""\blicense\s*=\s*(["'])([^"'\n]{1,120})\1|(["'])(License :: [^"'\n]{1,120})\3"""
)


def _declared(data: bytes) -> Iterator[Declared]:
    """Yield the license and the classifiers that are literals."""
    lines = Lines(data)
    for match in _LICENSE.finditer(data):
        field, value = ("license", match[2]) if match[2] else ("classifiers", match[4])
        place = lines.place(match.start())
        yield Declared(place.line, f"setup.{field}", value.decode("utf-8", "replace"), place.text)


LANGUAGE = Language(
    name="setup-py",
    sentence="What setup is told to take of a wrap, and everything that Python says.",
    version=PYTHON.version + 2,
    extract=_extract,
    examples=(
        Example('setup(install_requires=["acme-ee>1"])', (("build", None, "acme-ee", ()),)),
        Example('setup(extras_require={"x": ["acme-ee"]})', (("build", "extra", "acme-ee", ()),)),
        Example('setup(package_dir={"": "ee"})', (("build", None, "ee/", ()),)),
        Example('setup(packages=["acme_ee"])', (("build", None, "acme_ee", ()),)),
        Example('setup(packages=find_packages(exclude=["acme_ee"]))'),
        Example("import acme_ee\n", (("static", None, "acme_ee", ()),)),
    ),
    filenames=("setup.py",),
    always=True,
    define=define_in_call,
    resolver=PYTHON.resolver,
)
