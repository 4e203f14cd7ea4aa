# SPDX-License-Identifier: Apache-2.0
"""Names that files of a wrap define, language by language, and how code reads them."""

import pytest

from coreline.boundary.defining_names import DEFINITIONS_MAX, definitions
from coreline.boundary.reads import Read, defines, read_of


def defined(code: str) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in definitions(code.encode())]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def setup(settings):\n    settings.FLEET_MAX = 1\n", [("setting", "FLEET_MAX")]),
        ("settings.FLEET_MAX: int = 1\n", [("setting", "FLEET_MAX")]),
        ("setattr(settings, 'FLEET_MAX', 1)\n", [("setting", "FLEET_MAX")]),
        ("if settings.FLEET_MAX == 1: ...\n", []),
        ("from acme.settings import *\nFLEET_MAX = 1\n", [("setting", "FLEET_MAX")]),
        ("FLEET_MAX = 1\n", []),
        ("x = process.env.ACME_EE_KEY\n", [("environment", "ACME_EE_KEY")]),
        ('x := os.Getenv("ACME_EE_KEY")\n', [("environment", "ACME_EE_KEY")]),
        ('x = ENV["ACME_EE_KEY"]\n', [("environment", "ACME_EE_KEY")]),
        ("class Meta:\n    db_table = 'fleet_nodes'\n", [("table", "fleet_nodes")]),
        ('__tablename__ = "fleet_nodes"\n', [("table", "fleet_nodes")]),
        ('self.table_name = "fleet_nodes"\n', [("table", "fleet_nodes")]),
        ("create_table :fleet_nodes do |t|\n", [("table", "fleet_nodes")]),
        ("op.create_table('fleet_nodes', x)\n", [("table", "fleet_nodes")]),
        ('CREATE TABLE IF NOT EXISTS public."fleet_nodes" (\n', [("table", "fleet_nodes")]),
        ('@Table(name = "fleet_nodes")\n', [("table", "fleet_nodes")]),
        ('export const nodes = pgTable("fleet_nodes", {})\n', [("table", "fleet_nodes")]),
        (
            'func (Node) TableName() string {\n\treturn "fleet_nodes"\n}\n',
            [("table", "fleet_nodes")],
        ),
        ("migrations.CreateModel(\n    name='Node',\n)\n", [("table", ".node")]),
        ("@app.task(bind=True, name='fleet.sync')\n", [("message", "fleet.sync")]),
        ("@shared_task(name='fleet.sync')\n", [("message", "fleet.sync")]),
        ('FLEET_TOPIC = "fleet.events"\n', [("message", "fleet.events")]),
        ("class A(FleetOperationType):\n    type = 'fleet.read'\n", [("message", "fleet.read")]),
        ("FF_ENTERPRISE_SSO = 'enterprise-sso'\n", [("flag", "enterprise-sso")]),
    ],
)
def test_what_a_file_defines(code: str, expected: list[tuple[str, str]]) -> None:
    assert defined(code) == expected


def test_lines_are_counted_and_names_told_once() -> None:
    code = b"x\nsettings.FLEET_MAX = 1\nsettings.FLEET_MAX = 2\nsettings.FLEET_MIN = 2\n"
    assert [(one.name, one.line) for one in definitions(code)] == [
        ("FLEET_MAX", 2),
        ("FLEET_MIN", 4),
    ]


def test_a_file_of_megabytes_is_data() -> None:
    assert list(definitions(b"settings.FLEET_MAX = 1\n" + b" " * (3 << 20))) == []


def test_not_more_are_told_than_a_person_writes() -> None:
    code = "".join(f"settings.FLEET_{number:06} = 1\n" for number in range(3000))
    assert len(list(definitions(code.encode()))) == DEFINITIONS_MAX


def place(code: str) -> tuple[bytes, int, int]:
    data = code.encode()
    start = data.index(b"FLEET")
    end = start + len(b"FLEET_MAX")
    return data, start, end


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("settings.FLEET_MAX", Read("setting", True)),
        ("Rails.application.config.FLEET_MAX", Read("setting", True)),
        ("appConfig?.FLEET_MAX ?? 1", Read("setting", True, "default")),
        ("config->FLEET_MAX", Read("setting", True)),
        ("process.env['FLEET_MAX'] || 1", Read("environment", False, "default")),
        ('env::var("FLEET_MAX").unwrap_or(x)', Read("environment", False, "default")),
        ("$_ENV['FLEET_MAX']", Read("environment", False)),
        ("os.environ['FLEET_MAX']", Read("environment", True)),
        ("x = FLEET_MAX", None),
        ("settings.FLEET_MAX = 1", None),
    ],
)
def test_how_code_reads_a_name(code: str, read: Read | None) -> None:
    assert read_of(*place(code), is_string=False) == read


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("FLEET_MAX = 1", ("setting", "environment")),
        ("  FLEET_MAX: int = 1", ("setting", "environment")),
        ("export FLEET_MAX=1", ("setting", "environment")),
        ("      - FLEET_MAX=${FLEET_MAX}", ("setting", "environment")),
        ("      FLEET_MAX: 1", ("environment",)),
        ("settings.FLEET_MAX = 1", ("setting",)),
        ("x = 'FLEET_MAX'", ("message", "flag")),
        ("q = {\n  'FLEET_MAX': {}", ("environment", "message", "flag")),
        ("q = {'FLEET_MAX': {}", ("message", "flag")),
        ("f('FLEET_MAX')", ()),
        ("x = settings.FLEET_MAX", ()),
    ],
)
def test_where_the_core_defines_a_name_itself(code: str, kinds: tuple[str, ...]) -> None:
    assert defines(*place(code)) == kinds
