"""Sample questions: what people ask, with the section that answers it or the mark that none does.

A corpus may carry them (`questions/*.yaml`), in the people's own words, which are seldom the
document's. A new question is found by those that it is like: document expansion as in R. Nogueira
et al., "Document Expansion by Query Prediction" (arXiv:1904.08375), with questions written by
people. Knows how they are written in files; knows nothing of retrieval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index.errors import CorpusError

__all__ = ["SampleQuestion", "read_sample_questions"]

Answered = Literal["answered", "not_stated", "off_topic"]
_LANGS = ("zh", "en")
_KEYS = ("policy", "sections", "not_stated", "off_topic")
_EXAMPLE = "`{zh: [配偶没有工作怎么办？], en: [What if my spouse has no job?]}`"


@dataclass(frozen=True)
class SampleQuestion:
    """One question, as somebody would ask it.

    Attributes:
        text: The question.
        lang: `zh` or `en`.
        kind: `answered` by a section, `not_stated` in any document though policies are its
            subject, or `off_topic`.
        document_id: The policy that it is asked of; `None` where it is of none.
        section: Anchor of the section that answers it; `None` where none does.
    """

    text: str
    lang: str
    kind: Answered
    document_id: str | None = None
    section: str | None = None


def read_sample_questions(
    where: str, data: object
) -> tuple[list[SampleQuestion], list[CorpusError]]:
    """The questions of one file.

    Args:
        where: The file, for error messages.
        data: What stands in it: `policy`, its `sections` by anchor, `not_stated`, `off_topic`.

    Returns:
        The questions, and one error for each part that was left out.

    Raises:
        CorpusError: It is no file of questions.
    """
    if not isinstance(data, dict) or not data:
        raise CorpusError(
            f"{where}: questions are needed, such as `sections: {{spouse: {_EXAMPLE}}}`"
        )
    if unknown := sorted(map(str, data.keys() - set(_KEYS))):
        raise CorpusError(f"{where}: `{unknown[0]}` is not known; use {', '.join(_KEYS)}")
    policy = data.get("policy")
    if policy is not None and not isinstance(policy, str):
        raise CorpusError(f"{where}: `policy: {policy!r}` is no id of a document; write its id")
    sections = data.get("sections") or {}
    if not isinstance(sections, dict) or (sections and policy is None):
        raise CorpusError(
            f"{where}: `sections` are those of a `policy`, by anchor; name the policy"
        )
    found: list[SampleQuestion] = []
    errors: list[CorpusError] = []
    for anchor, group in sections.items():
        try:
            for text, lang in _questions(f"{where}: section {anchor}", group):
                found.append(SampleQuestion(text, lang, "answered", policy, str(anchor)))
        except CorpusError as error:
            errors.append(error)
    for kind in ("not_stated", "off_topic"):
        for number, group in enumerate(data.get(kind) or (), start=1):
            try:
                for text, lang in _questions(f"{where}: {kind} {number}", group):
                    found.append(SampleQuestion(text, lang, kind, policy))
            except CorpusError as error:
                errors.append(error)
    return found, errors


def _questions(where: str, group: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(group, Mapping) or not group or group.keys() - set(_LANGS):
        raise CorpusError(f"{where}: questions by language are needed, such as {_EXAMPLE}")
    for lang, texts in group.items():
        for text in texts if isinstance(texts, list) else [texts]:
            if not isinstance(text, str) or not text.strip():
                raise CorpusError(f"{where}: {text!r} is no question; put it in quotation marks")
            yield " ".join(text.split()), lang
