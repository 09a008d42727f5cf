"""`/api/v1/measures` and `/api/v1/eligibility`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_app
from assistant.api_eligibility_models import (
    EligibilityBody,
    EligibilityModel,
    MeasuresBody,
    MeasuresModel,
)
from assistant.eligibility.service import Eligibility
from assistant.errors import MeasureError
from assistant.service import Assistant
from index.store import Store
from index.testing import HashEmbedder
from index.update import InProcessBuilder, update

JUDGE, LIST = "/api/v1/eligibility", "/api/v1/measures"
LITHIUM = {"location": "遂宁", "industry": ["lithium_battery"], "staff": 20}


class _Knows:
    """An assistant that knows measures and nothing else."""

    def __init__(self, eligibility: Eligibility) -> None:
        self.eligibility = eligibility


@pytest.fixture(scope="module")
def client(small: Eligibility) -> TestClient:
    return TestClient(create_app(_Knows(small)), raise_server_exceptions=False)  # type: ignore[arg-type]


def test_a_verdict_is_the_contract(client: TestClient, small: Eligibility) -> None:
    asked = {"id": 7, "measure": "lithium-grant", "facts": LITHIUM, "lang": "zh"}
    response = client.post(JUDGE, json=asked)
    assert response.status_code == 200
    found = EligibilityModel.model_validate(response.json())
    assert (found.id, found.verdict) == ("7", "eligible")
    read = small.read_facts(LITHIUM)
    assert response.json() == small.judge("lithium-grant", read, "zh", "7")


def test_the_models_describe_every_verdict(client: TestClient, small: Eligibility) -> None:
    for measure in small.offered:
        for lang in ("zh", "en"):
            response = client.post(JUDGE, json={"measure": measure, "lang": lang})
            given = EligibilityModel.model_validate(response.json()).model_dump(mode="json")
            assert given == response.json()


def test_validity_is_that_of_the_day(client: TestClient) -> None:
    asked = {"measure": "lithium-grant", "as_of": "2027-01-01"}
    found = client.post(JUDGE, json=asked).json()
    assert found["criteria"][0]["citation"]["validity"] == "lapsed"
    assert found["period"]["warning"]


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({}, ["lithium-grant", "half-rent", "reward", "less-rent"]),
        ({"audience": "企业"}, ["lithium-grant", "less-rent"]),
        ({"jurisdiction": "成都"}, ["half-rent", "reward", "less-rent"]),
        ({"industry": "drones", "audience": "enterprise"}, ["less-rent"]),
        ({"jurisdiction": "CN-SX"}, []),
    ],
)
def test_listing_by_get_and_post_is_the_same(
    client: TestClient, asked: dict[str, str], slugs: list[str]
) -> None:
    got = client.get(LIST, params=asked).json()
    assert got == client.post(LIST, json=asked).json()
    listed = MeasuresModel.model_validate(got).measures
    assert [one.id.partition("/")[2] for one in listed] == slugs


def test_listing_with_facts_is_ranked(client: TestClient) -> None:
    found = client.post(LIST, json={"facts": LITHIUM, "lang": "en"}).json()
    listed = MeasuresModel.model_validate(found).measures
    assert (listed[0].id, listed[0].fit) == ("alpha/lithium-grant", "eligible")
    assert {one.fit for one in listed} <= {"eligible", "possible", "not_for_you"}


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        (JUDGE, {}, "measure: missing"),
        (JUDGE, {"measure": 7}, "measure: a number"),
        (JUDGE, {"measure": "lithium-gant"}, "did you mean alpha/lithium-grant?"),
        (JUDGE, {"measure": "planned"}, "draft: true"),
        (JUDGE, {"measure": "reward", "facts": [1]}, "facts: a list"),
        (JUDGE, {"measure": "reward", "facts": {"planet": "Mars"}}, "planet"),
        (JUDGE, {"measure": "reward", "facts": {"staff": "20 years"}}, "staff"),
        (JUDGE, {"measure": "reward", "facts": {"founded": "2024-02-30"}}, "founded"),
        (JUDGE, {"measure": "reward", "facts": {"location": ["遂宁", "成都"]}}, "location"),
        (JUDGE, {"measure": "reward", "lang": "fr"}, "lang='fr'"),
        (JUDGE, {"measure": "reward", "as_of": "2024-02-30"}, "as_of='2024-02-30'"),
        (LIST, {"audience": 1}, "audience: a number"),
        (LIST, {"audience": "martians"}, "audience 'martians'"),
        (LIST, {"facts": {"planet": 1}}, "planet"),
    ],
)
def test_a_request_that_cannot_be_used(
    client: TestClient, path: str, body: dict[str, Any], why: str
) -> None:
    response = client.post(path, json=body)
    assert response.status_code == 400
    assert why in response.json()["error"]["message"]


@pytest.mark.parametrize("query", ["audience=martians", "lang=fr", "jurisdiction=Atlantis"])
def test_a_query_that_cannot_be_used(client: TestClient, query: str) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_a_fact_with_two_values_is_refused(client: TestClient) -> None:
    body = '{"measure": "reward", "facts": {"staff": 1, "staff": 2}}'
    response = client.post(JUDGE, content=body)
    assert response.status_code == 400
    assert response.json()["error"] == {
        "message": "body: 'staff' has two values, 1 and 2; keep one",
        "mend": "name each key once",
    }


@pytest.mark.parametrize(("method", "path"), [("GET", JUDGE), ("PUT", LIST)])
def test_a_method_that_is_not_offered(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.json()["error"]["mend"].startswith("use ")


def test_openapi_describes_both(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    known = spec["components"]["schemas"]
    for path, body, given in (
        (JUDGE, EligibilityBody, EligibilityModel),
        (LIST, MeasuresBody, MeasuresModel),
    ):
        described = spec["paths"][path]["post"]
        content = described["requestBody"]["content"]["application/json"]["schema"]
        assert content == {"$ref": f"#/components/schemas/{body.__name__}"}
        assert set(known[body.__name__]["properties"]) == set(body.model_fields)
        answered = described["responses"]["200"]["content"]["application/json"]["schema"]
        assert answered == {"$ref": f"#/components/schemas/{given.__name__}"}
    names = {one["name"] for one in spec["paths"][LIST]["get"]["parameters"]}
    assert names == {"audience", "jurisdiction", "industry", "lang", "as_of"}


def test_metrics_count_the_routes(small: Eligibility) -> None:
    own = TestClient(create_app(_Knows(small)))  # type: ignore[arg-type]
    own.get(LIST)
    own.post(JUDGE, json={"measure": "nothing"})
    text = own.get("/metrics").text
    assert 'policy_requests_total{code="200",method="GET",route="/api/v1/measures"} 1.0' in text
    assert 'policy_requests_total{code="400",method="POST",route="/api/v1/eligibility"} 1.0' in text


class TestOverAStore:
    """What `serve` does: measures over the published version, wrong files and all."""

    @pytest.fixture
    def assistant(self, measured: Path, tmp_path: Path) -> Assistant:
        embedder = HashEmbedder()
        store = Store(tmp_path / "store")
        update(store, measured, InProcessBuilder(embedder), embedder.fingerprint)
        return Assistant(store, embedder, corpus=measured)

    def test_citations_are_passages_of_the_store(self, assistant: Assistant) -> None:
        known = assistant.eligibility
        for measure in known.offered:
            found = known.judge(measure, {}, "zh")
            for one in (*found["criteria"], *found["benefits"]):
                cited = one["citation"]
                _, passage = assistant.passage(cited["passage_id"])
                assert cited["quote"] in passage.text

    def test_it_is_opened_once(self, assistant: Assistant) -> None:
        assert assistant.eligibility is assistant.eligibility

    def test_a_file_that_changes_is_read_anew(self, assistant: Assistant, measured: Path) -> None:
        before = assistant.eligibility
        path = measured / "measures" / "alpha.yaml"
        path.write_text(path.read_text("utf-8").replace("    draft: true\n", ""), encoding="utf-8")
        assert "alpha/planned" not in before.offered
        assert assistant.eligibility.measure("planned").title["en"] == "A draft"

    def test_a_wrong_file_takes_the_measures_away_and_nothing_else(
        self, assistant: Assistant, measured: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (measured / "facts.yaml").write_text("facts: {", encoding="utf-8")
        assert assistant.eligibility.offered == {}
        assert "facts.yaml:" in caplog.text
        client = TestClient(create_app(assistant), raise_server_exceptions=False)
        response = client.post(JUDGE, json={"measure": "reward"})
        assert response.status_code == 500
        assert "facts.yaml:" in response.json()["error"]["message"]
        assert client.post("/api/v1/search", json={"query": "grant"}).status_code == 200
        with pytest.raises(MeasureError):
            assistant.eligibility.measures("en")

    def test_measures_do_not_make_a_store_stale(self, assistant: Assistant, measured: Path) -> None:
        from index.update import status

        embedder = HashEmbedder()
        store = Store(assistant.index.path.parent.parent)
        (measured / "facts.yaml").write_text("facts: []\n", encoding="utf-8")
        assert status(store, measured, embedder.fingerprint).state == "current"
        documents = {d.id for d in assistant.index.documents()}
        assert documents == {"alpha"}

    def test_an_assistant_without_a_corpus_has_no_measures(self, assistant: Assistant) -> None:
        store = Store(assistant.index.path.parent.parent)
        assert json.dumps(Assistant(store, HashEmbedder()).eligibility.measures("en")) == "[]"
