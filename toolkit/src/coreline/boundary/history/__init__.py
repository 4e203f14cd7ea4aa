# SPDX-License-Identifier: Apache-2.0
"""The line through time: every commit held against it, and what changed when."""
