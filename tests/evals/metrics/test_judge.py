from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.chat_model import ChatModel
from assistant.errors import ChatModelReplyError, ChatModelUnreachableError
from assistant.testing import ScriptedChatModel, in_pieces
from evals.judge import SCHEMA, Judge, judge_of
from evals.metrics.judge import (
    Coherence,
    FactualPrecision,
    FactualRecall,
    Faithfulness,
    JudgeMetric,
)
from evals.metrics.testing import answer, applies, case, cite, nugget, score

CASE = case(nuggets=(nugget("生活补贴", "living allowance"), nugget("社保")), figures=("5年",))
GIVEN = answer("发放生活补贴[1]。为期5年[1]。", cite(1, "发放生活补贴"))


def saying(*verdicts: str, mark: int = 0, wrapped: str = "{}") -> Judge:
    statements = [{"text": f"说法{i}", "verdict": verdict} for i, verdict in enumerate(verdicts)]
    reply = {"reason": "理由", "statements": statements, "score": mark}
    return lambda _system, _user: wrapped.replace("{}", json.dumps(reply, ensure_ascii=False))


def judged(metric: JudgeMetric, judge: Judge) -> float | None:
    return score(replace(metric, ask=judge), CASE, GIVEN).value


@pytest.mark.parametrize(
    ("metric", "judge", "value"),
    [
        (Faithfulness(), saying("supported", "supported", "unsupported"), 2 / 3),
        (Faithfulness(), saying("Supported"), 1.0),
        (FactualPrecision(), saying("both", "answer_only", "reference_only", "both"), 2 / 3),
        (FactualRecall(), saying("both", "reference_only", "answer_only", "answer_only"), 1 / 2),
        (Coherence(), saying(mark=1), 0.0),
        (Coherence(), saying(mark=4), 3 / 4),
        (Coherence(), saying(mark=5), 1.0),
    ],
)
def test_hand_counted(metric: JudgeMetric, judge: Judge, value: float) -> None:
    assert judged(metric, judge) == pytest.approx(value)


@pytest.mark.parametrize(
    "wrapped", ["```json\n{}\n```", "<think>让我想想 {x}</think>\n评判如下：{}", "{}\n以上。"]
)
def test_a_reply_is_found_among_other_words(wrapped: str) -> None:
    assert judged(Coherence(), saying(mark=5, wrapped=wrapped)) == 1.0


@pytest.mark.parametrize(
    ("metric", "judge"),
    [
        (Faithfulness(), lambda *_: "这个回答很好，给满分。"),
        (Faithfulness(), lambda *_: '{"statements": [{"text": "断'),
        (Faithfulness(), lambda *_: '{"statements": "支持"}'),
        (Faithfulness(), lambda *_: "[1]"),
        (Faithfulness(), saying()),
        (Faithfulness(), saying("supported", "不确定")),
        # “不支持” holds “支持”: a search for the word would call it supported.
        (Faithfulness(), saying("不支持")),
        (FactualPrecision(), saying("reference_only")),
        (FactualRecall(), saying("answer_only")),
        (Coherence(), saying(mark=6)),
        (Coherence(), lambda *_: '{"reason": "", "score": "五"}'),
    ],
)
def test_a_verdict_that_cannot_be_read_is_unscored_not_wrong(
    metric: JudgeMetric, judge: Judge
) -> None:
    found = score(replace(metric, ask=judge), CASE, GIVEN)
    assert found.value is None
    assert found.why.startswith("unscored: ")
    assert metric.aggregate([found]) is None


def test_a_judge_is_shown_what_the_metric_is_about_in_the_language_of_the_case() -> None:
    asked: list[tuple[str, str]] = []

    def judge(system: str, user: str) -> str:
        asked.append((system, user))
        return "{}"

    for metric in (Faithfulness(), FactualRecall(), Coherence()):
        score(replace(metric, ask=judge), CASE, GIVEN)
    faithfulness, factual, coherence = (user for _, user in asked)
    assert "<reference>\n某政策: 发放生活补贴\n</reference>" in faithfulness
    assert "- 生活补贴 / living allowance\n- 社保\n- 5年" in factual
    assert "<reference>\n\n</reference>" in coherence
    assert all("<answer>\n发放生活补贴。为期5年。\n</answer>" in user for _, user in asked)
    assert all("只输出一个 JSON 对象" in system for system, _ in asked)


def test_what_is_not_judged() -> None:
    open_answer = answer("文件没有说明。", status="unanswerable")
    assert not applies(Faithfulness(), CASE, open_answer)
    assert not applies(FactualRecall(), case(), GIVEN)
    assert not applies(Coherence(), CASE, answer(" "))
    assert score(replace(Coherence(), ask=saying(mark=5)), CASE, open_answer).value == 1.0


def test_failures_score_zero_and_no_judge_is_unscored() -> None:
    for metric in (Faithfulness(), FactualPrecision(), FactualRecall(), Coherence()):
        assert metric.advisory
        assert score(metric, CASE, None).value == 0.0
        assert score(metric, CASE, GIVEN).why == "unscored: no judge model is configured"


def raising(error: Exception) -> Judge:
    def judge(_system: str, _user: str) -> str:
        raise error

    return judge


def test_a_broken_reply_is_unscored_and_no_judge_at_all_stops_the_scoring() -> None:
    found = score(replace(Coherence(), ask=raising(ChatModelReplyError("cut off"))), CASE, GIVEN)
    assert (found.value, found.why) == (None, "unscored: cut off")
    with pytest.raises(ChatModelUnreachableError):
        score(replace(Coherence(), ask=raising(ChatModelUnreachableError("down"))), CASE, GIVEN)


def test_a_chat_model_as_judge_is_asked_the_same_question_once() -> None:
    reply = json.dumps(
        {"reason": "", "statements": [{"text": "补贴", "verdict": "both"}], "score": 0}
    )
    model = ScriptedChatModel(chunks=in_pieces(reply))
    judge = judge_of(ChatModel(model, "scripted"))
    precise, complete = (replace(m, ask=judge) for m in (FactualPrecision(), FactualRecall()))
    assert score(precise, CASE, GIVEN).value == score(complete, CASE, GIVEN).value == 1.0
    ((messages, bound),) = model.calls
    assert [message.type for message in messages] == ["system", "human"]
    assert bound["tools"][0]["function"]["name"] == SCHEMA["title"]


def examples(name: str, lang: str) -> Any:
    import prompts

    lines = prompts.load(name, lang).render().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("metric", "check"),
    [
        (Faithfulness(), lambda value: value == 1 / 2),
        (FactualRecall(), lambda value: value == 1 / 2),
        (FactualPrecision(), lambda value: value == 1 / 2),
        (Coherence(), lambda value: value == 3 / 4),
    ],
)
def test_the_prompts_show_replies_that_can_be_read(
    metric: JudgeMetric, check: Callable[[float | None], bool], lang: str
) -> None:
    (example,) = examples(metric.prompt, lang)
    assert set(example) == set(SCHEMA["required"])
    assert check(judged(metric, lambda *_: json.dumps(example)))
