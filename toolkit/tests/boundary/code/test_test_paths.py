# SPDX-License-Identifier: Apache-2.0
"""Which files are tests, by the habits of each language's tools."""

import pytest

from coreline.boundary.subject import is_test


@pytest.mark.parametrize(
    "path",
    [
        "core/src/test/java/com/acme/A.java",
        "core/src/integrationTest/kotlin/A.kt",
        "core/src/testFixtures/java/A.java",
        "lib/src/commonTest/kotlin/A.kt",
        "core/src/main/java/com/acme/FleetTest.java",
        "src/Acme.Web.Tests/A.cs",
        "src/Core.IntegrationTest/A.cs",
        "src/Bundle/Tests/A.php",
        "crates/app/benches/a.rs",
        "crates/app/src/tests.rs",
        "src/test_fleet.c",
        "src/fleet_unittest.cc",
        "Zend/a.phpt",
    ],
)
def test_a_test_is_known_by_its_path(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/main/java/com/acme/Contest.java",
        "src/latest/a.rs",
        "src/Acme.Contest/A.cs",
        "src/Protest/A.php",
        "src/fastest.c",
        "src/Acme.Testing.Tools/A.cs",
    ],
)
def test_what_only_sounds_like_a_test_is_none(path: str) -> None:
    assert not is_test(path)
