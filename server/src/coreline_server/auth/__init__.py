# SPDX-License-Identifier: Apache-2.0
"""Who may do what: the setup link, the console's password and sessions, API tokens, the audit."""
