# SPDX-License-Identifier: Apache-2.0
"""The console: a few pages for the vendor, rendered on the server, without a script."""
