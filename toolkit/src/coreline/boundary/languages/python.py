# SPDX-License-Identifier: Apache-2.0
"""Python, of every version that tree-sitter's grammar knows (2 and 3)."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Guard, Language, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    pass


def _extract(source: Source) -> FileFacts:
    # The parser is imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.python.extract import extract

    return extract(source)


def _guard() -> Guard:
    from coreline.boundary.python.guards import Guards

    guards = Guards()
    return lambda path: guards.around(path).guard


_EXAMPLES = (
    Example("import acme_ee.fleet", (("static", None, "acme_ee.fleet", ()),)),
    Example("import os, ee.a as b", (("static", None, "ee.a", ()),)),
    Example("from ee.a import (\n    x,\n    y as z,\n)", (("static", None, "ee.a", ("x", "y")),)),
    Example("from ee import *", (("static", None, "ee", ("*",)),)),
    Example("from ..ee import x", (("static", None, "ee", ("x",)),)),
    Example("def f():\n    import ee", (("local", None, "ee", ()),)),
    Example(
        "try:\n    import ee\nexcept ImportError:\n    ee = None", (("static", "try", "ee", ()),)
    ),
    Example(
        "try:\n    import ee\nexcept (KeyError, ModuleNotFoundError) as e:\n    pass",
        (("static", "try", "ee", ()),),
    ),
    Example("try:\n    import ee\nexcept OSError:\n    pass", (("static", None, "ee", ()),)),
    Example("try:\n    import ee\nexcept ImportError:\n    raise", (("static", None, "ee", ()),)),
    Example(
        "try:\n    import x\nexcept ImportError:\n    import ee", (("static", None, "ee", ()),)
    ),
    Example(
        "try:\n    def f():\n        import ee\nexcept ImportError:\n    pass",
        (("local", None, "ee", ()),),
    ),
    Example("with suppress(ImportError):\n    import ee", (("static", "try", "ee", ()),)),
    Example("if settings.CLOUD:\n    import ee", (("static", "flag settings.CLOUD", "ee", ()),)),
    Example(
        'def f():\n    if not os.getenv("EE"):\n        return\n    import ee',
        (("local", "flag env EE", "ee", ()),),
    ),
    Example("if lease.expired:\n    import ee", (("static", None, "ee", ()),)),
    Example("if TYPE_CHECKING:\n    import ee", (("type-only", None, "ee", ()),)),
    Example('importlib.import_module("ee.a")', (("dynamic", None, "ee.a", ()),)),
    Example('import_module(f"ee.{name}")', (("dynamic", None, "ee", ()),)),
    Example('__import__("ee." + name)', (("dynamic", None, "ee", ()),)),
    Example('if find_spec("ee"):\n    pass', (("dynamic", "probe", "ee", ()),)),
    Example('INSTALLED_APPS = ["ee"]', (("string", None, "ee", ()),)),
    Example('@patch("ee.a.b")\ndef test(): ...', (("string", None, "ee.a.b", ()),)),
    Example(
        "from ee import a, b\n__all__ = ['a']",
        (("re-export", None, "ee", ("a", "b")),),
    ),
    Example("from ee import a as a", (("re-export", None, "ee", ("a",)),)),
    Example('import_module("ee" ".a")', (("dynamic", None, "ee.a", ()),)),
    Example('x: "list[ee.A]" = []', (("type-only", None, "ee.A", ()),)),
    Example('os.path.join(ROOT, "ee", "a.txt")', (("path", None, "ee/a.txt", ()),)),
    Example('ROOT / "ee" / "a.txt"', (("path", None, "ee/a.txt", ()),)),
    Example('open("ee/a.txt")', (("path", None, "ee/a.txt", ()),)),
    Example('subprocess.run("python -m acme_ee.serve")', (("string", None, "acme_ee.serve", ()),)),
    Example('exec("import ee.a as x")', (("dynamic", None, "ee.a", ()),)),
    Example('sys.modules["ee.a"].x', (("dynamic", None, "ee.a", ()),)),
    Example('import_module(".ee", __package__)', (("dynamic", None, "ee", ()),)),
    Example('setup(entry_points={"x": ["y = acme_ee.z:Y"]})', (("string", None, "acme_ee.z", ()),)),
    Example('"""About ee.a."""\n# import ee\nee = 1\nimport x as ee\nprint("see ee now")'),
    Example(
        "from coreline_sdk import Coreline\nCoreline('x').entitled('fleet')",
        (("gate", None, "entitled", ("fleet",)),),
    ),
)

LANGUAGE = Language(
    name="python",
    sentence="Imports of every kind, look-ups by string, and their guards.",
    version=9,
    extract=_extract,
    examples=_EXAMPLES,
    interpreters=frozenset(["python"]),
    suffixes=frozenset([".py", ".pyi", ".pyw"]),
    grammar=("tree_sitter_python", "language"),
    guard=_guard,
)
