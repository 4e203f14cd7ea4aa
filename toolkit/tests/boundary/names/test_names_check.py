# SPDX-License-Identifier: Apache-2.0
"""Names that only a wrap defines: which are known, where the core reads them, what stays silent."""

import pytest

from coreline.boundary.check import check
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
paths = ["enterprise/**"]
modules = ["acme_enterprise"]
"""
SETUP = """\
def setup(settings):
    settings.FLEET_SIZE_MAX = 100
    settings.INSTALLED_APPS += ["x"]
"""


def names(files: dict[str, str], more: str = "") -> list[Finding]:
    manifest = MANIFEST + more
    tree = MemoryTree({"coreline.toml": manifest, **files})
    report = check(tree, parse_manifest(manifest))
    return [one for one in report.findings if one.check == "names"]


@pytest.mark.parametrize(
    ("code", "guard", "grade"),
    [
        ("x = settings.FLEET_SIZE_MAX", None, "broken"),
        ("x = getattr(settings, 'FLEET_SIZE_MAX')", None, "broken"),
        ("x = getattr(settings, 'FLEET_SIZE_MAX', 5)", "default", "tight"),
        ("if hasattr(settings, 'FLEET_SIZE_MAX'):\n    pass", "probe", "tight"),
        ("if settings.HAS_FLEET:\n    x = settings.FLEET_SIZE_MAX", "flag settings.HAS_FLEET",
         "tight"),
    ],
)  # fmt: skip
def test_a_setting(code: str, guard: str | None, grade: str) -> None:
    found = names({"acme/app.py": code + "\n", "enterprise/settings.py": SETUP})
    assert [(one.kind, one.guard, one.grade) for one in found] == [("name", guard, grade)]
    assert "enterprise/settings.py:2" in found[0].message


@pytest.mark.parametrize(
    "code",
    [
        "# settings.FLEET_SIZE_MAX",
        "x = 'About settings.FLEET_SIZE_MAX and more'",
        "x = limits.FLEET_SIZE_MAX",
        "x = settings.FLEET_SIZE_MAX_ALL",
        "FLEET_SIZE_MAX = 1\nx = settings.FLEET_SIZE_MAX",
        "settings.FLEET_SIZE_MAX = 2",
        "setattr(settings, 'FLEET_SIZE_MAX', 2)\nx = settings.FLEET_SIZE_MAX",
    ],
)
def test_what_is_no_reading_or_is_the_core_s_as_well(code: str) -> None:
    assert names({"acme/app.py": code + "\n", "enterprise/settings.py": SETUP}) == []


def test_a_setting_that_another_file_of_the_core_defines() -> None:
    files = {
        "acme/app.py": "x = settings.FLEET_SIZE_MAX\n",
        "acme/config.py": "FLEET_SIZE_MAX: int = 3\n",
        "enterprise/settings.py": SETUP,
    }
    assert names(files) == []


@pytest.mark.parametrize(
    ("path", "code", "guard", "grade"),
    [
        ("a.py", 'os.environ["ACME_ENTERPRISE_KEY"]', None, "broken"),
        ("a.py", 'os.getenv("ACME_ENTERPRISE_KEY")', None, "tight"),
        ("a.py", 'os.environ.get("ACME_ENTERPRISE_KEY", "")', "default", "tight"),
        ("a.ts", "const k = process.env.ACME_ENTERPRISE_KEY ?? ''", "default", "tight"),
        ("a.rb", 'ENV.fetch("ACME_ENTERPRISE_KEY")', None, "broken"),
        ("a.rb", 'ENV["ACME_ENTERPRISE_KEY"]', None, "tight"),
        ("a.go", 'package a\nvar k = os.Getenv("ACME_ENTERPRISE_KEY")', None, "tight"),
        ("A.java", 'class A { String k = System.getenv("ACME_ENTERPRISE_KEY"); }', None, "tight"),
        ("a.rs", 'fn f() { std::env::var("ACME_ENTERPRISE_KEY"); }', None, "tight"),
        ("a.php", '<?php getenv("ACME_ENTERPRISE_KEY");', None, "tight"),
    ],
)
def test_a_variable_of_the_environment(path: str, code: str, guard: str | None, grade: str) -> None:
    wrap = 'import os\nkey = os.environ["ACME_ENTERPRISE_KEY"]\nport = os.environ["ACME_PORT"]\n'
    files = {f"src/{path}": code + "\n", "src/b.py": 'os.environ["ACME_PORT"]\n'}
    found = names({**files, "enterprise/config.py": wrap})
    assert [(one.path, one.guard, one.grade) for one in found] == [(f"src/{path}", guard, grade)]


def test_a_variable_that_the_core_s_own_examples_set_is_not_the_wrap_s() -> None:
    files = {
        ".env.example": "# ACME_ENTERPRISE_KEY=\n",
        "acme/app.py": 'os.environ["ACME_ENTERPRISE_KEY"]\n',
        "enterprise/config.py": 'os.environ["ACME_ENTERPRISE_KEY"]\n',
    }
    assert names(files) == []


def test_another_vendor_s_edition_is_not_the_wrap() -> None:
    code = 'import os\nurl = os.getenv("GITHUB_ENTERPRISE_URL")\n'
    assert names({"acme/app.py": code, "enterprise/config.py": code}) == []


def test_tables() -> None:
    migration = 'migrations.CreateModel(name="Team", fields=[])\n'
    files = {
        "enterprise/acme_enterprise/migrations/0001_init.py": migration,
        "enterprise/db/1.rb": "create_table :fleet_members do |t|\nend\ncreate_table :core_users\n",
        "acme/cache.py": 'TABLES = ["acme_enterprise_team", "fleet_members"]\n',
        "acme/query.rb": 'execute("SELECT 1 FROM fleet_members JOIN core_users")\n',
        "acme/schema.rb": "create_table :core_users do |t|\nend\n",
    }
    found = [(one.path, one.names, one.grade) for one in names(files)]
    assert found == [
        ("acme/cache.py", ("acme_enterprise_team",), "tight"),
        ("acme/query.rb", ("fleet_members",), "broken"),
    ]


def test_tables_in_scripts_of_sql() -> None:
    files = {
        "enterprise/1.sql": "CREATE TABLE IF NOT EXISTS fleet_members (id int);\n",
        "db/2.sql": "-- FROM fleet_members\nUPDATE fleet_members SET a = 1;\nSELECT 1;\n",
    }
    assert [(one.path, one.line, one.grade) for one in names(files)] == [("db/2.sql", 2, "broken")]


def test_messages() -> None:
    wrap = """\
