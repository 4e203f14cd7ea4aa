# SPDX-License-Identifier: Apache-2.0
"""Customers, their licenses, and the seats that their machines take."""
