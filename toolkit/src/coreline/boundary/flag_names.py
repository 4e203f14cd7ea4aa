# SPDX-License-Identifier: Apache-2.0
"""Which names in a condition stand for a flag, in any language.

A flag is something that is decided when a product is deployed: a setting, a constant, an
environment variable, a probe for an installed module. A condition on the data of the moment
(``if lease.expired:``) is none: the code behind it is reached in every deployment.
"""

import re

_SETTINGS = re.compile(r"^_?(settings|config|conf|env|environ|features?|flags?|constants?)$", re.I)
_CONSTANT = re.compile(r"^_*[A-Z][A-Z0-9_]+$")
_AVAILABLE = re.compile(r"_(enabled|available|installed)$")
_ASKING = re.compile(
    r"find_spec|is_installed|getenv|^is_?(cloud|enterprise|premium|pro|ee|oss|self_?hosted)(?-i:(?![a-z]))"
    r"|feature|flag|licen[sc]e|edition|entitle|_(enabled|available|installed)(_for)?$",
    re.I,
)


def holds_settings(name: str) -> bool:
    """Whether the attributes of what has this name are settings, as ``settings`` and ``config``."""
    return _SETTINGS.match(name) is not None


def is_constant(name: str) -> bool:
    """Whether a name is a constant, or says that something is enabled, there or installed."""
    return _CONSTANT.match(name) is not None or _AVAILABLE.search(name) is not None


def asks(function: str) -> bool:
    """Whether a function of this name asks for a flag, as ``is_enterprise`` and ``hasFeature``."""
    return _ASKING.search(function) is not None
