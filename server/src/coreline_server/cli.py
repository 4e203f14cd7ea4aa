# SPDX-License-Identifier: Apache-2.0
"""The ``coreline-server`` program: make a data directory, serve from it."""

from pathlib import Path

import click

from coreline.cli.main import main as run_and_exit
from coreline_server import __version__

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="The data directory; everything to back up is inside.",
)
MANIFEST = click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The product's manifest.  [default: coreline.toml]",
)
KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Keys made by `coreline keys new`; without it the server makes its own.",
)


@click.group(name="coreline-server", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def server() -> None:
    """Sell the wrap: licenses, a gated package registry, telemetry, the funnel.

    One process on local files. Begin with `coreline-server serve --data DIR` beside a
    coreline.toml; it prints its address and a one-time link for setting the password.
    """


@server.command("init")
@DATA
@MANIFEST
@KEYS
def init(data: Path, manifest: Path | None, keys: Path | None) -> None:
    """Make a data directory: keys, database, the recorded manifest."""
    from coreline_server.app import utc_now
    from coreline_server.config import Config
    from coreline_server.storage.directory import initialize

    made = initialize(Config(data=data), manifest or Path("coreline.toml"), keys, utc_now())
    click.echo(f"{data} is ready.")
    click.echo(f"Root key for your products: {made.root_public}")
    if made.root_private is not None:
        _warn_of_root(made.root_private)


@server.command("serve")
@DATA
@MANIFEST
@KEYS
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8420,
    show_default=True,
    help="The port; 0 for a free one.",
)
@click.option(
    "--lease-hours",
    type=click.IntRange(1, 24 * 366),
    default=24,
    show_default=True,
    help="How long a seat stays taken without a heartbeat.",
)
@click.option("--log-requests", is_flag=True, help="Log each request as a line of JSON.")
def serve(
    data: Path,
    manifest: Path | None,
    keys: Path | None,
    host: str,
    port: int,
    lease_hours: int,
    log_requests: bool,
) -> None:
    """Serve. Makes the data directory first when there is none.

    The first line on standard output is the address; while no password is set, the second is a
    one-time setup link. A given manifest replaces the recorded one.
    """
    from coreline_server.config import HOUR_SECONDS, Config
    from coreline_server.process import serve as serve_process

    config = Config(data=data, lease_seconds=lease_hours * HOUR_SECONDS, log_requests=log_requests)
    _prepare(data, manifest, keys)
    serve_process(config, host, port)


@server.command("forget-password")
@DATA
def forget_password(data: Path) -> None:
    """Drop a lost console password. The server must not run; its next start prints a setup link."""
    from coreline_server.config import Config
    from coreline_server.process import forget_password as forget

    forget(Config(data=data))
    click.echo("The password is gone. The next start prints a setup link.")


def _prepare(data: Path, manifest: Path | None, keys: Path | None) -> None:
    """Initialize an empty data directory, or record the manifest that was given anew."""
    from coreline.manifest.parse import read_manifest
    from coreline_server.app import utc_now
    from coreline_server.config import Config
    from coreline_server.storage.directory import (
        initialize,
        is_initialized,
        locked,
        record_manifest,
    )

    config = Config(data=data)
    if not is_initialized(config):
        made = initialize(config, manifest or Path("coreline.toml"), keys, utc_now())
        if made.root_private is not None:
            _warn_of_root(made.root_private)
    elif manifest is not None:
        parsed = read_manifest(manifest, repository=None)
        with locked(config):
            record_manifest(config, parsed.text)


def _warn_of_root(path: Path) -> None:
    click.echo(
        f"Move {path} to a safe place offline: the server signs with the leaf key and needs\n"
        "the root key never again. Whoever has it can sell your product.",
        err=True,
    )


def main() -> None:
    """Run the command line and exit the process."""
    run_and_exit(server)
