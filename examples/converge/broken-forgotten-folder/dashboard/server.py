# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""A web page over the fleet report. The new folder was forgotten in coreline.toml.

A list of folders to remove before publishing (a deny list) would not name it either, and this file
would be public. The manifest is an allow list: what no side claims is a finding and stays home.
"""

from converge_enterprise.fleet.show import as_json
from converge_enterprise.fleet.summary import Fleet


def page(fleet: Fleet) -> str:
    """Return the page."""
    return f"<!doctype html><title>Fleet</title><pre>{as_json(fleet)}</pre>"
