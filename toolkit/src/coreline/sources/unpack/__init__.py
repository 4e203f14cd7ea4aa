# SPDX-License-Identifier: Apache-2.0
"""Reading archives from anybody: in memory or streaming, never to disk, within limits."""
