# SPDX-License-Identifier: Apache-2.0
"""A specifier means the file that TypeScript, Node and bundlers find for it, or nothing."""

import json
from collections.abc import Callable, Mapping

import pytest

from coreline.boundary.model import Finding, Report

Checked = Callable[..., Report]

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
paths = ["**/ee/**", "packages/server/**", "packages/premium/**"]
"""

FILES = {
    "web/package.json": json.dumps({"name": "web"}),
    "web/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    "web/src/ee/billing.ts": "",
    "web/src/ee/panel/index.tsx": "",
    "web/src/ee/types.d.ts": "",
    "web/src/lib/index.ts": "",
    "packages/premium/package.json": json.dumps(
        {
            "name": "@acme/premium",
            "main": "./dist/index.js",
            "exports": {
                ".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"},
                "./sso": {"import": "./dist/src/sso/index.js"},
                "./features/*": "./dist/features/*.js",
            },
        }
    ),
    "packages/premium/src/index.ts": "",
    "packages/premium/src/sso/index.ts": "",
    "packages/premium/src/features/fleet.ts": "",
    "packages/shared/package.json": json.dumps(
        {"name": "@acme/shared", "exports": {".": "./dist/index.js", "./*": "./dist/*.js"}}
    ),
    "packages/shared/src/index.ts": "",
    "packages/shared/src/ee/mask.ts": "",
}


def references(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.check == "references"]


def check_code(
    checked: Checked, code: str, path: str = "web/src/app.tsx", more: Mapping[str, str] = {}
) -> list[Finding]:
    found = references(checked({**FILES, path: code, **more}, MANIFEST))
    return [one for one in found if one.path == path]


@pytest.mark.parametrize(
    "specifier",
    [
        "./ee/billing",
        "./ee/billing.js",
        "./ee/billing.ts",
        "../src/ee/panel",
        "./ee/panel/index",
        "./ee/types",
        "./ee/not-built-yet",
        "@/src/ee/billing",
        "@/src/ee/billing?raw",
        "!!raw-loader!./ee/billing",
        "@acme/premium",
        "@acme/premium/sso",
        "@acme/premium/features/fleet",
        "@acme/premium/anything",
        "@acme/shared/ee/mask",
    ],
)
def test_a_specifier_that_leads_into_the_wrap(checked: Checked, specifier: str) -> None:
    (finding,) = check_code(checked, f"// head\nimport x from '{specifier}';\n")
    assert (finding.line, finding.kind, finding.names) == (2, "static", (specifier, "default"))
    assert finding.grade == "broken"


@pytest.mark.parametrize(
    "specifier",
    [
        # The same words elsewhere.
        "ee",
        "ee/billing",
        "@other/ee/billing",
        "./lib/ee",
        "./lib",
        "@/src/lib",
        "../ee/billing",
        "@acme/shared",
        "@acme/premium-free",
        "@acme/ee",
        "server",
        "server/ee",
        "premium",
        "https://example.com/ee/billing.js",
    ],
)
def test_a_specifier_that_leads_elsewhere(checked: Checked, specifier: str) -> None:
    assert check_code(checked, f"import x from '{specifier}';\n") == []


def test_extended_configurations_say_what_names_mean(checked: Checked) -> None:
    more = {
        "tools/package.json": json.dumps({"name": "@repo/tsconfig"}),
        "tools/base.json": "{}",
        "tools/next.json": "{}",
        "app/package.json": "{}",
        "app/tsconfig.json": json.dumps(
            {"extends": ["@not/installed/x.json", "../config/a.json", "./b"]}
        ),
        "config/a.json": "{}",
        "config/tsconfig.a.json": "{}",
        "app/b.json": "{}",
        "app/tsconfig.paths.json": """{
            // Comments, and a comma too many.
            "compilerOptions": {"baseUrl": "..", "paths": {"~lib/*": ["web/src/*", "gone/*"],}},
        }""",
        "app/src/tsconfig.json": '{"extends": "../tsconfig.paths.json"}',
    }
    found = check_code(checked, "import '~lib/ee/billing';", "app/src/a.ts", more)
    assert [one.kind for one in found] == ["static"]
    assert check_code(checked, "import '~lib/lib/index';", "app/src/a.ts", more) == []
    # A base of its own: names are looked up from it.
    based = check_code(checked, "import 'web/src/ee/billing';", "app/src/a.ts", more)
    assert [one.kind for one in based] == ["static"]


def test_a_configuration_of_a_package_of_the_workspace_is_extended(checked: Checked) -> None:
    more = {
        "tools/package.json": json.dumps({"name": "@repo/tsconfig"}),
        "tools/tsconfig.next.json": '{"compilerOptions": {"paths": {"#x/*": ["../web/src/*"]}}}',
        "app/tsconfig.json": '{"extends": "@repo/tsconfig/tsconfig.next.json"}',
    }
    assert check_code(checked, "import '#x/ee/billing';", "app/a.ts", more) == []
    more["tools/tsconfig.next.json"] = more["tools/tsconfig.next.json"].replace("#x", "x")
    assert len(check_code(checked, "import 'x/ee/billing';", "app/a.ts", more)) == 1


def test_the_most_specific_pattern_wins_and_the_first_that_is_there(checked: Checked) -> None:
    paths = {"*": ["./src/ee/*"], "lib/*": ["./src/lib/*"], "two/*": ["./none/*", "./src/ee/*"]}
    config = json.dumps({"compilerOptions": {"paths": paths}})
    more = {"web/tsconfig.json": config}
    assert check_code(checked, "import 'lib/ee';", more=more) == []
    assert len(check_code(checked, "import 'two/ee/../billing';", more=more)) == 1


def test_an_alias_by_which_alone_the_core_knows_the_wrap(checked: Checked) -> None:
    config = '{"compilerOptions": {"paths": {"@paid/*": ["./src/ee/*"]}}}'
    found = check_code(checked, "import '@paid/billing';", more={"web/tsconfig.json": config})
    assert [one.names for one in found] == [("@paid/billing",)]
    bundler = "module.exports = { alias: { '@paid': path.resolve(__dirname, './src/ee') } }"
    found = check_code(checked, "import '@paid/billing';", more={"web/vite.config.js": bundler})
    assert [one.names for one in found] == [("@paid/billing",)]
    imports = json.dumps({"name": "web", "imports": {"#paid/*": "./src/ee/*.ts"}})
    found = check_code(checked, "import '#paid/billing';", more={"web/package.json": imports})
    assert [one.names for one in found] == [("#paid/billing",)]
    imports = json.dumps({"name": "web", "imports": {"#ee/*": "@acme/premium/features/*"}})
    found = check_code(checked, "import '#ee/fleet';", more={"web/package.json": imports})
    assert [one.names for one in found] == [("#ee/fleet",)]


def test_an_alias_that_another_folder_sets_up(checked: Checked) -> None:
    config = '{"compilerOptions": {"paths": {"@acme-web/*": ["./src/*"], "*": ["./src/ee/*"]}}}'
    more = {"web/jsconfig.json": config, "web/tsconfig.json": "{}"}
    code = "import '@acme-web/ee/billing'; import '@acme-web/lib'; import 'billing';"
    found = check_code(checked, code, "plugins/own/a.js", more)
    assert [one.names for one in found] == [("@acme-web/ee/billing",)]
    more["package.json"] = json.dumps({"dependencies": {"@acme-web/ee": "1"}})
    assert check_code(checked, code, "plugins/own/a.js", more) == []


def test_a_shim_of_types_stands_for_nothing_that_runs(checked: Checked) -> None:
    config = '{"compilerOptions": {"paths": {"@acme/premium": ["./shims/premium.d.ts"]}}}'
    more = {"web/tsconfig.json": config, "web/shims/premium.d.ts": "export {};"}
    assert [one.kind for one in check_code(checked, "import '@acme/premium';", more=more)] == [
        "static"
    ]
    more["web/tsconfig.json"] = config.replace("premium.d.ts", "premium.ts")
    more["web/shims/premium.ts"] = "export {};"
    assert check_code(checked, "import '@acme/premium';", more=more) == []


def test_folders_taken_for_one(checked: Checked) -> None:
    config = '{"compilerOptions": {"rootDirs": ["src", "src/ee"]}}'
    more = {"web/tsconfig.json": config, "web/src/ee/ee/x.ts": ""}
    assert len(check_code(checked, "import './ee/x';", more=more)) == 1


def test_aliases_of_frameworks_without_a_configuration(checked: Checked) -> None:
    more = {
        "shop/package.json": "{}",
        "shop/nuxt.config.js": "",
        "shop/ee/x.vue": "",
        "shop/app/ee/y.ts": "",
        "shop/src/lib/ee/z.ts": "",
    }
    for specifier in ("~/ee/x.vue", "~~/ee/x.vue", "@/ee/x", "@@/ee/x", "~/ee/y", "$lib/ee/z"):
        code = f"<script>\nimport x from '{specifier}'\n</script>"
        (finding,) = check_code(checked, code, "shop/pages/[id]/(app)/page.vue", more)
        assert (finding.line, finding.column) == (2, 15)
    code = "<script>import x from '~/ee/none'</script>"
    assert len(check_code(checked, code, "shop/page.vue", more)) == 1


def test_a_package_of_the_core_that_has_the_name_is_meant(checked: Checked) -> None:
    more = {
        "packages/server/package.json": '{"name": "server"}',
        "packages/server/index.js": "",
        "libs/server/package.json": '{"name": "server"}',
        "libs/server/index.js": "",
    }
    assert check_code(checked, "import 'server';", "libs/app/a.js", more) == []
    del more["libs/server/package.json"]
    assert len(check_code(checked, "import 'server';", "libs/app/a.js", more)) == 1


def test_a_package_of_a_registry_is_no_folder(checked: Checked) -> None:
    more = {"old/package.json": json.dumps({"dependencies": {"ee": "1"}}), "old/ee/x.js": ""}
    assert check_code(checked, "import 'ee/x';", "old/a.js", more) == []
    # Where nothing says what the name means, a bundler may look in the package's own folders.
    more["old/package.json"] = "{}"
    assert len(check_code(checked, "import 'ee/x';", "old/a.js", more)) == 1
    more["old/jsconfig.json"] = "{}"
    assert check_code(checked, "import 'ee/x';", "old/a.js", more) == []


@pytest.mark.parametrize(
    ("table", "value", "needed"),
    [
        ("dependencies", "workspace:*", True),
        ("devDependencies", "workspace:^", True),
        ("dependencies", "1.0.0", True),
        ("devDependencies", "1.0.0", False),
        ("optionalDependencies", "1.0.0", False),
        ("peerDependencies", "1.0.0", False),
    ],
)
def test_dependencies_on_a_package_of_the_wrap(
    checked: Checked, table: str, value: str, *, needed: bool
) -> None:
    metadata = json.dumps({"name": "web", table: {"@acme/premium": value}})
    (finding,) = check_code(checked, metadata, "web/package.json")
    assert (finding.kind, finding.grade == "broken") == ("build", needed)


def test_a_dependency_that_is_a_folder_of_the_wrap(checked: Checked) -> None:
    metadata = json.dumps({"name": "web", "dependencies": {"paid": "file:../packages/premium"}})
    more = {"web/package.json": metadata}
    found = check_code(checked, metadata, "web/package.json")
    assert [one.grade for one in found] == ["broken"]
    assert len(check_code(checked, "import 'paid/x';", more=more)) == 1


def test_configurations_that_need_the_wrap(checked: Checked) -> None:
    config = """{
  "extends": "../packages/premium/tsconfig.json", // here
  "references": [{"path": "./src/ee"}],
  "exclude": ["src/ee"],
  "include": ["src/ee/**"],
}"""
    found = check_code(checked, config, "web/tsconfig.json")
    assert [(one.line, one.grade) for one in found] == [(2, "broken"), (3, "broken"), (5, "tight")]


def test_a_workspace_that_names_the_wrap_does_without_it(checked: Checked) -> None:
    code = "packages:\n  - web\n  - packages/premium\n  - '!web/src/ee'\n"
    (finding,) = check_code(checked, code, "pnpm-workspace.yaml")
    assert (finding.line, finding.kind, finding.grade) == (3, "build", "tight")


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("x = ['./ee/**/*.ts']", True),
        ("x = './src/ee'", True),
        ("x = 'src/ee/billing.ts'", True),
        ("x = '/src/ee/billing.ts'", True),
        ("x = '@acme/premium'", True),
        ("x = ['@acme/premium/sso']", True),
        ("x = '/settings/ee'", False),
        ("x = '/ee/billing'", False),
        ("x = 'ee'", False),
        ("x = 'see ./ee/billing.ts'", False),
        ("x = 'https://example.com/src/ee/billing.ts'", False),
        ("t('ee.billing')", False),
    ],
)
def test_strings_count_where_something_is_there(
    checked: Checked, code: str, *, is_found: bool
) -> None:
    found = check_code(checked, code)
    assert [(one.kind, one.grade) for one in found] == [("string", "tight")] * is_found


def test_tests_and_declarations(checked: Checked) -> None:
    mocked = "vi.mock('@/src/ee/billing', () => ({}));\n"
    (finding,) = check_code(checked, mocked, "web/src/__tests__/a.servertest.ts")
    assert (finding.kind, finding.grade) == ("test", "broken")
    shim = "declare module '@acme/premium' { }\nimport '@acme/premium/sso';\n"
    found = check_code(checked, shim, "web/src/shims.d.ts")
    assert [(one.kind, one.grade) for one in found] == [("type-only", "tight")] * 2


def test_what_a_file_passes_on(checked: Checked) -> None:
    code = "import { a, b } from './ee/billing';\nexport { a };\n"
    (finding,) = check_code(checked, code)
    assert finding.kind == "re-export"


def test_style_sheets(checked: Checked) -> None:
    more = {"web/styles/ee/_colors.scss": ""}
    code = "@use 'ee/colors';\n// @use 'ee/colors';\na { background: url(./ee/none.png) }\n"
    found = check_code(checked, code, "web/styles/main.scss", more)
    assert [(one.line, one.kind) for one in found] == [(1, "static"), (3, "string")]


def test_templates_are_looked_up_below_their_folders(checked: Checked) -> None:
    more = {
        "app/ee/templates/ee/plan.html": "",
        "app/ee/templates/server/both.html": "",
        "packages/server/x.js": "",
        "app/core/templates/server/both.html": "",
        "app/ee/static/ee/plan.css": "",
    }
    code = (
        '{% include "ee/plan.html" %}\n{% include "server/both.html" %}\n'
        '{% static "ee/plan.css" %}\n{% include "ee/none.html" %}\n'
        '{% include "ee/plan.html" ignore missing %}\n'
    )
    found = check_code(checked, code, "app/core/templates/page.html", more)
    assert [(one.line, one.kind, one.grade) for one in found] == [
        (1, "string", "broken"),
        (3, "string", "tight"),
        (5, "string", "tight"),
    ]
