# SPDX-License-Identifier: Apache-2.0
"""C# and what .NET's build tools read."""
