# SPDX-License-Identifier: Apache-2.0
"""``setup.cfg``: the license of a package, what it needs, and its entry points."""

from coreline.boundary.builds.distribution import define_in_tables
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.packages import Metadata, facts_of, requirement_names, unreadable


def _extract(source: Source) -> FileFacts:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(source.data.decode("utf-8"))
    except (UnicodeDecodeError, configparser.Error):
        return unreadable(source, "configuration")
    license_text = parser.get("metadata", "license", fallback="").strip()
    needed = parser.get("options", "install_requires", fallback="")
    extras = (
        [text for _, text in parser.items("options.extras_require")]
        if parser.has_section("options.extras_require")
        else []
    )
    optional = (line for text in extras for line in text.splitlines())
    return facts_of(
        source,
        Metadata(
            licenses=(("metadata.license", license_text),) if license_text else (),
            needed=tuple(requirement_names(needed.splitlines())),
            optional=tuple(requirement_names(optional)),
        ),
    )


LANGUAGE = Language(
    name="setup-cfg",
    sentence="The license, the dependencies and the entry points of a setuptools package.",
    version=3,
    extract=_extract,
    examples=(
        Example("[options]\ninstall_requires =\n    acme-ee\n", (("build", None, "acme-ee", ()),)),
        Example(
            "[options.extras_require]\nall =\n    acme-ee\n",
            (("build", "extra", "acme-ee", ()),),
        ),
    ),
    filenames=("setup.cfg",),
    always=True,
    define=define_in_tables,
)
