from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel

from assistant.answer import Usage
from assistant.chat_model import ChatModel, ChatModelSettings, Delta, configured_model, connect
from assistant.composers.reply import SCHEMA
from assistant.errors import (
    ChatModelError,
    ChatModelReplyError,
    ChatModelUnreachableError,
    ConfigurationError,
)
from assistant.testing import USAGE, Behaviour, FakeModelServer, ScriptedChatModel, reply_json

REPLY = reply_json("answered", ("由五个部门联合印发。", [1]), ("It runs until 2025.", [2]))
METHODS = ("json_schema", "function_calling", "json_mode")
OURS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GROQ_API_KEY")


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def settings_for(server: FakeModelServer, **given: Any) -> ChatModelSettings:
    options = {"timeout_s": 1.0, "max_retries": 0, **given}
    return ChatModelSettings("fake-1", base_url=server.base_url, **options)


def ask(model: ChatModel) -> list[Delta]:
    return list(model.stream("system", "user", SCHEMA))


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


# --- what is asked for, and what comes


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("behaviour", ["good", "non_stream"])
def test_a_reply_arrives_whole_with_its_usage(method: Any, behaviour: Behaviour) -> None:
    with FakeModelServer(REPLY, behaviour) as server:
        deltas = ask(connect(settings_for(server, structured_output=method)))
    assert text_of(deltas) == REPLY
    assert [delta.usage for delta in deltas if delta.usage != Usage()] == [
        Usage(USAGE["prompt_tokens"], USAGE["completion_tokens"])
    ]
    assert "stop" in {delta.finish_reason for delta in deltas}


def test_a_reply_arrives_in_pieces() -> None:
    with FakeModelServer(REPLY) as server:
        assert len([delta for delta in ask(connect(settings_for(server))) if delta.text]) > 10


@pytest.mark.parametrize("method", ["auto", *METHODS])
def test_the_request_carries_what_was_set(method: Any) -> None:
    with FakeModelServer(REPLY) as server:
        ask(connect(settings_for(server, structured_output=method, max_tokens=77, api_key="k-1")))
    (request,) = server.requests
    assert request["model"] == "fake-1"
    assert request["temperature"] == 0
    assert request["max_tokens"] == 77
    assert request["stream_options"] == {"include_usage": True}
    assert request["authorization"] == "Bearer k-1"
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    form = request.get("response_format")
    if method == "function_calling":
        assert form is None
        assert request["tools"][0]["function"]["parameters"] == SCHEMA
        assert request["tool_choice"]["function"]["name"] == SCHEMA["title"]
    elif method == "json_mode":
        assert form == {"type": "json_object"}
    else:
        assert form is not None
        assert form["json_schema"] == {"name": SCHEMA["title"], "schema": SCHEMA, "strict": True}


def test_openais_key_is_not_sent_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with FakeModelServer(REPLY) as server:
        ask(connect(settings_for(server)))
    assert server.requests[0]["authorization"] == "Bearer not-needed"


def test_init_chat_model_connects_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeModelServer(REPLY) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        deltas = ask(connect(ChatModelSettings("openai:gpt-4.1-mini", api_key="k-2")))
    assert text_of(deltas) == REPLY
    assert server.requests[0]["authorization"] == "Bearer k-2"
    assert server.requests[0]["model"] == "gpt-4.1-mini"


