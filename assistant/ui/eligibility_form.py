"""The eligibility form → HTML: which measure, and what is known of the person. Knows no Gradio."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assistant.eligibility.facts import Fact
from assistant.eligibility.measures import Catalogue, Compare, Measure, OneOf, Scale
from assistant.eligibility.outline import outline
from assistant.eligibility.places import PLACES, place_label
from assistant.eligibility.quantities import unit_label
from assistant.eligibility.wording import localized
from assistant.questions import Lang
from assistant.ui import eligibility_texts as texts
from assistant.ui.catalogue import LANGS
from assistant.ui.markup import both, escape
from assistant.ui.texts import Text

_SHOWN = 8
"""Of more choices, those that a measure does not ask for are folded away."""


def picker_html(measures: Mapping[str, Measure], titles: Mapping[tuple[str, Lang], str]) -> str:
    """The heading of the form and the choice of a measure, once in each language.

    Args:
        measures: Those that can be chosen, by id.
        titles: Titles of policies, by policy and language.
    """
    pickers = "".join(
        f'<label class="pa-picker" data-l="{lang}" lang="{lang}">'
        f"<span>{_in(texts.CHOOSE, lang)}</span>"
        f'<select name="measure"><option value="">{_in(texts.CHOOSE_FIRST, lang)}</option>'
        f"{_groups(measures, titles, lang)}</select></label>"
        for lang in LANGS
    )
    return (
        f'<section class="pa-view-head"><h2>{both(texts.CHECK_TITLE)}</h2>'
        f"<p>{both(texts.CHECK_LEAD)}</p>{pickers}</section>"
    )


def _groups(
    measures: Mapping[str, Measure], titles: Mapping[tuple[str, Lang], str], lang: Lang
) -> str:
    policies: dict[str, list[Measure]] = {}
    for measure in measures.values():
        policies.setdefault(measure.policy, []).append(measure)
    return "".join(
        f'<optgroup label="{escape(titles.get((policy, lang), policy))}">'
        + "".join(
            f'<option value="{escape(one.id)}">{escape(localized(one.title, lang))}</option>'
            for one in group
        )
        + "</optgroup>"
        for policy, group in policies.items()
    )


def asked_facts(measure: Measure, catalogue: Catalogue) -> list[Fact]:
    """The facts that a measure's criteria ask for, each once, in their order."""
    found: dict[str, None] = {}
    for leaf in outline(measure.criteria):
        test = leaf.criterion.test
        if leaf.criterion.fact:
            found[leaf.criterion.fact] = None
        if isinstance(test, Compare) and isinstance(test.limit, Scale):
            found[test.limit.by] = None
    return [catalogue.facts[name] for name in found]


def fields_html(
    measure: Measure,
    catalogue: Catalogue,
    given: Mapping[str, Any],
    lang: Lang,
    round_: int = 1,
) -> str:
    """The facts of a measure as fields; what is not given is unknown.

    Args:
        measure: The measure.
        catalogue: Where the facts are described.
        given: Values as the form sends them, by fact.
        lang: The language of the fields.
        round_: Which time the fields are asked for, so that the page tells new fields from old.
    """
    facts = asked_facts(measure, catalogue)
    wanted = {
        choice
        for leaf in outline(measure.criteria)
        if isinstance(leaf.criterion.test, OneOf)
        for choice in leaf.criterion.test.choices
    }
    fields = "".join(_field(fact, given.get(fact.id), wanted, lang) for fact in facts)
    if not fields:
        return f'<p class="pa-note">{_in(texts.NOTHING_ASKED, lang)}</p>'
    return (
        f'<form class="pa-facts" lang="{lang}" data-measure="{escape(measure.id)}" '
        f'data-round="{round_}">'
        f"<h3>{_in(texts.FACTS, lang)}</h3>{fields}"
        f'<div class="pa-form-acts"><button type="submit">{_in(texts.CHECK_NOW, lang)}</button>'
        f'<button type="button" data-act="clear">{_in(texts.CLEAR, lang)}</button></div></form>'
    )


