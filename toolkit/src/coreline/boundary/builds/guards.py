# SPDX-License-Identifier: Apache-2.0
"""Guards that only files of builds have."""

PATHS_GUARD = "paths of the wrap"
"""A job that is triggered by changes of the wrap's files alone."""
