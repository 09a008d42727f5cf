"""Drafts of measures for a document that staff have loaded, as files for them to check.

Every criterion and benefit quotes the document exactly; facts are proposed for all that is asked.
A draft answers nothing until a person takes `draft: true` out. What cannot be told from the
document (who acts, in other words) is marked to be filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.eligibility.draft_cues import Condition, Proposal, proposals
from assistant.eligibility.jurisdictions import JURISDICTIONS
from assistant.eligibility.places import PLACES, lies_within
from assistant.eligibility.yaml_text import yaml_text
from assistant.errors import InputError
from index.documents import Document
from index.errors import CorpusError
from index.loaders import load_corpus

if TYPE_CHECKING:
    from assistant.chat_model import ChatModel

_ISO = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_AUDIENCES = ("enterprise", "talent", "hr_agency", "government")
_ACTS = {
    "zh": re.compile(
        r"由(?P<who>[^，。；由]{2,20}?)(?=按|先|负责|给予|发放|支付|落实|缴纳|受理|审核|统一)"
    ),
    "en": re.compile(
        r"\bthe (?P<who>(?:[\w’'-]+ ){0,3}(?:employer|bureau|department|government|office"
        r"|authorit\w+|committee|commission|fund))\b"
    ),
}
_OPEN = {"zh": "待补充", "en": "to be filled in"}
_QUESTION = {"zh": "是否符合：{text}？", "en": "Does this hold: {text}?"}
_HOW_MUCH = {"zh": "具体是多少：{text}？", "en": "How much is it: {text}?"}
_TITLE_MAX = 80


def draft_files(file: Path, chat_model: ChatModel | None = None) -> dict[str, str]:
    """Drafts for a document.

    Args:
        file: The document, of any kind that a corpus can hold.
        chat_model: Finds the measures; `None` leaves that to the document's structure and cues.

    Returns:
        The contents of `facts.yaml` and of a file in `measures/` for each policy, by name.

    Raises:
        InputError: The file cannot be read as a document, or nothing in it looks like a measure.
        ChatModelUnreachableError: The model cannot be reached, or is too slow.
    """
    if not file.is_file():
        raise InputError(f"{file}: there is no such file; name a document")
    try:
        documents = load_corpus(file).documents
    except CorpusError as error:
        raise InputError(str(error)) from error
    if chat_model is None:
        found = {document.key: proposals(document) for document in documents}
        return files_of(documents, found, file.name)
    from assistant.eligibility.draft_model import model_proposals

    found = {document.key: model_proposals(document, chat_model) for document in documents}
    return files_of(documents, found, f"{file.name} with {chat_model.name}")


def files_of(
    documents: Sequence[Document],
    found: Mapping[tuple[str, str], Sequence[Proposal]],
    source: str,
) -> dict[str, str]:
    """Files out of proposals.

    Args:
        documents: The documents.
        found: Proposals by the document's key.
        source: The name of the file they were drafted from.

    Raises:
        InputError: There are no proposals.
    """
    if not any(found.values()):
        raise InputError(
            f"{source}: nothing in it looks like a measure; "
            "write its measures by hand, as `policy-assistant measures schema` describes them"
        )
    facts = _Facts()
    files: dict[str, str] = {}
    for policy in dict.fromkeys(document.id for document in documents):
        measures = [
            one
            for document in documents
            if document.id == policy
            for one in _measures(document, found[document.key], facts)
        ]
        if measures:
            name = f"measures/{_slug(policy) or 'policy'}.yaml"
            files[name] = _told(source, "measures") + yaml_text(
                {"policy": policy, "measures": measures}
            )
    asked = _told(source, "facts") + yaml_text({"facts": facts.asked})
    return {"facts.yaml": asked, **files}


class _Facts:
    """The facts proposed so far: one for each condition, whatever measures ask for it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self._by_quote: dict[tuple[str, str], str] = {}

    def of(self, condition: Condition, lang: str) -> str:
        """The id of the fact that a condition asks for."""
        key = (lang, condition.quote)
        if key not in self._by_quote:
            identity = f"draft_{len(self.asked) + 1}"
            self._by_quote[key] = identity
            question = (_HOW_MUCH if condition.how else _QUESTION)[lang]
            fact: dict[str, Any] = {
                "id": identity,
                "kind": "number" if condition.how else "yes_no",
                "label": {lang: _short(condition.quote)},
                "question": {lang: question.format(text=condition.quote)},
            }
            if condition.how:
                fact["unit"] = condition.unit
            self.asked.append(fact)
        return self._by_quote[key]


