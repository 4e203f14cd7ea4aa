# SPDX-License-Identifier: Apache-2.0
"""Carried inside a product: the offline license check, gates, and opt-in telemetry.

    license = Coreline("converge", root_keys=["ed25519:…"], built=date(2026, 11, 1))
    if license.entitled("fleet"): …

Telemetry is ``coreline_sdk.telemetry`` and seats on a server are ``coreline_sdk.activation``; both
are imported only by products that use them.
"""

from coreline_sdk.client import Coreline
from coreline_sdk.codes import NotEntitled
from coreline_sdk.status import LicenseStatus, Notice

__version__ = "0.1.0"

__all__ = ["Coreline", "LicenseStatus", "NotEntitled", "Notice", "__version__"]
