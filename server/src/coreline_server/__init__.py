# SPDX-License-Identifier: Apache-2.0
"""The vendor's server: licenses, a gated package registry, telemetry, the funnel."""

__version__ = "0.1.0"
