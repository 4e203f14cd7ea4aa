# SPDX-License-Identifier: Apache-2.0
"""What counts as a guard of a reference in Python, and what only looks like one."""

import pytest

from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.languages.python import LANGUAGE
from coreline.boundary.names import Names

NAMES = Names(
    modules={"ee": "ee"},
    words=frozenset(["ee"]),
    folders=frozenset(["ee"]),
    packages={},
)


def only(code: str) -> Reference:
    data = code.encode()
    (reference,) = LANGUAGE.extract(Source(data, NAMES, NAMES.search(data))).references
    return reference


@pytest.mark.parametrize(
    "handler",
    [
        "except ImportError:\n    ee = None",
        "except:\n    pass",
        "except Exception:\n    log()",
        "except (ValueError, ImportError):\n    pass",
        "except builtins.ImportError as error:\n    pass",
        "except ValueError:\n    raise\nexcept ModuleNotFoundError:\n    pass",
        "except ImportError as error:\n    if 'x' not in str(error):\n        raise\n    x = 1",
        "except ImportError:\n    if a:\n        raise\n    elif b:\n        raise",
        "except ImportError:\n    if a:\n        raise\n    else:\n        pass",
    ],
)
def test_handlers_that_guard(handler: str) -> None:
    assert only(f"try:\n    import ee\n{handler}").guard == "try"


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    pass",
        "except ImportError:\n    raise",
        "except ImportError as error:\n    log()\n    raise Missing() from error",
        "except ImportError:\n    print('x')\n    sys.exit(1)",
        "except ImportError:\n    raise\nexcept Exception:\n    pass",
        "except ImportError:\n  if a:\n    raise\n  elif b:\n    exit(1)\n  else:\n    raise",
        "finally:\n    pass",
    ],
)
def test_handlers_that_guard_nothing(handler: str) -> None:
    assert only(f"try:\n    import ee\n{handler}").guard is None


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    pass\nexcept ImportError:\n    import ee",
        "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import ee",
        "try:\n    pass\nexcept ImportError:\n    pass\nfinally:\n    import ee",
        "try:\n    f = lambda: import_module('ee')\nexcept ImportError:\n    pass",
        "with suppress(KeyError):\n    import ee",
        "with open('x') as f:\n    import ee",
    ],
)
def test_places_outside_the_guard(code: str) -> None:
    assert only(code).guard is None


@pytest.mark.parametrize(
    ("condition", "flag"),
    [
        ("settings.EE", "settings.EE"),
        ("not django.conf.settings.OSS_ONLY", "django.conf.settings.OSS_ONLY"),
        ("HAS_EE", "HAS_EE"),
        ("self.config.edition == 'pro'", "self.config.edition"),
        ("os.environ.get('EE') == '1'", "env EE"),
        ("os.environ['EE']", "env EE"),
        ("getattr(settings, 'EE', False)", "settings.EE"),
        ("apps.is_installed(name)", "apps.is_installed(name)"),
        ("is_cloud()", "is_cloud()"),
        ("ee_available", "ee_available"),
        ("user and settings.EE", "settings.EE"),
    ],
)
def test_conditions_that_ask_for_a_flag(condition: str, flag: str) -> None:
    assert only(f"if {condition}:\n    import ee").guard == f"flag {flag}"


@pytest.mark.parametrize(
    "condition",
    ["lease.expired", "user.is_active", "plan == FREE_PLAN", "x in ALLOWED", "True", "count > 3"],
)
def test_conditions_on_the_moment_are_no_flags(condition: str) -> None:
    assert only(f"if {condition}:\n    import ee").guard is None


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        ("if settings.OSS:\n    pass\nelse:\n    import ee", "flag settings.OSS"),
        ("if a:\n    pass\nelif settings.EE:\n    import ee", "flag settings.EE"),
        ("x = import_module('ee') if settings.EE else None", "flag settings.EE"),
        ("x = settings.EE and import_module('ee')", "flag settings.EE"),
        ("def f():\n    if settings.OSS:\n        return\n    import ee", "flag settings.OSS"),
        ("def f():\n    import ee\n    if settings.OSS:\n        return", None),
        ("if settings.OSS:\n    raise X\nimport ee", None),
        ("if settings.OSS:\n    sys.exit()\nimport ee", "flag settings.OSS"),
        ("class A:\n    if settings.EE:\n        import ee", "flag settings.EE"),
        ("ee = pytest.importorskip('ee')", "probe"),
        ("pytest.importorskip(NAME)\nimport ee", "importorskip"),
    ],
)
def test_where_a_flag_reaches(code: str, guard: str | None) -> None:
    assert only(code).guard == guard


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("if TYPE_CHECKING:\n    import ee", "type-only"),
        ("if typing.TYPE_CHECKING:\n    import ee", "type-only"),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import ee", "static"),
        ("if not TYPE_CHECKING:\n    import ee", "static"),
        ("def f(x=import_module('ee')): ...", "dynamic"),
        ("class A:\n    import ee", "static"),
        ("async def f():\n    import ee", "local"),
    ],
)
def test_types_and_functions(code: str, form: str) -> None:
    assert only(code).form == form


@pytest.mark.parametrize(
    ("code", "module", "needed"),
    [
        ("include('ee.urls')", "ee.urls", True),
        ("path('x/', include(('ee.urls', 'ee')))", "ee.urls", True),
        ("MIDDLEWARE += ['ee.Middleware']", "ee.Middleware", True),
        ("INSTALLED_APPS.append('ee')", "ee", True),
        ("monkeypatch.setattr('ee.a.b', 1)", "ee.a.b", True),
        ("import_string('ee.%s' % x)", "ee", True),
        ("import_string('ee.{}'.format(x))", "ee", True),
        ("import_module(name='ee.a')", "ee.a", True),
        ("X = {'adapter': 'ee.a'}", "ee.a", False),
        ("'ee.a' in INSTALLED_APPS", "ee.a", False),
        ("entry = 'ee.a:Plugin'", "ee.a", False),
        ("open('backend/ee/x.txt')", "backend/ee/x.txt", False),
    ],
)
def test_strings_that_name_modules(code: str, module: str, needed: bool) -> None:
    found = [
        one
        for one in LANGUAGE.extract(
            Source(code.encode(), NAMES, NAMES.search(code.encode()))
        ).references
        if one.module == module
    ]
    assert [one.needed for one in found] == [needed]


@pytest.mark.parametrize(
    "code",
    [
        "if find_spec('numpy'):\n    import ee",
        "if apps.is_installed('debug_toolbar'):\n    import ee",
        "if 'numpy' in sys.modules:\n    import ee",
        "if 'debug_toolbar' in settings.INSTALLED_APPS:\n    import ee",
        "pytest.importorskip('numpy')\nimport ee",
        "def f():\n    if not find_spec('numpy'):\n        return\n    import ee",
        "x = import_module('ee') if find_spec('numpy') else None",
    ],
)
def test_a_probe_for_another_module_guards_nothing(code: str) -> None:
    assert only(code).guard is None


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        ("if 'numpy' in sys.modules and settings.EE:\n    import ee", "flag settings.EE"),
        ("if apps.is_installed(NAME):\n    import ee", "flag apps.is_installed(NAME)"),
    ],
)
def test_what_else_a_condition_asks_counts(code: str, guard: str) -> None:
    assert only(code).guard == guard
