"""Metrics that ask a judge model: faithfulness, factual precision and recall, coherence.

After the definitions that GOV.UK Chat publishes (github.com/alphagov/govuk-chat-evaluation, folder
`rag_answers`; its faithfulness is deepeval's), with prompts of our own. They are advisory until
calibrated against people's labels: no gate should rest on them. A reply that cannot be read is
`unscored`, never wrong. A judge that cannot be reached stops the scoring.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import prompts
from assistant.errors import ChatModelReplyError
from evals.answers import abstained, citations, declined_rightly, plain_text
from evals.cases import Case
from evals.judge import Judge
from evals.metrics.base import CaseMetric, Judgement

_NO_JUDGE = "no judge model is configured"


@dataclass(frozen=True)
class _Reply:
    """A judge's reply, as far as it has the form asked for."""

    reason: str
    statements: Sequence[tuple[str, str]]
    score: int | None


@dataclass(frozen=True)
class JudgeMetric(CaseMetric):
    """A metric that asks a judge model.

    Attributes:
        ask: The judge; without one every case is unscored.
        prompt: The name of the judge's prompt.
        advisory: Whether it only advises.
    """

    ask: Judge | None = None

    kind = "judge"
    passes_at = None
    prompt: ClassVar[str]
    advisory: ClassVar[bool] = True

    def judge(self, case: Case, answer: Mapping[str, Any]) -> Judgement | None:
        """Judge one answer."""
        if not self.concerns(case, answer):
            return None
        if self.ask is None:
            return Judgement(None, f"unscored: {_NO_JUDGE}")
        system = prompts.load(self.prompt, case.lang).render()
        user = prompts.load("judge_material", case.lang).render(
            question="\n".join(case.turns),
            reference=self.reference(case, answer),
            answer=plain_text(answer),
        )
        try:
            reply = _read(self.ask(system, user))
        except ChatModelReplyError as error:
            return Judgement(None, f"unscored: {error}")
        if reply is None:
            return Judgement(None, "unscored: the judge's reply is not of the form asked for")
        return self.value(reply)

    def concerns(self, case: Case, answer: Mapping[str, Any]) -> bool:
        """Whether there is something to judge."""
        return not abstained(answer)

    def reference(self, case: Case, answer: Mapping[str, Any]) -> str:
        """What the answer is held against."""
        return ""

    @abstractmethod
    def value(self, reply: _Reply) -> Judgement:
        """What a reply comes to."""


class Faithfulness(JudgeMetric):
    """The share of an answer's statements that follow from the passages it cites.

    Deepeval holds statements against all that was retrieved, and lets pass what it does not
    contradict; ours against the quotes that the reader is shown, which must bear it out. An answer
    that leaves the question open is not judged; one in which the judge finds no statement is
    unscored.
    """

    name = "faithfulness"
    prompt = "judge_faithfulness"

    def reference(self, case: Case, answer: Mapping[str, Any]) -> str:
        """The quotes, with the titles they stand under."""
        return "\n".join(f"{cited['title']}: {cited['quote']}" for cited in citations(answer))

    def value(self, reply: _Reply) -> Judgement:
        """The share of supported statements."""
        return _share(reply, hit="supported", miss="unsupported")


class _Factual(JudgeMetric):
    prompt = "judge_factual"

    def applies(self, case: Case) -> bool:
        """Whether the case says what an answer should say."""
        return bool(case.expect.nuggets or case.expect.figures)

    def concerns(self, case: Case, answer: Mapping[str, Any]) -> bool:
        """Whether the answer owes content."""
        return not declined_rightly(case, answer)

    def reference(self, case: Case, answer: Mapping[str, Any]) -> str:
        """The nuggets and figures, one a line."""
        facts = [" / ".join(nugget.any) for nugget in case.expect.nuggets]
        return "\n".join(f"- {fact}" for fact in [*facts, *case.expect.figures])


class FactualPrecision(_Factual):
    """The share of the answer's key facts that the reference has: `TP / (TP + FP)`.

    GOV.UK Chat's reference is an ideal answer. Ours is the list of nuggets and figures, so that a
    true fact beyond it counts against the answer: compare runs by it, do not read it alone. Without
    any fact in the answer it is unscored.
    """

    name = "factual_precision"

    def value(self, reply: _Reply) -> Judgement:
        """The share of facts in both, among those of the answer."""
        return _share(reply, hit="both", miss="answer_only", ignored="reference_only")


class FactualRecall(_Factual):
    """The share of the reference's key facts that the answer has: `TP / (TP + FN)`."""

    name = "factual_recall"

    def value(self, reply: _Reply) -> Judgement:
        """The share of facts in both, among those of the reference."""
        return _share(reply, hit="both", miss="reference_only", ignored="answer_only")


class Coherence(JudgeMetric):
    """How clear, consistent and well ordered an answer is: a rubric from 1 to 5, as 0 to 1.

    Correctness and completeness are not asked for, so that an answer which clearly says that it
    does not know can score 1. A mark outside the rubric is unscored, not clamped.
    """

    name = "coherence"
    prompt = "judge_coherence"

    def concerns(self, case: Case, answer: Mapping[str, Any]) -> bool:
        """Any answer with words."""
        return bool(plain_text(answer).strip())

    def value(self, reply: _Reply) -> Judgement:
        """The rubric's mark, scaled."""
        if reply.score is None or not 1 <= reply.score <= 5:
            return Judgement(None, f"unscored: the judge's mark {reply.score} is not within 1 to 5")
        return Judgement((reply.score - 1) / 4, reply.reason, {"mark": reply.score})


def _share(reply: _Reply, hit: str, miss: str, ignored: str = "") -> Judgement:
    counts = {verdict: 0 for verdict in (hit, miss, ignored) if verdict}
    for _, verdict in reply.statements:
        if verdict not in counts:
            return Judgement(None, f"unscored: the judge's verdict {verdict!r} is none of its own")
        counts[verdict] += 1
    if not counts[hit] + counts[miss]:
        return Judgement(None, "unscored: the judge found nothing to judge", counts)
    missed = [text for text, verdict in reply.statements if verdict == miss]
    why = f"{miss}: {' | '.join(missed)}" if missed else reply.reason
    return Judgement(counts[hit] / (counts[hit] + counts[miss]), why, counts)


def _read(reply: str) -> _Reply | None:
    """Take the JSON object out of whatever a model wrote around it."""
    begun = reply.rfind("</think>") + 1
    found = re.search(r"\{.*\}", reply[begun:], re.DOTALL)
    try:
        data = json.loads(found[0], strict=False) if found else None
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    items, score = data.get("statements", []), data.get("score")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    statements = [(str(i.get("text", "")), str(i.get("verdict", "")).lower()) for i in items]
    mark = score if isinstance(score, int) and not isinstance(score, bool) else None
    return _Reply(str(data.get("reason", "")), statements, mark)
