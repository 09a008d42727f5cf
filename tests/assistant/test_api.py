import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant.answer import STEPS, Answer, Citation, Notice
from assistant.api import create_app
from assistant.api_bodies import MAX_BODY_BYTES
from assistant.api_models import AnswerModel, AskBody, SearchBody, SearchModel
from assistant.errors import ChatModelError, InputError
from assistant.events import Piece, Restart, Step
from assistant.questions import Question, Turn
from index.errors import StoreMissingError

CITATION = Citation(
    1,
    "p",
    "标题",
    "厅",
    "2023-09-20",
    "s",
    "p/zh#s",
    "原话。",
    3,
    6,
    "zh",
    "https://x.example/",
    "in_force",
)
ANSWER = Answer(
    "问题",
    "问题",
    "zh",
    "answered",
    "原话。 [1]",
    (CITATION,),
    (Notice("validity", "注意"),),
    ("还有？",),
)
HIT = {
    "rank": 1,
    "score": 2.5,
    "passage_id": "p/zh#s",
    "document_id": "p",
    "title": "标题",
    "section": "s",
}
HIT |= {"text": "原话。", "start": 3, "end": 6, "lang": "zh"}


class ScriptedAssistant:
    """An assistant that does what it was told, and remembers what it was asked."""

    def __init__(self, *events, failure=None):
        self.events = events or (Step("understand"), Piece("原话。 [1]", (CITATION,)), ANSWER)
        self.failure = failure
        self.asked: list[Question] = []

    def stream(self, question):
        self.asked.append(question)
        yield from (replace(e, id=question.id) if isinstance(e, Answer) else e for e in self.events)
        if self.failure:
            raise self.failure

    def ask(self, question):
        return list(self.stream(question))[-1]

    def search(self, query, k, identity, explain=False):
        if self.failure:
            raise self.failure
        found = {"id": identity, "query": query, "results": [HIT][:k], "timings_ms": {"total": 1.0}}
        return found | ({"explain": {"lang": "zh"}} if explain else {})

    def status(self):
        if self.failure:
            raise self.failure
        return {"version": "v1", "documents": [{}, {}]}


def client_of(assistant):
    return TestClient(create_app(assistant), raise_server_exceptions=False)


def events_of(response):
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


def test_ask_gives_the_answer_of_the_contract():
    response = client_of(ScriptedAssistant()).post(
        "/api/v1/ask", json={"question": "问题", "id": "q-1"}
    )
    assert response.status_code == 200
    assert response.json() == replace(ANSWER, id="q-1").to_dict()
    assert "原话" in response.text  # Chinese is sent as Chinese


def test_the_models_describe_what_is_sent():
    answer = json.loads(json.dumps(ANSWER.to_dict()))
    described = AnswerModel.model_validate(answer)
    assert described.model_dump(mode="json", exclude_unset=True) == answer
    assert set(answer["timings_ms"]) == set(STEPS)
    found = ScriptedAssistant().search("q", 1, None)
    assert SearchModel.model_validate(found).model_dump(mode="json") == found
    example = {
        "question": "q",
        "history": ["a", ["b", "c"], {"role": "user", "content": "d"}, {"question": "e"}],
    }
    AskBody.model_validate(
        example | {"lang": "zh", "as_of": "2024-01-31", "facts": {"a": 1}, "id": 1}
    )
    SearchBody.model_validate({"query": "q", "k": 5, "id": "x"})


def test_ask_passes_on_all_that_was_said():
    assistant = ScriptedAssistant()
    body = {
        "question": "那孩子呢？",
        "history": [["绿卡？", "有。"]],
        "lang": "zh",
        "as_of": "2024-01-31",
        "facts": {"a": 1},
    }
    client_of(assistant).post("/api/v1/ask", json=body)
    [asked] = assistant.asked
    assert asked.history == (Turn("user", "绿卡？"), Turn("assistant", "有。"))
    assert (asked.lang, asked.as_of.isoformat(), asked.facts) == ("zh", "2024-01-31", {"a": 1})


def test_a_stream_is_sent_event_by_event():
    events = (Step("compose"), Piece("旧"), Restart(), Piece("原话。 [1]", (CITATION,)), ANSWER)
    response = client_of(ScriptedAssistant(*events)).post(
        "/api/v1/ask/stream", json={"question": "问题"}
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    sent = events_of(response)
    assert [name for name, _ in sent] == ["step", "piece", "restart", "piece", "answer"]
    assert sent[0][1] == {"name": "compose"}
    assert sent[3][1]["citations"][0]["quote"] == "原话。"
    assert sent[4][1] == ANSWER.to_dict()


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (StoreMissingError("store gone"), "store gone"),
        (RuntimeError("secret"), "failed unexpectedly"),
    ],
)
def test_a_stream_that_fails_says_so_in_the_stream(failure, message):
    assistant = ScriptedAssistant(Step("understand"), failure=failure)
    sent = events_of(client_of(assistant).post("/api/v1/ask/stream", json={"question": "问题"}))
    assert [name for name, _ in sent] == ["step", "error"]
    assert message in sent[1][1]["error"]["message"]
    assert "secret" not in json.dumps(sent)


