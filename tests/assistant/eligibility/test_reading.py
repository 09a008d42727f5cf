"""Facts in people's words: what is stated, denied, asked, corrected, and answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assistant.eligibility.facts import Choice, Fact, FactKind, FactValue, Said
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_reply, read_said, read_supposed


def texts(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def fact(name: str, kind: FactKind, *said: Said, **more: object) -> Fact:
    return Fact(name, kind, texts(name), texts(name), said=said, **more)  # type: ignore[arg-type]


CATALOGUE = Catalogue(
    {
        one.id: one
        for one in (
            fact("location", "place"),
            fact(
                "industry",
                "choice",
                Said({"zh": ("锂电",), "en": (r"\blithium",)}, "lithium"),
                many=True,
                choices=(
                    Choice("lithium", {"zh": "锂电材料", "en": "lithium battery materials"}),
                    Choice("grain", {"zh": "粮油加工", "en": "grain processing"}),
                    Choice("services", {"zh": "人力资源服务", "en": "human resources services"}),
                ),
            ),
            fact(
                "degree",
                "choice",
                Said({"zh": ("博士",), "en": (r"\b(?:PhD|doctorate)\b",)}, "doctor"),
                Said({"zh": ("硕士",), "en": (r"\bmaster'?s\b",)}, "master"),
                choices=(
                    Choice("doctor", {"zh": "博士学位", "en": "doctorate"}),
                    Choice("master", {"zh": "硕士学位", "en": "master's degree"}),
                    Choice("other", {"zh": "其他", "en": "other"}),
                ),
            ),
            fact(
                "phd",
                "yes_no",
                Said(
                    {
                        "zh": (r"有?博士(?:学位)?",),
                        "en": (r"\b(?:(?:hold|have) an? )?(?:PhD|doctorate)\b",),
                    },
                    True,
                ),
            ),
            fact(
                "spouse_without_work",
                "yes_no",
                Said(
                    {
                        "zh": (r"(?:配偶|妻子|丈夫|爱人).{0,12}(?:没有?|还没|暂无).{0,4}工作",),
                        "en": (
                            r"\b(?:spouse|wife|husband)\b.{0,40}"
                            r"\b(?:no job|without (?:a )?(?:job|work)|unemployed)\b",
                        ),
                    },
                    True,
                ),
                Said(
                    {
                        "zh": (r"(?:配偶|妻子|丈夫).{0,8}有工作",),
                        "en": (
                            r"\b(?:spouse|wife|husband)\b[^.,]{0,30}"
                            r"\b(?:has a job|is employed)\b",
                        ),
                    },
                    False,
                ),
            ),
            fact(
                "years_abroad",
                "number",
                Said(
                    {
                        "zh": (
                            r"在(?:海外|国外|德国).{0,6}?"
                            r"(?P<value>[\d一二三四五六七八九十半两]+)\s*个?(?:年|月)",
                        ),
                        "en": (r"(?P<value>[\w.]+) (?:years?|months?) (?:abroad|overseas)",),
                    }
                ),
                unit="year",
                least=Decimal(0),
                most=Decimal(60),
            ),
            fact(
                "staff",
                "number",
                Said(
                    {
                        "zh": (r"(?P<value>\d+|没有)(?:多)?名?员工",),
                        "en": (r"(?P<value>[\w,]+) (?:employees|staff)\b",),
                    }
                ),
                unit="person",
                least=Decimal(0),
            ),
            fact(
                "income",
                "number",
                Said(
                    {
                        "zh": (
                            r"(?P<per_year>[年月])(?:薪|收入)(?:是|为|约)?(?P<value>[\d.]+万?)元?",
                        ),
                        "en": (r"(?P<value>[\d,]+) yuan(?: (?:a|per) |/)(?P<per_year>\w+)",),
                    }
                ),
                unit="CNY",
                take="sum",
            ),
            fact(
                "children",
                "number",
                Said({"zh": ("[儿女][子儿]",), "en": (r"\b(?:son|daughter)\b",)}),
                unit="person",
                take="count",
            ),
            fact(
                "joined",
                "date",
                Said(
                    {
                        "zh": (r"(?P<value>\d{4}年\d+月(?:\d+日)?)(?:到岗|入职)",),
                        "en": (r"\bjoined (?:on|in) (?P<value>\w+(?: \w+)? \d{4})",),
                    }
                ),
            ),
        )
    },
    {},
)


def said(text: str) -> dict[str, FactValue]:
    """What was read, with the choices of `degree` left out where `phd` says the same."""
    found = {name: known.value for name, known in read_said(text, CATALOGUE).items()}
    found.pop("degree", None)
    return found


LITHIUM, GRAIN, SERVICES = frozenset({"lithium"}), frozenset({"grain"}), frozenset({"services"})

# Chinese, English, what both state.
PAIRS: list[tuple[str, str, dict[str, FactValue]]] = [
    (
        "我们是遂宁的锂电池企业",
        "We are a lithium battery maker in Suining",
        {"location": "遂宁", "industry": LITHIUM},
    ),
    (
        "我们是遂宁的锂电材料企业，有什么支持？",
        "We are a lithium battery materials company in Suining, what support is there?",
        {"location": "遂宁", "industry": LITHIUM},
    ),
    (
        "遂宁的锂电企业能拿到什么？",
        "What can a lithium-battery maker in Suining get?",
        {"location": "遂宁", "industry": LITHIUM},
    ),
    (
        "成都的人力资源服务机构有哪些支持？",
        "What is there for a human resources services agency in Chengdu?",
        {"location": "成都", "industry": SERVICES},
    ),
    (
        "我丈夫跟我来了，还没有工作",
        "My spouse moved with me and has no job",
        {"spouse_without_work": True},
    ),
    ("我妻子有工作", "My wife has a job", {"spouse_without_work": False}),
    ("我是德国人，有博士学位", "I hold a PhD and am German", {"phd": True}),
    ("我没有博士学位", "I do not hold a PhD", {"phd": False}),
    ("我不是博士", "I'm not a PhD", {"phd": False}),
    ("我有没有博士学位都可以吗？", "Do I need a PhD?", {}),
    ("是否需要博士学位？", "Is a PhD required?", {}),
    ("如果我有博士学位，能申请吗？", "If I had a PhD, could I apply?", {}),
    ("我想读博士", "I want to get a PhD", {}),
    ("政策要求博士学位", "The policy requires a PhD", {}),
    ("我妻子是博士", "My wife holds a PhD", {}),
    ("我和妻子都是博士", "My wife and I both hold a PhD", {"phd": True}),
    ("我朋友是博士", "My friend has a PhD.", {}),
    ("我不确定我是不是博士", "I'm not sure whether I have a PhD", {}),
    ("我不仅是博士，还会德语", "I not only hold a PhD but also speak German", {"phd": True}),
    ("我是博士，不是硕士", "I hold a PhD, not a master's", {"phd": True}),
    ("成都有哪些支持？", "What support does Chengdu offer?", {}),
    ("我想了解遂宁的政策", "Tell me about support in Suining", {}),
    ("遂宁有什么政策？", "What is there in Suining?", {}),
    ("四川的促进措施里说了什么？", "What do the Sichuan measures say?", {}),
    ("我们在四川遂宁", "We are in Suining, Sichuan", {"location": "遂宁"}),
    ("不对，是绵阳", "No, in Mianyang", {"location": "绵阳"}),
    ("不对，我们在绵阳", "No, we're in Mianyang", {"location": "绵阳"}),
    ("不是遂宁，是绵阳", "Not Suining, Mianyang", {"location": "绵阳"}),
    ("我们在遂宁。不对，在绵阳。", "We are in Suining. No, in Mianyang.", {"location": "绵阳"}),
    (
        "我们以前在遂宁，现在在绵阳",
        "We used to be in Suining, now we are in Mianyang",
        {"location": "绵阳"},
    ),
    ("我们从遂宁搬到绵阳", "We moved from Suining to Mianyang", {"location": "绵阳"}),
    ("我是北京人，在太原工作", "I am from Beijing and work in Taiyuan", {"location": "太原"}),
    (
        "我们公司注册在成都，有120名员工",
        "Our company is based in Chengdu and has 120 employees",
        {"location": "成都", "staff": Decimal(120)},
    ),
    ("我们公司不在成都", "Our company is not in Chengdu", {}),
    ("我想去遂宁工作", "I would like to move to Suining", {}),
    ("我们的对手在遂宁", "Our competitors are in Suining", {}),
    ("我们是四川省外的企业", "We are a company outside Sichuan", {}),
    ("我在国外工作了三年", "I spent three years abroad", {"years_abroad": Decimal(3)}),
    ("我在海外待过18个月", "I spent 18 months abroad", {"years_abroad": Decimal("1.5")}),
    ("我在海外待过300年", "I spent 300 years abroad", {}),
    ("我们没有员工", "We have no employees", {"staff": Decimal(0)}),
    ("我月薪8000元", "I earn 8,000 yuan a month", {"income": Decimal(96000)}),
    (
        "我月薪8000元，另有年收入50000元",
        "I earn 8,000 yuan a month and get 50,000 yuan a year",
        {"income": Decimal(146000)},
    ),
    ("我有一个儿子，还有一个女儿", "I have a son and a daughter", {"children": Decimal(2)}),
    ("我2024年3月3日入职", "I joined on 3 March 2024", {"joined": date(2024, 3, 3)}),
    ("我2024年3月入职", "I joined in March 2024", {}),
    (
        "我们不做锂电，做粮油加工",
        "We don't make lithium; we do grain processing",
        {"industry": GRAIN},
    ),
    (
        "我们做锂电材料和粮油加工",
        "We do lithium battery materials and grain processing",
        {"industry": LITHIUM | GRAIN},
    ),
    (
        "根据人力资源服务措施，我们能拿什么？",
        "What can we get by the human resources services measures?",
        {},
    ),
    (
        "我是博士，配偶没有工作，在国外五年",
        "I hold a PhD, my husband has no job, and I was five years abroad",
        {"phd": True, "spouse_without_work": True, "years_abroad": Decimal(5)},
    ),
    ("我是德国人，叫成都·李", "I'm German and my name is Chengdu Li", {}),
    ("没有博士学位就不能申请吗？", "Without a PhD I cannot apply?", {}),
    ("博士：否", "PhD: no", {"phd": False}),
]


@pytest.mark.parametrize(("zh", "en", "expected"), PAIRS, ids=[en for _, en, _ in PAIRS])
def test_both_languages_state_the_same(zh: str, en: str, expected: dict[str, FactValue]) -> None:
    assert said(zh) == expected
    assert said(en) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In Suining, what can we get?", {}),
        ("in Suining", {"location": "遂宁"}),
        ("actually Mianyang", {"location": "绵阳"}),
        ("we're a Suining company", {"location": "遂宁"}),
        ("our factory in Suining has 1,200 staff", {"location": "遂宁", "staff": Decimal(1200)}),
        ("Is a company outside Suining allowed?", {}),
        ("I have a Shanxi green card", {}),
        ("A PhD is needed, right?", {}),
        ("Do lithium companies have to be in Suining?", {}),
        ("I’m in Taiyuan, my wife’s in Beijing", {"location": "太原"}),
        ("四川省外的企业能申请吗", {}),
        ("请问我们是遂宁的锂电企业有什么支持", {"location": "遂宁", "industry": LITHIUM}),
        ("公司在成都高新区", {"location": "成都"}),
        ("《四川省人力资源服务办法》适用于我们吗", {}),
        ("在绵阳", {"location": "绵阳"}),
        ("", {}),
    ],
)
def test_one_text_states(text: str, expected: dict[str, FactValue]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("那绵阳呢？", "What about Mianyang?", {"location": "绵阳"}),
        ("换成绵阳呢", "and how about Mianyang", {"location": "绵阳"}),
        ("如果我们在绵阳呢？", "What if we were located in Mianyang?", {"location": "绵阳"}),
        ("那绵阳的补贴呢？", "What about the subsidies of Mianyang?", {}),
        ("那孩子呢？", "What about my children?", {}),
        ("我们在绵阳", "We are in Mianyang", {}),
    ],
)
def test_what_is_supposed(zh: str, en: str, expected: dict[str, FactValue]) -> None:
    for text in (zh, en):
        found = {name: one.value for name, one in read_supposed(text, CATALOGUE).items()}
        assert found == expected


def test_the_words_are_kept() -> None:
    known = read_said("We are in Suining. I hold a PhD.", CATALOGUE)
    assert (known["location"].words, known["phd"].words) == ("Suining", "hold a PhD")
    assert {one.origin for one in known.values()} == {"conversation"}


def test_of_single_choices_the_last_counts() -> None:
    known = read_said("I have a master's. No, a PhD.", CATALOGUE)
    assert known["degree"].value == frozenset({"doctor"})


@pytest.mark.parametrize(
    ("name", "reply", "expected"),
    [
        ("phd", "yes", True),
        ("phd", "是的", True),
        ("phd", "有", True),
        ("phd", "Yes, I do.", True),
        ("phd", "I do", True),
        ("phd", "no", False),
        ("phd", "不是", False),
        ("phd", "没有", False),
        ("phd", "I don't", False),
        ("phd", "Sorry, no", False),
        ("phd", "不对，没有", False),
        ("phd", "没错", True),
        ("phd", "不知道", None),
        ("phd", "I'm not sure", None),
        ("phd", "What does that mean?", None),
        ("phd", "什么意思？", None),
        ("phd", "in Mianyang", None),
        ("spouse_without_work", "No, my wife has no job", True),
        ("spouse_without_work", "是的，我妻子没有工作", True),
        ("spouse_without_work", "Yes, my wife has a job", False),
        ("years_abroad", "三年", Decimal(3)),
        ("years_abroad", "三", Decimal(3)),
        ("years_abroad", "three", Decimal(3)),
        ("years_abroad", "about 3 years", Decimal(3)),
        ("years_abroad", "18 months", Decimal("1.5")),
        ("years_abroad", "半年", Decimal("0.5")),
        ("years_abroad", "none", Decimal(0)),
        ("years_abroad", "没有", Decimal(0)),
        ("years_abroad", "3到5年", None),
        ("years_abroad", "5 yuan", None),
        ("years_abroad", "we have 30 employees", None),
        ("years_abroad", "200 years", None),
        ("location", "在绵阳", "绵阳"),
        ("location", "Mianyang", "绵阳"),
        ("location", "绵阳市", "绵阳"),
        ("location", "not Suining, Mianyang", "绵阳"),
        ("location", "sorry, Mianyang", "绵阳"),
        ("location", "in Berlin", None),
        ("degree", "the first one", frozenset({"doctor"})),
        ("degree", "第二个", frozenset({"master"})),
        ("degree", "2", frozenset({"master"})),
        ("degree", "B", frozenset({"master"})),
        ("degree", "9", None),
        ("degree", "the last one", frozenset({"other"})),
        ("degree", "其他", frozenset({"other"})),
        ("degree", "a master's", frozenset({"master"})),
        ("degree", "none of these", frozenset()),
        ("degree", "都不是", frozenset()),
        ("industry", "the first and the second", LITHIUM | GRAIN),
        ("industry", "batteries", None),
        ("industry", "human resources", SERVICES),
        ("joined", "3 March 2024", date(2024, 3, 3)),
        ("joined", "2024年3月3日", date(2024, 3, 3)),
        ("joined", "March 2024", None),
        ("joined", "2024年2月30日", None),
    ],
)
def test_a_reply_answers(name: str, reply: str, expected: FactValue | None) -> None:
    known = read_reply(reply, CATALOGUE.facts[name], CATALOGUE)
    assert (known.value if known else None) == expected


def test_a_reply_keeps_its_words() -> None:
    known = read_reply(" Mianyang ", CATALOGUE.facts["location"], CATALOGUE)
    assert known is not None
    assert (known.fact, known.words, known.origin) == ("location", "Mianyang", "conversation")
