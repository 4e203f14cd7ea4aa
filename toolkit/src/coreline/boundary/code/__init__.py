# SPDX-License-Identifier: Apache-2.0
"""One extractor for languages of braces: what differs between them is a table, their grammar."""