@pytest.mark.parametrize(
    ("key", "model"), [("DASHSCOPE_API_KEY", "qwen-plus"), ("DEEPSEEK_API_KEY", "deepseek-chat")]
)
def test_providers_that_speak_openais_protocol_are_asked_in_it(key: str, model: str) -> None:
    settings = configured_model({key: "k-3"})
    assert settings is not None
    with FakeModelServer(REPLY) as server:
        deltas = ask(connect(replace(settings, base_url=server.base_url)))
    assert text_of(deltas) == REPLY
    (request,) = server.requests
    assert (request["model"], request["authorization"]) == (model, "Bearer k-3")
    assert request["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("structured_output", ["auto", *METHODS])
def test_any_langchain_chat_model_will_do(structured_output: Any) -> None:
    scripted = ScriptedChatModel(chunks=[REPLY[:20], REPLY[20:]])
    assert text_of(ask(ChatModel(scripted, "scripted", structured_output))) == REPLY
    ((messages, bound),) = scripted.calls
    assert [message.text for message in messages] == ["system", "user"]
    assert ("tools" in bound) == (structured_output in ("auto", "function_calling"))


def test_a_model_without_tool_calls_is_held_by_the_prompt_alone() -> None:
    model = FakeListChatModel(responses=[REPLY])
    assert text_of(ask(ChatModel(model, "fake"))) == REPLY
    with pytest.raises(ConfigurationError, match="'fake' has no tool calls"):
        ask(ChatModel(model, "fake", "function_calling"))


def test_a_tool_call_of_a_reply_that_came_whole_is_read() -> None:
    from langchain_core.messages import AIMessage

    from assistant.chat_deltas import deltas_of

    call = {"name": "policy_answer", "args": {"status": "部分"}, "id": "1"}

    class Whole:
        def stream(self, _: object) -> list[AIMessage]:
            return [AIMessage("", tool_calls=[call])]

    (delta,) = deltas_of(Whole(), [])  # type: ignore[arg-type]
    assert delta.text == '{"status": "部分"}'


@pytest.mark.parametrize(("context", "expected"), [(None, None), (4096, 2596)])
def test_the_prompt_leaves_room_for_the_reply(context: int | None, expected: int | None) -> None:
    settings = ChatModelSettings("m", base_url="http://127.0.0.1:9/v1", context=context)
    assert connect(settings).prompt_tokens == expected


# --- what goes wrong


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("behaviour", "expected", "message"),
    [
        ("down", ChatModelUnreachableError, "cannot be reached"),
        ("slow", ChatModelUnreachableError, "sent nothing in time"),
        ("html", ChatModelReplyError, "cannot be read"),
        ("cut", ChatModelReplyError, "broke off in mid-answer, after '{\"status"),
        ("error_event", ChatModelReplyError, "out of memory"),
        (400, ChatModelReplyError, "refused the request .HTTP 400.*POLICY_LLM_STRUCTURED_OUTPUT"),
        (401, ChatModelUnreachableError, "refused the API key.*POLICY_LLM_API_KEY"),
        (403, ChatModelUnreachableError, "refused the API key"),
        (404, ChatModelUnreachableError, "was not found.*POLICY_LLM"),
        (429, ChatModelUnreachableError, "cannot answer now .HTTP 429"),
        (500, ChatModelUnreachableError, "cannot answer now .HTTP 500: .*so it was scripted"),
        (503, ChatModelUnreachableError, "cannot answer now .HTTP 503"),
    ],
)
def test_failures_are_told_apart(
    method: Any, behaviour: Any, expected: type[ChatModelError], message: str
) -> None:
    with FakeModelServer(REPLY, behaviour, pause_s=30) as server:
        model = connect(settings_for(server, structured_output=method, timeout_s=0.3))
        with pytest.raises(expected, match=message) as raised:
            ask(model)
        assert server.base_url in str(raised.value)
        assert raised.value.__cause__ is not None


def test_the_address_in_a_message_has_no_password() -> None:
    model = connect(ChatModelSettings("m", base_url="http://ann:pa55@127.0.0.1:9/v1"))
    assert model.where == "chat model 'm' at http://127.0.0.1:9/v1"


def test_a_failed_request_is_sent_again() -> None:
    with FakeModelServer(REPLY, fail_first=1) as server:
        assert text_of(ask(connect(settings_for(server, max_retries=1)))) == REPLY
    assert len(server.requests) == 2


def test_without_retries_it_is_not() -> None:
    with (
        FakeModelServer(REPLY, fail_first=1) as server,
        pytest.raises(ChatModelUnreachableError, match="503"),
    ):
        ask(connect(settings_for(server, max_retries=0)))
    assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", ["drip", "keepalive"])
def test_the_deadline_bounds_a_server_that_never_falls_silent(behaviour: Behaviour) -> None:
    with FakeModelServer(REPLY * 50, behaviour, pause_s=0.05) as server:
        begin = time.monotonic()
        with pytest.raises(ChatModelUnreachableError, match=r"did not finish within 0\.4 s"):
            ask(connect(settings_for(server, deadline_s=0.4)))
        assert time.monotonic() - begin < 5


def test_the_deadline_bounds_a_model_that_floods() -> None:
    class Flood(ScriptedChatModel):
        def _stream(self, *args: Any, **kwargs: Any) -> Any:
            while True:
                yield from super()._stream(*args, **kwargs)

    begin = time.monotonic()
    with pytest.raises(ChatModelUnreachableError, match="did not finish"):
        ask(ChatModel(Flood(chunks=[""], finish_reason=None), "flood", deadline_s=0.3))
    assert time.monotonic() - begin < 5


def test_letting_go_of_the_reply_lets_go_of_the_server() -> None:
    before = threading.active_count()
    with FakeModelServer(REPLY * 50, "drip", pause_s=0.02) as server:
        stream = connect(settings_for(server)).stream("system", "user", SCHEMA)
        next(stream)
        stream.close()
    for _ in range(100):
        if threading.active_count() <= before:
            return
        time.sleep(0.05)
    pytest.fail("the thread that read the reply is still there")


def test_what_is_no_failure_of_the_model_is_not_dressed_as_one() -> None:
    class BugError(Exception):
        pass

    scripted = ScriptedChatModel(chunks=["{"], failure=BugError("ours"))
    with pytest.raises(BugError, match="ours"):
        ask(ChatModel(scripted, "scripted"))


