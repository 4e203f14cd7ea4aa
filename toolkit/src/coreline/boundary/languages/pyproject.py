# SPDX-License-Identifier: Apache-2.0
"""``pyproject.toml``: the license of a package, what it needs and takes, and its entry points."""

from coreline.boundary.builds.distribution import define_in_tables
from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.pyprojects import extract

    return extract(source)


LANGUAGE = Language(
    name="pyproject",
    sentence="The license, the dependencies and the entry points of a Python package.",
    version=4,
    extract=_extract,
    examples=(
        Example(
            '[project]\ndependencies = ["acme-ee>=1", "x"]',
            (("build", None, "acme-ee", ()),),
        ),
        Example(
            '[project.optional-dependencies]\nall = ["acme-ee"]',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example('[tool.poetry.dependencies]\nAcme_EE = "*"', (("build", None, "Acme_EE", ()),)),
        Example(
            '[tool.poetry.dependencies]\nacme-ee = {version = "*", optional = true}',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example(
            '[tool.poetry.group.x.dependencies]\nacme-ee = "*"',
            (("build", "extra", "acme-ee", ()),),
        ),
        Example(
            '[project.entry-points."acme.plugins"]\nfleet = "acme_ee.fleet:Plugin"',
            (("build", None, "acme_ee.fleet:Plugin", ()),),
        ),
        Example(
            '[project]\ndependencies = ["x"]\n[tool.uv.sources]\nx = { path = "ee" }',
            (("build", None, "ee/", ()),),
        ),
        Example('[tool.uv.workspace]\nmembers = ["ee/x"]', (("build", None, "ee/x", ()),)),
        Example(
            '[tool.hatch.build.targets.wheel.force-include]\n"ee/x" = "x"',
            (("build", None, "ee/x", ()),),
        ),
        Example('[tool.pytest.ini_options]\npythonpath = ["ee/x"]', (("path", None, "ee/x", ()),)),
        Example('[tool.ruff]\nextend-exclude = ["ee/x"]  # ee/y'),
        Example('[tool.importlinter]\nforbidden_modules = ["acme_ee"]'),
    ),
    filenames=("pyproject.toml",),
    always=True,
    define=define_in_tables,
    resolver=resolver,
)
