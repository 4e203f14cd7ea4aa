# SPDX-License-Identifier: Apache-2.0
"""Which conditions ask for a flag, from their text."""

import pytest

from coreline.boundary.code.conditions import flag_in


@pytest.mark.parametrize(
    ("condition", "flag"),
    [
        ("(Features.FLEET)", "flag Features.FLEET"),
        ('System.getenv("EE") != null', "flag env EE"),
        ("!$_ENV['EE']", "flag env EE"),
        ("ready && config.ee", "flag config.ee"),
        ("globalSettings.SelfHosted", "flag globalSettings.SelfHosted"),
        ("isEnterprise()", "flag isEnterprise()"),
        ('flags.isOn("fleet")', 'flag flags.isOn("fleet")'),
        ("license.allows(Plan.PRO)", "flag license.allows(Plan.PRO)"),
        ("MODE == 3", "flag MODE"),
        ("class_exists(Fleet::class)", "flag class_exists(Fleet::class)"),
        ("class_exists(Other::class)", None),
        ("log.isDebugEnabled()", None),
        ("user.age > 3", None),
        ("mode == Mode.PRO", None),
        ("list.isEmpty()", None),
        ('cfg!(feature = "ee")', "flag feature ee"),
        ('cfg!(not(feature = "ee"))', None),
        ("user.has(Role.ADMIN)", None),
        ('Boolean.parseBoolean(System.getenv("EE"))', "flag env EE"),
        ("true", None),
        ("", None),
        ("(" * 5000, None),
    ],
)
def test_a_condition_on_the_moment_is_no_flag(condition: str, flag: str | None) -> None:
    assert flag_in(condition, lambda text: "Fleet" in text) == flag
