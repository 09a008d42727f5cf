"""Checks that the measures of the corpus rest on its briefs, in both languages."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from assistant.eligibility.checking import check_catalogue
from assistant.eligibility.kleene import criteria_of
from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.measures import Catalogue, Criterion, Ground, Measure
from assistant.questions import Lang
from index.documents import Document
from index.loaders import load_corpus
from index.splitting import split
from index.structure import sections
from index.tokens import count_tokens

CORPUS = Path(__file__).parents[2] / "docs_corpus"
LANGS: tuple[Lang, ...] = ("zh", "en")
CATALOGUE: Catalogue = load_catalogue(CORPUS)
MEASURES = list(CATALOGUE.measures.values())
LEAST = 40


def criteria(measure: Measure) -> list[Criterion]:
    """The criteria of a measure, in the order of its tree."""
    return list(criteria_of(measure.criteria))


def grounds(measure: Measure) -> Iterator[tuple[str, Ground]]:
    """What a measure rests on, each with the name of what rests on it."""
    for number, benefit in enumerate(measure.benefits, 1):
        yield f"benefit {number}", benefit.ground
    for criterion in criteria(measure):
        yield f"criterion {criterion.id}", criterion.ground


@cache
def documents() -> Mapping[tuple[str, str], Document]:
    """The briefs, by policy and language."""
    return {document.key: document for document in load_corpus(CORPUS).documents}


@cache
def words_of(policy: str, lang: str) -> Mapping[str, str]:
    """The words of each section of a brief, by anchor; headings below it excluded."""
    document = documents()[policy, lang]
    return {
        section.anchor: document.text[section.blocks[0].start : section.blocks[-1].end]
        for section in sections(document.text, document.title)
    }


@cache
def passages_of(policy: str, lang: str) -> Mapping[str, list[str]]:
    """The texts of the passages of each section of a brief."""
    found: dict[str, list[str]] = defaultdict(list)
    for passage in split(documents()[policy, lang], count_tokens):
        found[passage.section].append(passage.text)
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_quoted_words_stand_in_their_section(measure: Measure, lang: Lang) -> None:
    """Every benefit and criterion quotes words of the section that it names."""
    words = words_of(measure.policy, lang)
    missing = [
        f"{name} in #{ground.section}: {ground.quote[lang]}"
        for name, ground in grounds(measure)
        if ground.quote[lang] not in words.get(ground.section, "")
    ]
    assert not missing
    assert measure.section in words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_every_ground_opens_a_passage(measure: Measure, lang: Lang) -> None:
    """The words that a benefit or criterion quotes stand whole in one passage."""
    passages = passages_of(measure.policy, lang)
    torn = [
        f"{name} in #{ground.section}: {ground.quote[lang]}"
        for name, ground in grounds(measure)
        if not any(ground.quote[lang] in text for text in passages[ground.section])
    ]
    assert not torn


def test_nothing_is_wrong_with_the_catalogue() -> None:
    """`policy-assistant measures check` finds nothing."""
    assert check_catalogue(CORPUS) == []


def test_every_policy_has_measures() -> None:
    """Each brief has measures, and there are as many as the briefs have support to give."""
    assert len(MEASURES) >= LEAST
    assert {measure.policy for measure in MEASURES} == {policy for policy, _ in documents()}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_measure_is_in_both_languages(measure: Measure) -> None:
    """All that a person is shown of a measure is there in Chinese and in English."""
    shown = [measure.title, measure.summary, measure.given, measure.acts, measure.period.note]
    shown += [benefit.text for benefit in measure.benefits]
    for criterion in criteria(measure):
        shown += [criterion.text, criterion.undefined]
    shown += [ground.quote for _, ground in grounds(measure)]
    assert all(text.keys() == set(LANGS) for text in shown if text is not None)
    assert measure.benefits


def test_facts_are_in_both_languages() -> None:
    """Questions, labels and choices are there in both, and how a fact is said as well."""
    for fact in CATALOGUE.facts.values():
        texts = [fact.label, fact.question, *(choice.label for choice in fact.choices)]
        keys = [*(text.keys() for text in texts), *(said.patterns.keys() for said in fact.said)]
        assert all(langs == set(LANGS) for langs in keys), fact.id
        assert fact.question["zh"].endswith("？") or "？（" in fact.question["zh"], fact.id
        assert "?" in fact.question["en"], fact.id


def test_every_fact_is_asked_for() -> None:
    """No fact is asked in vain."""
    asked = {criterion.fact for measure in MEASURES for criterion in criteria(measure)}
    assert CATALOGUE.facts.keys() == asked - {None}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_what_is_not_defined_is_said(measure: Measure) -> None:
    """A condition that no fact decides says that the document does not define it."""
    silent = [one.id for one in criteria(measure) if one.fact is None and one.undefined is None]
    assert not silent
