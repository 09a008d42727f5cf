"""The eligibility form, verdicts and cards as HTML, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.eligibility.corpus import open_eligibility
from assistant.eligibility.service import Eligibility
from assistant.settings import PROJECT
from assistant.ui.catalogue import cards_html, filters_html
from assistant.ui.eligibility_form import asked_facts, facts_given, fields_html, picker_html
from assistant.ui.verdict import verdict_html, wrong_html

EVIL = '<img src=x onerror=alert(1)> "quoted" & `tick`'
SPOUSE = "shanxi-talent-reform/spouse-support"
ELECTRONICS = "sichuan-hr-industry-action-2023/electronics-talent"


@pytest.fixture(scope="module")
def known() -> Eligibility:
    return open_eligibility(Path(PROJECT / "docs_corpus"))


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("input", "option", "br", "path", "circle", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "option":
            assert self.open.pop() == tag


def tags(html: str, *names: str) -> Iterator[dict[str, Any]]:
    """Attributes of the tags of these names; the HTML must be well-formed and inert."""
    parsed = _Tags(html)
    assert parsed.open == []
    for tag, attributes in parsed.found:
        assert tag not in ("img", "script")
        assert not any(name.startswith("on") for name in attributes)
        if tag in names:
            yield attributes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_measure_has_a_field_for_each_of_its_facts(known: Eligibility, lang: Any) -> None:
    for measure in known.offered.values():
        facts = asked_facts(measure, known.catalogue)
        html = fields_html(measure, known.catalogue, {}, lang)
        asked = [one["data-fact"] for one in tags(html, "fieldset", "label") if "data-fact" in one]
        assert asked == [fact.id for fact in facts]
        checked = [one for one in tags(html, "input") if "checked" in one]
        assert all(one["value"] == "" for one in checked)  # unknown is the default


def test_what_was_given_is_filled_in(known: Eligibility) -> None:
    measure = known.measure(ELECTRONICS)
    given = {"industry": ["liquor"], "technical_or_skilled": "no", "location": EVIL}
    html = fields_html(measure, known.catalogue, given, "en")
    inputs = list(tags(html, "input"))
    assert {one["value"] for one in inputs if "checked" in one} == {"liquor", "no"}
    assert [one["value"] for one in inputs if one["name"] == "location"] == [EVIL]


@pytest.mark.parametrize(
    ("sent", "facts"),
    [
        ({}, {}),
        ({"industry": [], "location": "", "works_in_shanxi": ""}, {}),
        ({"industry": ["liquor"], "works_in_shanxi": "yes"}, None),
        ({"applicant_kind": ["none"]}, {"applicant_kind": []}),
        ({"zone": ["none"]}, {"zone": ["none"]}),
        ({"no_such_fact": "yes"}, {}),
    ],
)
def test_what_a_form_sends(
    known: Eligibility, sent: dict[str, Any], facts: dict[str, Any] | None
) -> None:
    found = facts_given(sent, known.catalogue)
    assert found == (sent if facts is None else facts)
    known.read_facts(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_verdict_carries_its_passages(known: Eligibility, lang: Any) -> None:
    for name in known.offered:
        found = known.judge(name, {}, lang)
        cited = [one["citation"]["label"] for one in (*found["criteria"], *found["benefits"])]
        html = verdict_html(found, {label: f"<p>{label} {EVIL}</p>" for label in cited})
        marks = [one for one in tags(html, "button") if one["data-act"] == "source"]
        assert [int(one["data-source"]) for one in marks] == cited
        assert all(one["data-passage"].startswith(f"<p>{one['data-source']}") for one in marks)


def test_signs_of_conditions(known: Eligibility) -> None:
    facts = known.read_facts({"spouse_without_work": False, "works_in_shanxi": True})
    found = known.judge(SPOUSE, facts, "en")
    html = verdict_html(found, dict.fromkeys(range(1, 9), ""))
    signs = [one["data-sign"] for one in tags(html, "li") if "data-sign" in one]
    assert sorted(signs) == ["?", "?", "✓", "✗"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_and_filters(known: Eligibility, lang: Any) -> None:
    listed = known.measures(lang)
    html = cards_html(listed, {one["id"]: EVIL for one in listed}, lang)
    cards = [one["data-measure"] for one in tags(html, "li") if "data-measure" in one]
    assert cards == [one["id"] for one in listed]
    for one in listed:
        assert one["given"] in html or "&" in html
    assert len(list(tags(filters_html(known.catalogue), "select"))) == 6  # three in each language
    assert "hidden" in html and "hidden" not in cards_html([], {}, lang).split("data-none")[1][:8]


def test_the_picker_lists_every_measure_in_both_languages(known: Eligibility) -> None:
    html = picker_html(known.offered, {})
    values = [one["value"] for one in tags(html, "option") if one["value"]]
    assert values == [*known.offered, *known.offered]


def test_what_is_wrong_is_inert() -> None:
    assert list(tags(wrong_html(EVIL, "en"), "div"))
