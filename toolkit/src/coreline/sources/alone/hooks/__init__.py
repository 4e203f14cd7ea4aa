# SPDX-License-Identifier: Apache-2.0
"""What other interpreters load so that a wrap cannot be imported. Never imported from here."""
