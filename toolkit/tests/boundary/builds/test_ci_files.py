# SPDX-License-Identifier: Apache-2.0
"""Files of CI services: steps, their conditions, and triggers, which are no references."""

from collections.abc import Callable

import pytest

Read = Callable[[str, str], list[tuple[int, str, str | None, bool]]]

GITHUB = """\
name: ee/x and core
on:
  push:
    branches: [ee/x]
    paths: ["src/**", "ee/**"]
env:
  DIR: ee/x
jobs:
  ee:
    steps:
      - uses: actions/checkout@v4
        with: { path: src }
      - name: test ee/x
        run: pytest ee/tests
      - working-directory: ee
        run: make
      - uses: ./ee/action
      - if: github.event_name == 'push'
        run: cp ee/a b
      - if: ${{ vars.EDITION == 'full' }}
        run: |
          cp ee/b b
          cd ./ee
      - if: needs.changes.outputs.ee == 'true'
        run: cp ee/c b
      - if: hashFiles('ee/**') != ''
        run: cp ee/d b
      - continue-on-error: true
        run: cp ee/e b
      - run: >
          pip install
          ./ee
      - run: cp ${{ github.workspace }}/ee/f b
"""


def test_steps_of_a_workflow(read: Read) -> None:
    assert read(".github/workflows/test.yml", GITHUB) == [
        (7, "ee/x", None, False),
        (14, "ee/tests", None, True),
        (15, "ee/", None, True),
        (17, "./ee/action", None, True),
        (19, "ee/a", None, True),
        (22, "ee/b", "flag EDITION", True),
        (23, "./ee", "flag EDITION", True),
        (25, "ee/c", "flag ee", True),
        (26, "ee/**", "probe", False),
        (27, "ee/d", "probe", True),
        (29, "ee/e", "try", True),
        (32, "./ee", None, True),
        (33, "ee/f", None, True),
    ]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (
            ".github/workflows/a.yml",
            (
                "on:\n  push: {paths: ['ee/**']}\n  pull_request: {paths: ['ee/**']}\n"
                "jobs: {a: {steps: [{run: cp ee/x y}]}}\n"
            ),
            [(4, "ee/x", "paths of the wrap", True)],
        ),
        (
            ".github/workflows/a.yml",
            (
                "on:\n  push: {paths: ['ee/**']}\n  pull_request:\n"
                "jobs: {a: {steps: [{run: cp ee/x y}]}}\n"
            ),
            [(4, "ee/x", None, True)],
        ),
        (
            ".gitlab-ci.yml",
            "include:\n  - local: ee/ci.yml\na:\n  rules:\n    - exists: [ee/x]\n  script: cd ee\n",
            [(2, "ee/ci.yml", None, True), (5, "ee/x", "probe", False), (6, "ee/", "probe", True)],
        ),
        (
            ".gitlab-ci.yml",
            "a:\n  rules:\n    - if: $EE\n    - if: $CI_COMMIT_TAG\n  script: [cd ee]\n",
            [(5, "ee/", None, True)],
        ),
        (
            ".gitlab-ci.yml",
            "a:\n  rules: [{if: $WITH_EE}]\n  allow_failure: false\n  script: [cd ee]\n",
            [(4, "ee/", "flag WITH_EE", True)],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    working_directory: ee\n    steps: [{run: {command: cd ee}}]\n",
            [(3, "ee/", None, True), (4, "ee/", None, True)],
        ),
        (
            "azure-pipelines.yml",
            (
                "trigger:\n  paths:\n    include: [ee/x]\nsteps:\n  - bash: cd ee\n"
                "    condition: eq(variables.WITH_EE, 'true')\n  - template: ee/steps.yml\n"
            ),
            [(5, "ee/", "flag WITH_EE", True), (7, "ee/steps.yml", None, True)],
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script:\n          - pytest ee/tests\n",
            [(5, "ee/tests", None, True)],
        ),
        (
            "Jenkinsfile",
            "node {\n  dir('ee') { sh 'make' }\n  sh \"cp ee/x y\"\n  // sh 'cd ee'\n}\n",
            [(2, "ee/", None, True), (3, "ee/x", None, True)],
        ),
    ],
)
def test_services_other_than_github(
    read: Read, path: str, text: str, found: list[tuple[int, str, str | None, bool]]
) -> None:
    assert read(path, text) == found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/CODEOWNERS", "/ee/ @acme/ee\n"),
        (".gitignore", "ee/x\n"),
        ("web/.dockerignore", "ee\n!ee/x\n"),
        (".github/dependabot.yml", "updates: [{directory: /ee/x}]\n"),
        (".github/labeler.yml", "ee: [ee/**]\n"),
        (".golangci.yml", "linters: {exclusions: {paths: [ee/x]}}\n"),
    ],
)
def test_lists_of_owners_robots_and_what_is_left_out_are_no_references(
    read: Read, path: str, text: str
) -> None:
    assert read(path, text) == []
