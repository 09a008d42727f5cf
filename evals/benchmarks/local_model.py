"""What verification does to the answers of a chat model, beside quotes on the same cases.

`python -m evals.benchmarks.local_model [--every N] [--json FILE]` puts every Nth case (9) of the
suite `answers` to the assistant twice, with quotes and with the chat model that is configured
(`POLICY_LLM=local`, or any other), and judges three answers by the suite's own metrics:

- quotes: without a model;
- drafted: all sentences as the model wrote them, each with the passages it cites whole; what the
  model could not be asked is what was answered instead, and what it failed at counts as wrong;
- verified: the answer that a person is shown.

A case has a figure mismatch where a figure is in no cited passage, and an invalid citation where a
mark leads nowhere or there is none.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Usage
from assistant.composers import Brief, Composed, Draft, Evidence
from assistant.composers.llm import LlmComposer
from assistant.errors import AssistantError
from assistant.opening import open_assistant, open_composer, open_store
from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.cases import Case
from evals.errors import EvaluationError
from evals.metrics.abstention import FalseAnswer, FalseRefusal
from evals.metrics.base import CaseMetric
from evals.metrics.citation_validity import CitationValidity
from evals.metrics.figure_fidelity import FigurePrecision
from evals.metrics.fully_right import FullyRight
from evals.suite_cases import prepare
from evals.suites import find_suite, load_suite
from index.errors import IndexingError

KINDS = ("quotes", "drafted", "verified")
EVERY = 9
_METRICS: Mapping[str, CaseMetric] = {
    "fully right": FullyRight(),
    "figure mismatches": FigurePrecision(),
    "invalid citations": CitationValidity(),
    "false answers": FalseAnswer(),
    "false refusals": FalseRefusal(),
}
_VALUE = re.compile(r"['‘“\"].*?['’”\"]|\[?\d[\d.]*\]?")


@dataclass
class Tally:
    """What came of all cases.

    Attributes:
        judged: By kind of answer and metric, how many cases it judged and how many passed.
        sentences: How many sentences the model wrote.
        reasons: Why sentences are not in the answer, with figures and quotes left out.
        outcomes: What became of the model's attempt: `written`, or why quotes took over.
        seconds: For each answer with the model.
        tokens: Of prompts and replies, together.
    """

    judged: dict[tuple[str, str], list[bool]] = field(default_factory=dict)
    sentences: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    tokens: list[tuple[int, int]] = field(default_factory=list)

    def judge(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
        """Judge the answers to a case; says what each fails at."""
        failed: dict[str, list[str]] = {}
        for kind, answer in answers.items():
            for name, metric in _METRICS.items():
                found = metric.judge(case, answer) if metric.applies(case) else None
                if found is None or found.value is None:
                    continue
                passed = found.value == metric.passes_at
                self.judged.setdefault((kind, name), []).append(passed)
                if not passed:
                    failed.setdefault(kind, []).append(f"{name}: {found.why}")
        return failed

    def watch(self, answer: Answer, watched: Watched) -> None:
        """Count what became of the model's sentences."""
        self.seconds.append(answer.timings_ms["total"] / 1000)
        trace = answer.trace
        if watched.asked is None or trace is None:
            return
        self.outcomes.update(a.outcome for a in trace.compose if a.composer == "llm")
        self.tokens.append((watched.usage.prompt_tokens, watched.usage.completion_tokens))
        self.sentences += len(watched.drafts)
        judged = trace.verify.sentences if trace.verify else ()
        fates = {sentence.text: sentence for sentence in judged if sentence.composer == "llm"}
        for draft in watched.drafts:
            sentence = fates.get(draft.text)
            if sentence is None:
                self.reasons["said already by a quote, or one too many"] += 1
            elif sentence.fate == "removed":
                self.reasons[_VALUE.sub("…", sentence.reason or "")] += 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.local_model")
    parser.add_argument("--every", type=int, default=EVERY, help="take every Nth case")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first case, from 0")
    parser.add_argument("--json", type=Path, help="file for every answer, one JSON object a line")
    given = parser.parse_args(arguments)
    if given.every < 1 or given.first < 0:
        parser.error("--every must be 1 or more, and --from 0 or more")
    try:
        tally, model = measure(given.every, given.first, given.json)
    except (AssistantError, EvaluationError, IndexingError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(table(tally, model))
    return 0


def measure(every: int, first: int, record: Path | None) -> tuple[Tally, str]:
    """Ask and judge.

    Args:
        every: Take every so manieth case.
        first: The first that is taken.
        record: Where answers are written as they come.

    Returns:
        What came of it, and the chat model's name.
    """
    suite = load_suite(find_suite("answers"), None)
    settings = load_settings()
    cases = prepare(suite, settings).cases[first::every]
    form = suite.form.target
    settings = settings.model_copy(update={"evidence_tokens": form.evidence_tokens})
    composer = open_composer(settings.model_copy(update={"composer": "llm"}))
    assert isinstance(composer, LlmComposer)
    watched = Watched(composer.chat_model)
    quotes = open_assistant(settings.model_copy(update={"composer": "quotes"}))
    embedder = quotes.index.embedder
    model = Assistant(open_store(settings), embedder, watched, evidence_tokens=form.evidence_tokens)
    tally = Tally()
    if record:
        record.write_text("", encoding="utf-8")
    for number, case in enumerate(cases, start=1):
        day = form.as_of or date.today()
        watched.forget()
        with_model = ask(model, case, day)
        answers = {
            "quotes": ask(quotes, case, day).to_dict(),
            "drafted": drafted(with_model, watched),
            "verified": with_model.to_dict(),
        }
        failed = tally.judge(case, answers)
        tally.watch(with_model, watched)
        if record:
            with record.open("a", encoding="utf-8") as file:
                line = {"case": case.id, "failed": failed, **answers}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        wrong = ", ".join(kind for kind in KINDS if kind in failed)
        print(
            f"{number} of {len(cases)} {case.id} {tally.seconds[-1]:.0f} s"
            + (f", wrong: {wrong}" if wrong else ""),
            file=sys.stderr,
            flush=True,
        )
    return tally, watched.model


def ask(assistant: Assistant, case: Case, day: date) -> Answer:
    """Ask a case, its earlier turns first, as the suite does; with a trace."""
    history: list[Turn] = []
    for text in case.turns[:-1]:
        said = assistant.ask(Question(text, tuple(history), as_of=day)).text
        history += [Turn("user", text), Turn("assistant", said)]
    return assistant.ask(Question(case.turns[-1], tuple(history), as_of=day, trace=True))


class Watched(LlmComposer):
    """A composer whose proposals for the last question are kept."""

    def forget(self) -> None:
        """Begin a question."""
        self.asked: Brief | None = None
        self.drafts: list[Draft] = []
        self.status = "failed"  # A reply that cannot be used is no answer of any kind.
        self.usage = Usage()

    def compose(self, brief: Brief) -> Iterator[Draft | Composed]:
        """Yield what the composer yields."""
        self.forget()
        self.asked = brief
        for part in super().compose(brief):
            if isinstance(part, Composed):
                self.status, self.usage = part.status, part.usage
            else:
                self.drafts.append(part)
            yield part


def drafted(answer: Answer, watched: Watched) -> dict[str, Any]:
    """The answer as the model wrote it, as a JSON object of the contract.

    Args:
        answer: The answer that was shown.
        watched: What was asked of the model, and what it gave.
    """
    if watched.asked is None:
        return answer.to_dict()
    evidence = {item.label: item for item in watched.asked.evidence}
    labels = [[support.label for support in draft.supports] for draft in watched.drafts]
    cited = dict.fromkeys(label for own in labels for label in own if label in evidence)
    marked = [
        draft.text + "".join(f" [{label}]" for label in own)
        for draft, own in zip(watched.drafts, labels, strict=True)
    ]
    return answer.to_dict() | {
        "status": watched.status,
        "text": "\n".join(marked),
        "citations": [_whole(evidence[label]) for label in cited],
    }


def _whole(item: Evidence) -> dict[str, Any]:
    """A citation of a whole passage."""
    passage, known = item.scored.passage, item.document.metadata
    return {
        "label": item.label,
        "document_id": item.document.id,
        "title": item.document.title,
        "issuer": known.issuer,
        "issued_on": known.issued_on.isoformat() if known.issued_on else None,
        "section": passage.section,
        "quote": passage.text,
        "start": passage.start,
        "end": passage.end,
    }


def table(tally: Tally, model: str) -> str:
    """All of it as Markdown."""
    lines = [
        f"{model}: {len(tally.seconds)} cases, "
        f"{statistics.median(tally.seconds):.1f} s in the median",
        "",
        f"| answer | {' | '.join(_METRICS)} |",
        f"|{'---|' * (1 + len(_METRICS))}",
    ]
    for kind in KINDS:
        cells = [_cell(name, tally.judged.get((kind, name), [])) for name in _METRICS]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    outcomes = ", ".join(f"{count} {name}" for name, count in tally.outcomes.most_common())
    prompts, replies = (statistics.median(of) for of in zip(*tally.tokens or [(0, 0)], strict=True))
    lines += [
        "",
        f"The model was asked {len(tally.tokens)} times ({outcomes or 'never'}); in the median it "
        f"read {prompts:.0f} tokens and wrote {replies:.0f}.",
        f"It wrote {tally.sentences} sentences, of which {tally.reasons.total()} were left out:",
        *(f"- {count} × {reason}" for reason, count in tally.reasons.most_common()),
    ]
    return "\n".join(lines)


def _cell(name: str, passed: Sequence[bool]) -> str:
    """Of fully right answers the share; of faults how many cases have one."""
    if name == "fully right":
        return f"{sum(passed)}/{len(passed)} ({sum(passed) / max(1, len(passed)):.0%})"
    return f"{len(passed) - sum(passed)}/{len(passed)}"


if __name__ == "__main__":
    sys.exit(main())
