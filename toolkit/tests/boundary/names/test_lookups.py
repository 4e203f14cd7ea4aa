# SPDX-License-Identifier: Apache-2.0
"""Look-up helpers: found by their bodies, and their calls by the mirror that the wrap has."""

import time

import pytest

from coreline.boundary.check import check
from coreline.boundary.declared import Lookup
from coreline.boundary.model import Finding
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["ee/**", "web/ee/**"]
"""
DECLARED = 'lookups = [{ call = "versioned", core = "acme", wrap = "ee.acme" }]\n'
HELPER = """\
import importlib

def versioned(module: str, attribute: str) -> object:
    name = f"ee.{module}" if is_ee() else module
    return getattr(importlib.import_module(name), attribute)

def versioned_or(module, attribute, other):
    try:
        return versioned(module, attribute)
    except Exception:
        return other

def unrelated(name):
    return versioned("acme.api", name)
"""
WRAP = {"ee/acme/api/__init__.py": "", "ee/acme/api/auth.py": "x = 1\n"}


def lookups(files: dict[str, str], more: str = "") -> list[Finding]:
    manifest = MANIFEST + more
    tree = MemoryTree({"coreline.toml": manifest, **WRAP, **files})
    report = check(tree, parse_manifest(manifest))
    return [one for one in report.findings if one.kind == "lookup"]


def test_a_helper_is_discovered_with_what_passes_on_to_it() -> None:
    found = lookups({"acme/helper.py": HELPER})
    assert [(one.line, one.names[0], one.guard) for one in found] == [
        (3, "versioned", "flag is_ee()"),
        (7, "versioned_or", "try"),
    ]
    assert 'call = "versioned", core = "", wrap = "ee"' in found[0].hint
    assert {one.grade for one in found} == {"tight"}


def test_only_calls_whose_mirror_exists_are_found() -> None:
    code = """\
from acme.helper import versioned
a = versioned("acme.api.auth", "x")
b = versioned(
    # Long enough for two lines.
    module="acme.api"
    ".auth",
    attribute="x",
)
c = versioned("acme.api.missing", "x")
d = versioned("other.api.auth", "x")
e = versioned(name, "x")
f = "versioned('acme.api.auth')"  # versioned("acme.api.auth")
"""
    found = lookups({"acme/helper.py": HELPER, "acme/app.py": code}, DECLARED)
    calls = [one for one in found if one.path == "acme/app.py"]
    assert [(one.line, one.guard, one.grade) for one in calls] == [
        (2, "flag is_ee()", "tight"),
        (3, "flag is_ee()", "tight"),
    ]
    assert calls[0].names == ("ee.acme.api.auth", "versioned", "acme.api.auth")
    declared = [one for one in found if one.path == "acme/helper.py" and one.line == 3]
    assert "until then declare it" not in declared[0].hint


def test_a_helper_that_cannot_do_without_is_broken() -> None:
    helper = "def versioned(m):\n    return importlib.import_module(f'ee.{m}')\n"
    app = 'versioned("acme.api.auth")\n'
    found = lookups({"acme/helper.py": helper, "acme/app.py": app}, DECLARED)
    assert [(one.path, one.grade) for one in found if one.path == "acme/app.py"] == [
        ("acme/app.py", "broken")
    ]


def test_where_the_wrap_is_absent_nothing_is_found() -> None:
    manifest = MANIFEST + DECLARED
    files = {"coreline.toml": manifest, "acme/app.py": 'versioned("acme.api.auth")\n'}
    assert check(MemoryTree(files), parse_manifest(manifest)).findings == ()


def test_rails_mirrors_are_found_by_their_constants() -> None:
    helpers = (f'{{ call = "{one}", wrap = "EE" }}' for one in ("prepend_mod", "prepend_mod_with"))
    declared = f"lookups = [{', '.join(helpers)}]\n"
    files = {
        "app/models/project.rb": "class Project\nend\nProject.prepend_mod_with('Project')\n",
        "app/models/user.rb": "class User\nend\nUser.prepend_mod_with('User')\n",
        "app/models/team.rb": "class Team\nend\nTeam.prepend_mod\nOther.prepend_mod\n",
        "ee/app/models/ee/team.rb": "module EE::Team\nend\n",
        "app/api/http_key.rb": 'API::HTTPKey.prepend_mod_with "API::HTTPKey"\n',
        "ee/app/models/ee/project.rb": "module EE::Project\nend\n",
        "ee/lib/ee/api/http_key.rb": "module EE::API::HTTPKey\nend\n",
    }
    found = lookups(files, declared)
    assert [(one.path, one.line, one.grade) for one in found] == [
        ("app/api/http_key.rb", 1, "broken"),
        ("app/models/project.rb", 3, "broken"),
        ("app/models/team.rb", 3, "broken"),
    ]


@pytest.mark.parametrize(
    ("path", "code", "into"),
    [
        ("src/load.js", "function pick(name) {\n  return require('../ee/' + name)\n}\n", "../ee/"),
        ("src/load.ts", "async function pick(name: X) {\n  return import(`../ee/${name}`)\n}\n",
         "../ee/"),
        ("acme/swap.py", "def pick(m):\n    return import_module(m.replace('acme', 'ee.acme'))\n",
         "ee.acme"),
    ],
)  # fmt: skip
def test_other_ways_to_make_a_helper(path: str, code: str, into: str) -> None:
    found = lookups({path: code, "ee/a.js": ""})
    assert [(one.line, one.names) for one in found if one.kind == "lookup"] == [(1, ("pick", into))]


def test_an_import_of_one_module_is_no_helper() -> None:
    code = "def start(app):\n    importlib.import_module('ee.acme.api')\n    f'ee.{VERSION}'\n"
    assert lookups({"acme/start.py": code}) == []


@pytest.mark.parametrize(
    ("core", "into", "module", "mapped"),
    [
        ("onyx", "ee.onyx", "onyx.server.api", "ee.onyx.server.api"),
        ("onyx", "ee.onyx", "onyx", "ee.onyx"),
        ("onyx", "ee.onyx", "onyxlike.api", None),
        ("", "ee", "onyx.api", "ee.onyx.api"),
        ("", "EE", "Project", "EE::Project"),
        ("", "../ee/", "billing", "../ee/billing"),
        ("app/", "ee/", "app/billing", "ee/billing"),
    ],
)
def test_what_a_helper_makes_of_a_name(
    core: str, into: str, module: str, mapped: str | None
) -> None:
    assert Lookup("f", core, into, "ee").mapped(module) == mapped


def test_a_hostile_file_is_looked_through_in_time() -> None:
    body = "".join(f"    x{n} = f'ee.{{m}}'\n" for n in range(400))
    code = "import importlib\n" + "versioned(" + " " * 200_000 + "\n)\n"
    code += "".join(f"def f{n}(m):\n{body}    import_module(m)\n\n" for n in range(20))
    started = time.process_time()
    lookups({"acme/app.py": code + "versioned(   \n" * 5000}, DECLARED)
    assert time.process_time() - started < 20
