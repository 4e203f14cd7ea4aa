# SPDX-License-Identifier: Apache-2.0
"""``composer.json``: packages of a wrap, folders of it that are loaded, and the license."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

LANGUAGE = Language(
    name="composer",
    sentence="Packages of a wrap, folders of it that are loaded, and the declared license.",
    version=1,
    extract=extracting("coreline.boundary.php.composer"),
    define=defining("coreline.boundary.php.composer"),
    resolver=resolving("coreline.boundary.metadata.needs"),
    filenames=("composer.json",),
    always=True,
    examples=(
        Example('{"require": {"acme-ee": "*"}}', (("build", None, "acme-ee", ()),)),
        Example('{"require-dev": {"acme-ee": "*"}}', (("test", None, "acme-ee", ()),)),
        Example(
            '{"autoload": {"psr-4": {"Acme\\\\": "src/", "Acme\\\\EE\\\\": "ee/src/"}}}',
            (("build", None, "src/", ()), ("build", None, "ee/src/", ())),
        ),
        Example('{"autoload": {"files": ["ee/go.php"]}}', (("build", None, "ee/go.php", ()),)),
        Example(
            '{"repositories": [{"type": "path", "url": "ee/*"}]}', (("build", None, "ee/*", ()),)
        ),
    ),
)
