# SPDX-License-Identifier: Apache-2.0
"""Makefiles, justfiles and Taskfiles: what the targets that a build reaches take from a wrap."""

from collections.abc import Callable

import pytest

Read = Callable[[str, str], list[tuple[int, str, str | None, bool]]]

MAKEFILE = """\
EXTRA = ee/extra
TESTS := tests \\
  ee/tests
.PHONY: all
all: binary
binary: main.go
	$(GO) build ./ee/...
	-cp ee/a bin
	@echo ee/b
test:
	pytest $(TESTS)
ship: ee/c
	$(MAKE) sign
sign:
	cp $(EXTRA) x
	cp ee/d x || true
"""


def test_targets_that_a_build_reaches_are_needed_and_others_are_not(read: Read) -> None:
    assert read("Makefile", MAKEFILE) == [
        (1, "ee/extra", "target sign", False),
        (3, "ee/tests", None, True),
        (7, "./ee/...", None, True),
        (8, "ee/a", "try", True),
        (12, "ee/c", "target ship", False),
        (16, "ee/d", "try", False),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("all:\n\tmake -C ee\n", [(2, "ee/", None, True)]),
        ("ifdef EE\nall:\n\tcp ee/x y\nendif\n", [(3, "ee/x", "flag EE", True)]),
        ("ifeq ($(EDITION),ee)\nall: ee/x\nendif\n", [(2, "ee/x", "flag EDITION", True)]),
        ("ifeq ($(A),b)\nX=1\nelse\nX=2\nendif\nall: ee/x\n", [(6, "ee/x", None, True)]),
        ("X := $(wildcard ee/*.c)\nall:\n\tcc $(X)\n", [(1, "ee/*.c", "probe", False)]),
        ("-include ee/x.mk\n", [(1, "ee/x.mk", "try", True)]),
        ("include ee/x.mk\n", [(1, "ee/x.mk", None, True)]),
        ("b:\n\ttrue\nall: c\nc:\n\tcd ee\n", [(5, "ee/", None, True)]),
        (
            ".DEFAULT_GOAL := c\nb:\n\tcd ee\nc:\n\tcd ee\n",
            [
                (3, "ee/", "target b", False),
                (5, "ee/", None, True),
            ],
        ),
        (
            "all:\n\tif [ -d ee ]; then \\\n\t  cp ee/x y; \\\n\tfi\n",
            [
                (3, "ee/x", "probe", True),
            ],
        ),
        ("# ee/x\nhelp:\n\t@echo 'make ee/x'\n", []),
    ],
)
def test_conditions_includes_and_goals(
    read: Read, text: str, found: list[tuple[int, str, str | None, bool]]
) -> None:
    assert read("sub/Makefile", text) == found


def test_recipes_of_just_are_indented_by_anything(read: Read) -> None:
    text = (
        "set shell := ['bash']\n\nbuild: gen\n  cp ee/x y\n\ngen:\n  cd ee\n\nother:\n  cp ee/z y\n"
    )
    assert read("justfile", text) == [
        (4, "ee/x", None, True),
        (7, "ee/", None, True),
        (10, "ee/z", "target other", False),
    ]


def test_tasks_reach_each_other_by_deps_and_calls(read: Read) -> None:
    text = """\
version: '3'
tasks:
  default:
    deps: [gen]
    cmds:
      - task: more
  gen:
    dir: ee
  more:
    cmds:
      - cp ee/x y
  rare:
    cmds:
      - cp ee/z y
"""
    assert read("Taskfile.yml", text) == [
        (8, "ee/", None, True),
        (11, "ee/x", None, True),
        (14, "ee/z", "target rare", False),
    ]
