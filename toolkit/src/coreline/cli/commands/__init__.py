# SPDX-License-Identifier: Apache-2.0
"""One file a command, each ending in COMMAND."""
