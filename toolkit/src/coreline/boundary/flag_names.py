# SPDX-License-Identifier: Apache-2.0
"""Which names in a condition stand for a flag, in any language.

A flag is something that is decided when a product is deployed: a setting, a constant, an
environment variable, a probe for an installed module. A condition on the data of the moment
(``if lease.expired:``) is none: the code behind it is reached in every deployment.
"""

import re

_SETTINGS = re.compile(r"^_?(settings|config|conf|env|environ|features?|flags?|constants?)$", re.I)
_CONSTANT = re.compile(r"^_*[A-Z][A-Z0-9_]+$")
_AVAILABLE = re.compile(r"(_(enabled|available|installed)|[a-z0-9](Enabled|Available|Installed))$")
# ``isCloud``, ``is_enterprise``: asked for by a function or kept in a variable.
_EDITION = re.compile(
    r"^(use_?)?is_?(cloud|enterprise|premium|pro|ee|oss|self_?hosted)(?-i:(?![a-z]))", re.I
)
_ASKING = re.compile(
    r"find_spec|is_installed|getenv|feature|flag|licen[sc]e|edition|entitle|_(enabled|available|installed)(_for)?$",
    re.I,
)

# Which mode the software runs in, or who looks: every deployment of the core has one.
_STAGE = re.compile(
    r"^_*(debug|testing|node_env|rails_env|rack_env|app_env|dev|prod|development|production)$", re.I
)


def is_stage(name: str) -> bool:
    """Whether a name only says in which mode the software runs, as ``DEBUG`` and ``NODE_ENV``."""
    return _STAGE.match(name) is not None


def holds_settings(name: str) -> bool:
    """Whether the attributes of what has this name are settings, as ``settings`` and ``config``."""
    return _SETTINGS.match(name) is not None


def is_constant(name: str) -> bool:
    """Whether a name is a constant, or says which edition is deployed or what is installed."""
    is_any = any(one.search(name) is not None for one in (_CONSTANT, _AVAILABLE, _EDITION))
    return is_any and not is_stage(name)


def asks(function: str) -> bool:
    """Whether a function of this name asks for a flag, as ``is_enterprise`` and ``hasFeature``."""
    return any(one.search(function) is not None for one in (_ASKING, _AVAILABLE, _EDITION))