def test_a_stream_of_a_bad_question_is_refused_before_it_begins():
    class Refusing(ScriptedAssistant):
        def stream(self, question):
            raise InputError("question: it is empty; write what you want to know")
            yield

    response = client_of(Refusing()).post("/api/v1/ask/stream", json={"question": ""})
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("question: it is empty")


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/ask/stream"])
def test_an_answer_tells_how_it_came_about_where_that_is_asked_for(assistant, path):
    client = client_of(assistant)

    def ask(**body):
        response = client.post(path, json={"question": "遂宁有什么支持？", **body})
        return events_of(response)[-1][1] if path.endswith("stream") else response.json()

    contract = set(ANSWER.to_dict())
    assert set(ask()) == set(ask(trace=False)) == contract
    answer = ask(trace=True)
    assert set(answer) == contract | {"trace"}
    assert answer["trace"]["understand"]["question"] == "遂宁有什么支持？"
    assert answer["trace"]["timings_ms"] == answer["timings_ms"]
    assert client.post(path, json={"question": "q", "trace": "yes"}).status_code == 400


def test_search():
    response = client_of(ScriptedAssistant()).post(
        "/api/v1/search", json={"query": "绿卡", "k": 1, "id": 5}
    )
    assert response.json() == {
        "id": "5",
        "query": "绿卡",
        "results": [HIT],
        "timings_ms": {"total": 1.0},
    }


def test_a_search_can_be_explained():
    asked = {"query": "绿卡", "k": 1, "explain": True}
    response = client_of(ScriptedAssistant()).post("/api/v1/search", json=asked)
    assert response.json()["explain"] == {"lang": "zh"}


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search"])
@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "body: not valid JSON"),
        (b"{", 400, "body: not valid JSON"),
        (b"[" * 200_000, 400, "body: not valid JSON"),
        (b"[]", 400, "body: valid JSON, but not an object"),
        (b'"q"', 400, "body: valid JSON, but not an object"),
        ('{"question": "政策"}'.encode("gb18030"), 400, "body: not UTF-8"),
        (b"{}", 400, ": missing"),
        (b'{"question": 1, "query": 1}', 400, ": a number"),
        (b'{"question": "\\ud800", "query": "\\ud800"}', 400, ": it holds half"),
        (b'{"question": "' + b"x" * MAX_BODY_BYTES + b'"}', 413, "body: more than"),
    ],
)
def test_a_body_that_cannot_be_used(path, body, status, message):
    response = client_of(ScriptedAssistant()).post(path, content=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert message in error["message"]
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("failure", "status", "message"),
    [
        (InputError("question: it is empty"), 400, "question: it is empty"),
        (StoreMissingError("store /x: nothing is built"), 503, "store /x: nothing is built"),
        (ChatModelError("no reply"), 500, "no reply"),
        (RuntimeError("secret"), 500, "the server failed unexpectedly"),
    ],
)
def test_failures_are_json(failure, status, message):
    response = client_of(ScriptedAssistant(failure=failure)).post(
        "/api/v1/ask", json={"question": "q"}
    )
    assert response.status_code == status
    assert response.json()["error"]["message"] == message


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/ask", 405),
        ("PUT", "/api/v1/search", 405),
        ("POST", "/api/v1/asks", 404),
        ("GET", "/nowhere", 404),
    ],
)
def test_wrong_addresses_are_json_too(method, path, status):
    response = client_of(ScriptedAssistant()).request(method, path)
    assert response.status_code == status
    assert response.json()["error"]["message"]


def test_health_and_readiness():
    client = client_of(ScriptedAssistant())
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"ready": True, "version": "v1", "documents": 2}


def test_not_ready_says_why():
    response = client_of(ScriptedAssistant(failure=StoreMissingError("store /x: gone"))).get(
        "/readyz"
    )
    assert (response.status_code, response.json()) == (
        503,
        {"ready": False, "reason": "store /x: gone"},
    )


def test_metrics_count_requests_and_answers_of_one_application():
    client = client_of(ScriptedAssistant())
    client.post("/api/v1/ask", json={"question": "q"})
    client.post("/api/v1/ask", json={})
    client.get("/some/page")
    client_of(ScriptedAssistant()).post("/api/v1/ask", json={"question": "q"})
    text = client.get("/metrics").text
    assert 'policy_requests_total{code="200",method="POST",route="/api/v1/ask"} 1.0' in text
    assert 'policy_requests_total{code="400",method="POST",route="/api/v1/ask"} 1.0' in text
    assert 'policy_requests_total{code="404",method="GET",route="page"} 1.0' in text
    assert 'policy_request_seconds_count{route="/api/v1/ask"} 2.0' in text
    assert 'policy_request_seconds_count{route="page"}' not in text
    assert 'policy_answers_total{composer="quotes",lang="zh",status="answered"} 1.0' in text


def test_openapi_describes_bodies_and_answers():
    spec = client_of(ScriptedAssistant()).get("/openapi.json").json()
    ask = spec["paths"]["/api/v1/ask"]["post"]
    assert ask["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/AskBody"
    }
    assert ask["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/AnswerModel"
    }
    known = spec["components"]["schemas"]
    used = {part.split('"')[0] for part in json.dumps(spec).split("#/components/schemas/")[1:]}
    assert used <= set(known)
    assert known["AskBody"]["required"] == ["question"]


def test_the_docs_page_loads_nothing_from_outside():
    page = client_of(ScriptedAssistant()).get("/docs").text
    assert "openapi.json" in page
    assert "http://" not in page and "https://" not in page and "//cdn" not in page
