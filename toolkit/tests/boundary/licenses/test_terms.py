# SPDX-License-Identifier: Apache-2.0
"""Headers that state a license in words, in comments of any language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.spdx.terms import PROPRIETARY, header_terms, named_in, read_terms

GNU = """/*
 * This program is free software; you can redistribute it and/or modify
 * it under the terms of the GNU {} as published by
 * the Free Software Foundation; either version {} of the License, or
 * (at your option) any later version.
 */
int main;
"""
APACHE = "Licensed under the Apache License, Version 2.0"


@pytest.mark.parametrize(
    "head",
    [
        f"# {APACHE}\n",
        f"#!/bin/sh\n\n# Copyright A\n# {APACHE}\n",
        f'// {APACHE} (the "License");\n',
        f"/*\n * {APACHE}\n */\n",
        f"<!--\n  {APACHE}\n-->\n",
        f"<?php\n/** {APACHE} */\n",
        f'"""Words.\n\n{APACHE}\n"""\n',
        f"-- {APACHE}\n",
        f";; {APACHE}\n",
        f"{{# {APACHE} #}}\n",
        f"\ufeff// {APACHE}\n",
        f'"use strict";\n// {APACHE}\n',
        f"package a.b;\n/* {APACHE} */\n",
        f"dnl {APACHE}\n",
        f"// {APACHE}\r\n// more\r\n",
        "// The ASF licenses this file to you under the Apache License, Version 2.0\n",
        "// This file and its contents are licensed under the Apache License 2.0.\n",
    ],
)
def test_a_notice_is_found_in_the_comments_of_any_language(head: str) -> None:
    assert header_terms(head.encode()) == "Apache-2.0"


@pytest.mark.parametrize(
    ("head", "spdx"),
    [
        (GNU.format("General Public License", "2"), "GPL-2.0-or-later"),
        (GNU.format("General Public License", "3"), "GPL-3.0-or-later"),
        (GNU.format("Lesser General Public License", "2.1"), "LGPL-2.1-or-later"),
        (GNU.format("Library General Public License", "2"), "LGPL-2.0-or-later"),
        (GNU.format("Affero General Public License", "3"), "AGPL-3.0-or-later"),
        ("// Licensed under the GPLv3\n", "GPL-3.0-only"),
        (
            (
                "// Under the GNU General Public License version 3, with the additional permissions"
                "\n// of the GCC Runtime Library Exception, version 3.1. It is distributed under\n"
            ),
            "GPL-3.0-only WITH GCC-exception-3.1",
        ),
        ("# under the terms of version 2 of the GNU General Public License\n", "GPL-2.0-only"),
        ("// subject to the terms of the Mozilla Public License, v. 2.0.\n", "MPL-2.0"),
        ("// Released under the MIT License\n", "MIT"),
        ("// governed by a BSD-style license that is in LICENSE.\n", "BSD-3-Clause"),
        ("# Licensed under the Elastic License 2.0; you may not\n", "Elastic-2.0"),
        (
            (
                "// Licensed under the Elastic License 2.0 and the Server Side Public License, v 1;"
                "\n// you may not use this file except in compliance with, at your election, the\n"
                "// Elastic License 2.0 or the Server Side Public License, v 1.\n"
            ),
            "Elastic-2.0 OR SSPL-1.0",
        ),
        (
            (
                "// Use of this software is governed by the Business Source License\n"
                "// and, as of the Change Date, by the Apache License, Version 2.0\n"
            ),
            "BUSL-1.1",
        ),
        ("// Licensed under the Functional Source License, Version 1.1, MIT", "FSL-1.1-MIT"),
        ("-- licensed under the Timescale License.\n", "LicenseRef-Timescale"),
        ("// Dual licensed under the MIT and GPL version 2 licenses.\n", "MIT OR GPL-2.0-only"),
        ("# Licensed under AGPLv3 or a commercial license\n", "AGPL-3.0-only"),
    ],
)
def test_the_license_of_a_notice(head: str, spdx: str) -> None:
    assert header_terms(head.encode()) == spdx


@pytest.mark.parametrize(
    "head",
    [
        "// (c) Acme. All rights reserved.\n// Licensed under the Acme Enterprise License\n",
        "# PROPRIETARY AND CONFIDENTIAL\nx = 1\n",
        "// Unauthorized copying of this file, via any medium, is strictly prohibited\n",
        "/* This source code is governed by the Sourcegraph Enterprise License. */\n",
        "# subject to our Commercial License Agreement\n",
        "// Copyright (c) 2024 Acme, Inc. All rights reserved.\n// Acme Enterprise License\n",
        "# Copyright 2024 Acme, Inc. Proprietary.\n",
        "# (c) Acme GmbH. Confidential. Do not distribute.\n",
    ],
)
def test_terms_of_a_vendor(head: str) -> None:
    assert header_terms(head.encode()) == PROPRIETARY


@pytest.mark.parametrize(
    "head",
    [
        "",
        "# Copyright Acme. All rights reserved.\n",
        "# Handles the enterprise license of a customer.\nimport license\n",
        "# Reads proprietary formats, which are confidential.\n",
        "# Copyright Acme. All rights reserved.\n#\n# Verifies enterprise license keys.\n",
        "# Copyright Acme.\n#\n# Reads proprietary formats.\n",
        "# Copyright Acme.\n#\n# Stores confidential values of a license.\n",
        "x = 1  # Licensed under the MIT license\n",
        'LICENSE = "Licensed under the MIT license"\n',
        "import a\n# Licensed under the Apache License, Version 2.0\n",
        "# This file is distributed under the same license as the PACKAGE package.\n",
        "# The Apache License, Version 2.0 is one of the names that this module knows.\n",
        "\n" * 200 + "# Licensed under the MIT license\n",
        "#" * 5000 + "\n# Licensed under the MIT license\n",
        "/*" + "*" * 5000,
    ],
)
def test_other_words_state_nothing(head: str) -> None:
    assert header_terms(head.encode()) is None


def test_the_line_is_that_of_the_name() -> None:
    found = read_terms(b"#!/bin/sh\n#\n# Copyright A\n# Licensed under the MIT License\nx\n")
    assert found is not None
    assert (found.line, found.is_alone) == (4, False)
    alone = read_terms(b"# Licensed under the MIT License\n")
    assert alone is not None
    assert alone.is_alone


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("GNU LGPL v2.1", "LGPL-2.1-only"),
        ("GPL v2 or later", "GPL-2.0-or-later"),
        ("MIT License", "MIT"),
        ("MIT or BSD License", None),
        ("MIT, BSD License", None),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("Common Development and Distribution License", "CDDL-1.0"),
        ("my own", None),
    ],
)
def test_one_license_in_a_free_text(text: str, spdx: str | None) -> None:
    assert named_in(text) == spdx


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([b"/*", b"*/", b"#", b"\n", b"licensed under the ", b"gpl v", b"\x00"]),
        ),
        max_size=30,
    ).map(b"".join)
)
def test_no_bytes_make_it_fail(head: bytes) -> None:
    found = read_terms(head)
    assert found is None or 1 <= found.line <= head.count(b"\n") + 1
