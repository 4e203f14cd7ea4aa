# SPDX-License-Identifier: Apache-2.0
"""A repository of PHP with several packages of Composer: classes by namespace, files by path."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

ROOT = """\
{
  "name": "acme/app",
  "license": "Apache-2.0",
  "require": {
    "acme/core": "*",
    "acme/fleet": "*"
  },
  "require-dev": {"acme/fleet": "*"},
  "suggest": {
    "acme/fleet": "To keep ships"
  },
  "repositories": [
    {"type": "path", "url": "enterprise/*"}
  ],
  "autoload": {
    "psr-4": {"Acme\\\\": "src/"},
    "files": ["enterprise/helpers.php"]
  }
}
"""
APP = """\
<?php
namespace Acme;

use Acme\\Fleet\\Ship;
use Acme\\Fleet\\Port as Harbor;
use Acme\\{Fleet\\Map, Core\\Own};
use Acme\\Fleeting\\Fish;
use Acme\\Fleet\\Typed;

require_once __DIR__ . '/../enterprise/helpers.php';

class App
{
    public function run(?Typed $typed): void
    {
        new Ship();
        if (class_exists(Harbor::class)) {
            Harbor::open();
        }
        new Fleet\\Crew();
        new Fish();
    }
    public function lazy(): bool
    {
        try {
            new Map();
        } catch (\\Throwable $missing) {
            return false;
        }
        return class_exists('\\\\Acme\\\\Fleet\\\\Ship');
    }
}
"""
FLEET = """\
{
  "name": "acme/fleet",
  "license": "proprietary",
  "autoload": {"psr-4": {"Acme\\\\Fleet\\\\": "src/"}}
}
"""
FILES = {
    "composer.json": ROOT,
    "src/App.php": APP,
    "src/Core/Own.php": "<?php\nnamespace Acme\\Core;\nclass Own { }\n",
    "src/Fleeting/Fish.php": "<?php\nnamespace Acme\\Fleeting;\nclass Fish { }\n",
    "config/bundles.php": "<?php\nreturn [\n  Acme\\Fleet\\Bundle::class => ['all' => 1],\n];\n",
    "tests/AppTest.php": "<?php\nuse Acme\\Fleet\\Ship;\n(new Ship())->go();\n",
    "enterprise/helpers.php": "<?php\n",
    "enterprise/fleet/composer.json": FLEET,
    "enterprise/fleet/src/Ship.php": "<?php\nnamespace Acme\\Fleet;\nclass Ship { }\n",
    "enterprise/fleet/src/Map.php": "<?php\nnamespace Acme\\Fleet;\nclass Map { }\n",
}


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    found = (one for one in report.findings if one.check == "references")
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found]


def test_packages_are_told_by_their_names_and_namespaces(checked: Checked) -> None:
    probe = "flag class_exists(Harbor::class)"
    assert sorted(rows(checked(FILES)), key=repr) == sorted(
        [
            ("composer.json", 6, "build", None, "broken"),
            ("composer.json", 8, "test", None, "broken"),
            ("composer.json", 10, "build", None, "tight"),
            ("composer.json", 13, "build", None, "broken"),
            ("composer.json", 17, "build", None, "broken"),
            ("src/App.php", 4, "static", None, "broken"),
            ("src/App.php", 5, "static", probe, "tight"),
            ("src/App.php", 6, "static", "try", "tight"),
            ("src/App.php", 8, "type-only", None, "tight"),
            ("src/App.php", 10, "static", None, "broken"),
            ("src/App.php", 20, "local", None, "broken"),
            ("src/App.php", 30, "dynamic", "probe", "tight"),
            ("config/bundles.php", 3, "string", None, "broken"),
            ("tests/AppTest.php", 2, "test", None, "broken"),
        ],
        key=repr,
    )


def test_a_class_is_where_composer_loads_it_from(checked: Checked) -> None:
    """The namespace is a wrap's as well, the file that is loaded is the core's."""
    own = "<?php\nnamespace Acme\\Fleet;\nclass Door { }\n"
    code = "<?php\nuse Acme\\Fleet\\Door;\nuse Acme\\Fleet\\Ship;\nnew Door();\nnew Ship();\n"
    ship = "enterprise/fleet/src/Ship.php"
    files = {
        "composer.json": '{"autoload": {"psr-4": {"Acme\\\\": "src/"}}}',
        "src/Fleet/Door.php": own,
        "src/B.php": code,
        ship: FILES[ship],
    }
    assert rows(checked(files)) == [("src/B.php", 3, "static", None, "broken")]


def test_the_license_of_a_package_is_held_against_its_side(checked: Checked) -> None:
    files = {"src/composer.json": FLEET, "enterprise/fleet/composer.json": FLEET}
    found = [one for one in checked(files).findings if one.check == "spdx"]
    assert [(one.path, one.line) for one in found] == [("src/composer.json", 3)]


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("$this->createMock(Ship::class);", "broken"),
        ("$app->make(Ship::class);", "broken"),
        ("expect(Ship::class);", "tight"),
        ("fn (Ship $ship) => $ship->go();", "tight"),
        ("$x instanceof Ship;", "tight"),
        ("Ship::PORT;", "broken"),
        ("/** @var Ship */", "tight"),
    ],
)
def test_what_is_done_with_a_class_decides_whether_it_is_needed(
    checked: Checked, code: str, grade: str
) -> None:
    ship = "enterprise/fleet/src/Ship.php"
    files = {"src/C.php": f"<?php\nuse Acme\\Fleet\\Ship;\n{code}\n", ship: FILES[ship]}
    assert [row[4] for row in rows(checked(files))] == [grade]


@pytest.mark.parametrize(
    "code",
    [
        "use Acme\\Fleeting\\Fish;\nnew Fish();",
        "// new \\Acme\\Fleet\\Ship();\n/** @var \\Acme\\Fleet\\Ship */",
        "$text = 'Acme\\\\Fleet is sold.';",
        "$fleet = new Other\\Fleet\\Ship();",
    ],
)
def test_what_only_looks_alike_is_no_finding(checked: Checked, code: str) -> None:
    ship = "enterprise/fleet/src/Ship.php"
    assert rows(checked({"src/C.php": f"<?php\n{code}\n", ship: FILES[ship]})) == []
