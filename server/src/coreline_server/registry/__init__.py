# SPDX-License-Identifier: Apache-2.0
"""The package registry: core packages for everyone, wrap packages by license."""
