# SPDX-License-Identifier: Apache-2.0
"""Models of choice: what people value, estimated from what they chose."""
