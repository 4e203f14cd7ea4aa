# SPDX-License-Identifier: Apache-2.0
"""One file a format in which a report is written."""
