# SPDX-License-Identifier: Apache-2.0
"""Events from products whose operators agreed to it: taken durably, loaded exactly once."""
