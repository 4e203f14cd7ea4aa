# SPDX-License-Identifier: Apache-2.0
"""The history says of every commit what ``check --at`` says: whatever the repository looks like."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import check
from coreline.boundary.history.model import Record
from coreline.boundary.history.walk import State, judge_commits
from coreline.manifest.parse import parse_manifest
from coreline.sources.git import Git
from coreline.sources.tree import GitTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
gates = ["License.premium?"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**", "**/*.ee.*"]
modules = ["acme_enterprise"]
packages = ["acme-enterprise"]
[[wraps.enterprise.overlays]]
wrap = "enterprise/src"
core = "src"
[features.login]
side = "core"
primary = true
critical = true
paths = ["src/login/**", "enterprise/login/**"]
"""

# Each makes something of another: a root of modules, a rival, an alias, a place to copy to.
_PATHS = [
    "src/acme/__init__.py",
    "src/acme/app.py",
    "src/acme/fleet.py",
    "src/acme/fleet.ee.py",
    "src/acme/fleet/__init__.py",
    "src/login/form.py",
    "src/pyproject.toml",
    "fleet.py",
    "tests/test_app.py",
    "web/app.ts",
    "web/fleet.ts",
    "web/fleet/index.ts",
    "web/tsconfig.json",
    "package.json",
    "Dockerfile",
    "link",
    "enterprise/link",
    "enterprise/login/form.py",
    "enterprise/fleet.py",
    "enterprise/src/acme/fleet.py",
    "enterprise/src/acme_enterprise/__init__.py",
    "enterprise/src/acme_enterprise/fleet.py",
    "enterprise/web/fleet.ts",
    "enterprise/package.json",
    "enterprise/go.mod",
    "go.mod",
    "main.go",
    "lib/acme.rb",
    "enterprise/lib/acme/enterprise.rb",
    "java/com/acme/App.java",
    "java/com/acme/ee/Other.java",
    "enterprise/java/com/acme/ee/Fleet.java",
    "rust/src/lib.rs",
    "rust/src/fleet.rs",
    "enterprise/rust/src/lib.rs",
    "enterprise/rust/Cargo.toml",
    "main.c",
    "include/fleet.h",
    "enterprise/include/fleet.h",
    "php/App.php",
    "enterprise/php/Fleet.php",
]
# What files of each suffix hold, and what any file may.
_TEXTS: dict[str, list[str]] = {
    "": ["", "import acme_enterprise\n"],
    "py": [
        "import acme_enterprise.fleet\n",
        "try:\n    from acme_enterprise import fleet\nexcept ImportError:\n    fleet = None\n",
        "from acme import fleet\nimport fleet as other\n",
        "from . import fleet\n",
        'INSTALLED_APPS = ["acme_enterprise", "enterprise.fleet"]\nFLEET_SIZE_MAX = 3\n',
        "from django.conf import settings\nprint(settings.FLEET_SIZE_MAX)\n",
        "def setup(settings):\n    settings.FLEET_SIZE_MAX = 100\n",
    ],
    "ts": [
        'import a from "../enterprise/web/fleet";\nimport b from "@fleet/x";\n',
        'import c from "./fleet";\nexport * from "@acme/enterprise";\n',
        'import type { D } from "@fleet/fleet";\n',
    ],
    "json": [
        '{"compilerOptions": {"paths": {"@fleet/*": ["../enterprise/web/*"]}}}\n',
        '{"name": "@acme/enterprise", "dependencies": {"@acme/enterprise": "1"}}\n',
    ],
    "Dockerfile": ["FROM scratch\nCOPY enterprise/ /app/\nCOPY src/ /app/\n"],
    "link": ["enterprise/fleet.py", "enterprise"],
    "mod": ["module acme.com/app\n", "module acme.com/enterprise\n"],
    "go": [
        'package main\nimport "acme.com/enterprise/fleet"\n',
        'package main\nimport "acme.com/app/enterprise/fleet"\n',
    ],
    "rb": [
        'require "acme/enterprise"\nputs 1 if License.premium?\n',
        "module Acme\n  module Enterprise\n  end\nend\n",
        "Acme::Enterprise.start\n",
    ],
    "java": [
        "package com.acme.ee;\nclass Fleet {}\n",
        "import com.acme.ee.Fleet;\nclass App { com.acme.ee.Other other; }\n",
    ],
    "rs": ["mod fleet;\nuse acme_enterprise::fleet;\n", "pub fn fleet() {}\n"],
    "toml": [
        '[package]\nname = "acme-enterprise"\n',
        '[project]\nname = "x"\ndependencies = ["acme-enterprise"]\n',
    ],
    "c": ['#include "fleet.h"\n#include "enterprise/include/fleet.h"\n'],
    "h": ["int fleet(void);\n"],
    "php": [
        "<?php\nnamespace Acme\\Enterprise;\nclass Fleet {}\n",
        "<?php\nuse Acme\\Enterprise\\Fleet;\n",
    ],
}


@st.composite
def _files(draw: st.DrawFn) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for path in draw(st.sets(st.sampled_from(_PATHS), max_size=12)):
        kind = path.rpartition("/")[2].rpartition(".")[2]
        # Now and then a file is removed, or holds what no such file does.
        texts = [*_TEXTS[kind] * 3, *_TEXTS[""], None]
        found[path] = draw(st.sampled_from(texts))
    return found


@st.composite
def _changes(draw: st.DrawFn) -> list[tuple[list[int], dict[str, str | None]]]:
    changes: list[tuple[list[int], dict[str, str | None]]] = []
    for number in range(draw(st.integers(2, 7))):
        parents = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        if number and not draw(st.booleans()):
            parents = {number - 1}
        changes.append((sorted(parents), draw(_files())))
    return changes


class Repository(Protocol):
    folder: Path

    def grow(
        self, changes: Sequence[tuple[Sequence[int], Mapping[str, str | None]]]
    ) -> list[str]: ...


@settings(max_examples=40, deadline=None, derandomize=True)
@given(changes=_changes())
def test_every_commit_has_the_findings_that_check_finds(
    made: Callable[[], Repository], changes: list[tuple[list[int], dict[str, str | None]]]
) -> None:
    repository = made()
    ids = repository.grow(changes)
    parsed = parse_manifest(MANIFEST)
    git = Git(repository.folder)
    record = Record()
    with git.batch() as batch:
        states = [State(one, bytes.fromhex(git.resolve(one, "tree"))) for one in ids]
        judge_commits(states, parsed, record, batch, None, lambda _what, _done, _total: None)
    for one in ids:
        report = check(GitTree(git, one), parsed)
        expected = Counter((a.fingerprint, a.grade) for a in report.findings if a.grade)
        assert Counter(seen.identity for seen in record.seen(one)) == expected
        assert record.grade(one) == report.grade
