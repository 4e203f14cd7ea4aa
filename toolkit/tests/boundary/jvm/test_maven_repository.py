# SPDX-License-Identifier: Apache-2.0
"""A build of Maven with several modules, in Java: what the core's side says of the wrap."""

from collections.abc import Callable

from coreline.boundary.model import Finding, Report

Checked = Callable[..., Report]

POM = """\
<project>
  <groupId>com.acme</groupId>
  <artifactId>acme-parent</artifactId>
  <licenses><license><name>Apache-2.0</name></license></licenses>
  <modules>
    <module>core</module>
    <module>enterprise</module>
  </modules>
  <profiles>
    <profile>
      <id>full</id>
      <modules><module>enterprise/extra</module></modules>
    </profile>
  </profiles>
</project>
"""
CORE_POM = """\
<project>
  <parent><groupId>com.acme</groupId><artifactId>acme-parent</artifactId></parent>
  <artifactId>acme-core</artifactId>
  <dependencies>
    <dependency>
      <groupId>${project.parent.groupId}</groupId>
      <artifactId>fleet</artifactId>
    </dependency>
    <dependency>
      <groupId>com.acme</groupId>
      <artifactId>fleet</artifactId>
      <scope>test</scope>
    </dependency>
    <dependency>
      <groupId>org.other</groupId>
      <artifactId>fleet</artifactId>
    </dependency>
  </dependencies>
</project>
"""
WRAP_POM = """\
<project>
  <parent><groupId>com.acme</groupId><artifactId>acme-parent</artifactId></parent>
  <artifactId>fleet</artifactId>
  <dependencies>
    <dependency><groupId>org.other</groupId><artifactId>thing</artifactId></dependency>
  </dependencies>
</project>
"""
APP = """\
package com.acme.app;

import com.acme.ee.Fleet;
import com.acme.ee.api.Door;
import com.acme.shared.Both;
import com.acme.shared.Own;
import com.acme.shared.*;
import com.acme.eels.Fish;

class App {
    // com.acme.ee.Fleet
    Object fleet() {
        try {
            return Class.forName("com.acme.ee.Fleet");
        } catch (ClassNotFoundException missing) {
            return null;
        }
    }
    Object both() throws Exception {
        return Class.forName("com.acme.shared.Both");
    }
}
"""
FILES = {
    "pom.xml": POM,
    "core/pom.xml": CORE_POM,
    "core/src/main/java/com/acme/app/App.java": APP,
    "core/src/main/java/com/acme/shared/Own.java": "package com.acme.shared;\nclass Own { }\n",
    "core/src/main/java/com/acme/ee/api/Door.java": "package com.acme.ee.api;\nclass Door { }\n",
    "core/src/main/java/com/acme/eels/Fish.java": "package com.acme.eels;\nclass Fish { }\n",
    "core/src/main/resources/META-INF/services/com.acme.app.Plugin": "com.acme.ee.Fleet\n",
    "core/src/main/resources/beans.xml": '<beans>\n<bean class="com.acme.ee.Fleet"/>\n</beans>\n',
    "core/src/test/java/com/acme/app/AppTest.java": "import com.acme.ee.Fleet;\n",
    "enterprise/pom.xml": WRAP_POM,
    "enterprise/extra/pom.xml": "<project/>",
    "enterprise/src/main/java/com/acme/ee/Fleet.java": (
        "package com.acme.ee;\nimport com.acme.app.App;\nclass Fleet { }\n"
    ),
    "enterprise/src/main/java/com/acme/shared/Both.java": (
        "package com.acme.shared;\nclass Both { }\n"
    ),
}


def rows(report: Report) -> list[tuple[str, int, str, str | None]]:
    return [(one.path, one.line, one.kind, one.guard) for one in references(report)]


def references(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.check == "references"]


def test_a_build_with_modules_is_told_by_its_files(checked: Checked) -> None:
    app = "core/src/main/java/com/acme/app/App.java"
    resources = "core/src/main/resources"
    assert sorted(rows(checked(FILES)), key=repr) == sorted(
        [
            ("pom.xml", 7, "build", None),
            ("pom.xml", 12, "build", "flag profile full"),
            ("core/pom.xml", 7, "build", None),
            ("core/pom.xml", 11, "test", None),
            (app, 3, "static", None),
            (app, 5, "static", None),
            (app, 14, "dynamic", "try"),
            (app, 20, "dynamic", None),
            (f"{resources}/META-INF/services/com.acme.app.Plugin", 1, "dynamic", None),
            (f"{resources}/beans.xml", 2, "dynamic", None),
            ("core/src/test/java/com/acme/app/AppTest.java", 1, "test", None),
        ],
        key=repr,
    )


def test_a_class_of_a_shared_package_is_written_without_it(checked: Checked) -> None:
    code = "package com.acme.shared;\nclass User {\n  Both made() { return new Both(); }\n}\n"
    other = "package com.acme.app;\nclass User { Both both; }\n"
    imported = "package com.acme.shared;\nimport com.acme.app.Both;\nclass Third { Both both; }\n"
    own = "package com.acme.shared\nval both = Both.of()\nval x = other.Both\n"
    folder = "core/src/main/java/com/acme"
    report = checked(
        {
            f"{folder}/shared/User.java": code,
            f"{folder}/shared/Third.java": imported,
            f"{folder}/shared/own.kt": own,
            f"{folder}/app/User.java": other,
            "enterprise/src/main/java/com/acme/shared/Both.java": "package com.acme.shared;\n",
        }
    )
    assert rows(report) == [
        (f"{folder}/shared/User.java", 3, "static", None),
        (f"{folder}/shared/User.java", 3, "static", None),
        (f"{folder}/shared/own.kt", 2, "static", None),
    ]


def test_the_core_alone_is_loose(checked: Checked) -> None:
    own = ("App.java", "pom.xml", "Plugin", "beans.xml", "AppTest.java")
    files = {path: text for path, text in FILES.items() if not path.endswith(own)}
    report = checked(files)
    assert report.grade == "loose"
    assert report.coverage.not_analyzed == ()


def test_the_license_of_a_project_is_held_against_its_side(checked: Checked) -> None:
    wrong = {"enterprise/pom.xml": POM.replace("<module>enterprise</module>", "")}
    found = [one for one in checked({**FILES, **wrong}).findings if one.check == "spdx"]
    assert [(one.path, one.line, one.kind) for one in found] == [
        ("enterprise/pom.xml", 4, "metadata")
    ]


def test_a_document_type_is_refused_where_the_file_may_name_a_wrap(checked: Checked) -> None:
    bomb = (
        '<!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;">]>'
        "<project><modules><module>enterprise/x</module></modules><a>&y;</a></project>"
    )
    report = checked({**FILES, "core/pom.xml": bomb})
    found = [one for one in report.findings if one.path == "core/pom.xml"]
    assert [one.kind for one in found] == ["unreadable"]
    assert "document type" in found[0].message
