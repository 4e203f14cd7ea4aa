# SPDX-License-Identifier: Apache-2.0
"""The acts of the story, one file each, ending in their steps."""
