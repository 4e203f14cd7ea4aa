# SPDX-License-Identifier: Apache-2.0
"""Which references are the wrap's: resolved to files, never by the look of a name."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Finding, Report

Checked = Callable[..., Report]

WRAP = {
    "enterprise/src/acme_enterprise/__init__.py": "",
    "enterprise/src/acme_enterprise/fleet.py": "",
}


def only(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def test_an_import_of_a_wrap_breaks_the_core(checked: Checked) -> None:
    report = checked({**WRAP, "src/acme/app.py": "import os\nimport acme_enterprise.fleet\n"})
    finding = only(report)
    assert (finding.path, finding.line, finding.column) == ("src/acme/app.py", 2, 8)
    assert (finding.check, finding.kind, finding.guard) == ("references", "static", None)
    assert finding.names == ("acme_enterprise.fleet",)
    assert finding.grade == report.grade == "broken"
    assert not report.kept


@pytest.mark.parametrize(
    ("code", "kind", "guard", "grade"),
    [
        ("def f():\n    from acme_enterprise import x", "local", None, "broken"),
        ("try:\n    import acme_enterprise\nexcept ImportError: pass", "static", "try", "tight"),
        ("if settings.EE:\n    import acme_enterprise", "static", "flag settings.EE", "tight"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import acme_enterprise",
            "type-only",
            None,
            "tight",
        ),
        ("import_module('acme_enterprise')", "dynamic", None, "broken"),
        ("X = 'acme_enterprise.fleet'", "string", None, "tight"),
        ("INSTALLED_APPS = ['acme_enterprise']", "string", None, "broken"),
        ("import_string(f'acme_enterprise.{x}')", "dynamic", None, "broken"),
    ],
)
def test_kinds_and_guards_decide_the_grade(
    checked: Checked, code: str, kind: str, guard: str | None, grade: str
) -> None:
    finding = only(checked({**WRAP, "src/acme/app.py": code}))
    assert (finding.kind, finding.guard, finding.grade) == (kind, guard, grade)


def test_a_promise_to_stand_alone_allows_what_is_guarded(checked: Checked, manifest: str) -> None:
    standalone = manifest.replace('"loose"', '"standalone"')
    guarded = "try:\n    import acme_enterprise\nexcept ImportError:\n    pass\n"
    report = checked({**WRAP, "a.py": guarded}, standalone)
    assert (report.kept, report.grade, len(report.findings)) == (True, "tight", 1)
    assert not checked({**WRAP, "a.py": "import acme_enterprise"}, standalone).kept
    assert not checked({**WRAP, "a.py": guarded}).kept


def test_what_a_package_passes_on_is_a_re_export(checked: Checked) -> None:
    inside = checked({**WRAP, "src/acme/__init__.py": "from acme_enterprise import fleet"})
    assert only(inside).kind == "re-export"
    listed = "from acme_enterprise import fleet\n__all__ = ['fleet']\n"
    assert only(checked({**WRAP, "src/acme/api.py": listed})).kind == "re-export"


def test_a_test_of_the_core_that_needs_the_wrap_breaks_it(checked: Checked) -> None:
    report = checked({**WRAP, "tests/test_app.py": "import acme_enterprise\n"})
    assert (only(report).kind, report.grade) == ("test", "broken")
    skipped = "import pytest\npytest.importorskip('acme_enterprise')\nimport acme_enterprise\n"
    assert checked({**WRAP, "tests/test_app.py": skipped}).grade == "tight"


def test_names_that_only_begin_alike_are_not_the_wrap(checked: Checked) -> None:
    code = (
        "import acme_enterprise_tools\nfrom my_acme_enterprise import x\nacme_enterprise = 1\n"
        "# import acme_enterprise\nprint('see acme_enterprise for more')\n"
    )
    assert checked({**WRAP, "src/acme/app.py": code}).findings == ()


def test_a_wrap_of_another_repository_is_known_by_its_declared_modules(
    checked: Checked, manifest: str
) -> None:
    elsewhere = manifest.replace('paths = ["enterprise/**"]\n', "")
    report = checked({"src/app.py": "from acme_enterprise.fleet import run"}, elsewhere)
    assert only(report).names == ("acme_enterprise.fleet", "run")


def test_modules_of_a_wrap_are_found_by_its_folders(checked: Checked, manifest: str) -> None:
    undeclared = manifest.replace('modules = ["acme_enterprise"]\n', "")
    report = checked({**WRAP, "src/acme/app.py": "import acme_enterprise.fleet"}, undeclared)
    assert only(report).kind == "static"


@pytest.mark.parametrize("init", [{}, {"backend/ee/__init__.py": ""}])
def test_a_folder_needs_no_init_file(checked: Checked, manifest: str, init: dict[str, str]) -> None:
    text = manifest.replace("enterprise/**", "backend/ee/**").replace("acme_enterprise", "other")
    files = {
        "backend/manage.py": "",
        "backend/ee/billing/stripe.py": "",
        "backend/api/views.py": "def f():\n    from ee.billing.stripe import pay\n",
        **init,
    }
    report = checked(files, text)
    assert only(report).names == ("ee.billing.stripe", "pay")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from ..premium import x", ("src.acme.premium", "x")),
        ("from .. import premium", ("src.acme.premium", "premium")),
        ("from acme.premium.fleet import x", ("acme.premium.fleet", "x")),
        ("from acme import premium", ("acme.premium", "premium")),
        ("import acme.premium", ("acme.premium",)),
    ],
)
def test_a_wrap_inside_a_package_of_the_core(
    checked: Checked, manifest: str, code: str, names: tuple[str, ...]
) -> None:
    text = manifest.replace("enterprise/**", "src/acme/premium/**")
    files = {
        "src/acme/__init__.py": "",
        "src/acme/premium/__init__.py": "",
        "src/acme/premium/fleet.py": "",
        "src/acme/core/__init__.py": "",
        "src/acme/core/views.py": f"{code}\n\n\ndef premium_user() -> None: ...\n",
    }
    assert only(checked(files, text)).names == names


def test_a_relative_import_within_the_core_is_no_finding(checked: Checked) -> None:
    files = {
        **WRAP,
        "src/acme/__init__.py": "",
        "src/acme/enterprise.py": "",
        "src/acme/app.py": "from .enterprise import x\nfrom . import enterprise\n",
    }
    assert checked(files).findings == ()


def test_common_names_of_a_wrap_make_no_false_findings(checked: Checked, manifest: str) -> None:
    text = manifest.replace('modules = ["acme_enterprise"]\n', "")
    files = {
        "enterprise/pyproject.toml": "",
        "enterprise/server/__init__.py": "",
        "enterprise/server/billing.py": "",
        "enterprise/storage/__init__.py": "",
        "enterprise/logging/__init__.py": "",
        "server/__init__.py": "",
        "server/routes.py": "",
        "app.py": (
            "import server\nfrom server import routes\nfrom server.routes import x\n"
            "import logging\nX = 'server.start'\nY = 'storage'\nfrom django.storage import z\n"
        ),
    }
    assert checked(files, text).findings == ()
    files["app.py"] = "from server.billing import pay\nimport storage\n"
    assert [f.names[0] for f in checked(files, text).findings] == ["server.billing", "storage"]


def test_gates_of_the_core_make_it_tight(checked: Checked) -> None:
    code = (
        "import coreline_sdk\n\nline = coreline_sdk.Coreline('acme')\n\n\n"
        "@line.requires('fleet')\ndef f() -> bool:\n    return line.entitled('audit')\n"
    )
    report = checked({**WRAP, "src/acme/app.py": code, "enterprise/gate.py": code})
    assert [(f.path, f.line, f.kind, f.names) for f in report.findings] == [
        ("src/acme/app.py", 6, "gate", ("fleet",)),
        ("src/acme/app.py", 8, "gate", ("audit",)),
    ]
    assert report.grade == "tight"
    assert checked({"src/acme/app.py": "import coreline_sdk\n"}).findings == ()


def test_gates_in_tests_limit_nobody(checked: Checked) -> None:
    code = "import coreline_sdk\nassert coreline_sdk.Coreline('acme').entitled('fleet')\n"
    assert checked({**WRAP, "tests/test_gate.py": code}).findings == ()


def test_what_a_build_takes_from_the_wrap(checked: Checked) -> None:
    files = {
        **WRAP,
        "Dockerfile": "FROM x\nCOPY enterprise /app/enterprise\nCOPY src /app\n",
        "pyproject.toml": '[project]\nname = "acme"\ndependencies = ["acme-enterprise>=1"]\n',
        "requirements.txt": "click\nacme_enterprise==1\n",
        "package.json": '{"optionalDependencies": {"acme-enterprise": "1"}}',
        "setup.cfg": "[options.entry_points]\nacme.plugins =\n  fleet = acme_enterprise.fleet:P\n",
    }
    found = [(f.path, f.line, f.kind, f.grade) for f in checked(files).findings]
    assert found == [
        ("Dockerfile", 2, "build", "broken"),
        ("package.json", 1, "build", "tight"),
        ("pyproject.toml", 3, "build", "broken"),
        ("requirements.txt", 2, "build", "broken"),
        ("setup.cfg", 3, "build", "tight"),
    ]


def test_a_distribution_is_known_by_the_name_of_its_module(checked: Checked, manifest: str) -> None:
    text = manifest.replace('packages = ["acme-enterprise"]\n', "")
    finding = only(checked({**WRAP, "requirements.txt": "acme-enterprise==1\n"}, text))
    assert (finding.kind, finding.grade) == ("build", "broken")


def test_stubs_are_for_types_alone(checked: Checked) -> None:
    finding = only(checked({**WRAP, "src/acme/app.pyi": "from acme_enterprise import x\n"}))
    assert (finding.kind, finding.grade) == ("type-only", "tight")


def test_prose_may_speak_of_the_wrap(checked: Checked) -> None:
    text = "See enterprise/src/acme_enterprise/fleet.py, `import acme_enterprise`."
    report = checked({**WRAP, "README.md": text, "docs/a.rst": text, "NOTICE": text})
    assert (report.findings, report.coverage.not_analyzed) == ((), ())


def test_a_hit_in_a_language_without_an_extractor_is_not_analyzed(checked: Checked) -> None:
    files = {
        "enterprise/web/billing/License.elm": "",
        "web/page.elm": "import { License } from '../enterprise/web/billing/License'\n",
        "web/other.elm": "// https://docs.example.com/enterprise/web is not ours\n",
        "web/words.elm": "const plan = 'enterprise/small', enterprise = 1\n",
        "web/config.elm": "content: ['../enterprise/**/*.elm']\n",
    }
    report = checked(files)
    assert report.findings == ()
    assert [(one.path, one.reason) for one in report.coverage.not_analyzed] == [
        (
            "web/config.elm",
            "names ../enterprise/**/*.elm, but there is no extractor for .elm yet",
        ),
        (
            "web/page.elm",
            "names ../enterprise/web/billing/License, but there is no extractor for .elm yet",
        ),
    ]
    assert report.coverage.analyzed == 4


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ('import "github.com/acme/app/enterprise/fleet"', True),
        ('import "github.com/acme/app/enterprise"', True),
        ('import "github.com/acme/app/internal/enterprise2"', False),
        ("import x from '@acme/app/enterprise/fleet/report'", True),
        ("see docs.example.com/enterprise/plans", False),
        ("'personal/enterprise'", False),
        ("import x from '@/own/enterprise/fleet'", False),
        ("import x from '../own/enterprise/fleet'", False),
        ("require('@acme/ee/anything')", True),
        ("'elsewhere/enterprise/**'", False),
    ],
)
def test_paths_that_begin_elsewhere_are_known_by_their_end(
    checked: Checked, manifest: str, text: str, is_named: bool
) -> None:
    files = {
        "enterprise/fleet/report.ts": "",
        "own/enterprise/fleet.ts": "",
        "own/enterprise/fleet/x.ts": "",
        "web/a.xx": text,
    }
    report = checked(files, manifest.replace('["acme-enterprise"]', '["@acme/ee"]'))
    assert [one.path for one in report.coverage.not_analyzed] == ["web/a.xx"] * is_named


def test_a_path_that_begins_with_a_folder_of_the_same_name_is_another(
    checked: Checked, manifest: str
) -> None:
    text = manifest.replace("enterprise/**", "examples/kept/enterprise/**")
    files = {
        "examples/kept/enterprise/LICENSE": "",
        "tests/test_a.py": "A = ['enterprise/**', 'enterprise/LICENSE', 'x/enterprise/*.py']\n",
    }
    assert checked(files, text).findings == ()


def test_single_files_of_a_wrap_among_the_core(checked: Checked, manifest: str) -> None:
    text = manifest.replace('"enterprise/**"', '"**/*.ee.ts", "**/*_ee.py"')
    files = {
        "web/license.ee.ts": "",
        "web/a.ts": "import { License } from './license.ee'\n",
        "web/b.ts": "import { other } from './license'\n",
        "src/acme/__init__.py": "",
        "src/acme/billing_ee.py": "",
        "src/acme/app.py": "from acme.billing_ee import pay\nfrom . import billing_ee\n",
    }
    report = checked(files, text)
    assert [(f.path, f.line) for f in report.findings] == [
        ("src/acme/app.py", 1),
        ("src/acme/app.py", 2),
        ("web/a.ts", 1),
    ]
    assert report.coverage.not_analyzed == ()


def test_an_overlay_on_the_core_is_not_what_the_core_imports(
    checked: Checked, manifest: str
) -> None:
    """A proprietary tree that is copied over the core's when it is built."""
    files = {
        "src/acme/__init__.py": "",
        "src/acme/billing.py": "",
        "src/acme/app.py": "from acme.billing import pay\nimport acme.billing\n",
        "enterprise/overlay/src/acme/__init__.py": "",
        "enterprise/overlay/src/acme/billing.py": "",
    }
    assert checked(files, manifest).findings == ()


def test_findings_of_nobodys_files_are_left_to_claims(checked: Checked, manifest: str) -> None:
    narrow = manifest.replace('"**"', '"src/**"')
    report = checked({**WRAP, "tool.py": "import acme_enterprise\n"}, narrow)
    assert [(f.check, f.path) for f in report.findings] == [("claims", "tool.py")]


def test_without_a_wrap_the_core_is_loose_and_the_report_says_so(checked: Checked) -> None:
    text = (
        '[product]\nname = "a"\nprimary = "b"\n[core]\nspdx = "MIT"\npaths = ["**"]\n'
        '[features.x]\nside = "core"\nprimary = true\n'
    )
    report = checked({"a.py": "import acme_enterprise\n"}, text)
    assert (report.grade, report.kept) == ("loose", True)
    assert any("no wrap" in note for note in report.notes)


def test_a_distribution_is_known_by_its_normalized_name(checked: Checked) -> None:
    text = "acme-enterprise-tools\nAcme_Enterprise==1\nacme.enterprise\nacme-enterprise\n"
    report = checked({**WRAP, "requirements.txt": text})
    assert [finding.line for finding in report.findings] == [2, 3, 4]
    assert {finding.grade for finding in report.findings} == {"broken"}
