# SPDX-License-Identifier: Apache-2.0
"""Whole proposals, for repositories as vendors draw the line in the field."""

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.extensions import load
from coreline.manifest.claims import Claim
from coreline.manifest.model import Manifest
from coreline.manifest.parse import parse_manifest
from coreline.proposal import signals
from coreline.proposal.model import Doubt, Signal
from coreline.proposal.outcome import Outcome, try_out
from coreline.proposal.proposal import Proposal, propose
from coreline.proposal.render import quote, render
from coreline.proposal.survey import survey_of
from coreline.sources.tree import MemoryTree

SIGNALS = {signal.name: signal for signal in load(signals, "SIGNAL", Signal)}
MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this "
    "software, to deal in it without restriction. The above copyright notice and this permission "
    "notice shall be included in all copies.\n"
)
TERMS = "The Acme Enterprise License\n\nYou need a valid subscription.\n"


def proposed(files: Mapping[str, str], **survey: object) -> tuple[Proposal, Manifest]:
    seen = dataclasses.replace(survey_of(files), **survey)  # type: ignore[arg-type]  # As named.
    proposal = propose(seen, SIGNALS)
    parsed = parse_manifest(render(proposal))
    for path in files:
        assert isinstance(parsed.line.claim(path), Claim), path
    return proposal, parsed.manifest


def tried(files: Mapping[str, str]) -> Outcome:
    return try_out(MemoryTree(files), propose(survey_of(files), SIGNALS))


def test_packages_beside_the_core() -> None:
    _, manifest = proposed(
        {
            "LICENSE": '* Content under the "premium/" directory is licensed under '
            f'"premium/LICENSE".\n\n{MIT}',
            "README.md": "# Base\n\nKeep tables that people can share. And more.\n",
            "backend/pyproject.toml": '[project]\nname = "base"\n',
            "backend/src/base/app.py": "",
            "premium/LICENSE": TERMS.replace("Enterprise", "Premium"),
            "premium/backend/pyproject.toml": '[project]\nname = "base-premium"\n'
            '[project.entry-points."base.plugins"]\nx = "base_premium:x"\n',
            "premium/backend/src/base_premium/__init__.py": "",
            "premium/backend/src/base_premium/fleet/a.py": "from base_premium import x\n",
            "premium/backend/tests/test_a.py": "",
        }
    )
    assert manifest.product.name == "base"
    assert manifest.product.primary == "Keep tables that people can share"
    assert manifest.core.spdx == "MIT"
    assert manifest.core.paths == ["backend/**", "LICENSE", "README.md"]
    assert manifest.core.packages == ["base"]
    assert manifest.core.doors == ["entry-point:base.plugins"]
    assert manifest.features["base"].primary
    premium = manifest.wraps["premium"]
    assert premium.paths == ["premium/**"]
    assert premium.modules == ["base_premium"]
    assert premium.packages == ["base-premium"]
    assert premium.spdx == "LicenseRef-Base-Premium"


def test_any_folder_of_a_name() -> None:
    _, manifest = proposed(
        {
            "LICENSE": '- Content under any "ee/" directory is licensed under "ee/LICENSE".\n\n'
            + MIT,
            "backend/api/views.py": "from ee.licensing import x\n",
            "backend/ee/licensing/__init__.py": "",
            "backend/ee/LICENSE": TERMS,
            "backend/tests/ee/test_a.py": "",
            "frontend/ee/a.tsx": "",
            "frontend/app/page.tsx": "",
        }
    )
    assert manifest.wraps["enterprise"].paths == ["backend/**/ee/**", "frontend/**/ee/**"]
    assert manifest.wraps["enterprise"].modules == ["ee"]
    assert manifest.core.paths == ["backend/**", "frontend/**", "LICENSE"]


def test_a_license_text_that_only_names_licenses() -> None:
    _, manifest = proposed(
        {
            "LICENSE.txt": '* Outside of the "commercial" folder, code is under the AGPL.\n'
            '* Within the "commercial" folder, code is under the Acme Commercial License.\n',
            "commercial/a.clj": "",
            "src/b.clj": "",
        }
    )
    assert manifest.core.spdx == "AGPL-3.0-only"
    assert manifest.wraps["commercial"].paths == ["commercial/**"]


