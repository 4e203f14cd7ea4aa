# SPDX-License-Identifier: Apache-2.0
"""The page of the command line shows every command with all of its options."""

import click

from coreline.cli.main import coreline
from coreline.cli.reference import render

_CONTEXT = click.Context(coreline)


def test_every_command_and_option_is_on_the_page() -> None:
    page = render()
    context = click.Context(coreline)
    names = coreline.list_commands(context)
    assert "init" in names
    for name in names:
        command = coreline.get_command(context, name)
        assert command is not None
        assert f"\n## `coreline {name}`\n" in page
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert f"`{option.opts[0]}" in page or f", {option.opts[0]}" in page
    assert page == render()


def test_a_commands_section() -> None:
    section = render().partition("## `coreline init`")[2].partition("\n## ")[0]
    assert "coreline init [OPTIONS]" in section
    assert "Propose a first coreline.toml" in section
    assert "| `--write` | Write the manifest instead of printing it. |" in section
    assert "| `--format [text\\|toml\\|json]` |" in section
    assert "[default: text]" in section
    assert "\b" not in section


def test_the_list_of_commands_cuts_no_sentence_on_a_common_terminal() -> None:
    for group in (
        coreline,
        *(coreline.get_command(_CONTEXT, name) for name in ("keys", "license")),
    ):
        assert isinstance(group, click.Group)
        context = click.Context(group, terminal_width=80)
        assert "..." not in group.get_help(context).partition("Commands:")[2]
