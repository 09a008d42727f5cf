"""Bodies of requests: read as JSON objects, described for `/docs`, refused with a mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from assistant import strict_json
from assistant.api_models import ErrorModel

MAX_BODY_BYTES = 1_000_000

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorModel, "description": "The request cannot be used; the message says why."},
    413: {"model": ErrorModel, "description": "The body is larger than 1 MB."},
    500: {"model": ErrorModel, "description": "Something failed on the server."},
    503: {"model": ErrorModel, "description": "The store cannot be searched now."},
}


class RequestError(Exception):
    """A request that cannot be served, with its HTTP status, message and mend."""

    def __init__(self, status: int, message: str, mend: str | None = None) -> None:
        """Keep them."""
        super().__init__(message)
        self.status = status
        self.mend = mend


async def json_body(request: Request) -> Mapping[str, Any]:
    """The JSON object in a request's body.

    Raises:
        RequestError: The body is too large, or is not a JSON object in UTF-8.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            limit = f"{MAX_BODY_BYTES:,} bytes"
            raise RequestError(
                413, f"body: more than {limit}", "send a shorter question or history"
            )
    mend = "send a JSON object in UTF-8; /docs shows its keys"
    try:
        data = strict_json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RequestError(400, f"body: not UTF-8 at byte {error.start}", mend) from error
    except strict_json.ContradictionError as error:
        raise RequestError(400, f"body: {error}", "name each key once") from error
    except (ValueError, RecursionError) as error:
        raise RequestError(400, f"body: not valid JSON: {error}", mend) from error
    if not isinstance(data, dict):
        raise RequestError(400, "body: valid JSON, but not an object", mend)
    return data


JsonBody = Annotated[Mapping[str, Any], Depends(json_body)]


def taking(model: type) -> dict[str, Any]:
    """Route options that describe a JSON body which `json_body` reads."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": schema}}
    return {
        "responses": ERRORS,
        "openapi_extra": {"requestBody": {"required": True, "content": content}},
    }