@app.task(name="fleet.sync")
def sync(): ...

class Read(WorkspaceOperationType):
    type = "fleet.read_role"

QUEUE = "scheduled-jobs"
"""
    core = """\
app.send_task("fleet.sync")
allowed = ["fleet.read_role", "scheduled-jobs"]
print("fleet.sync is not alone")
"""
    found = names({"enterprise/tasks.py": wrap, "acme/jobs.py": core})
    assert [(one.line, one.names[0], one.grade) for one in found] == [
        (1, "fleet.sync", "tight"),
        (2, "fleet.read_role", "tight"),
    ]


def test_declared_names_and_globs() -> None:
    declared = 'names = ["ACME_PLUS_*", "plus_members"]\n'
    core = """\
a = settings.ACME_PLUS_LIMIT
b = "plus_members"
c = ACME_PLUS_OTHER
# ACME_PLUS_NONE
d = "about ACME_PLUS_NONE"
e = XACME_PLUS_NONE
"""
    found = names({"acme/app.py": core}, declared)
    assert [(one.line, one.names[0], one.grade) for one in found] == [
        (1, "ACME_PLUS_LIMIT", "broken"),
        (2, "plus_members", "tight"),
        (3, "ACME_PLUS_OTHER", "tight"),
    ]


def test_a_test_of_the_core_that_reads_one_is_a_test_that_needs_the_wrap() -> None:
    files = {"tests/test_a.py": "settings.FLEET_SIZE_MAX\n", "enterprise/settings.py": SETUP}
    assert [(one.kind, one.grade) for one in names(files)] == [("test", "broken")]
