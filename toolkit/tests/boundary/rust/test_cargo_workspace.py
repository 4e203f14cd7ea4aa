# SPDX-License-Identifier: Apache-2.0
"""A workspace of Cargo: crates, features, and modules of a wrap among those of the core."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "MIT"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**", "**/enterprise.rs", "**/enterprise/**"]
"""
ROOT = """\
[workspace]
members = ["crates/*", "enterprise/fleet"]
[workspace.package]
license = "MIT"
[workspace.dependencies]
acme-fleet = { path = "enterprise/fleet" }
"""
APP = """\
[package]
name = "acme-app"
license = "MIT"
[features]
default = ["web"]
web = []
full = ["dep:acme-fleet", "web"]
[dependencies]
acme-fleet = { workspace = true, optional = true }
audit = { package = "acme-audit", path = "../../enterprise/audit" }
[dev-dependencies]
acme-fleet = { workspace = true }
"""
LIB = """\
#[cfg(feature = "full")]
pub mod enterprise;
mod plain;

#[cfg(feature = "full")]
use acme_fleet::Fleet;
use acme_fleet::{self, ships::*};
use acme_fleeting::Other;

#[cfg(not(feature = "full"))]
fn none() { acme_fleet::go(); }

pub use crate::enterprise::Plan;

#[cfg(test)]
mod tests {
    use super::enterprise::Plan;
}
"""
FILES = {
    "Cargo.toml": ROOT,
    "crates/app/Cargo.toml": APP,
    "crates/app/src/lib.rs": LIB,
    "crates/app/src/plain.rs": 'const SQL: &str = include_str!("../../../enterprise/a.sql");\n',
    "crates/app/src/enterprise.rs": "pub struct Plan;\n",
    "crates/app/tests/fleet.rs": "use acme_fleet::Fleet;\n",
    "enterprise/a.sql": "",
    "enterprise/fleet/Cargo.toml": '[package]\nname = "acme-fleet"\nlicense = "MIT"\n',
    "enterprise/fleet/src/lib.rs": "pub struct Fleet;\n",
    "enterprise/audit/Cargo.toml": '[package]\nname = "acme-audit"\n',
}


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    found = (one for one in report.findings if one.check == "references")
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found]


def test_a_workspace_is_told_by_its_crates_and_features(checked: Checked) -> None:
    lib, full = "crates/app/src/lib.rs", "flag feature full"
    assert sorted(rows(checked(FILES, MANIFEST)), key=repr) == sorted(
        [
            ("Cargo.toml", 2, "build", None, "broken"),
            ("Cargo.toml", 6, "build", None, "tight"),
            ("crates/app/Cargo.toml", 9, "build", full, "tight"),
            ("crates/app/Cargo.toml", 10, "build", None, "broken"),
            ("crates/app/Cargo.toml", 12, "test", None, "broken"),
            (lib, 2, "re-export", full, "tight"),
            (lib, 6, "static", full, "tight"),
            (lib, 7, "static", None, "broken"),
            (lib, 7, "static", None, "broken"),
            (lib, 11, "local", None, "broken"),
            (lib, 13, "re-export", None, "broken"),
            (lib, 17, "test", None, "broken"),
            ("crates/app/src/plain.rs", 1, "static", None, "broken"),
            ("crates/app/tests/fleet.rs", 1, "test", None, "broken"),
        ],
        key=repr,
    )


def test_a_feature_that_is_on_by_default_guards_nothing(checked: Checked) -> None:
    files = {**FILES, "crates/app/Cargo.toml": APP.replace('["web"]', '["full"]', 1)}
    found = [row for row in rows(checked(files, MANIFEST)) if row[0] == "crates/app/Cargo.toml"]
    assert found[0] == ("crates/app/Cargo.toml", 9, "build", None, "broken")


def test_the_license_of_a_crate_is_held_against_its_side(checked: Checked) -> None:
    found = [one for one in checked(FILES, MANIFEST).findings if one.check == "spdx"]
    assert [(one.path, one.line) for one in found] == [("enterprise/fleet/Cargo.toml", 3)]


@pytest.mark.parametrize(
    "code",
    [
        "mod fleet;\nuse fleet::Ship;\nfn enterprise() { let acme_fleet = 1; }\n",
        "// use acme_fleet::Fleet;\n",
        'const S: &str = "acme_fleet is not here";\n',
        "mod enterprise { pub fn go() {} }\nfn f() { enterprise::go(); }\n",
    ],
)
def test_what_only_looks_alike_is_no_finding(checked: Checked, code: str) -> None:
    files = {
        "crates/web/src/main.rs": code,
        "crates/web/src/fleet.rs": "pub struct Ship;\n",
        "enterprise/fleet/Cargo.toml": FILES["enterprise/fleet/Cargo.toml"],
        "crates/app/src/lib.rs": "",
        "crates/app/src/enterprise.rs": "",
    }
    assert rows(checked(files, MANIFEST)) == []
