# SPDX-License-Identifier: Apache-2.0
"""Files of CI services: the steps that copy, install, build and test a wrap."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.pipelines import extract

    return extract(source)


_JOB = "jobs:\n  a:\n    steps:\n"

LANGUAGE = Language(
    name="ci",
    sentence="What the steps of GitHub, GitLab, CircleCI, Azure and others do with a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example(f"{_JOB}    - run: pytest ee/tests\n", (("build", None, "ee/tests", ()),)),
        Example(
            f"{_JOB}    - run: |\n        cd ee\n        npm ci\n",
            (("build", None, "ee/", ()),),
        ),
        Example(
            f"{_JOB}    - if: vars.WITH_EE == 'true'\n      run: cp ee/x y\n",
            (("build", "flag WITH_EE", "ee/x", ()),),
        ),
        Example(f"{_JOB}    - uses: ./ee/action\n", (("build", None, "./ee/action", ()),)),
        Example(
            "on:\n  push:\n    paths: ['ee/**']\njobs:\n  ee/x:\n    steps: [{uses: ./ee/x}]\n",
            (("build", "paths of the wrap", "./ee/x", ()),),
        ),
        Example(
            "ee:\n  rules:\n    - exists: [ee/x]\n  script:\n    - make -C ee\n",
            (("path", "probe", "ee/x", ()), ("build", "probe", "ee/", ())),
        ),
        Example(
            f"{_JOB}    - run: if grep -R '/ee/' src; then exit 1; fi\n    # ee/x\n",
        ),
    ),
    filenames=(
        *(".github/workflows/*.yml", ".github/workflows/*.yaml"),
        *(".github/actions/*.yml", ".github/actions/*.yaml"),
        *("action.yml", "action.yaml", ".circleci/*.yml", ".buildkite/*.yml", ".gitlab/*.yml"),
        *(".gitlab-ci.yml", "*.gitlab-ci.yml", "bitbucket-pipelines.yml", ".travis.yml"),
        *("azure-pipelines.yml", "azure-pipelines*.yml", ".drone.yml", ".woodpecker.yml"),
        *("appveyor.yml", "cloudbuild.yaml", ".gitpod.yml", ".goreleaser.yml", ".goreleaser.yaml"),
        *("buildspec.yml", "render.yaml", "app.yaml", ".pre-commit-config.yaml"),
    ),
    always=True,
    resolver=resolver,
)
