"""Doubles for whatever talks to a chat model: a scripted LangChain model and a real HTTP server.

`ScriptedChatModel` stands in for any LangChain chat model, `FakeModelServer` for a server that
speaks OpenAI's protocol, so that the real client, its retries and timeouts are part of a test.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

Behaviour = Literal[
    "good",  # streams `reply`, or sends it whole to a client that does not ask for a stream
    "non_stream",  # sends `reply` whole, whatever was asked for
    "down",  # nothing listens
    "slow",  # sends nothing for `pause_s`, then `reply`
    "drip",  # waits `pause_s` before every piece
    "keepalive",  # sends comments every `pause_s` and never a piece
    "html",  # a web page with status 200
    "prose",  # text without JSON
    "invalid_json",  # JSON without some of its colons
    "wrong_schema",  # JSON of another shape
    "length",  # half of `reply`, and says that its limit was reached
    "silent_end",  # half of `reply`, then an orderly end without a reason
    "cut",  # half of `reply`, then the connection breaks
    "error_event",  # half of `reply`, then an error inside the stream
]
_HALVED = ("length", "silent_end", "cut", "error_event")

USAGE = {"prompt_tokens": 321, "completion_tokens": 54, "total_tokens": 375}


def reply_json(status: str, *sentences: tuple[str, list[int]]) -> str:
    """A chat model's reply as the answer prompt asks for it."""
    items = [{"text": text, "citations": labels} for text, labels in sentences]
    return json.dumps({"status": status, "sentences": items}, ensure_ascii=False)


def in_pieces(text: str, size: int = 5) -> list[str]:
    """Cut `text` as a stream of tokens would."""
    return [text[start : start + size] for start in range(0, len(text), size)]


class ScriptedChatModel(BaseChatModel):
    """A LangChain chat model that streams what it was told to.

    Attributes:
        chunks: The pieces of the reply, one stream event each.
        finish_reason: Sent after the last piece; `None` sends none.
        failure: Raised after the last piece.
        calls: Messages and bound arguments of every call.
    """

    chunks: list[str]
    finish_reason: str | None = "stop"
    failure: Exception | None = None
    calls: list[tuple[list[BaseMessage], dict[str, Any]]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Answer with a call of the first tool."""
        return self.bind(tools=list(tools), **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.calls.append((messages, kwargs))
        for piece in self.chunks:
            if "tools" in kwargs:
                call = ToolCallChunk(name="answer", args=piece, id="call_1", index=0)
                message = AIMessageChunk(content="", tool_call_chunks=[call])
            else:
                message = AIMessageChunk(content=piece)
            yield ChatGenerationChunk(message=message)
        if self.failure is not None:
            raise self.failure
        if self.finish_reason is not None:
            info = {"finish_reason": self.finish_reason}
            yield ChatGenerationChunk(message=AIMessageChunk(content=""), generation_info=info)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


class FakeModelServer:
    """An OpenAI-compatible chat server on a free loopback port, in a thread of its own.

    Use it as a context manager. With `behaviour="down"` the port is free again on entry.

    Args:
        reply: What the model says.
        behaviour: How the server treats a request; a number is an HTTP status to fail with.
        pause_s: Seconds for the behaviours that wait.
        fail_first: How many requests are answered with 503 before the behaviour begins.
    """

    def __init__(
        self,
        reply: str = "",
        behaviour: Behaviour | int = "good",
        *,
        pause_s: float = 0.2,
        fail_first: int = 0,
    ) -> None:
        self.behaviour = behaviour
        self.pause_s = pause_s
        self.fail_first = fail_first
        self.requests: list[dict[str, Any]] = []
        self.stopping = threading.Event()
        self.reply = {
            "prose": "I would rather tell you a story about boats.",
            "invalid_json": reply.replace('"citations":', '"citations"'),
            "wrong_schema": '{"answer": "42", "sources": ["the sea"]}',
            **dict.fromkeys(_HALVED, reply[: len(reply) // 2]),
        }.get(str(behaviour), reply)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        """What `POLICY_LLM_BASE_URL` would be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        if self.behaviour == "down":
            self._server.server_close()
        else:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        if self.behaviour != "down":
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: FakeModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def end_headers(self) -> None:
        self.send_header("Connection", "close")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep test output quiet."""

    def do_POST(self) -> None:
        double = self.server.double
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        double.requests.append({**body, "authorization": self.headers["Authorization"]})
        if len(double.requests) <= double.fail_first:
            self._whole(503, {"error": {"message": "warming up"}})
        elif isinstance(double.behaviour, int):
            self._whole(double.behaviour, {"error": {"message": "so it was scripted"}})
        elif double.behaviour == "html":
            self._whole(200, "<html><body>Welcome to nginx!</body></html>")
        elif double.behaviour == "non_stream" or not body.get("stream"):
            message = {"role": "assistant", "content": double.reply}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._whole(200, {**_head("chat.completion"), "choices": [choice], "usage": USAGE})
        else:
            self._stream(body, double)

    def _whole(self, status: int, content: dict[str, Any] | str) -> None:
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if data[:1] == b"<" else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, body: dict[str, Any], double: FakeModelServer) -> None:
        if double.behaviour == "slow":
            double.stopping.wait(double.pause_s)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while double.behaviour == "keepalive" and not double.stopping.wait(double.pause_s):
            self._write(": keep-alive\n\n")
        self._delta({"role": "assistant", "content": ""})
        for piece in in_pieces(double.reply):
            if double.behaviour == "drip" and double.stopping.wait(double.pause_s):
                return
            if body.get("tools"):
                call = {"index": 0, "id": "call_1", "type": "function"}
                function = {"name": body["tools"][0]["function"]["name"], "arguments": piece}
                self._delta({"tool_calls": [{**call, "function": function}]})
            else:
                self._delta({"content": piece})
        if double.behaviour == "error_event":
            self._event({"error": {"message": "out of memory"}})
        if double.behaviour in ("cut", "error_event"):
            return
        if double.behaviour != "silent_end":
            self._delta({}, "length" if double.behaviour == "length" else "stop")
            if (body.get("stream_options") or {}).get("include_usage"):
                self._event({**_head("chat.completion.chunk"), "choices": [], "usage": USAGE})
            self._write("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _delta(self, delta: dict[str, Any], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        self._event({**_head("chat.completion.chunk"), "choices": [choice]})

    def _event(self, data: dict[str, Any]) -> None:
        self._write(f"data: {json.dumps(data)}\n\n")

    def _write(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def _head(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1700000000, "model": "fake-1"}
