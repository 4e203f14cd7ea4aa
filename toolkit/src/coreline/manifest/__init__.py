# SPDX-License-Identifier: Apache-2.0
"""``coreline.toml``: its model, how it is parsed and edited, and whose each path is."""
