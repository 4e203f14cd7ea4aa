# SPDX-License-Identifier: Apache-2.0
"""One file a lock format: the third parties' packages that it pins."""
