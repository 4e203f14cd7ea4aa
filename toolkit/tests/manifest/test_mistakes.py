# SPDX-License-Identifier: Apache-2.0
"""Each code of a mistake: a change to a right manifest that makes it, and just what is said."""

from typing import NamedTuple

import pytest

from coreline.manifest.codes import CODES
from coreline.manifest.parse import parse_manifest
from coreline.manifest.problems import ManifestErrors, Problem

RIGHT = """\
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["src/**", "docs/**"]
doors = ["entry-point:converge.plugins"]
test = ["pytest"]
public = "git@forge.example.com:converge.git"
packages = ["converge"]

[wraps.enterprise]
spdx = "LicenseRef-E"
paths = ["enterprise/**"]
modules = ["converge_enterprise"]
packages = ["converge-enterprise"]

[wraps.cloud]
spdx = "LicenseRef-C"
paths = ["cloud/**"]

[features.apply]
side = "core"
primary = true

[features.login]
side = "core"
critical = true

[features.fleet]
side = "wrap"
wrap = "enterprise"
paths = ["enterprise/fleet/**"]
segment = "big"
decision = "docs/0003.md"

[editions.enterprise]
features = ["fleet"]
segment = "big"
price = { amount = 4900, currency = "USD", per = "seat-year" }
trial_days = 30

[segments.big]
signals = ["seats >= 50", "sso"]
"""

# Their examples are in test_mistakes_of_builds.
OF_BUILDS = {"folder-outside", "registry-malformed"} | {code for code in CODES if "build" in code}


class Example(NamedTuple):
    """What to replace with what, and the one problem that comes of it."""

    code: str
    old: str
    new: str
    line: int
    column: int
    message: str
    hint: str


