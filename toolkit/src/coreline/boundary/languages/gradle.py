# SPDX-License-Identifier: Apache-2.0
"""Gradle's build scripts: projects, builds and artifacts of a wrap that they ask for."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

LANGUAGE = Language(
    name="gradle",
    sentence="Projects, included builds and artifacts of a wrap, in Groovy and in Kotlin.",
    version=1,
    extract=extracting("coreline.boundary.jvm.gradle"),
    define=defining("coreline.boundary.jvm.gradle"),
    resolver=resolving("coreline.boundary.jvm.projects"),
    filenames=("*.gradle", "*.gradle.kts"),
    always=True,
    examples=(
        Example(
            'include(":app", ":ee")', (("build", None, ":app", ()), ("build", None, ":ee", ()))
        ),
        Example("include 'ee'", (("build", None, ":ee", ()),)),
        Example('includeBuild("ee")', (("build", None, "ee/", ()),)),
        Example(
            'if (System.getenv("EE") != null) {\n  include(":ee")\n}',
            (("build", "flag env EE", ":ee", ()),),
        ),
        Example('if (file("ee").exists()) include(":ee")', (("build", "probe", ":ee", ()),)),
        Example(
            "if (hasProperty('oss')) {\n} else {\n  include ':ee'\n}",
            (("build", "flag oss", ":ee", ()),),
        ),
        Example('dependencies { implementation(project(":ee")) }', (("build", None, ":ee", ()),)),
        Example("dependencies { runtimeOnly project(path: ':ee') }", (("build", None, ":ee", ()),)),
        Example('dependencies { api("com.acme:acme-ee:1.0") }', (("build", None, "acme-ee", ()),)),
        Example(
            "dependencies { implementation(projects.ee.fleet) }",
            (("build", None, "projects.ee.fleet", ()),),
        ),
        Example(
            'dependencies { testImplementation(project(":ee")) }', (("test", None, ":ee", ()),)
        ),
        Example(
            'apply from: "$rootDir/ee/build.gradle"', (("build", None, "ee/build.gradle", ()),)
        ),
        Example('// include(":ee")\n/* implementation(project(":ee")) */'),
    ),
)
