from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.answer import Answer, Usage
from assistant.chat_model import ChatModel
from assistant.composers import Brief, Evidence
from assistant.questions import Question, Understanding
from assistant.testing import ScriptedChatModel, reply_json
from assistant.trace import ComposeTrace, SentenceTrace, Trace, UnderstandTrace, VerifyTrace
from evals.benchmarks.local_model import KINDS, Tally, Watched, drafted, main, table
from evals.cases import Case, Expectation, SectionRef
from index.documents import Document, Metadata
from index.embedding import Embedding
from index.passages import Passage, ScoredPassage
from index.search import SearchResult

TEXT = "A firm may receive 30,000 yuan a year."
CASE = Case(
    "c", "en", ("How much?",), Expectation(True, ("answered",), None, (SectionRef("plan", "s"),))
)
ANSWER = Answer("How much?", "How much?", "en", "unanswerable", "Nothing is said.")


def brief() -> Brief:
    document = Document("plan", "Plan", TEXT, "en", Metadata())
    passage = Passage("plan/en#s", "plan", "en", "s", ("Plan",), TEXT, 0, len(TEXT))
    item = Evidence(1, ScoredPassage(passage, 1.0, 1), document)
    query = Embedding(
        np.ones(1, np.float32), np.ones((1, 1), np.float32), np.zeros((1, 2), np.int32)
    )
    found = SearchResult((item.scored,), query, "en", {})
    return Brief(Question("How much?"), Understanding("How much?", "en"), (item,), found)


def watched(reply: str | None) -> Watched:
    composer = Watched(ChatModel(ScriptedChatModel(chunks=[reply or ""]), "m"))
    composer.forget()
    if reply is not None:
        list(composer.compose(brief()))
    return composer


@pytest.mark.parametrize(
    ("reply", "failed"),
    [
        (reply_json("answered", (TEXT, [1])), set()),
        (
            reply_json("answered", ("A firm may receive 40,000 yuan.", [1])),
            {"fully right", "figure mismatches"},
        ),
        (reply_json("answered", (TEXT, [1, 7])), {"fully right", "invalid citations"}),
        (
            reply_json("answered", (TEXT, [])),
            {"fully right", "invalid citations", "figure mismatches"},
        ),
        (reply_json("unanswerable"), {"fully right", "false refusals"}),
    ],
)
def test_what_a_model_wrote_is_judged_as_an_answer(reply: str, failed: set[str]) -> None:
    tally = Tally()
    found = tally.judge(CASE, {"drafted": drafted(ANSWER, watched(reply))})
    assert {line.partition(":")[0] for line in found.get("drafted", [])} == failed


def test_what_the_model_was_not_asked_is_what_was_answered() -> None:
    assert drafted(ANSWER, watched(None)) == ANSWER.to_dict()


def test_a_reply_that_could_not_be_used_is_wrong() -> None:
    composer = Watched(ChatModel(ScriptedChatModel(chunks=["no JSON"]), "m"))
    with pytest.raises(Exception, match="no JSON object"):
        list(composer.compose(brief()))
    assert drafted(ANSWER, composer)["status"] == "failed"
    assert "drafted" in Tally().judge(CASE, {"drafted": drafted(ANSWER, composer)})


def test_the_table_counts_cases_and_sentences() -> None:
    composer = watched(reply_json("answered", (TEXT, [1]), ("It is 99 yuan.", [1]), ("Copy.", [1])))
    composer.usage = Usage(900, 40)
    kept = SentenceTrace("llm", TEXT, (1,), "kept", None, 0.9)
    removed = SentenceTrace(
        "llm", "It is 99 yuan.", (1,), "removed", "figure '99 yuan' is not in the passage", None
    )
    trace = Trace(
        UnderstandTrace("?", 0, "?", "en", "policy", "other"),  # type: ignore[arg-type]
        None,
        None,
        (ComposeTrace("llm", "m", {}, 2, "answered", "written", None),),
        VerifyTrace(0.4, (kept, removed)),
        {},
    )
    answer = Answer("?", "?", "en", "answered", TEXT, timings_ms={"total": 2500.0}, trace=trace)
    tally = Tally()
    answers: dict[str, Any] = {kind: ANSWER.to_dict() for kind in KINDS}
    tally.judge(
        CASE, answers | {"drafted": drafted(ANSWER, watched(reply_json("answered", (TEXT, [1]))))}
    )
    tally.watch(answer, composer)
    shown = table(tally, "tiny")
    assert "tiny: 1 cases, 2.5 s in the median" in shown
    assert "| quotes | 0/1 (0%) | 0/0 | 0/0 | 0/0 | 1/1 |" in shown
    assert "| drafted | 1/1 (100%) | 0/1 | 0/1 | 0/0 | 0/1 |" in shown
    assert "asked 1 times (1 written); in the median it read 900 tokens and wrote 40." in shown
    assert "It wrote 3 sentences, of which 2 were left out:" in shown
    assert "- 1 × figure … is not in the passage" in shown


def test_what_cannot_be_run_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    monkeypatch.setenv("POLICY_LLM", "local")
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path))
    monkeypatch.delenv("POLICY_LLM_BASE_URL", raising=False)
    assert main(["--every", "100"]) == 2
    assert "models prepare --local" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--every", "0"])
