"""Turns, answers and citations → HTML. Knows no Gradio, and asks nobody anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.answer import Answer, Notice
from assistant.ui import eligibility_texts, texts
from assistant.ui.markup import answer_text, both, escape, mark, unseen
from assistant.ui.texts import Text
from assistant.ui.theme import icon
from assistant.ui.turns import Failure, Source, Turn
from index.text import strip_invisible


def turn_html(turn: Turn, number: int) -> str:
    """A question with its answer, as far as there is one.

    Args:
        turn: The turn.
        number: Its place in the conversation, from 0.
    """
    question = f"{unseen(texts.YOUR_QUESTION)}<p>{_lines(turn.question)}</p>"
    return (
        f'<article class="pa-turn"><div class="pa-question">{question}</div>'
        f'<div class="pa-answer">{_answer(turn, number)}</div></article>'
    )


def _answer(turn: Turn, number: int) -> str:
    parts: list[str] = []
    answer = turn.answer
    if answer and answer.status in texts.STATUSES:
        name = both(texts.STATUSES[answer.status])
        parts.append(f'<p class="pa-status" data-status="{answer.status}">{name}</p>')
    if turn.restarted and turn.is_open:
        parts.append(f'<p class="pa-note">{both(texts.RESTARTED)}</p>')
    if turn.text:
        marks = {label: _mark(source, number) for label, source in turn.sources.items()}
        lang = f' lang="{answer.lang}"' if answer else ""
        parts.append(f'<div class="pa-text"{lang}>{answer_text(turn.text, marks)}</div>')
    if turn.is_open:
        name = both(texts.STEPS.get(turn.step, texts.STEPS["understand"]))
        parts.append(f'<p class="pa-step"><i></i><i></i><i></i>{name}</p>')
    if turn.stopped:
        parts.append(f'<p class="pa-note">{both(texts.STOPPED)}</p>')
    if turn.failure:
        parts.append(failure_html(turn.failure, turn.question))
    if answer:
        replies = bool(answer.suggestions) and not any(map(_asks, answer.suggestions))
        if replies:
            parts.append(_suggestions(answer.suggestions, eligibility_texts.CHOICES, "pa-choices"))
        parts.append(_notices(answer.notices))
        parts.append(_sources(turn.sources, number))
        parts.append(_footer(turn, answer, number))
        if not replies:
            parts.append(_suggestions(answer.suggestions, texts.SUGGESTIONS))
    return "".join(parts)


def failure_html(failure: Failure, question: str = "") -> str:
    """An error, with what to do about it.

    Args:
        failure: What happened.
        question: Can be asked again with a button, unless the question itself was at fault.
    """
    advice = f"<strong>{both(texts.FAILED)}</strong><p>{both(failure.advice)}</p>"
    if question and failure.advice != texts.FAILED_INPUT:
        advice += (
            f'<button type="button" class="pa-retry" data-act="ask" '
            f'data-text="{escape(question)}">{both(texts.RETRY)}</button>'
        )
    if failure.details:
        shown = " open" if failure.advice == texts.FAILED_INPUT else ""
        advice += (
            f"<details{shown}><summary>{both(texts.DETAILS)}</summary>"
            f"<code>{escape(failure.details)}</code></details>"
        )
    return f'<div class="pa-failure" role="alert">{icon("alert")}<div>{advice}</div></div>'


def _notices(notices: Iterable[Notice]) -> str:
    rows = "".join(
        f'<li data-kind="{escape(notice.kind)}">{icon("info")}'
        f"<span>{escape(notice.text)}</span></li>"
        for notice in notices
    )
    return f'<ul class="pa-notices">{rows}</ul>' if rows else ""


def _sources(sources: Mapping[int, Source], number: int) -> str:
    if not sources:
        return ""
    documents: dict[tuple[str, str], list[Source]] = {}
    for source in sources.values():
        documents.setdefault(source.document.key, []).append(source)
    rows: list[str] = []
    for group in documents.values():
        first = group[0].citation
        rows.append(
            f'<li lang="{escape(first.lang)}"><cite>{escape(first.title)}</cite>'
            f"{_about(first.issuer, first.issued_on)}{_places(group, number)}</li>"
        )
    title = both(texts.SOURCES)
    return f'<section class="pa-sources"><h3>{title}</h3><ul>{"".join(rows)}</ul></section>'


def _places(sources: Iterable[Source], number: int) -> str:
    """The sections of one document that are cited, each with its marks."""
    sections: dict[str, list[Source]] = {}
    for source in sources:
        path = source.passage.heading_path
        sections.setdefault(path[-1] if path else source.citation.section, []).append(source)
    rows: list[str] = []
    for heading, group in sections.items():
        marks = "".join(_mark(source, number) for source in group)
        rows.append(f"<li>{marks}<span>{escape(heading)}</span></li>")
    return f'<ul class="pa-places">{"".join(rows)}</ul>'


def _mark(source: Source, number: int) -> str:
    return mark(number, source.citation.label, texts.SOURCE, source.citation.title)


def _about(*known: str | None) -> str:
    return f'<span class="pa-about">{escape(" · ".join(_known(*known)))}</span>'


def _footer(turn: Turn, answer: Answer, number: int) -> str:
    thumbs = "".join(
        f'<button type="button" class="pa-icon" data-act="rate" data-turn="{number}" '
        f'data-label="{label}" aria-pressed="{str(turn.rating == label).lower()}">'
        f"{icon(label)}{unseen(name)}</button>"
        for label, name in (("up", texts.HELPFUL), ("down", texts.NOT_HELPFUL))
    )
    copy = (
        f'<button type="button" class="pa-icon" data-act="copy" data-turn="{number}">'
        f'{icon("copy")}<span class="pa-idle">{both(texts.COPY)}</span>'
        f'<span class="pa-done">{both(texts.COPIED)}</span></button>'
    )
    thanks = f'<span class="pa-thanks">{both(texts.THANKS)}</span>' if turn.rating else ""
    written = ""
    if answer.citations:
        written = both(texts.WRITTEN if answer.composer == "llm" else texts.QUOTED)
    written = f'<span class="pa-written">{written}</span>'
    return f'<div class="pa-footer">{copy}{thumbs}{thanks}{written}</div>'


def _suggestions(suggestions: Sequence[str], title: Text, kind: str = "") -> str:
    if not suggestions:
        return ""
    buttons = "".join(question_button(question) for question in suggestions)
    classes = f"pa-suggestions {kind}".strip()
    return f'<div class="{classes}"><h3>{both(title)}</h3>{buttons}</div>'


def _asks(suggestion: str) -> bool:
    """Whether a suggestion is a question; any other one answers what the assistant asked."""
    return suggestion.rstrip()[-1:] in ("?", "？")


def question_button(question: str) -> str:
    """A button that asks a question."""
    text = escape(question)
    return f'<button type="button" data-act="ask" data-text="{text}">{text}</button>'


def plain_text(answer: Answer) -> str:
    """An answer with its sources, to be pasted elsewhere."""
    sources: dict[str, str] = {}
    for one in answer.citations:
        about = ", ".join(_known(one.issuer, one.issued_on, one.url))
        name = one.title + (f" ({about})" if about else "")
        sources[name] = sources.get(name, "") + f"[{one.label}]"
    listed = [f"{labels} {name}" for name, labels in sources.items()]
    return strip_invisible("\n".join([answer.text, *([""] if listed else []), *listed]))


def documents_html(documents: Sequence[Mapping[str, Any]]) -> str:
    """The list of documents: of two briefs of one policy, that in the page's language is shown.

    Args:
        documents: As `Assistant.status` lists them.
    """
    policies: dict[str, dict[str, Mapping[str, Any]]] = {}
    for document in documents:
        policies.setdefault(document["id"], {})[document["lang"]] = document
    rows: list[str] = []
    for briefs in policies.values():
        for lang, document in briefs.items():
            choice = f' data-l="{escape(lang)}"' if len(briefs) > 1 else ""
            rows.append(
                f'<li{choice} lang="{escape(lang)}"><cite>{escape(document["title"])}</cite>'
                f"{_about(document['issuer'], document['issued_on'])}</li>"
            )
    title = f"{both(texts.DOCUMENTS)} ({len(policies)})"
    listed = f"<ul>{''.join(rows)}</ul>"
    return f'<details class="pa-documents"><summary>{title}</summary>{listed}</details>'


def _known(*values: str | None) -> list[str]:
    return [value for value in values if value]


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.strip().splitlines())
