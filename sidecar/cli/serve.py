"""``sidecar serve``."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from sidecar import logs
from sidecar.cli.options import Config
from sidecar.cli.screen import err
from sidecar.clock import SystemClock
from sidecar.config import Settings, load_settings

Listen = Annotated[
    list[str] | None,
    typer.Option("--listen", help="host:port or unix:PATH, repeatable; instead of server.listen.", show_default=False),
]


def serve(config: Config = None, listen: Listen = None) -> None:
    """Serve on gRPC until SIGTERM or SIGINT, then drain. SIGHUP reloads settings, tenants, catalog and policy."""
    logs.configure()
    from sidecar.app.serving import serve as serve_until_stopped  # noqa: PLC0415 - takes seconds, and only we need it

    def read() -> Settings:
        settings = load_settings(config)
        if not listen:
            return settings
        server = settings.server.model_copy(update={"listen": tuple(listen)})
        return settings.model_copy(update={"server": server})

    def say(addresses: Sequence[str]) -> None:
        err.print(f"sidecar: listening on {', '.join(addresses)}", markup=False)

    asyncio.run(serve_until_stopped(read, clock=SystemClock(), config=config, on_listening=say))
