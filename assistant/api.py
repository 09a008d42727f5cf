"""The HTTP API: questions and searches as JSON, streams, health, metrics and its own docs page.

Knows HTTP; what a question is and how it is answered it leaves to `Assistant`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from assistant import api_docs
from assistant.answer import Answer
from assistant.api_bodies import JsonBody, RequestError, taking
from assistant.api_eligibility import ELIGIBILITY, MEASURES, add_eligibility
from assistant.api_eligibility_models import EligibilityBody, MeasuresBody
from assistant.api_events import described, server_sent
from assistant.api_metrics import CONTENT_TYPE, CountRequests, Metrics
from assistant.api_models import (
    AnswerModel,
    AskBody,
    Health,
    Readiness,
    SearchBody,
    SearchModel,
)
from assistant.errors import AssistantError, InputError, MeasureError
from assistant.events import Event
from assistant.requests import question_from, search_from
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.service import Assistant

POSTED = ("/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search", ELIGIBILITY)
READ = (MEASURES, "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json")

log = logging.getLogger(__name__)


def create_app(assistant: Assistant) -> FastAPI:
    """The HTTP API over an assistant.

    Args:
        assistant: Answers and searches.

    Returns:
        The application; its counters are `app.state.metrics`.
    """
    metrics = Metrics()
    app = FastAPI(
        title="Policy Assistant",
        version="1",
        description="Answers from policy documents, with the passage behind every sentence.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.metrics = metrics
    app.add_middleware(CountRequests, metrics=metrics, routes=POSTED + READ)
    app.add_exception_handler(Exception, _explain)
    for kind in (RequestError, AssistantError, IndexingError, HTTPException):
        app.add_exception_handler(kind, _explain)
    _add_questions(app, assistant, metrics)
    add_eligibility(app, assistant)
    _add_operations(app, assistant, metrics)
    _add_docs(app)
    return app


def _add_questions(app: FastAPI, assistant: Assistant, metrics: Metrics) -> None:
    @app.post("/api/v1/ask", response_model=AnswerModel, **taking(AskBody))
    def ask(data: JsonBody) -> Any:
        """Answer a question."""
        answer = assistant.ask(question_from(data))
        metrics.answered(answer)
        return JSONResponse(answer.to_dict())

    @app.post("/api/v1/ask/stream", response_class=StreamingResponse, **taking(AskBody))
    def stream(data: JsonBody) -> StreamingResponse:
        """Answer a question sentence by sentence, as server-sent events.

        `step` tells what is being done, `piece` brings text to append with the citations it names
        first, `restart` takes all pieces back, `answer` is the whole answer and comes last;
        `error` ends a stream that failed.
        """
        events = assistant.stream(question_from(data))
        first = next(events)  # a question that cannot be used is refused before the stream begins
        return StreamingResponse(
            _stream(chain((first,), events), metrics),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @app.post("/api/v1/search", response_model=SearchModel, **taking(SearchBody))
    def search(data: JsonBody) -> Any:
        """Find the passages that speak to a query."""
        wanted = search_from(data)
        return JSONResponse(
            assistant.search(wanted.query, wanted.k, wanted.id, explain=wanted.explain)
        )


def _add_operations(app: FastAPI, assistant: Assistant, metrics: Metrics) -> None:
    @app.get("/healthz", response_model=Health)
    def healthz() -> dict[str, str]:
        """Say that the process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
    def readyz() -> JSONResponse:
        """Say whether questions can be answered now."""
        try:
            status = assistant.status()
        except IndexingError as error:
            return JSONResponse({"ready": False, "reason": str(error)}, 503)
        documents = len(status["documents"])
        return JSONResponse({"ready": True, "version": status["version"], "documents": documents})

    @app.get("/metrics", response_class=Response)
    def read_metrics() -> Response:
        """Counters in Prometheus' text format."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)


def _add_docs(app: FastAPI) -> None:
    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(api_docs.page())

    @app.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT"], include_in_schema=False)
    def unknown(request: Request) -> None:
        if request.url.path in POSTED:
            raise RequestError(405, f"{request.method} {request.url.path}: not offered", "use POST")
        if request.url.path == MEASURES:
            raise RequestError(405, f"{request.method} {MEASURES}: not offered", "use GET or POST")
        raise RequestError(404, f"{request.url.path}: there is no such address", "see /docs")

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            known = schema["components"]["schemas"]
            for model in (AskBody, SearchBody, EligibilityBody, MeasuresBody):
                body = model.model_json_schema(ref_template="#/components/schemas/{model}")
                known |= body.pop("$defs", {})
                known[model.__name__] = body
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _stream(events: Iterator[Event], metrics: Metrics) -> Iterator[str]:
    try:
        for event in events:
            if isinstance(event, Answer):
                metrics.answered(event)
            yield server_sent(*described(event))
    except (AssistantError, IndexingError) as error:
        yield server_sent("error", _error(str(error)))
    except Exception:  # the response has begun: the stream itself must say that it failed
        log.exception("a streamed answer failed")
        yield server_sent("error", _UNEXPECTED)


def _error(message: str, mend: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message} | ({"mend": mend} if mend else {})}


_UNEXPECTED = _error("the server failed unexpectedly", "try again; the server's log says more")


def _explain(request: Request, error: Exception) -> Response:
    """An error as JSON. One that nobody foresaw is raised again by Starlette, and so logged."""
    if isinstance(error, RequestError):
        return JSONResponse(_error(str(error), error.mend), error.status)
    if isinstance(error, InputError) and not isinstance(error, MeasureError):
        return JSONResponse(_error(str(error)), 400)
    if isinstance(error, IndexingError):
        return JSONResponse(_error(str(error)), 503)
    if isinstance(error, AssistantError):
        return JSONResponse(_error(str(error)), 500)
    if isinstance(error, HTTPException):
        return JSONResponse(_error(error.detail), error.status_code, error.headers)
    return JSONResponse(_UNEXPECTED, 500)
