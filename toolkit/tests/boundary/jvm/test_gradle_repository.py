# SPDX-License-Identifier: Apache-2.0
"""A build of Gradle with several projects, in Kotlin: what the core's side says of the wrap."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

SETTINGS = """\
rootProject.name = "acme"
include(":app", ":tools")
if (System.getenv("ACME_FULL") != null) {
    include(":enterprise:fleet")
}
include(":audit")
project(":audit").projectDir = file("enterprise/audit")
// include(":enterprise:other")
"""
BUILD = """\
plugins { kotlin("jvm") }
dependencies {
    implementation(project(":tools"))
    implementation(project(":audit"))
    implementation(libs.acme.fleet)
    implementation(libs.kotlin.stdlib)
    runtimeOnly("com.acme:acme-fleet:1.0")
    testImplementation(project(":enterprise:fleet"))
    if (project.hasProperty("full")) {
        implementation(projects.enterprise.fleet)
    }
}
"""
CATALOG = """\
[libraries]
kotlin-stdlib = "org.jetbrains.kotlin:kotlin-stdlib:2.0"
acme-fleet = { module = "com.acme:acme-fleet", version = "1.0" }
"""
APP = """\
package com.acme.app

import com.acme.fleet.Fleet as Ships
import com.acme.fleet.*
import com.acme.fleeting.Other

class App(val ships: com.acme.fleet.Fleet) {
    fun lazy() = runCatching { Class.forName("com.acme.fleet.Fleet") }
    fun flagged() {
        if (Features.FLEET) {
            Class.forName("com.acme.fleet.Fleet")
        }
    }
}
"""
FILES = {
    "settings.gradle.kts": SETTINGS,
    "gradle/libs.versions.toml": CATALOG,
    "app/build.gradle.kts": BUILD,
    "app/src/main/kotlin/com/acme/app/App.kt": APP,
    "app/src/main/kotlin/com/acme/fleeting/Other.kt": "package com.acme.fleeting\nclass Other\n",
    "tools/build.gradle": "group 'x'\napply from: \"$rootDir/enterprise/shared.gradle\"\n",
    "enterprise/shared.gradle": "",
    "enterprise/audit/build.gradle.kts": "",
    "enterprise/fleet/build.gradle.kts": (
        'group = "com.acme"\nbase {\n    archivesName = "acme-fleet"\n}\n'
    ),
    "enterprise/fleet/src/main/kotlin/com/acme/fleet/Fleet.kt": (
        "package com.acme.fleet\n\nclass Fleet\n"
    ),
}


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    found = (one for one in report.findings if one.check == "references")
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found]


def test_a_build_with_projects_is_told_by_its_settings(checked: Checked) -> None:
    app, build = "app/src/main/kotlin/com/acme/app/App.kt", "app/build.gradle.kts"
    assert sorted(rows(checked(FILES)), key=repr) == sorted(
        [
            ("settings.gradle.kts", 4, "build", "flag env ACME_FULL", "tight"),
            ("settings.gradle.kts", 6, "build", None, "broken"),
            ("settings.gradle.kts", 7, "build", None, "tight"),
            ("gradle/libs.versions.toml", 3, "build", None, "tight"),
            (build, 4, "build", None, "broken"),
            (build, 5, "build", None, "broken"),
            (build, 7, "build", None, "broken"),
            (build, 8, "test", None, "broken"),
            (build, 10, "build", "flag full", "tight"),
            (app, 3, "static", None, "broken"),
            (app, 4, "static", None, "broken"),
            (app, 7, "static", None, "broken"),
            (app, 8, "dynamic", "try", "tight"),
            (app, 11, "dynamic", "flag Features.FLEET", "tight"),
            ("tools/build.gradle", 2, "build", None, "broken"),
        ],
        key=repr,
    )


@pytest.mark.parametrize(
    "code",
    [
        "import com.acme.fleeting.Other\n",
        "// import com.acme.fleet.Fleet\n/* com.acme.fleet.Fleet */\n",
        'val text = "See com.acme.fleet.Fleet for more"\n',
        'val route = "/api/enterprise/fleet"\n',
        'val page = "https://acme.com/enterprise/fleet"\n',
        "val fleet = 1\nval x = app.com.acme.fleet\n",
    ],
)
def test_what_only_looks_alike_is_no_finding(checked: Checked, code: str) -> None:
    wrap = "enterprise/fleet/src/main/kotlin/com/acme/fleet/Fleet.kt"
    other = "app/src/main/kotlin/com/acme/fleeting/Other.kt"
    files = {"app/A.kt": code, wrap: FILES[wrap], other: FILES[other]}
    report = checked(files)
    assert rows(report) == []
    assert report.coverage.not_analyzed == ()