def test_a_readme_speaks_of_much_beside_terms() -> None:
    _, manifest = proposed(
        {
            "README.md": "The license is MIT, except for the `ee` folder.\n\n"
            '<p>License <img src="docs/logo.png"></p>\n\n'
            "See `src/` for how the license is checked.\n",
            "docs/logo.png": "",
            "ee/a.py": "",
            "src/b.py": "",
            ".github/workflows/build-enterprise.yaml": "",
        }
    )
    assert list(manifest.wraps) == ["enterprise"]
    assert manifest.wraps["enterprise"].paths == ["ee/**"]


def test_parts_of_a_wrap_are_suggested_as_comments() -> None:
    proposal, manifest = proposed(
        {
            "premium/sso/a.ts": "",
            "premium/features/auditLog/b.ts": "",
            "premium/utils/c.ts": "",
            "ee/sso/d.ts": "",
            "e.ts": "",
        }
    )
    assert [(one.name, one.folder) for one in proposal.features] == [
        ("enterprise-sso", "ee/sso"),
        ("audit-log", "premium/features/auditLog"),
        ("premium-sso", "premium/sso"),
    ]
    assert list(manifest.features) == ["repository"]
    assert '# paths = ["premium/features/auditLog/**"]' in render(proposal)


def test_marks_in_file_names() -> None:
    _, manifest = proposed(
        {
            "LICENSE.md": 'Source code files that contain ".ee." in their filename or ".ee" in '
            "their dirname are licensed under the Acme Enterprise License.\n",
            "packages/cli/package.json": '{"name": "acme-cli"}',
            "packages/cli/src/sso.ee/saml.ts": "",
            "packages/cli/src/a.ee.ts": "",
            "packages/cli/src/a.ts": "",
            "packages/core/package.json": '{"name": "acme-core"}',
            "packages/core/src/b.ts": "",
        }
    )
    assert manifest.core.paths == ["packages/cli/**", "packages/core/**", "LICENSE.md"]
    assert manifest.wraps["enterprise"].paths == [
        "packages/cli/**/sso.ee/**",
        "packages/cli/**/*.ee.*",
    ]


def test_headers_are_the_truth_inside_a_wrap_and_outside() -> None:
    apache = "// SPDX-License-Identifier: Apache-2.0\n"
    proposal, manifest = proposed(
        {
            "LICENSE": "Licensed under the Apache License, Version 2.0 (the 'License'); you may "
            "not use this file",
            "ee/a.go": "// SPDX-License-Identifier: LicenseRef-Acme\n",
            "ee/types.go": apache,
            "ee/vendored/LICENSE": MIT,
            "ee/vendored/x.go": "",
            "server/b.go": apache,
            "server/audit.go": "// Acme Commercial License\n",
        }
    )
    assert manifest.core.paths == ["server/**", "ee/types.go", "LICENSE"]
    assert manifest.wraps["enterprise"].paths == ["ee/**"]
    assert manifest.wraps["commercial"].paths == ["server/audit.go"]
    assert manifest.wraps["enterprise"].spdx == "LicenseRef-Acme"
    assert any("ee/vendored/LICENSE" in note for note in proposal.notes)


def test_a_folder_that_the_license_text_forgot_is_the_wraps_and_said() -> None:
    proposal, manifest = proposed(
        {
            "LICENSE": 'Content under the "web/ee/" directory is licensed under "ee/LICENSE". '
            f"The rest:\n\n{MIT}",
            "ee/LICENSE": TERMS,
            "web/ee/a.ts": "",
            "web/b.ts": "",
            "shared/src/ee/c.ts": "",
            "shared/src/d.ts": "",
        }
    )
    assert "shared/src/ee/**" in manifest.wraps["enterprise"].paths
    assert "shared/**" in manifest.core.paths
    assert any("shared/src/ee/" in note and "letter" in note for note in proposal.notes)


