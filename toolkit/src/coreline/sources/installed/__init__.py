# SPDX-License-Identifier: Apache-2.0
"""What installed packages of third parties say of their license. Read, never run."""
