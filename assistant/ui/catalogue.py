"""The catalogue of measures → HTML: filters and cards. Knows no Gradio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.eligibility.jurisdictions import COUNTRY, regions
from assistant.eligibility.listing import INDUSTRY
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.places import PLACES, place_label
from assistant.eligibility.wording import AUDIENCES, localized
from assistant.questions import Lang
from assistant.ui import eligibility_texts as texts
from assistant.ui.markup import both, escape
from assistant.ui.texts import SOURCE, Text
from assistant.ui.theme import icon

LANGS: tuple[Lang, Lang] = ("zh", "en")


def filters_html(catalogue: Catalogue) -> str:
    """The heading of the catalogue and its filters, once in each language.

    Args:
        catalogue: Audiences, places and industries that its measures name can be chosen.
    """
    bars = "".join(
        f'<form class="pa-filters" data-l="{lang}" lang="{lang}">'
        f"{_select('audience', texts.AUDIENCE, _audiences(catalogue, lang), lang)}"
        f"{_select('jurisdiction', texts.WHERE, _places(catalogue, lang), lang)}"
        f"{_select('industry', texts.INDUSTRY, _industries(catalogue, lang), lang)}"
        f'<label><span>{_in(texts.WORDS, lang)}</span><input type="search" name="words"></label>'
        "</form>"
        for lang in LANGS
    )
    return (
        f'<section class="pa-view-head"><h2>{both(texts.MEASURES_TITLE)}</h2>'
        f"<p>{both(texts.MEASURES_LEAD)}</p>{bars}</section>"
    )


def cards_html(
    measures: Sequence[Mapping[str, Any]],
    passages: Mapping[str, str],
    lang: Lang,
    asked: int = 0,
) -> str:
    """The measures as cards.

    Args:
        measures: As `Eligibility.measures` lists them.
        passages: HTML of each measure's passage, by its id.
        lang: The language they are listed in.
        asked: How often the page had asked for a list when it asked for this one.
    """
    counted = Text(*(one.format(count=len(measures)) for one in (texts.COUNT.zh, texts.COUNT.en)))
    cards = "".join(_card(one, passages[one["id"]], lang) for one in measures)
    none = (
        f'<p class="pa-note" data-none{" hidden" if measures else ""}>{both(texts.NO_MEASURE)}</p>'
    )
    return (
        f'<section class="pa-cards" lang="{lang}" data-asked="{asked}">'
        f'<p class="pa-count" role="status">{both(counted)}</p>'
        f"{none}<ul>{cards}</ul></section>"
    )


def _card(measure: Mapping[str, Any], passage: str, lang: Lang) -> str:
    between = "、" if lang == "zh" else ", "
    rows = [
        (texts.AUDIENCE, escape(between.join(measure["audience_names"]))),
        (texts.WHERE, escape(between.join(measure["place_names"]) or measure["jurisdiction"])),
        (
            texts.INDUSTRY,
            escape(between.join(measure["industry_names"])) or both(texts.ALL_INDUSTRIES),
        ),
        (texts.GIVEN, escape(measure["given"])),
        (texts.ACTS, escape(measure["acts"])),
        (texts.PERIOD, _period(measure["period"])),
    ]
    facts = "".join(
        f"<div><dt>{both(name)}</dt><dd>{value}</dd></div>" for name, value in rows if value
    )
    identity, title = escape(measure["id"]), escape(measure["title"])
    return (
        f'<li class="pa-card" data-measure="{identity}"><h3>{title}</h3>'
        f"<p>{escape(measure['summary'])}</p><dl>{facts}</dl>"
        f'<div class="pa-card-acts">'
        f'<button type="button" data-act="check" data-measure="{identity}">'
        f'{icon("check")}{both(texts.CHECK_THIS)}<span class="pa-unseen">{title}</span></button>'
        f'<button type="button" data-act="source" data-passage="{escape(passage)}">'
        f"{icon('book')}{both(SOURCE)}"
        f'<span class="pa-unseen">{title}</span></button></div></li>'
    )


def _period(period: Mapping[str, Any]) -> str:
    days = f"{period['begins'] or '…'} – {period['ends'] or '…'}"
    parts = [days] if period["begins"] or period["ends"] else []
    found = "".join(f"<span>{escape(one)}</span>" for one in (*parts, period["note"] or "") if one)
    if period["warning"]:
        found += f'<span class="pa-over">{escape(period["warning"])}</span>'
    return found


def _select(name: str, title: Text, options: Sequence[tuple[str, str]], lang: Lang) -> str:
    listed = "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options
    )
    return (
        f'<label><span>{_in(title, lang)}</span><select name="{name}">'
        f'<option value="">{_in(texts.ALL, lang)}</option>{listed}</select></label>'
    )


def _audiences(catalogue: Catalogue, lang: Lang) -> list[tuple[str, str]]:
    held = {one for measure in catalogue.measures.values() for one in measure.audience}
    return [(one, names[lang]) for one, names in AUDIENCES.items() if one in held]


def _places(catalogue: Catalogue, lang: Lang) -> list[tuple[str, str]]:
    held = {place for measure in catalogue.measures.values() for place in regions(measure)}
    return [(one, place_label(one, lang)) for one in PLACES if one in held and one != COUNTRY]


def _industries(catalogue: Catalogue, lang: Lang) -> list[tuple[str, str]]:
    fact = catalogue.facts.get(INDUSTRY)
    held = {one for measure in catalogue.measures.values() for one in measure.industries}
    choices = fact.choices if fact else ()
    return [(one.id, localized(one.label, lang)) for one in choices if one.id in held]


def _in(text: Text, lang: Lang) -> str:
    return escape(text.zh if lang == "zh" else text.en)
