# SPDX-License-Identifier: Apache-2.0
"""CMake: the folders, files and targets of a wrap that a build of the core takes."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

LANGUAGE = Language(
    name="cmake",
    sentence="Folders, files and targets of a wrap that a build takes, and under which options.",
    version=2,
    extract=extracting("coreline.boundary.native.cmake"),
    define=defining("coreline.boundary.native.cmake"),
    resolver=resolving("coreline.boundary.native.cmake"),
    suffixes=frozenset([".cmake"]),
    filenames=("cmakelists.txt",),
    always=True,
    examples=(
        Example("add_subdirectory(ee)", (("build", None, "ee/", ()),)),
        Example(
            "if(NOT APACHE_ONLY)\n  add_subdirectory(ee)\nendif()",
            (("build", "flag APACHE_ONLY", "ee/", ()),),
        ),
        Example(
            "if(WIN32)\nadd_subdirectory(ee)\nendif()",
            (("build", None, "ee/", ()),),
        ),
        Example(
            "if(EXISTS ${CMAKE_SOURCE_DIR}/ee/CMakeLists.txt)\nadd_subdirectory(ee)\nendif()",
            (("build", "probe", "ee/", ()),),
        ),
        Example("target_link_libraries(app PRIVATE acme_ee)", (("build", None, "acme_ee", ()),)),
        Example(
            'install(FILES "${PROJECT_SOURCE_DIR}/ee/a.conf" DESTINATION etc)',
            (("build", None, "ee/a.conf", ()),),
        ),
        Example('# add_subdirectory(ee)\n#[[ include(ee/a.cmake) ]]\nmessage("ee/a")'),
    ),
)
