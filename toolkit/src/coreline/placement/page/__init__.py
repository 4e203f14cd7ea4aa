# SPDX-License-Identifier: Apache-2.0
"""The report of a placement study as one page."""
