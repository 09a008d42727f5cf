"""Lets a server stop while pages are open: a page keeps a stream open for as long as it is shown.

uvicorn waits for open streams, and after its `timeout_graceful_shutdown` cancels them.
"""

from __future__ import annotations

import asyncio
from typing import Any


class EndOpenStreams:
    """ASGI middleware that ends a response in order when the server cancels it.

    Args:
        app: The application.
    """

    def __init__(self, app: Any) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        has_begun = is_over = False

        async def watching(message: Any) -> None:
            nonlocal has_begun, is_over
            has_begun = has_begun or message["type"] == "http.response.start"
            is_over = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except asyncio.CancelledError:
            if not has_begun:
                raise
            if not is_over:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
