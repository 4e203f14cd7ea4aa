# SPDX-License-Identifier: Apache-2.0
"""Jenkins pipelines: what their shell steps take from a wrap, and the folders they step into."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.jenkins import extract

    return extract(source)


LANGUAGE = Language(
    name="jenkinsfile",
    sentence="What the steps of a Jenkins pipeline take from a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example("steps { sh 'pytest ee/tests' }\n", (("build", None, "ee/tests", ()),)),
        Example("steps {\n  dir('ee') {\n  }\n}\n", (("build", None, "ee/", ()),)),
        Example(
            "if (env.WITH_EE) {\n  sh '''\n    cd ee\n  '''\n}\n",
            (("build", "flag WITH_EE", "ee/", ()),),
        ),
        Example("// sh 'cd ee'\nsh 'grep -r ee/ src'\n"),
    ),
    filenames=("jenkinsfile", "jenkinsfile.*", "*.jenkinsfile"),
    always=True,
    resolver=resolver,
)
