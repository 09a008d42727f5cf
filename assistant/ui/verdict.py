"""A verdict on a measure → HTML for the form. Knows no Gradio, and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.eligibility.reply import sign
from assistant.questions import Lang
from assistant.ui import eligibility_texts as texts
from assistant.ui.markup import escape
from assistant.ui.texts import SOURCE, Text
from assistant.ui.theme import icon

_SIGNS = {"eligible": "✓", "not_eligible": "✗", "more_information_needed": "?"}


def verdict_html(found: Mapping[str, Any], passages: Mapping[int, str]) -> str:
    """The verdict, its conditions and benefits, with marks that open their passages.

    Args:
        found: As `Eligibility.judge` gives it.
        passages: HTML of the passages by label.
    """
    lang: Lang = found["lang"]
    verdict = found["verdict"]
    parts = [
        f'<div class="pa-verdict-head" data-verdict="{verdict}"><span aria-hidden="true">'
        f"{_SIGNS[verdict]}</span><div><h3>{_in(texts.VERDICTS[verdict], lang)}</h3>"
        f"<p>{escape(found['text'])}</p></div></div>"
    ]
    if found["next_question"]:
        asked = found["next_question"]
        parts.append(
            f'<p class="pa-next">{_in(texts.NEXT, lang)}<button type="button" data-act="next" '
            f'data-fact="{escape(asked["fact"])}">{escape(asked["text"])}</button></p>'
        )
    if found["criteria"]:
        rows = "".join(_conditions(found, passages, lang))
        parts.append(f'<h4>{_in(texts.CONDITIONS, lang)}</h4><ul class="pa-criteria">{rows}</ul>')
    if found["benefits"]:
        rows = "".join(
            f"<li>{escape(one['text'])}{_mark(one['citation'], passages, lang)}</li>"
            for one in found["benefits"]
        )
        parts.append(f'<h4>{_in(texts.BENEFITS, lang)}</h4><ul class="pa-benefits">{rows}</ul>')
    warnings = [found["period"]["warning"], *(one["text"] for one in found["notices"])]
    told = "".join(f"<li>{icon('info')}<span>{escape(one)}</span></li>" for one in warnings if one)
    parts.append(f'<ul class="pa-notices">{told}</ul>' if told else "")
    return f'<section class="pa-verdict" lang="{lang}" role="status">{"".join(parts)}</section>'


def wrong_html(why: str, lang: Lang) -> str:
    """That a value cannot be used, and why."""
    return (
        f'<div class="pa-failure" role="alert">{icon("alert")}<div><strong>'
        f"{_in(texts.WRONG, lang)}</strong><p>{escape(why)}</p></div></div>"
    )


def _conditions(found: Mapping[str, Any], passages: Mapping[int, str], lang: Lang) -> Iterator[str]:
    group = None
    for one in found["criteria"]:
        if one["group"] is not None and one["group"] != group:
            yield f'<li class="pa-any">{_in(texts.ANY_OF, lang)}</li>'
        group = one["group"]
        shown = sign(one)
        negated = _in(texts.NOT, lang) if one["negated"] else ""
        note = f"<small>{escape(one['note'])}</small>" if one["note"] else ""
        mark = _mark(one["citation"], passages, lang)
        yield (
            f'<li data-sign="{shown}"><span class="pa-sign" aria-hidden="true">{shown}</span>'
            f'<span class="pa-unseen">{_in(texts.SIGNS[shown], lang)}: </span>'
            f"<div>{negated}{escape(one['text'])}{mark}{note}</div></li>"
        )


def _mark(citation: Mapping[str, Any], passages: Mapping[int, str], lang: Lang) -> str:
    """A mark that carries its passage: of an element, Gradio patches attributes reliably."""
    label = citation["label"]
    title, passage = escape(citation["title"]), escape(passages[label])
    return (
        f'<button type="button" class="pa-mark" data-act="source" data-source="{label}" '
        f'data-passage="{passage}" title="{title}">'
        f'<span class="pa-unseen">{_in(SOURCE, lang)}</span>{label}</button>'
    )


def _in(text: Text, lang: Lang) -> str:
    return escape(text.zh if lang == "zh" else text.en)
