"""`policy-assistant serve`."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import threading
import webbrowser
from typing import Annotated

import typer

from assistant.cli import console
from assistant.cli.console import CorpusOption, StoreOption
from assistant.errors import ConfigurationError

_MENDS = {
    errno.EADDRINUSE: "stop what is using it, or take another with --port",
    errno.EACCES: "take a port from 1024 on with --port",
}
_SHUTDOWN_S = 3

log = logging.getLogger(__name__)


def serve(
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="Address to serve on (POLICY_HOST).")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65_535, metavar="PORT", help="Port; 0 takes a free one (POLICY_PORT)."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    corpus: CorpusOption = None,
    store: StoreOption = None,
) -> None:
    """Serve the chat page and the HTTP API."""
    settings = console.settings(corpus, store, host=host, port=port)
    listening = _listen(settings.host, settings.port)
    shown = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    shown = f"[{shown}]" if ":" in shown else shown
    url = f"http://{shown}:{listening.getsockname()[1]}"
    assistant = console.open_assistant(settings)
    # Files of measures that are wrong are warned of now, not when somebody asks.
    log.info("%d measures are offered", len(assistant.eligibility.offered))

    print("Loading the chat page", file=sys.stderr, flush=True)
    import uvicorn

    from assistant.api import create_app
    from assistant.ui import mount

    app = mount(create_app(assistant), assistant)
    config = uvicorn.Config(
        app,
        log_level=settings.log_level.lower(),
        lifespan="on",
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    print(f"Policy Assistant is at {url}  (Ctrl+C stops it)", file=sys.stderr, flush=True)
    if browser and sys.stderr.isatty():
        threading.Timer(1.0, webbrowser.open, [url]).start()
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, UnicodeError) as error:
        listening.close()
        why = (isinstance(error, OSError) and error.strerror) or error
        mend = _MENDS.get(getattr(error, "errno", 0), "name an address of this machine with --host")
        raise ConfigurationError(f"{host}:{port}: cannot be served on ({why}); {mend}") from error
    return listening