EXAMPLES = [
    Example(
        "claims-overlap",
        'paths = ["cloud/**"]',
        'paths = ["cloud/**", "src/**/*"]',
        23,
        22,
        '"src/**/*" is claimed by wrap cloud here and by the core on line 9.',
        "Give it to one of them, or let one claim say more (a folder, a suffix).",
    ),
    Example(
        "core-feature-names-wrap",
        "critical = true",
        'wrap = "cloud"',
        31,
        8,
        "Feature login is core, and names the wrap cloud.",
        'Leave the key out, or write side = "wrap".',
    ),
    Example(
        "credential-in-address",
        "git@forge.example.com:converge.git",
        "https://me:hunter2@forge.example.com/converge.git",
        12,
        10,
        "The address has a user name or a secret in it, and the manifest is published.",
        "Leave it out and let git's credential helper know it.",
    ),
    Example(
        "critical-in-wrap",
        'side = "core"\ncritical = true',
        'side = "wrap"\nwrap = "cloud"\ncritical = true',
        30,
        8,
        "Feature login is critical, and in the wrap.",
        'Write side = "core", or take another look at what it is.',
    ),
    Example(
        "decision-missing",
        "docs/0003.md",
        "docs/0004.md",
        38,
        12,
        "There is no file docs/0004.md.",
        "Write the decision down there, or correct the path.",
    ),
    Example(
        "decision-outside",
        "docs/0003.md",
        "docs/../../0003.md",
        38,
        12,
        '"docs/../../0003.md" is not a path inside the repository.',
        'Write it from the repository\'s root, such as "docs/decisions/0001-line.md".',
    ),
    Example(
        "domain-malformed",
        '["example.com"]',
        '["example.com", "sales@example.de"]',
        4,
        26,
        '"sales@example.de" is not an e-mail domain.',
        'Write "example.de".',
    ),
    Example(
        "door-malformed",
        "entry-point:",
        "entrypoint:",
        10,
        10,
        '"entrypoint:converge.plugins" is not a door: a kind, a colon and a name.',
        'Write "entry-point:converge.plugins".',
    ),
    Example(
        "edition-sells-core",
        '["fleet"]',
        '["fleet", "login"]',
        41,
        22,
        "Edition enterprise sells login, which is core and so free to all.",
        "Leave it out: the feature matrix lists core features by itself.",
    ),
    Example(
        "empty-text",
        '["pytest"]',
        '["pytest", ""]',
        11,
        19,
        "core.test[1] is empty.",
        "Write a text, or leave it out.",
    ),
    Example(
        "feature-repeated",
        '["fleet"]',
        '["fleet", "fleet"]',
        41,
        22,
        "Edition enterprise names fleet twice.",
        "Leave out one of them.",
    ),
    Example(
        "feature-unknown",
        '["fleet"]',
        '["flet", "fleet"]',
        41,
        13,
        "There is no feature flet.",
        'Write "fleet", or add [features.flet].',
    ),
    Example(
        "glob-invalid",
        '"docs/**"]',
        '"docs/"]',
        9,
        20,
        '"docs/": A claim of a folder says what in it is meant.',
        'Write "docs/**".',
    ),
    Example(
        "malformed",
        '"USD"',
        '"usd"',
        43,
        37,
        'editions.enterprise.price.currency is "usd", not a currency code.',
        'Write "USD" (ISO 4217).',
    ),
    Example(
        "missing-key",
        'spdx = "Apache-2.0"\n',
        "",
        6,
        2,
        "[core] has no spdx.",
        'Add spdx = "…" to [core].',
    ),
    Example(
        "missing-table",
        RIGHT[: RIGHT.index("[core]")],
        "",
        1,
        1,
        "The table [product] is missing.",
        "Write a table that begins with [product].",
    ),
    Example(
        "module-shared",
        'paths = ["cloud/**"]',
        'modules = ["converge_enterprise"]',
        23,
        12,
        'The module "converge_enterprise" is given to wrap cloud here and to wrap enterprise '
        "on line 18.",
        "A module is on one side: give it to one of them.",
    ),
    Example(
        "name-malformed",
        'packages = ["converge"]',
        'gates = ["License premium?"]',
        13,
        10,
        '"License premium?" is not the name of a function.',
        'Write it as it is called, such as "License.premium?" or "is_enterprise".',
    ),
    Example(
        "not-a-choice",
        '"loose"',
        '"lose"',
        7,
        11,
        'core.promise is "lose", which is not one of "loose", "standalone".',
        'Write "loose".',
    ),
    Example(
        "out-of-range",
        "trial_days = 30",
        "trial_days = -1",
        44,
        14,
        "editions.enterprise.trial_days is -1, outside 0 to 3650.",
        "Write a whole number from 0 to 3650.",
    ),
    Example(
        "package-shared",
        '["converge-enterprise"]',
        '["Converge"]',
        19,
        13,
        'The package "Converge" is given to wrap enterprise here and to the core on line 13.',
        "A package is on one side: give it to one of them.",
    ),
    Example(
        "primary-in-wrap",
        'wrap = "enterprise"\n',
        'wrap = "enterprise"\nprimary = true\n',
        34,
        8,
        "Feature fleet is part of the primary use, and in the wrap.",
        'Write side = "core", or take another look at what it is.',
    ),
    Example(
        "primary-missing",
        "primary = true\n",
        "",
        25,
        2,
        "No feature is primary, so nothing says what the core must be able to do.",
        'Mark what the primary use needs: side = "core" and primary = true.',
    ),
    Example(
        "segment-unknown",
        'segment = "big"\nprice',
        'segment = "bigg"\nprice',
        42,
        11,
        "There is no segment bigg.",
        'Write "big", or add [segments.bigg].',
    ),
    Example(
        "signal-malformed",
        '"seats >= 50"',
        '"seats >= many"',
        47,
        12,
        '"seats >= many" is not a signal.',
        'Write a name such as "sso", or a comparison such as "seats >= 50".',
    ),
    Example(
        "spdx-invalid",
        '"Apache-2.0"',
        '"Apache 2.0"',
        8,
        8,
        '"Apache 2.0" is not on the SPDX license list.',
        "Write Apache-2.0, or LicenseRef-Apache for a license of your own.",
    ),
    Example(
        "text-too-long",
        '"LicenseRef-C"',
        f'"LicenseRef-{"C" * 1000}"',
        22,
        8,
        "wraps.cloud.spdx has 1011 characters; 1000 are allowed.",
        "Shorten it.",
    ),
    Example(
        "toml-syntax",
        'side = "core"\ncritical',
        "side = core\ncritical",
        30,
        8,
        "Not valid TOML: Invalid value.",
        'A text stands in quotes: "…".',
    ),
    Example(
        "unknown-key",
        "critical = true",
        "citical = true",
        31,
        1,
        "Unknown key features.login.citical.",
        "Did you mean critical?",
    ),
    Example(
        "unknown-table",
        "[segments.big]\n",
        "[segments.big]\n[segment.small]\n",
        47,
        2,
        "Unknown table segment.",
        "Did you mean segments?",
    ),
    Example(
        "wrap-missing",
        'wrap = "enterprise"\n',
        "",
        33,
        11,
        "Feature fleet is in the wrap, and does not say in which.",
        'Add wrap = "…", one of enterprise, cloud.',
    ),
    Example(
        "wrap-unknown",
        'wrap = "enterprise"',
        'wrap = "entreprise"',
        35,
        8,
        "There is no wrap entreprise.",
        'Write "enterprise", or add [wraps.entreprise].',
    ),
    Example(
        "wrong-type",
        '["pytest"]',
        '"pytest"',
        11,
        8,
        "core.test is a text, not a list.",
        'Write a list: ["pytest"].',
    ),
]


def exists(path: str) -> bool:
    return path == "docs/0003.md"


def problems(text: str) -> list[Problem]:
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(text, exists=exists)
    return list(caught.value.problems)


def test_the_right_manifest_has_no_mistake() -> None:
    assert parse_manifest(RIGHT, exists=exists).manifest.product.name == "converge"


def test_every_code_has_an_example() -> None:
    assert [example.code for example in EXAMPLES] == sorted(CODES.keys() - OF_BUILDS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_a_mistake_is_reported_once_at_its_place(example: Example) -> None:
    assert RIGHT.count(example.old) >= 1
    text = RIGHT.replace(example.old, example.new, 1)
    expected = Problem(example.code, example.message, example.hint, example.line, example.column)
    assert problems(text) == [expected]
