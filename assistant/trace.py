"""How an answer came about, step by step: what went in, what came out, and why.

Plain data in the words of the pipeline; it is filled by `assistant.recording` and shown by the
front ends. It holds the question and the corpus's own words, and no earlier turns; facts about the
person, with the words that they were read from, only where eligibility was judged on them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.questions import Intent, Lang, Wants

Outcome = Literal["written", "failed", "unproven", "unanswerable"]
Fate = Literal["kept", "removed", "replaced"]


@dataclass(frozen=True)
class UnderstandTrace:
    """What was understood of the question.

    Attributes:
        question: The question as it was read.
        turns: How many earlier turns came with it.
        query: The question as it stands alone.
        lang: The language of the answer.
        intent: What the person wants.
        wants: The kind of thing asked for.
    """

    question: str
    turns: int
    query: str
    lang: Lang
    intent: Intent
    wants: Wants


@dataclass(frozen=True)
class FoundTrace:
    """A passage that was found.

    Attributes:
        rank: Its place, from 1.
        passage_id: The passage.
        score: What the ranking is by, in standard deviations above passages in general.
        components: The scores it was made of, by name.
        label: Its number in the evidence; `None` where it is not among it.
        left_out: Why it is not among the evidence.
    """

    rank: int
    passage_id: str
    score: float
    components: dict[str, float]
    label: int | None = None
    left_out: str | None = None


@dataclass(frozen=True)
class RetrieveTrace:
    """The search.

    Attributes:
        query: What was searched for.
        lang: The language that was preferred.
        version: The version of the index.
        embedder: Fingerprint of the model that the query was embedded with.
        results: What was found, best first.
        timings_ms: Milliseconds of the search's own steps.
    """

    query: str
    lang: str
    version: str
    embedder: str
    results: tuple[FoundTrace, ...]
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class EvidenceTrace:
    """A passage among the evidence.

    Attributes:
        label: Its number in the evidence, which `SentenceTrace.cites` names. The marks in the
            answer are numbered anew, in the order in which they appear.
        passage_id: The passage.
        rank: Its place in the ranking; `None` where it came with the rest of its section.
    """

    label: int
    passage_id: str
    rank: int | None


@dataclass(frozen=True)
class SelectTrace:
    """The choice of the evidence.

    Attributes:
        thresholds: What was applied, by name.
        relevance: Probability that the best passage answers.
        evidence: What was chosen, in the order of the labels.
        tokens: Tokens of all evidence together.
        declined: Why nothing was written from it; `None` where a composer was asked.
    """

    thresholds: dict[str, float]
    relevance: float
    evidence: tuple[EvidenceTrace, ...]
    tokens: int
    declined: str | None


@dataclass(frozen=True)
class ComposeTrace:
    """One attempt to write the answer; a second follows where a chat model's was given up.

    Attributes:
        composer: Who wrote.
        model: The chat model, where one is used.
        prompts: SHA-256 of each prompt file, by name; empty without a chat model.
        drafts: How many sentences were proposed.
        status: What the composer said of its answer; `None` where it did not come to that.
        outcome: `written`: it is the answer. `failed`: the model did. `unproven`: too little was
            left of it. `unanswerable`: it found no answer.
        why: Why it is not the answer; `None` where it is.
    """

    composer: str
    model: str | None
    prompts: dict[str, str]
    drafts: int
    status: str | None
    outcome: Outcome
    why: str | None


@dataclass(frozen=True)
class SentenceTrace:
    """What became of a sentence that a composer proposed.

    Attributes:
        composer: Who proposed it.
        text: Its words.
        cites: Numbers of the evidence that it cites.
        fate: `kept`: it is in the answer. `removed`: the verifier took it out. `replaced`: it
            passed, but the attempt that it belongs to was given up.
        reason: Why it is not in the answer; `None` where it is.
        support: How well the cited passages meet it, 0 to 1; `None` where it fell, or stood,
            before that was computed: quotes are compared letter by letter.
    """

    composer: str
    text: str
    cites: tuple[int, ...]
    fate: Fate
    reason: str | None
    support: float | None


@dataclass(frozen=True)
class VerifyTrace:
    """The proof of each sentence.

    Attributes:
        support_min: Least support of a sentence in words of its own.
        sentences: Every sentence that was proposed, in order.
    """

    support_min: float
    sentences: tuple[SentenceTrace, ...]


@dataclass(frozen=True)
class FactTrace:
    """What was known of the person when eligibility was judged.

    Attributes:
        fact: The fact.
        value: Its value, as JSON has it.
        words: The words that it was read from; empty where it was given as a value.
        origin: Where it came from: `form`, `api`, `conversation` (by rules) or `model`.
        now: Whether the newest message tells it.
    """

    fact: str
    value: bool | int | float | str | list[str]
    words: str
    origin: str
    now: bool


@dataclass(frozen=True)
class JudgedTrace:
    """What became of a measure.

    Attributes:
        measure: The measure.
        verdict: Of one measure alone its verdict, in a ranking its standing: `eligible`,
            `possible` or `not_for_you`.
        deciding: The criteria that this rests on, by id; in a ranking also the `place`, `industry`
            or `audience` that it is for.
    """

    measure: str
    verdict: str
    deciding: tuple[str, ...]


@dataclass(frozen=True)
class EligibilityTrace:
    """A turn about eligibility; it takes the place of select, compose and verify.

    Attributes:
        matter: What it was about: the `verdict` on one measure, `finding` measures by ranking all,
            or `which` of several was meant.
        measures: The measures that it was about; none where all were ranked.
        facts: What was known.
        judged: What became of each measure, the best first where they were ranked.
        asked: The fact that was asked for; `None` where none was.
        declined: Facts that the person does not know.
        timings_ms: Milliseconds of reading the facts (a part of `understand`) and of judging.
    """

    matter: str
    measures: tuple[str, ...]
    facts: tuple[FactTrace, ...]
    judged: tuple[JudgedTrace, ...]
    asked: str | None
    declined: tuple[str, ...]
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class Trace:
    """How an answer came about; a step that was not reached is `None`.

    Attributes:
        understand: What was understood.
        retrieve: What was found.
        select: What was chosen of it.
        compose: Attempts to write, in order.
        verify: What became of each sentence.
        timings_ms: Milliseconds by step, as in the answer.
        eligibility: What was judged, where the question was about eligibility.
    """

    understand: UnderstandTrace
    retrieve: RetrieveTrace | None
    select: SelectTrace | None
    compose: tuple[ComposeTrace, ...]
    verify: VerifyTrace | None
    timings_ms: dict[str, float]
    eligibility: EligibilityTrace | None = None

    def to_dict(self) -> dict[str, Any]:
        """The trace as a JSON object."""
        data = _plain(asdict(self))
        assert isinstance(data, dict)
        return data


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
