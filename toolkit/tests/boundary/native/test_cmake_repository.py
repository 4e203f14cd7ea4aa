# SPDX-License-Identifier: Apache-2.0
"""A program in C, built by CMake, with a library of the wrap that is loaded when it runs."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

BUILD = """\
option(OPEN_ONLY "Without the enterprise library" OFF)
add_subdirectory(src)
if(NOT OPEN_ONLY)
  add_subdirectory(enterprise)
else()
  message(STATUS "enterprise/ is left out")
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/enterprise/extra/CMakeLists.txt)
  include(${PROJECT_SOURCE_DIR}/enterprise/extra/more.cmake)
endif()
target_link_libraries(acme PRIVATE acme_enterprise)
# add_subdirectory(enterprise)
"""
MAIN = """\
#include <stdio.h>
#include "enterprise/src/fleet.h"
#include "ships/fleet.h"
#include "both.h"
#include "own.h"
#ifdef ACME_FULL
#include "ships/fleet.h"
#endif
#if __has_include("ships/fleet.h")
#include "ships/fleet.h"
#endif
#ifdef __linux__
#include "ships/fleet.h"
#endif
#if 0
#include "ships/fleet.h"
#endif
/* #include "ships/fleet.h" */
int main(void)
{
    void *handle = dlopen("enterprise/libfleet.so", RTLD_NOW);
    return handle != NULL;
}
"""
FILES = {
    "CMakeLists.txt": BUILD,
    "src/CMakeLists.txt": "add_executable(acme main.c)\n",
    "src/main.c": MAIN,
    "src/both.h": "",
    "include/own.h": "",
    "enterprise/CMakeLists.txt": "add_library(acme_enterprise fleet.c)\n",
    "enterprise/extra/more.cmake": "",
    "enterprise/src/fleet.h": "",
    "enterprise/src/ships/fleet.h": "",
    "enterprise/src/both.h": "",
}


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    found = (one for one in report.findings if one.check == "references")
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found]


def test_includes_and_the_build_are_resolved_to_files(checked: Checked) -> None:
    assert sorted(rows(checked(FILES)), key=repr) == sorted(
        [
            ("CMakeLists.txt", 4, "build", "flag OPEN_ONLY", "tight"),
            ("CMakeLists.txt", 9, "build", "probe", "tight"),
            ("CMakeLists.txt", 11, "build", None, "broken"),
            ("src/main.c", 2, "static", None, "broken"),
            ("src/main.c", 3, "static", None, "broken"),
            ("src/main.c", 7, "static", "flag ACME_FULL", "tight"),
            ("src/main.c", 10, "static", "probe", "tight"),
            ("src/main.c", 13, "static", None, "broken"),
        ],
        key=repr,
    )


@pytest.mark.parametrize("suffix", ["h", "hpp", "cc", "cpp", "c"])
def test_every_kind_of_file_is_searched(checked: Checked, suffix: str) -> None:
    files = {f"src/a.{suffix}": '#include "ships/fleet.h"\n', "enterprise/ships/fleet.h": ""}
    assert rows(checked(files)) == [(f"src/a.{suffix}", 1, "static", None, "broken")]


def test_the_core_wins_where_both_sides_have_a_header(checked: Checked) -> None:
    files = {
        "src/a.c": '#include "fleet.h"\n#include "enterprise/fleet.h"\n',
        "src/b.c": '#include "fleet.h"\n',
        "include/fleet.h": "",
        "enterprise/fleet.h": "",
    }
    assert rows(checked(files)) == [("src/a.c", 2, "static", None, "broken")]


def test_a_header_of_the_system_is_no_wraps(checked: Checked) -> None:
    files = {
        "src/a.c": "#include <string.h>\n#include <ships/string.h>\n",
        "enterprise/ships/string.h": "",
    }
    assert rows(checked(files)) == [("src/a.c", 2, "static", None, "broken")]


def test_macros_that_break_the_grammar_do_not_hide_an_include(checked: Checked) -> None:
    code = 'BEGIN_DECLS(\n#ifdef FULL\n#include "ships/fleet.h"\n#endif\n}}} WEIRD ( ; int\n'
    files = {"src/a.c": code, "enterprise/ships/fleet.h": ""}
    assert rows(checked(files)) == [("src/a.c", 3, "static", "flag FULL", "tight")]
