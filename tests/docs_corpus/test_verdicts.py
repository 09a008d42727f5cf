"""Checks the verdicts of the corpus's measures against a table that people wrote from the briefs.

The table stands in ``verdicts/<policy>.yaml``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.eligibility.evaluation import Evaluation, evaluate
from assistant.eligibility.facts import Fact, Facts, FactValue
from assistant.eligibility.kleene import criteria_of
from assistant.eligibility.loading import load_catalogue
from assistant.eligibility.measures import Catalogue, Compare, CompareDate, Criterion
from assistant.eligibility.places import place_label
from assistant.eligibility.reading import read_said
from assistant.eligibility.values import read_facts
from assistant.questions import Lang

CORPUS = Path(__file__).parents[2] / "docs_corpus"
TABLES = Path(__file__).parent / "verdicts"
CATALOGUE: Catalogue = load_catalogue(CORPUS)
WORDS = {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}
LEAST = 120


@dataclass(frozen=True)
class Case:
    """What is given, and the verdict that the brief comes to."""

    measure: str
    given: Mapping[str, Any]
    verdict: str

    def __str__(self) -> str:
        """The case in a line, for the test's name."""
        return f"{self.measure} {dict(self.given)}"


def read_cases() -> Iterator[Case]:
    """Read the tables: each case, and each of its changes with the rest as it was."""
    for path in sorted(TABLES.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            yield Case(row["measure"], row["given"], row["verdict"])
            for change in row["but"]:
                yield Case(row["measure"], row["given"] | change["given"], change["verdict"])


CASES = list(read_cases())


def judged(measure: str, facts: Facts) -> Evaluation:
    """The verdict of the evaluator."""
    return evaluate(CATALOGUE.measures[measure], facts, CATALOGUE)


def in_words(given: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The same facts as a person sees them in a form: labels, names of places, yes and no."""
    return {name: in_word(CATALOGUE.facts[name], value, lang) for name, value in given.items()}


def in_word(fact: Fact, value: Any, lang: Lang) -> Any:
    """One value as a person sees it."""
    if fact.kind == "place" and value is not None:
        return place_label(value, lang)
    if isinstance(value, bool):
        return WORDS[lang][value]
    if isinstance(value, list):
        labels = {choice.id: choice.label[lang] for choice in fact.choices}
        return [labels[one] for one in value]
    return value


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    """The evaluator comes to the verdict of the table."""
    assert judged(case.measure, read_facts(CATALOGUE, case.given)).verdict == case.verdict


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict_is_the_same_in_both_languages(case: Case) -> None:
    """Facts given in Chinese or English words mean what they mean by id."""
    by_id = read_facts(CATALOGUE, case.given)
    for lang in ("zh", "en"):
        said = read_facts(CATALOGUE, in_words(case.given, lang), "form")
        assert {name: known.value for name, known in said.items()} == {
            name: known.value for name, known in by_id.items()
        }


def test_table_is_whole() -> None:
    """Every measure is in the table, no case twice, and there are enough."""
    assert len(CASES) >= LEAST
    assert {case.measure for case in CASES} == CATALOGUE.measures.keys()
    names = [str(case) for case in CASES]
    assert len(set(names)) == len(names)


def test_every_criterion_is_turned_each_way() -> None:
    """Over the table, each criterion that a fact decides is met once and not met once.

    One that no fact decides is always unknown, and each limit is tried below, at and above.
    """
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    sides: dict[tuple[str, str], set[int]] = defaultdict(set)
    for case in CASES:
        for one in judged(case.measure, read_facts(CATALOGUE, case.given)).criteria:
            key = (case.measure, one.criterion.id)
            seen[key].add(one.verdict)
            if one.known is not None:
                sides[key].add(side(one.criterion, one.known.value))
    for measure in CATALOGUE.measures.values():
        for criterion in criteria_of(measure.criteria):
            key = (measure.id, criterion.id)
            if criterion.fact is None:
                assert seen[key] == {"unknown"}, key
            else:
                assert seen[key] >= {"met", "not_met"}, key
            if isinstance(criterion.test, Compare | CompareDate):
                assert sides[key] == {-1, 0, 1}, key


def side(criterion: Criterion, value: FactValue) -> int:
    """Where a value stands to the criterion's limit: below -1, at 0, above 1; else 0."""
    test = criterion.test
    if isinstance(test, CompareDate) and isinstance(value, date):
        return (value > test.day) - (value < test.day)
    if isinstance(test, Compare) and isinstance(test.limit, Decimal) and isinstance(value, Decimal):
        return (value > test.limit) - (value < test.limit)
    return 0


@pytest.mark.parametrize("measure", CATALOGUE.measures)
def test_nothing_known_decides_nothing(measure: str) -> None:
    """Without facts every criterion is unknown, and what can be asked is asked."""
    evaluation = judged(measure, {})
    assert evaluation.verdict == "more_information_needed"
    assert {one.verdict for one in evaluation.criteria} == {"unknown"}
    assert evaluation.next_fact in CATALOGUE.facts


SAID = [
    (
        "shanxi-talent-reform/spouse-support",
        "我在太原工作。老公跟着我过来，还没找到工作。",
        "I work in Taiyuan. My husband moved with me and has no job.",
        "more_information_needed",
    ),
    (
        "shanxi-talent-reform/spouse-support",
        "单位认定我为高层次人才。我在太原工作。我爱人跟着我来了。我爱人没有工作。",
        "My employer recognised me as a high-level talent. I work in Taiyuan. My wife came with me. "
        "My wife is unemployed.",
        "eligible",
    ),
    (
        "shanxi-talent-reform/spouse-support",
        "我在山西工作，我妻子不跟我来。",
        "I work in Shanxi and my wife is not moving with me.",
        "not_eligible",
    ),
    (
        "shanxi-talent-reform/children-schooling",
        "我有博士学位，我的孩子跟我一起来，上幼儿园。",
        "I hold a PhD, my children come with me and go to kindergarten.",
        "not_eligible",
    ),
    (
        "shanxi-talent-reform/residence-permit",
        "单位认定我为高层次人才。我在太原工作。我是德国人。",
        "My employer recognised me as a high-level talent. I work in Taiyuan. I am German.",
        "eligible",
    ),
    (
        "shanxi-talent-reform/residence-permit",
        "我是博士，刚从德国回来。",
        "I hold a PhD and just came back from Germany.",
        "more_information_needed",
    ),
    (
        "shanxi-talent-reform/residence-permit",
        "我在太原工作，我是中国公民。",
        "I work in Taiyuan and I am a Chinese citizen.",
        "not_eligible",
    ),
    (
        "shanxi-talent-reform/senior-titles",
        "我们是国企，在太原。",
        "We are a state-owned enterprise in Taiyuan.",
        "eligible",
    ),
    (
        "shanxi-talent-reform/senior-titles",
        "我们是一所大学，在成都。",
        "We are a university in Chengdu.",
        "not_eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/suining-lithium-hub",
        "我们是遂宁的锂电材料企业，有什么支持？",
        "What can a lithium-battery maker in Suining get?",
        "eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/suining-lithium-hub",
        "我们是绵阳的锂电池企业。",
        "We are a lithium battery company in Mianyang.",
        "not_eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/high-end-services",
        "成都的人力资源服务机构有哪些支持？",
        "We run a recruitment agency in Chengdu.",
        "eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/high-end-services",
        "我们是一家人力资源公司。",
        "We are an HR company.",
        "more_information_needed",
    ),
    (
        "sichuan-hr-industry-action-2023/zigong-supply-base",
        "我们在自贡生产彩灯。",
        "We make lanterns in Zigong.",
        "eligible",
    ),
    (
        "sichuan-hr-industry-action-2023/on-site-services",
        "我们在德阳，不是重点企业，没有重大项目。",
        "We are in Deyang. We are not a key enterprise. We have no major project.",
        "not_eligible",
    ),
    (
        "mohrss-manufacturing-opinions-2024/small-manufacturers",
        "我们是一家中小型制造企业。",
        "We are a small manufacturer.",
        "eligible",
    ),
    (
        "mohrss-manufacturing-opinions-2024/small-manufacturers",
        "我们是一家大型制造企业。",
        "We are a large manufacturer.",
        "not_eligible",
    ),
]


@pytest.mark.parametrize(
    ("measure", "zh", "en", "verdict"), SAID, ids=[f"{row[0]}-{n}" for n, row in enumerate(SAID)]
)
def test_verdict_is_the_same_in_conversation(measure: str, zh: str, en: str, verdict: str) -> None:
    """What people say in either language comes to the same verdict."""
    told = {text: read_said(text, CATALOGUE) for text in (zh, en)}
    assert {text: judged(measure, facts).verdict for text, facts in told.items()} == dict.fromkeys(
        told, verdict
    )
