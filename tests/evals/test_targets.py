from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.service import Assistant
from assistant.settings import PROJECT
from assistant.texts import say
from evals.cases import Case
from evals.spoils import answer_anyway, change_figure
from evals.suites import Spoil, TargetForm
from evals.target import Target
from evals.targets import target_over
from index.onnx_embedder import OnnxEmbedder
from index.store import Store

GREEN_CARD = Case("g", "en", ("Where can holders of the Shanxi green card choose to live?",))


def target(
    kind: str,
    assistant: Assistant,
    embedder: OnnxEmbedder,
    *,
    spoil: Spoil = "none",
    **form: object,
) -> Target:
    store = Store(assistant.index.path.parents[1])
    made = TargetForm.model_validate({"spoil": spoil, "as_of": date(2026, 1, 1), **form})
    return target_over(kind, made, store, embedder)  # type: ignore[arg-type]


def test_an_answer_is_the_contracts(assistant: Assistant, onnx_embedder: OnnxEmbedder) -> None:
    response = target("answer", assistant, onnx_embedder).respond(GREEN_CARD)
    asked = assistant.ask(replace(_question(GREEN_CARD.turns[-1])))
    ours, theirs = dict(response.answer), asked.to_dict()
    assert ours.pop("id") == "g"
    for answer in (ours, theirs):
        answer.pop("timings_ms")
    theirs.pop("id")
    assert ours == theirs
    assert response.ms > 0


def test_a_question_on_eligibility_is_judged_as_a_users_is(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    case = Case("e", "en", ("Do I qualify for “Support for a spouse without work”?",))
    store = Store(assistant.index.path.parents[1])
    form = TargetForm.model_validate({"as_of": date(2026, 1, 1)})
    judging = target_over("answer", form, store, onnx_embedder, corpus=PROJECT / "docs_corpus")
    answer = judging.respond(case).answer
    assert answer["eligibility"]["measure"] == "shanxi-talent-reform/spouse-support"
    plain = target_over("answer", form, store, onnx_embedder).respond(case).answer
    assert "eligibility" not in plain


def test_earlier_turns_become_the_history(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    case = replace(GREEN_CARD, turns=(GREEN_CARD.turns[0], "And what about their children?"))
    answer = target("answer", assistant, onnx_embedder).respond(case).answer
    assert answer["question"] == "And what about their children?"
    assert answer["query"] != answer["question"]


def test_a_search_gives_sections_or_documents(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    found = target("retrieval", assistant, onnx_embedder, k=5).respond(GREEN_CARD).answer
    assert len(found["results"]) == 5
    whole = target("retrieval", assistant, onnx_embedder, k=5, unit="document").respond(GREEN_CARD)
    results = whole.answer["results"]
    ids = [result["document_id"] for result in results]
    assert len(ids) == len(set(ids)) <= 5
    assert [result["rank"] for result in results] == list(range(1, len(ids) + 1))
    assert {result["section"] for result in results} == {"*"}
    assert ids[0] == "shanxi-talent-reform"


def test_without_reranking_the_fused_order_stays(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    for form in ({"rerank": False}, {"spoil": "no_rerank"}):
        made = target("retrieval", assistant, onnx_embedder, **form)  # type: ignore[arg-type]
        fused = [
            r["components"].get("fused", 0.0) for r in made.respond(GREEN_CARD).answer["results"]
        ]
        assert fused == sorted(fused, reverse=True)
    sound = target("retrieval", assistant, onnx_embedder).respond(GREEN_CARD).answer["results"]
    assert [r["score"] for r in sound] == sorted((r["score"] for r in sound), reverse=True)


def test_shuffled_citations_point_elsewhere(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    sound = target("answer", assistant, onnx_embedder).respond(GREEN_CARD).answer
    spoiled = target("answer", assistant, onnx_embedder, spoil="shuffled_citations")
    answer = spoiled.respond(GREEN_CARD).answer
    assert answer["text"] == sound["text"]
    assert [c["label"] for c in answer["citations"]] == [c["label"] for c in sound["citations"]]
    own = {(c["document_id"], c["section"]) for c in sound["citations"]}
    for cited in answer["citations"]:
        assert (cited["document_id"], cited["section"]) not in own
        document, _ = assistant.passage(cited["passage_id"])
        assert document.text[cited["start"] : cited["end"]] == cited["quote"]
    assert spoiled.respond(GREEN_CARD).answer["citations"] == answer["citations"]


def test_without_abstention_everything_is_answered(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    case = Case("p", "zh", ("法国的首都是哪里？",))
    sound = target("answer", assistant, onnx_embedder).respond(case).answer
    assert sound["status"] in ("unanswerable", "off_topic")
    spoiled = target("answer", assistant, onnx_embedder, spoil="no_abstention")
    answer = spoiled.respond(case).answer
    assert answer["status"] == "answered"
    (cited,) = answer["citations"]
    document, _ = assistant.passage(cited["passage_id"])
    assert document.text[cited["start"] : cited["end"]] == cited["quote"]
    answered = spoiled.respond(GREEN_CARD).answer
    assert answered["status"] == "answered"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("补贴14天。[1]", "补贴15天。[1]"),
        ("十四天 [1][12]", "十四天 [1][12]"),
        ("In 2023 it was 9.5% [1]", "In 2023 it was 10.5% [1]"),
        ("2023年", "2023年"),
        (say("greeting", "en"), say("greeting", "en")),
    ],
)
def test_one_figure_is_changed_and_no_mark(text: str, changed: str) -> None:
    assert change_figure({"text": text}, "seed")["text"] == changed


def test_what_is_answered_is_left_alone() -> None:
    answer = {"status": "answered", "text": "a [1]"}
    assert answer_anyway(answer, {"text": "b"}) is answer
    assert answer_anyway(answer | {"status": "unanswerable"}, None)["status"] == "unanswerable"


def test_digests_name_all_that_an_answer_depends_on(
    assistant: Assistant, onnx_embedder: OnnxEmbedder
) -> None:
    one, two = (target("answer", assistant, onnx_embedder) for _ in range(2))
    assert one.digests == two.digests
    digests = {"corpus", "index", "embedder", "chat_model", "reranker", "prompts", "code"}
    assert set(one.digests) == digests
    assert one.settings["as_of"] == "2026-01-01"
    other = target("answer", assistant, onnx_embedder, spoil="no_abstention")
    assert other.settings != one.settings


def _question(text: str) -> object:
    from assistant.questions import Question

    return Question(text, as_of=date(2026, 1, 1))
