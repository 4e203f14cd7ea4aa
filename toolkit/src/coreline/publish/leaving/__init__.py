# SPDX-License-Identifier: Apache-2.0
"""What must be proven before anything leaves, and the record of it."""