# --- settings


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("anthropic:claude-haiku-4-5", "pip install langchain-anthropic"),
        ("groq:llama", "pip install langchain-groq"),
        ("openai:gpt-4.1-mini", "set POLICY_LLM_API_KEY or OPENAI_API_KEY"),
        ("nobody:model", "cannot be used: Unable to infer model provider"),
        ("mystery", "write it as provider:model"),
        ("local", "local can only write answers.*llama.cpp, Ollama or vLLM server"),
    ],
)
def test_a_model_that_cannot_be_connected_names_the_mend(
    model: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("langchain_anthropic", "langchain_groq"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigurationError, match=message):
        connect(ChatModelSettings(model))


def test_a_provider_that_would_notice_its_missing_key_only_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import langchain.chat_models
    from pydantic import SecretStr

    class Keyed(ScriptedChatModel):
        some_api_key: SecretStr = SecretStr("")

        @property
        def lc_secrets(self) -> dict[str, str]:
            return {"some_api_key": "SOME_API_KEY"}

    monkeypatch.setattr(langchain.chat_models, "init_chat_model", lambda *_, **__: Keyed(chunks=[]))
    with pytest.raises(ConfigurationError, match="set POLICY_LLM_API_KEY or SOME_API_KEY"):
        connect(ChatModelSettings("some:model"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"base_url": "127.0.0.1:8080"}, "no HTTP address"),
        ({"structured_output": "xml"}, "'xml' is unknown"),
        ({"timeout_s": 0}, "timeout_s must be greater than 0"),
        ({"deadline_s": -1.0}, "deadline_s"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_retries": -1}, "max_retries must be 0 or more"),
        ({"context": 2_999}, "1500 tokens takes more than half of .* window of 2999: lower POLICY"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ChatModelSettings("m", **given)


def test_a_key_is_not_printed() -> None:
    assert "sk-secret" not in repr(ChatModelSettings("m", api_key="sk-secret"))


BOTH_PACKAGES = ("langchain_openai", "langchain_anthropic")


@pytest.mark.parametrize(
    ("environ", "packages", "expected"),
    [
        ({}, BOTH_PACKAGES, None),
        ({"POLICY_LLM": "  ", "OPENAI_API_KEY": ""}, BOTH_PACKAGES, None),
        ({"POLICY_LLM": "groq:llama"}, (), ("groq:llama", None, None)),
        ({"POLICY_LLM": "local", "OPENAI_API_KEY": "o"}, BOTH_PACKAGES, ("local", None, None)),
        ({"POLICY_LLM": "openai:x", "POLICY_LLM_API_KEY": "k"}, (), ("openai:x", None, "k")),
        (
            {"POLICY_LLM": "openai:x", "OPENAI_API_KEY": "o"},
            BOTH_PACKAGES,
            ("openai:x", None, None),
        ),
        ({"POLICY_LLM_BASE_URL": "http://h/v1"}, (), ("default", "http://h/v1", None)),
        (
            {
                "POLICY_LLM_BASE_URL": "http://h/v1",
                "POLICY_LLM": "qwen2.5:7b",
                "OPENAI_API_KEY": "o",
            },
            BOTH_PACKAGES,
            ("qwen2.5:7b", "http://h/v1", None),
        ),
        (
            {"POLICY_LLM_BASE_URL": "http://h/v1", "POLICY_LLM": "openai:q"},
            (),
            ("q", "http://h/v1", None),
        ),
        (
            {"POLICY_LLM_BASE_URL": "http://h/v1", "POLICY_LLM": "local"},
            (),
            ("local", "http://h/v1", None),
        ),
        (
            {"OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a"},
            BOTH_PACKAGES,
            ("openai:gpt-4.1-mini", None, "o"),
        ),
        ({"ANTHROPIC_API_KEY": "a"}, BOTH_PACKAGES, ("anthropic:claude-haiku-4-5", None, "a")),
        ({"ANTHROPIC_API_KEY": "a"}, ("langchain_openai",), None),
        (
            {"ANTHROPIC_API_KEY": "a", "DEEPSEEK_API_KEY": "d"},
            ("langchain_openai",),
            ("deepseek-chat", "https://api.deepseek.com/v1", "d"),
        ),
        (
            {"DASHSCOPE_API_KEY": "s"},
            BOTH_PACKAGES,
            ("qwen-plus", "https://dashscope.aliyuncs.com/compatible-mode/v1", "s"),
        ),
    ],
)
def test_which_model_an_environment_asks_for(
    environ: dict[str, str],
    packages: tuple[str, ...],
    expected: tuple[str, str | None, str | None] | None,
) -> None:
    settings = configured_model(environ, importable=packages.__contains__)
    found = settings and (settings.model, settings.base_url, settings.api_key)
    assert found == expected


def test_installed_packages_are_found() -> None:
    assert configured_model({"OPENAI_API_KEY": "o"}) is not None


def test_langchain_is_not_imported_before_a_model_is_connected() -> None:
    program = (
        "import sys, assistant.chat_model, assistant.composers.llm as llm;"
        "assistant.chat_model.configured_model({'OPENAI_API_KEY': 'o'});"
        "print([m for m in sys.modules if m.split('.')[0].startswith(('langchain', 'openai'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
