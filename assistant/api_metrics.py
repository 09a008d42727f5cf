"""Counts what the server does, for Prometheus. Knows routes and outcomes, never a question."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from assistant.answer import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        """Start at zero."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "policy_requests",
            "HTTP requests by route, method and status code.",
            ["route", "method", "code"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "policy_request_seconds",
            "Seconds from a request's first byte to its response's last, by route.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "policy_answers",
            "Answers by status, language and composer, from the API and the chat page.",
            ["status", "lang", "composer"],
            registry=self.registry,
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self.answers.labels(answer.status, answer.lang, answer.composer).inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


class CountRequests:
    """ASGI middleware that counts and times requests.

    Args:
        app: The application.
        metrics: Where to count.
        routes: Paths that are counted one by one; all others are counted together as `page`.
    """

    def __init__(self, app: Any, metrics: Metrics, routes: Collection[str]) -> None:
        """Wrap an application."""
        self._app = app
        self._metrics = metrics
        self._routes = frozenset(routes)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route = scope["path"] if scope["path"] in self._routes else "page"
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
        code = 500
        began = time.perf_counter()

        async def counting(message: Any) -> None:
            nonlocal code
            if message["type"] == "http.response.start":
                code = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            self._metrics.requests.labels(route, method, str(code)).inc()
            if route in self._routes:  # a page keeps connections open for as long as it is shown
                self._metrics.seconds.labels(route).observe(time.perf_counter() - began)
