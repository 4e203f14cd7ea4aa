# SPDX-License-Identifier: Apache-2.0
"""``Cargo.toml``: crates of a wrap that the core asks for, and the feature they are behind."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

_OPTIONAL = '[dependencies]\nacme-ee = {path = "../ee", optional = true}\n'

LANGUAGE = Language(
    name="cargo",
    sentence="Crates, paths and members of a wrap, and the features that ask for them.",
    version=1,
    extract=extracting("coreline.boundary.rust.cargo"),
    define=defining("coreline.boundary.rust.cargo"),
    resolver=resolving("coreline.boundary.metadata.needs"),
    filenames=("cargo.toml",),
    always=True,
    examples=(
        Example('[dependencies]\nacme_ee = "1"', (("build", None, "acme_ee", ()),)),
        Example('[dependencies.acme-ee]\nversion = "1"', (("build", None, "acme-ee", ()),)),
        Example('[dependencies]\nfleet = {path = "../ee"}', (("build", None, "../ee/", ()),)),
        Example(
            f'{_OPTIONAL}[features]\nee = ["dep:acme-ee"]',
            (("build", "flag feature ee", "acme-ee", ()),),
        ),
        Example(
            f'{_OPTIONAL}[features]\ndefault = ["full"]\nfull = ["ee"]\nee = ["dep:acme-ee"]',
            (("build", None, "acme-ee", ()),),
        ),
        Example(
            "[target.'cfg(unix)'.dependencies]\nacme-ee = \"1\"",
            (("build", None, "acme-ee", ()),),
        ),
        Example('[dev-dependencies]\nacme-ee = "1"', (("test", None, "acme-ee", ()),)),
        Example('[workspace]\nmembers = ["crates/*", "ee"]', (("build", None, "ee/", ()),)),
        Example(
            '[patch.crates-io]\nfleet = {path = "ee/fleet"}', (("build", None, "ee/fleet/", ()),)
        ),
    ),
)
