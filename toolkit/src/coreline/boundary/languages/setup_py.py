# SPDX-License-Identifier: Apache-2.0
"""``setup.py``: Python, in which ``setup`` is told what to take, to need and to build."""

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.languages.python import LANGUAGE as PYTHON


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.setups import extract

    return extract(source)


LANGUAGE = Language(
    name="setup-py",
    sentence="What setup is told to take of a wrap, and everything that Python says.",
    version=PYTHON.version,
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
    resolver=PYTHON.resolver,
)
