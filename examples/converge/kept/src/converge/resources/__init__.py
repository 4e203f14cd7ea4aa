# SPDX-License-Identifier: Apache-2.0
"""The kinds of resources, one file each."""

from collections.abc import Callable

from converge.model import Resource
from converge.resources.command import read_command
from converge.resources.directory import read_directory
from converge.resources.file import read_file
from converge.resources.line import read_line
from converge.resources.link import read_link
from converge.table import Table

KINDS: dict[str, Callable[[Table], Resource]] = {
    "directory": read_directory,
    "file": read_file,
    "line": read_line,
    "link": read_link,
    "command": read_command,
}