def _field(fact: Fact, given: object, wanted: Collection[str], lang: Lang) -> str:
    name = f'name="{escape(fact.id)}"'
    question = escape(localized(fact.question, lang))
    if fact.kind == "yes_no":
        options = (("", texts.UNKNOWN), ("yes", texts.YES), ("no", texts.NO))
        chosen = given if given in ("yes", "no") else ""
        radios = "".join(
            f'<label><input type="radio" {name} value="{value}"{_mark(value == chosen)}>'
            f"<span>{_in(label, lang)}</span></label>"
            for value, label in options
        )
        return _set(fact, question, f'<div class="pa-options">{radios}</div>')
    if fact.kind == "choice":
        return _set(fact, question, _choices(fact, name, given, wanted, lang))
    value = escape(str(given)) if given is not None else ""
    if fact.kind == "place":
        options_ = "".join(f'<option value="{escape(place_label(one, lang))}">' for one in PLACES)
        control = (
            f'<input type="text" {name} value="{value}" list="pa-places-{lang}" autocomplete="off" '
            f'placeholder="{_in(texts.PLACE, lang)}">'
            f'<datalist id="pa-places-{lang}">{options_}</datalist>'
        )
    elif fact.kind == "number":
        unit = f"<span>{escape(unit_label(fact.unit, lang))}</span>" if fact.unit else ""
        control = f'<input type="text" inputmode="decimal" {name} value="{value}">{unit}'
    else:
        control = f'<input type="date" {name} value="{value}">'
    opened = f'<label class="pa-fact" data-fact="{escape(fact.id)}">'
    return f"{opened}<span>{question}</span>{control}</label>"


def _set(fact: Fact, question: str, options: str) -> str:
    return (
        f'<fieldset class="pa-fact" data-fact="{escape(fact.id)}"><legend>{question}</legend>'
        f"{options}</fieldset>"
    )


def _choices(fact: Fact, name: str, given: object, wanted: Collection[str], lang: Lang) -> str:
    """Boxes to tick, or to choose one of; nothing chosen is unknown, `none of these` is known."""
    chosen = set(given) if isinstance(given, list) else {given} if isinstance(given, str) else set()
    kind = "checkbox" if fact.many else "radio"

    def box(value: str, label: str) -> str:
        return (
            f'<label><input type="{kind}" {name} value="{escape(value)}"{_mark(value in chosen)}>'
            f"<span>{label}</span></label>"
        )

    labels = {one.id: escape(localized(one.label, lang)) for one in fact.choices}
    first: Sequence[str] = [one for one in labels if one in wanted or one in chosen]
    if first:
        first = [*first, *(one for one in ("other", "none") if one in labels and one not in first)]
    if len(labels) <= _SHOWN or not first:
        first = list(labels)
    rest = [one for one in labels if one not in first]
    shown = "".join(box(one, labels[one]) for one in first)
    if not fact.many:
        shown = box("", _in(texts.UNKNOWN, lang)) + shown
    none = "" if {"none", "other"} & labels.keys() else box("none", _in(texts.NONE, lang))
    if not rest:
        return f'<div class="pa-options">{shown}{none}</div>'
    more = "".join(box(one, labels[one]) for one in rest)
    return (
        f'<div class="pa-options">{shown}{none}</div><details><summary>{_in(texts.MORE, lang)}'
        f' ({len(rest)})</summary><div class="pa-options">{more}</div></details>'
    )


def facts_given(sent: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Facts as JSON has them, out of the values of a form; empty ones are unknown."""
    found: dict[str, Any] = {}
    for name, value in sent.items():
        fact = catalogue.facts.get(name)
        if fact is None or value in ("", [], None):
            continue
        if fact.kind == "choice":
            held = value if isinstance(value, list) else [value]
            known = {one.id for one in fact.choices}
            found[name] = [one for one in held if one in known] if "none" not in known else held
        else:
            found[name] = value
    return found


def _mark(chosen: bool) -> str:
    return " checked" if chosen else ""


def _in(text: Text, lang: Lang) -> str:
    return escape(text.zh if lang == "zh" else text.en)