def test_no_sign_of_a_wrap() -> None:
    proposal, manifest = proposed({"LICENSE": MIT, "src/a.py": "", "docs/enterprise/x.md": ""})
    assert manifest.wraps == {}
    assert manifest.core.paths == ["docs/**", "src/**", "LICENSE"]
    assert proposal.notes[0].startswith("No sign of a wrap")
    assert [(doubt.path, doubt.assumed) for doubt in proposal.doubts] == [
        ("docs/enterprise/", False)
    ]


def test_nothing_says_the_license_or_the_use() -> None:
    proposal, manifest = proposed({"src/a.py": ""})
    assert manifest.core.spdx == "LicenseRef-Unknown"
    assert "Not stated" in manifest.product.primary
    assert any("LicenseRef-Unknown" in note for note in proposal.notes)


def test_a_core_that_is_not_open_is_called_so() -> None:
    business = "Business Source License 1.1\nAdditional Use Grant: None\nChange Date: 2030-01-01\n"
    proposal, manifest = proposed(
        {"LICENSE": business, "a.go": "// SPDX-License-Identifier: BUSL-1.1\n", "b.go": ""}
    )
    assert manifest.core.spdx == "BUSL-1.1"
    assert manifest.wraps == {}
    assert any("not an open source license" in note for note in proposal.notes)


@pytest.mark.parametrize(("answer", "side"), [(True, "wrap"), (False, "core")])
def test_doubtful_folders_are_asked_about(answer: bool, side: str) -> None:
    asked: list[Doubt] = []

    def reply(doubt: Doubt) -> bool:
        asked.append(doubt)
        return answer

    files = {"LICENSE": MIT, "app/cloud/a.py": "", "app/b.py": "", "pro/c.py": ""}
    proposal = propose(survey_of(files), SIGNALS, reply)
    assert [(doubt.path, doubt.assumed) for doubt in asked] == [
        ("app/cloud/", False),
        ("pro/", True),
    ]
    line = parse_manifest(render(proposal)).line
    assert line.side("app/cloud/a.py") == line.side("pro/c.py") == side
    assert line.side("app/b.py") == "core"


def test_nobody_is_asked_about_a_folder_inside_a_wrap() -> None:
    files = {"ee/cloud/a.py": "", "ee/b.py": "", "c.py": ""}
    assert proposed(files)[0].doubts == ()


def test_two_doubtful_signs_are_enough() -> None:
    proposal, manifest = proposed(
        {"LICENSE": MIT, "app/cloud/package.json": '{"license": "UNLICENSED"}', "app/b.ts": ""}
    )
    assert manifest.wraps["cloud"].paths == ["app/cloud/**"]
    assert proposal.doubts == ()


def test_the_vendors_domains_are_those_of_most_commits() -> None:
    authors = {"gmail.com": 900, "acme.io": 100, "me.example-blog.net": 90, "other.org": 2}
    files = {"README.md": "Mail security@acme.io about it.\n"}
    assert proposed(files, authors=authors)[1].product.vendor == ["acme.io"]
    assert proposed({"x": ""}, authors=authors)[1].product.vendor == [
        "acme.io",
        "me.example-blog.net",
    ]
    assert proposed({"x": ""}, authors={"gmail.com": 9, "a.io": 1})[1].product.vendor == []


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        ({"Makefile": "test: build\n\tpytest\n", "tox.ini": ""}, ["make test"]),
        ({"Makefile": "test-all := 1\nTEST: x\n"}, []),
        ({"tox.ini": ""}, ["tox"]),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, ["python -m pytest"]),
        ({"package.json": '{"scripts": {"test": "jest"}}'}, ["npm test"]),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\""}}'}, []),
        ({"go.mod": "module x\n"}, ["go test ./..."]),
        ({"Cargo.toml": '[package]\nname = "x"\n'}, ["cargo test"]),
        (
            {"a/pytest.ini": "", "b/package.json": '{"scripts": {"test": "jest"}}'},
            ["python -m pytest a", "npm --prefix b test"],
        ),
        ({"ee/pytest.ini": "", "ee/a.py": ""}, []),
    ],
)
def test_commands_that_evidently_test_the_core(files: dict[str, str], commands: list[str]) -> None:
    assert proposed({"LICENSE": MIT, **files})[1].core.test == commands


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"package.json": '{"name": "@acme/acme-monorepo"}'}, "acme"),
        ({"go.mod": "module example.com/acme/tool/v2\n"}, "tool"),
        ({"a/pyproject.toml": '[project]\nname = "Acme"\n', "b/x": ""}, "acme"),
        (
            {f"{n}/pyproject.toml": f'[project]\nname = "{n}"\n' for n in ("a-sdk", "a", "b")},
            "a",
        ),
        ({"package.json": "{ not json", "x": ""}, "repository-1"),
    ],
)
def test_the_products_name(files: dict[str, str], name: str) -> None:
    assert proposed(files, folder="Repository 1")[1].product.name == name