def _measures(document: Document, found: Sequence[Proposal], facts: _Facts) -> list[dict[str, Any]]:
    lang = "zh" if document.lang == "zh" else "en"
    taken: set[str] = set()
    made = []
    for number, one in enumerate(found, start=1):
        identity = _slug(one.key or one.section) or f"measure-{number}"
        if identity in taken:
            identity = f"{identity}-{number}"
        taken.add(identity)
        parts = [
            {
                "id": f"condition-{n}",
                "text": {lang: condition.quote},
                "fact": facts.of(condition, lang),
                **({condition.how: condition.limit} if condition.how else {"is": True}),
                "ground": {"section": condition.section, "quote": {lang: condition.quote}},
            }
            for n, condition in enumerate(one.conditions, start=1)
        ]
        places = _places(document, one)
        made.append(
            {
                "id": identity,
                "draft": True,
                "title": {lang: _short(one.heading)},
                "summary": {lang: one.summary or one.benefits[0]},
                "audience": list(one.audience or _declared(document) or _AUDIENCES[:2]),
                "jurisdiction": _jurisdiction(document),
                **({"places": places} if places else {}),
                "given": {lang: one.given or _short(one.benefits[0])},
                "acts": {
                    lang: one.acts or _acts(one, lang) or document.metadata.issuer or _OPEN[lang]
                },
                "section": one.section,
                "benefits": [
                    {
                        "text": {lang: quote},
                        "ground": {"section": one.section, "quote": {lang: quote}},
                    }
                    for quote in one.benefits
                ],
                "criteria": {"any" if one.any_of else "all": parts},
            }
        )
    return made


def _acts(proposal: Proposal, lang: str) -> str:
    match = _ACTS[lang].search("\n".join(proposal.benefits))
    return match["who"] if match else ""


def _declared(document: Document) -> list[str]:
    return [one for one in document.metadata.audiences if one in _AUDIENCES]


def _jurisdiction(document: Document) -> str:
    """The code that the document gives; else that of the province its title names."""
    given = document.metadata.jurisdiction or ""
    if _ISO.fullmatch(given):
        return given
    about = f"{document.title} {document.metadata.issuer or ''}"
    named = [place for place in PLACES if _names(about, place)]
    for code, province in JURISDICTIONS.items():
        if code != "CN" and any(lies_within(place, province) for place in named):
            return code
    return "CN"


def _places(document: Document, proposal: Proposal) -> list[str]:
    """Cities that the titles name: a city's own policy, or a section of one city."""
    about = f"{document.title} {proposal.heading}"
    wide = set(JURISDICTIONS.values())
    return [place for place in PLACES if place not in wide and _names(about, place)]


def _names(text: str, place: str) -> bool:
    return place in text or bool(re.search(rf"\b{re.escape(PLACES[place])}\b", text))


def _slug(text: str) -> str:
    plain = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")
    return plain[:_TITLE_MAX] if _NAME.fullmatch(plain) and re.search("[a-z]", plain) else ""


def _short(text: str) -> str:
    return text if len(text) <= _TITLE_MAX else text[: _TITLE_MAX - 1] + "…"


def _told(source: str, what: str) -> str:
    return (
        f"# Drafted from {source}. Check the {what} against the document, mend them, and take\n"
        "# `draft: true` out of a measure that is right: until then it answers nothing.\n"
    )
