# SPDX-License-Identifier: Apache-2.0
"""Strings of Python code that lead into a wrap, strings that do not, and those nobody can see."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

WRAP = {
    "enterprise/src/acme_enterprise/__init__.py": "",
    "enterprise/src/acme_enterprise/fleet.py": "",
}
INSIDE = {"src/acme/__init__.py": "", "src/acme/pro/__init__.py": ""}


def found(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.kind, finding.grade) for finding in report.findings]


@pytest.mark.parametrize(
    ("code", "kind", "grade"),
    [
        ("exec('import acme_enterprise')", "dynamic", "broken"),
        ("x = eval('__import__(\"acme_enterprise.fleet\").run()')", "dynamic", "broken"),
        ("exec('''\nx = 1\nfrom acme_enterprise import fleet\n''')", "dynamic", "broken"),
        ("CODE = 'x = 1; import acme_enterprise as a'", "string", "tight"),
        ("sys.modules['acme_enterprise'].run()", "dynamic", "broken"),
        ("sys.modules['acme_enterprise'] = None", "dynamic", "tight"),
        ("importlib.import_module('.fleet', 'acme_enterprise')", "dynamic", "broken"),
        ("pytest_plugins = ['acme_enterprise.testing']", "string", "broken"),
        ("CELERY_IMPORTS = ('acme_enterprise.tasks',)", "string", "broken"),
        ("Celery(include=['acme_enterprise.tasks'])", "string", "broken"),
        ("app.autodiscover_tasks(['acme_enterprise'])", "string", "broken"),
        ("DATABASES = {'default': {'ENGINE': 'acme_enterprise.db'}}", "string", "broken"),
        ("DATABASES = {'acme_enterprise': {}}", "string", "tight"),
        ("AUTH_USER_MODEL = 'acme_enterprise.User'", "string", "broken"),
        ("mock.patch.dict('sys.modules', {'acme_enterprise': None})", "string", "tight"),
        ("setup(entry_points={'x': ['f = acme_enterprise.fleet:Fleet [all]']})", "string", "tight"),
        ("setup(entry_points='[x]\\nf=1')\nP = '''\nf = acme_enterprise:F\n'''", "string", "tight"),
        ("setup(install_requires=['acme-enterprise[all]>=1'])", "build", "broken"),
        ("setup(install_requires=['Acme_Enterprise', 'acme-enterprise'])", "build", "broken"),
        ("setup(extras_require={'all': ['acme-enterprise']})", "build", "tight"),
        ("importlib.metadata.version('acme-enterprise')", "build", "tight"),
        ("import_module('acme_' + 'enterprise')", "dynamic", "broken"),
        ("import_module('acme_'\n    'enterprise')", "dynamic", "broken"),
        ("import_module('acme_enterprise' + '.' + name)", "dynamic", "broken"),
        ("os.path.join('enterprise', 'src')", "string", "tight"),
        ("os.path.join(ROOT, 'enterprise')", "string", "tight"),
        ("Path(__file__).parent.joinpath('enterprise', name)", "string", "tight"),
        ("ROOT / 'enterprise' / 'src'", "string", "tight"),
        ("x: 'list[acme_enterprise.Fleet]'", "type-only", "tight"),
        ("def f() -> 'acme_enterprise.Fleet | None': ...", "type-only", "tight"),
    ],
)
def test_strings_that_lead_into_a_wrap(checked: Checked, code: str, kind: str, grade: str) -> None:
    assert (kind, grade) in found(checked({**WRAP, "src/acme/app.py": code}))


@pytest.mark.parametrize(
    "look_up",
    [
        "import_module('.pro', __package__)",
        "import_module('.pro', package=__package__)",
        "import_module('.pro', 'acme')",
        "import_module('..pro', 'acme.api')",
        "import_module(f'{__package__}.pro')",
        "import_module(__package__ + '.pro')",
    ],
)
def test_look_ups_from_a_package(checked: Checked, manifest: str, look_up: str) -> None:
    text = manifest.replace("enterprise/**", "src/acme/pro/**")
    report = checked({**INSIDE, "src/acme/app.py": look_up}, text)
    assert found(report) == [("dynamic", "broken")]


@pytest.mark.parametrize(
    "code",
    [
        "HELP = 'To enable it, import acme_enterprise and call it'",
        "HELP = 'from acme_enterprise you get more'",
        "HELP = 'acme-enterprise is sold apart'",
        "PRODUCT = 'acme-enterprise'",
        "sell('acme-enterprise', products=['acme-enterprise'])",
        "names = ['acme-enterprise-tools', 'my-acme-enterprise']",
        "'''import acme_enterprise'''",
        "x = {'.pro': 1}",
        "exec('# nothing of the kind')",
    ],
)
def test_strings_that_only_speak_of_a_wrap(checked: Checked, manifest: str, code: str) -> None:
    assert found(checked({**WRAP, "src/acme/app.py": code})) == []
    inside = manifest.replace("enterprise/**", "src/acme/pro/**")
    assert found(checked({**INSIDE, "src/acme/app.py": "x.register('.pro')"}, inside)) == []


def test_a_question_for_a_loaded_module_is_a_guard(checked: Checked) -> None:
    code = "if 'acme_enterprise' in sys.modules:\n    import acme_enterprise\n"
    assert {grade for _, grade in found(checked({**WRAP, "src/acme/app.py": code}))} == {"tight"}


@pytest.mark.parametrize("code", ["\ufeffimport acme_enterprise\n", "import acme_enterprise\n"])
def test_a_byte_order_mark_is_no_character(checked: Checked, code: str) -> None:
    (finding,) = checked({**WRAP, "src/acme/app.py": code}).findings
    assert (finding.column, finding.text) == (8, "import acme_enterprise")


@pytest.mark.parametrize(
    "code",
    [
        "import_module('acme_enter' + 'prise')",
        "import_module('acme\\x5fenterprise')",
        "import ａcme_enterprise",
        "x = None  # type: acme_enterprise.Fleet",
        "acme.acme_enterprise.run()",
        "subprocess.run(['pip', 'install', 'acme-enterprise'])",
    ],
)
def test_known_limits_are_those_of_the_guide(checked: Checked, code: str) -> None:
    """What ``docs/how-to/check-in-ci.md`` says is not seen; a change here changes the guide."""
    assert found(checked({**WRAP, "src/acme/app.py": code})) == []


@pytest.mark.parametrize(
    "code",
    [
        "os.path.join('docs', 'enterprise')",
        "', '.join(['enterprise', 'team'])",
        "x = total / 'enterprise'.count('e')",
        "import_module('acme_' + name)",
    ],
)
def test_pieces_that_lead_nowhere(checked: Checked, code: str) -> None:
    files = {**WRAP, **INSIDE, "docs/enterprise/a.md": "", "src/acme/app.py": code}
    assert found(checked(files)) == []


def test_lines_that_end_in_a_carriage_return_alone(checked: Checked) -> None:
    report = checked(
        {**WRAP, "src/acme/app.py": "# A comment\rimport os\rimport acme_enterprise\r"}
    )
    assert [(one.line, one.kind) for one in report.findings] == [(3, "static")]


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("render(request, 'acme_enterprise/list.html')", "broken"),
        ("template_name = 'acme_enterprise/list.html'", "broken"),
        ("x = 'acme_enterprise/list.html'", "tight"),
        ("render(request, 'acme_enterprise/both.html')", None),
        ("render(request, 'acme_other/list.html')", None),
    ],
)
def test_templates_of_a_wrap(checked: Checked, code: str, grade: str | None) -> None:
    files = {
        **WRAP,
        "enterprise/src/acme_enterprise/templates/acme_enterprise/list.html": "",
        "enterprise/src/acme_enterprise/templates/acme_enterprise/both.html": "",
        "src/acme/templates/acme_enterprise/both.html": "",
        "src/acme/app.py": code,
    }
    assert found(checked(files)) == ([] if grade is None else [("string", grade)])