def test_the_products_name_from_the_remote() -> None:
    remote = "git@forge.example.com:acme/Acme_Tool.git"
    assert proposed({"x": ""}, remote=remote)[1].product.name == "acme-tool"


def test_a_proposal_promises_what_holds() -> None:
    kept = {"LICENSE": MIT, "src/a.py": "import os\n", "ee/__init__.py": "", "ee/b.py": ""}
    assert tried(kept).proposal.promise == "loose"
    assert tried(kept).kept

    knows = {**kept, "src/a.py": "try:\n    import ee\nexcept ImportError:\n    ee = None\n"}
    assert tried(knows).proposal.promise == "standalone"
    assert tried(knows).kept
    assert "It is not loose: 1 place" in tried(knows).text

    needs = {**kept, "src/a.py": "import ee\n"}
    assert tried(needs).proposal.promise == "standalone"
    assert not tried(needs).kept
    assert "does not hold yet: 1 reference in 1 file" in tried(needs).text.replace("\n# ", " ")
    assert "src/a.py:1" in tried(needs).text


def test_reasons_stand_beside_their_claims() -> None:
    text = tried(
        {"LICENSE": f'"ee/" is licensed under "ee/LICENSE".\n\n{MIT}', "ee/LICENSE": TERMS, "a": ""}
    ).text
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if '"ee/**"' in line)
    assert lines[at].endswith("# 1 file")
    assert "ee/LICENSE:1: The Acme Enterprise License" in "\n".join(lines[at - 3 : at])
    assert "LICENSE:1:" in "\n".join(lines[at - 3 : at])


SEGMENTS = st.sampled_from(
    [
        *("ee", "pro", "cloud", "premium", "acme_enterprise", "src", "a.py", "b.ee.ts", "x_ee.go"),
        *("LICENSE", "package.json", "[id]", "(app)", "a*", "new\nline", "\udcff", 'q"', "docs"),
    ]
)
TEXTS = st.sampled_from(
    [
        *("", MIT, TERMS, '{"license": "UNLICENSED"}', "//go:build enterprise\npackage x\n"),
        "# SPDX-License-Identifier: LicenseRef-Acme\n",
        'All under "src/" is under the Acme License.\n',
    ]
)


@given(st.dictionaries(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join), TEXTS, min_size=1))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_repository_gets_a_manifest_that_claims_all_of_it(files: dict[str, str]) -> None:
    whole = {p: t for p, t in files.items() if not any(o.startswith(p + "/") for o in files)}
    proposal = propose(survey_of(whole), SIGNALS)
    line = parse_manifest(render(proposal)).line
    for path in whole:
        claim = line.claim(path)
        assert isinstance(claim, Claim), (path, claim)
        outside = {"docs"} | {t for p, t in whole.items() if p.endswith("LICENSE")}
        if "premium" in path.split("/")[:-1] and not outside & {*path.split("/"), MIT}:
            assert claim.side == "wrap", path


@given(st.text())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_quoted_texts_are_read_back(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"x = {quote(text)}") == {"x": text}
