# SPDX-License-Identifier: Apache-2.0
"""What tired developers write: each was once missed, graded wrongly, or a false alarm."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""
WRAP = {
    "ee/__init__.py": "",
    "ee/fleet.py": "X = 1\n",
    "ee/fleet/index.ts": "export const x = 1;\n",
    "ee/fleet.php": "<?php\n",
}
Checked = Callable[..., Report]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/a.py", "import pkgutil\npkgutil.get_data('ee', 'x.txt')\n"),
        ("app/a.py", "from importlib.resources import files\nfiles('ee').joinpath('x')\n"),
        ("app/a.py", "x = models.ForeignKey('ee.Fleet', on_delete=models.CASCADE)\n"),
        ("app/a.py", "if settings.DEBUG:\n    import ee.fleet\n"),
        ("app/a.py", "if DEBUG:\n    import ee.fleet\n"),
        ("app/a.cjs", "if (process.env.NODE_ENV === 'production') require('../ee/fleet');\n"),
        ("app/a.ts", "if (import.meta.env.PROD) await import('../ee/fleet');\n"),
    ],
)
def test_core_that_needs_the_wrap(checked: Checked, path: str, text: str) -> None:
    assert checked({**WRAP, path: text}, MANIFEST).grade == "broken"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/a.ts", "export type * from '../ee/fleet';\n"),
        ("app/a.ts", "export type * as fleet from '../ee/fleet';\n"),
        (
            "app/a.php",
            """<?php
if (is_file(__DIR__ . '/../ee/fleet.php')) {
  require __DIR__ . '/../ee/fleet.php';
}
""",
        ),
        ("app/a.py", "if os.path.exists('ee/fleet.py'):\n    import ee.fleet\n"),
        ("app/a.py", "if (Path(x) / 'ee').is_dir():\n    import ee.fleet\n"),
        ("app/a.cjs", "if (fs.existsSync('../ee/fleet')) require('../ee/fleet');\n"),
        ("app/a.py", "if settings.FLEET_ENABLED:\n    import ee.fleet\n"),
        ("app/a.cjs", "if (process.env.FLEET) require('../ee/fleet');\n"),
    ],
)
def test_core_that_can_do_without_it(checked: Checked, path: str, text: str) -> None:
    assert checked({**WRAP, path: text}, MANIFEST).grade == "tight"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "app/a.php",
            "<?php\nif (is_file('x.php')) {\n  require __DIR__.'/../ee/fleet.php';\n}\n",
        ),
        ("app/a.py", "if os.path.exists('x.py'):\n    import ee.fleet\n"),
        ("app/a.cjs", "if (fs.existsSync('../x')) require('../ee/fleet');\n"),
    ],
)
def test_a_probe_for_another_file_guards_nothing(checked: Checked, path: str, text: str) -> None:
    assert checked({**WRAP, path: text}, MANIFEST).grade == "broken"


@pytest.mark.parametrize(
    ("target", "grade"),
    [
        ("path.resolve(__dirname, 'ee')", "broken"),
        ("resolve(__dirname, 'src', '..', 'ee')", "broken"),
        ("path.resolve(__dirname, 'src')", "loose"),
    ],
)
def test_an_alias_in_pieces(checked: Checked, target: str, grade: str) -> None:
    files = {
        "vite.config.ts": f"export default {{resolve: {{alias: {{'@prem': {target}}}}}}}\n",
        "src/a.ts": "import '@prem/fleet';\n",
    }
    assert checked({**WRAP, **files}, MANIFEST).grade == grade


def test_a_library_as_a_linker_writes_it(checked: Checked) -> None:
    files = {
        "ee/CMakeLists.txt": "add_library(acme_fleet SHARED fleet.c)\n",
        "src/a.c": 'void f(void) { dlopen("libacme_fleet.so", 1); }\n',
    }
    assert checked(files, MANIFEST).grade == "broken"
