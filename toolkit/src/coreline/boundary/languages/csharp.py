# SPDX-License-Identifier: Apache-2.0
"""C#: usings, qualified names, types and assemblies looked up by name, and ``#if``."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, guarding, resolving

_METHOD = "class A {{ void F() {{ {0} }} }}"
_LOOK_UP = 'Type.GetType("acme_ee.Fleet, acme_ee");'

LANGUAGE = Language(
    name="csharp",
    sentence="Usings, qualified names, types and assemblies looked up by name, and conditions.",
    version=1,
    extract=extracting("coreline.boundary.dotnet.csharp"),
    define=defining("coreline.boundary.dotnet.resolve"),
    resolver=resolving("coreline.boundary.dotnet.resolve"),
    suffixes=frozenset([".cs"]),
    grammar=("tree_sitter_c_sharp", "language"),
    guard=guarding("coreline.boundary.dotnet.csharp"),
    examples=(
        Example("using acme_ee.Fleet;", (("static", None, "acme_ee.Fleet", ()),)),
        Example("global using acme_ee;", (("static", None, "acme_ee", ()),)),
        Example("using static acme_ee.Fleet;", (("static", None, "acme_ee.Fleet", ()),)),
        Example("using F = acme_ee.Fleet;", (("static", None, "acme_ee.Fleet", ()),)),
        Example("#if EE\nusing acme_ee;\n#endif", (("static", "flag EE", "acme_ee", ()),)),
        Example(
            "#if NET8_0_OR_GREATER\nusing acme_ee;\n#endif", (("static", None, "acme_ee", ()),)
        ),
        Example(
            "namespace Acme { class A : acme_ee.B<int> { } }",
            (("static", None, "acme_ee.B", ()),),
        ),
        Example(
            _METHOD.format("if (Flags.EE) { new acme_ee.B(); }"),
            (("static", None, "acme_ee.B", ()),),
        ),
        Example(_METHOD.format("acme_ee.B.Go();"), (("static", None, "acme_ee.B.Go", ()),)),
        Example(_METHOD.format(_LOOK_UP), (("dynamic", None, "acme_ee.Fleet", ()),)),
        Example(
            _METHOD.format(f"try {{ {_LOOK_UP} }} catch (Exception e) {{ }}"),
            (("dynamic", "try", "acme_ee.Fleet", ()),),
        ),
        Example(
            _METHOD.format(f"try {{ {_LOOK_UP} }} catch {{ throw; }}"),
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example(
            _METHOD.format(f"if (settings.Enterprise) {_LOOK_UP}"),
            (("dynamic", "flag settings.Enterprise", "acme_ee.Fleet", ()),),
        ),
        Example(_METHOD.format('Assembly.Load("acme_ee");'), (("dynamic", None, "acme_ee", ()),)),
        Example(
            '[assembly: InternalsVisibleTo("acme_ee.Tests")]',
            (("string", None, "acme_ee.Tests", ()),),
        ),
        Example('// using acme_ee;\nclass A { string s = "see acme_ee there"; int acme_ee; }'),
    ),
)
