# SPDX-License-Identifier: Apache-2.0
"""``coreline schema``: the JSON Schema of the manifest, for editors."""

import json

import click


@click.command("schema", short_help="Print the JSON Schema of coreline.toml.")
def schema() -> int:
    """Print the JSON Schema of coreline.toml, for editors that complete and check it.

    Save it, and name it in the first line of coreline.toml:

    \b
        coreline schema > coreline.schema.json
        #:schema ./coreline.schema.json
    """
    from coreline.manifest.schema import schema as json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0


COMMAND: click.Command = schema
