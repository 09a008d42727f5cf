"""Verdicts, lists and rankings as people and programs get them, over a small corpus."""

from __future__ import annotations

import logging
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Citation
from assistant.eligibility.corpus import open_eligibility
from assistant.eligibility.grounds import FolderTexts
from assistant.eligibility.service import Eligibility
from assistant.errors import InputError, MeasureError

GRANT, RENT, REWARD, LESS = (
    f"alpha/{slug}" for slug in ("lithium-grant", "half-rent", "reward", "less-rent")
)
KEYS = {"id", "measure", "title", "verdict", "criteria", "benefits", "next_question"}
CITATION_KEYS = set(Citation.__dataclass_fields__)
SUINING = {"location": "遂宁", "industry": ["lithium_battery"], "who": ["enterprise"]}


def judge(known: Eligibility, measure: str, lang: Any = "en", **facts: Any) -> dict[str, Any]:
    return known.judge(measure, known.read_facts(facts), lang)


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["verdict"] for one in found["criteria"]}


class TestJudge:
    def test_has_the_contracts_keys(self, small: Eligibility) -> None:
        found = small.judge(GRANT, {}, "en", "7")
        assert set(found) >= KEYS
        assert found["id"] == "7"
        assert found["measure"] == GRANT
        assert found["title"] == "Grant for lithium"
        first = found["criteria"][0]
        assert set(first) >= {"id", "text", "verdict", "fact", "value", "citation"}
        for cited in (*found["criteria"], *found["benefits"]):
            assert set(cited["citation"]) == CITATION_KEYS

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_every_quote_is_the_documents_own(
        self, small: Eligibility, measured: Path, lang: str
    ) -> None:
        texts = FolderTexts.read(measured, {"alpha"})
        documents = {document.key: document.text for document in texts.documents()}
        passages = {passage.id: passage for passage in texts.passages()}
        for measure in small.offered:
            found = judge(small, measure, lang)
            cited = [one["citation"] for one in (*found["criteria"], *found["benefits"])]
            assert cited
            for one in cited:
                assert one["lang"] == lang
                text = documents[one["document_id"], one["lang"]]
                assert text[one["start"] : one["end"]] == one["quote"]
                assert one["quote"] in passages[one["passage_id"]].text
                assert passages[one["passage_id"]].section == one["section"]

    def test_labels_number_the_places_that_are_cited(self, small: Eligibility) -> None:
        found = judge(small, GRANT, "zh")
        cited = [one["citation"] for one in (*found["criteria"], *found["benefits"])]
        labels = [one["label"] for one in cited]
        assert labels == [1, 1, 2, 3]  # two criteria rest on the same words
        assert len({(one["label"], one["start"], one["end"]) for one in cited}) == 3

    @pytest.mark.parametrize(
        ("staff", "verdict", "decides"),
        [
            (19, "not_eligible", {"enough-staff"}),
            (20, "eligible", {"in-suining", "lithium", "enough-staff"}),
            (21, "eligible", {"in-suining", "lithium", "enough-staff"}),
            (None, "more_information_needed", {"enough-staff"}),
        ],
    )
    def test_a_number_at_its_bound(
        self, small: Eligibility, staff: int | None, verdict: str, decides: set[str]
    ) -> None:
        found = judge(small, GRANT, **SUINING, staff=staff)
        assert found["verdict"] == verdict
        assert {one["id"] for one in found["criteria"] if one["decides"]} == decides
        assert found["criteria"][2]["value"] == staff

    @pytest.mark.parametrize(
        ("founded", "in_park", "verdict"),
        [
            ("2023-12-31", False, "not_eligible"),
            ("2023-12-31", None, "more_information_needed"),
            ("2023-12-31", True, "eligible"),
            ("2024-01-01", False, "eligible"),
            ("2024-01-02", None, "eligible"),
            (None, True, "eligible"),
            (None, False, "more_information_needed"),
        ],
    )
    def test_one_of_two_conditions(
        self, small: Eligibility, founded: str | None, in_park: bool | None, verdict: str
    ) -> None:
        found = judge(small, LESS, founded=founded, in_park=in_park)
        assert found["verdict"] == verdict
        assert [(one["group"], one["alternative"]) for one in found["criteria"]] == [(1, 1), (1, 2)]

    @pytest.mark.parametrize(
        ("owns", "verdict", "criterion"),
        [(True, "not_eligible", "met"), (False, "eligible", "not_met")],
    )
    def test_an_exclusion_says_that_it_is_one(
        self, small: Eligibility, owns: bool, verdict: str, criterion: str
    ) -> None:
        found = judge(small, RENT, high_level=True, owns_home=owns)
        assert found["verdict"] == verdict
        assert verdicts(found)["owner"] == criterion
        assert [one["negated"] for one in found["criteria"]] == [False, True]
        assert ("“You own a home” must not hold" in found["text"]) == owns

    def test_an_undefined_term_is_said_and_asked_of_whoever_decided_it(
        self, small: Eligibility
    ) -> None:
        found = judge(small, RENT, owns_home=False)
        assert found["verdict"] == "more_information_needed"
        assert found["criteria"][0]["note"] == "The document does not define the term."
        assert "The document does not define the term." in found["text"]
        assert found["next_question"]["fact"] == "high_level"

    def test_a_condition_without_a_fact_stays_open_for_ever(self, small: Eligibility) -> None:
        found = judge(small, REWARD, "zh", who=["hr_agency"])
        assert found["verdict"] == "more_information_needed"
        assert found["next_question"] is None
        assert found["criteria"][0]["fact"] is None
        assert found["criteria"][0]["note"] == "文件没有写明要求。"
        assert "文件没有写明要求。" in found["text"]

    @pytest.mark.parametrize(
        ("facts", "fact", "kind", "unit", "choices"),
        [
            (
                {"location": "遂宁", "staff": 20},
                "industry",
                "choice",
                None,
                ["lithium_battery", "drones"],
            ),
            (
                {"location": "遂宁", "industry": ["lithium_battery"]},
                "staff",
                "number",
                "person",
                None,
            ),
            ({"industry": ["lithium_battery"], "staff": 20}, "location", "place", None, ["遂宁"]),
        ],
    )
    def test_the_next_question_lists_what_can_be_chosen(
        self,
        small: Eligibility,
        facts: dict[str, Any],
        fact: str,
        kind: str,
        unit: str | None,
        choices: list[str] | None,
    ) -> None:
        question = judge(small, GRANT, **facts)["next_question"]
        assert (question["fact"], question["kind"], question["unit"]) == (fact, kind, unit)
        if choices is None:
            assert question["choices"] is None
            return
        values = [choice["value"] for choice in question["choices"]]
        assert values[: len(choices)] == choices
        for value in values:  # whatever is offered is accepted
            small.read_facts({fact: value})

    def test_places_offered_are_those_of_the_province(self, small: Eligibility) -> None:
        question = judge(small, GRANT, industry=["lithium_battery"], staff=20)["next_question"]
        offered = {choice["value"]: choice["label"] for choice in question["choices"]}
        assert offered["成都"] == "Chengdu"
        assert len(offered) == 21
        assert "太原" not in offered

    def test_yes_or_no_is_asked_in_the_language(self, small: Eligibility) -> None:
        question = judge(small, RENT, "zh", high_level=True)["next_question"]
        assert question["choices"] == [
            {"value": True, "label": "是"},
            {"value": False, "label": "否"},
        ]

    @pytest.mark.parametrize(
        ("day", "validity", "warning"),
        [
            (date(2024, 5, 31), "unknown", "begins on 2024-06-01"),
            (date(2024, 6, 1), "in_force", None),
            (date(2026, 12, 31), "in_force", None),
            (date(2027, 1, 1), "lapsed", "ended on 2026-12-31"),
        ],
    )
    def test_validity_is_that_of_the_day(
        self, small: Eligibility, day: date, validity: str, warning: str | None
    ) -> None:
        found = small.judge(GRANT, {}, "en", as_of=day)
        assert found["criteria"][0]["citation"]["validity"] == validity
        told = found["period"]["warning"]
        assert told is None if warning is None else warning in told

    def test_the_same_verdict_whatever_language_the_facts_are_in(self, small: Eligibility) -> None:
        zh = {"location": "四川省遂宁市", "industry": "锂电材料", "staff": "20人"}
        en = {"location": "Suining", "industry": ["lithium battery materials"], "staff": 20}
        assert judge(small, GRANT, **zh) == judge(small, GRANT, **en)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("alpha/lithium-grants", r"none of that id; did you mean alpha/lithium-grant, "),
        ("lithium-grnt", r"did you mean alpha/lithium-grant\?"),
        ("beta/zebra", r"none of that id; `policy-assistant measures` lists all"),
        ("", r"measure '': there is none of that id"),
        ("planned", r"draft: true.*take `draft: true` out of its file"),
    ],
)
def test_a_measure_that_does_not_answer(small: Eligibility, name: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        small.judge(name, {}, "en")


def test_a_slug_is_enough_where_one_measure_has_it(small: Eligibility) -> None:
    assert small.measure("lithium-grant").id == GRANT
    assert small.measure(f" {GRANT} ").id == GRANT


class TestWordsThatAreGone:
    @pytest.fixture
    def changed(self, measured: Path) -> Path:
        path = measured / "alpha.en.md"
        path.write_text(path.read_text("utf-8").replace("at least 20 staff", "20 or more staff"))
        return measured

    def test_the_measure_is_not_offered_and_the_log_says_so(
        self, changed: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            known = open_eligibility(changed)
        assert set(known.offered) == {RENT, REWARD, LESS}
        assert len(caplog.messages) == 1
        assert GRANT in caplog.messages[0]
        assert "“at least 20 staff”" in caplog.messages[0]

    def test_asked_for_by_name_it_says_why(self, changed: Path) -> None:
        with pytest.raises(InputError, match=r"section #grants of its en text.*measures check"):
            open_eligibility(changed).judge(GRANT, {}, "zh")


@pytest.mark.parametrize(
    ("filters", "listed"),
    [
        ({}, [GRANT, RENT, REWARD, LESS]),
        ({"audience": "enterprise"}, [GRANT, LESS]),
        ({"audience": "企业"}, [GRANT, LESS]),
        ({"audience": "HR agencies"}, [REWARD]),
        ({"audience": "人力资源服务机构"}, [REWARD]),
        ({"audience": "government"}, []),
        ({"jurisdiction": "CN-SC"}, [GRANT, RENT, REWARD, LESS]),
        ({"jurisdiction": "Sichuan"}, [GRANT, RENT, REWARD, LESS]),
        ({"jurisdiction": "四川"}, [GRANT, RENT, REWARD, LESS]),
        ({"jurisdiction": "Suining"}, [GRANT, RENT, REWARD, LESS]),
        ({"jurisdiction": "成都市"}, [RENT, REWARD, LESS]),
        ({"jurisdiction": "CN-SX"}, []),
        ({"industry": "drones"}, [RENT, REWARD, LESS]),
        ({"industry": "lithium"}, [GRANT, RENT, REWARD, LESS]),
        ({"industry": "锂电材料", "audience": "company"}, [GRANT, LESS]),
    ],
)
def test_filters(small: Eligibility, filters: dict[str, Any], listed: list[str]) -> None:
    assert [one["id"] for one in small.measures("en", **filters)] == listed


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ({"audience": "martians"}, r"audience 'martians': not known; give one of enterprise"),
        ({"jurisdiction": "CN-XX"}, r"jurisdiction 'CN-XX'"),
        ({"jurisdiction": "Atlantis"}, r"jurisdiction 'Atlantis'.*code such as CN-SC"),
        ({"industry": "magic"}, r"industry 'magic': not known; give one of lithium_battery"),
        ({"industry": ""}, r"industry ''"),
    ],
)
def test_a_filter_that_is_not_known(small: Eligibility, filters: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        small.measures("en", **filters)


def test_a_listed_measure_says_what_a_card_needs(small: Eligibility) -> None:
    (one,) = small.measures("en", audience="enterprise", industry="lithium_battery")[:1]
    assert one["summary"] == "Lithium enterprises in Suining get 300,000 yuan."
    assert one["audience_names"] == ["enterprises"]
    assert one["place_names"] == ["Suining"]
    assert one["industry_names"] == ["lithium battery materials"]
    assert one["period"]["ends"] == "2026-12-31"
    assert one["citation"]["quote"] == "receive a grant of 300,000 yuan"
    assert "fit" not in one


class TestFits:
    def order(self, known: Eligibility, **facts: Any) -> list[tuple[str, str]]:
        return [(f.measure.id, f.standing) for f in known.fits(known.read_facts(facts))]

    def test_a_lithium_maker_in_suining(self, small: Eligibility) -> None:
        assert self.order(small, **SUINING) == [
            (GRANT, "possible"),
            (LESS, "possible"),
            (RENT, "not_for_you"),
            (REWARD, "not_for_you"),
        ]
        assert self.order(small, **SUINING, staff=20)[0] == (GRANT, "eligible")

    def test_another_citys_measure_is_not_offered(self, small: Eligibility) -> None:
        facts = small.read_facts(SUINING | {"location": "绵阳", "staff": 20})
        fit = next(f for f in small.fits(facts) if f.measure.id == GRANT)
        assert fit.standing == "not_for_you"
        assert small.why(fit, facts, "en") == ["not met: You are in Suining (Location: Mianyang)"]

    def test_another_provinces_measure_is_not_offered_though_no_criterion_says_so(
        self, small: Eligibility
    ) -> None:
        facts = small.read_facts({"location": "太原", "founded": "2024-05-05"})
        fit = next(f for f in small.fits(facts) if f.measure.id == LESS)
        assert (fit.standing, fit.evaluation.verdict) == ("not_for_you", "eligible")
        assert small.why(fit, facts, "en") == ["it is for Sichuan only, and you are in Taiyuan"]
        assert small.why(fit, facts, "zh") == ["只面向四川，而所在地是太原"]

    def test_a_talent_may_move_for_a_measure(self, small: Eligibility) -> None:
        facts = {"location": "太原", "high_level": True, "owns_home": False, "who": ["talent"]}
        assert self.order(small, **facts)[0] == (RENT, "eligible")

    def test_what_is_missing_is_named(self, small: Eligibility) -> None:
        facts = small.read_facts(SUINING)
        fit = next(f for f in small.fits(facts) if f.measure.id == GRANT)
        assert fit.missing == ("staff",)
        assert small.why(fit, facts, "en") == ["You have at least 20 staff"]

    def test_who_somebody_is_rules_out_what_is_for_others(self, small: Eligibility) -> None:
        facts = small.read_facts({"who": ["talent"]})
        fit = next(f for f in small.fits(facts) if f.measure.id == REWARD)
        assert fit.standing == "not_for_you"
        (why,) = small.why(fit, facts, "en")
        assert why == "it is for human resource service agencies, and you are a talent"

    def test_a_measure_that_is_over_comes_after_those_that_run(self, small: Eligibility) -> None:
        facts = small.read_facts(SUINING | {"staff": 20, "in_park": True})
        running = [f.measure.id for f in small.fits(facts, date(2026, 12, 31))][:2]
        over = [f.measure.id for f in small.fits(facts, date(2027, 1, 1))][:2]
        assert (running, over) == ([GRANT, LESS], [LESS, GRANT])

    def test_a_list_with_facts_is_ranked_and_says_why(self, small: Eligibility) -> None:
        found = small.measures("zh", facts=small.read_facts(SUINING | {"staff": 19}))
        fits = {one["id"]: (one["fit"], one["verdict"]) for one in found}
        assert fits[GRANT] == ("not_for_you", "not_eligible")
        assert next(one["why"] for one in found if one["id"] == GRANT) == [
            "不满足：职工不少于20人（职工人数：19人）"
        ]
        ranks = [["eligible", "possible", "not_for_you"].index(one["fit"]) for one in found]
        assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"planet": "Mars"}, r"planet"),
        ({"staff": "20 years"}, r"staff.*20 years"),
        ({"staff": "twenty-ish"}, r"staff"),
        ({"founded": "2024-02-30"}, r"founded.*2024-02-30"),
        ({"location": "Atlantis"}, r"location.*Atlantis"),
        ({"industry": "magic"}, r"industry.*magic"),
        ({"high_level": "perhaps"}, r"high_level.*perhaps"),
        ({"location": ["遂宁", "成都"]}, r"location"),
        ({"staff": -1}, r"staff"),
    ],
)
def test_facts_that_cannot_be(small: Eligibility, facts: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        small.read_facts(facts)


def test_a_catalogue_with_a_fault_says_so_to_whoever_asks() -> None:
    from assistant.eligibility.measures import Catalogue

    broken = Eligibility(Catalogue({}, {}), FolderTexts((), ()), fault="facts.yaml:3: no good")
    assert broken.offered == {}
    for call in (lambda: broken.measures("en"), lambda: broken.judge("x", {}, "en")):
        with pytest.raises(MeasureError, match=re.escape("facts.yaml:3: no good")):
            call()


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({"who": ["talent"]}, "eligible"),
        ({}, "eligible"),
        ({"who": ["enterprise"]}, "not_for_you"),
        ({"who": ["enterprise", "talent"]}, "eligible"),
    ],
)
def test_only_those_who_may_be_a_person_can_move(
    measured: Path, facts: dict[str, Any], standing: str
) -> None:
    path = measured / "measures" / "alpha.yaml"
    text = path.read_text("utf-8").replace("audience: [talent]", "audience: [talent, enterprise]")
    path.write_text(text, encoding="utf-8")
    known = open_eligibility(measured)
    read = known.read_facts(facts | {"location": "太原", "high_level": True, "owns_home": False})
    fit = next(f for f in known.fits(read) if f.measure.id == RENT)
    assert fit.standing == standing
