import pytest

from assistant.aspects import asked_aspects, unmentioned

HOUSING = (
    "The employer provides transitional housing. Talents may choose where in the province to live."
)
SPOUSE = "随迁配偶暂时没有工作的，由用人单位按职工平均工资发放生活补贴，并缴纳社会保险费。"


@pytest.mark.parametrize(
    ("question", "told", "word"),
    [
        ("周转房带家具吗？", "周转房由用人单位负责。", "家具"),
        ("Is there a parking space with the flat, or furniture?", HOUSING, "parking"),
        ("Does the transitional housing cost anything?", HOUSING, "cost anything"),
        ("配偶有年龄限制吗？", SPOUSE, "年龄"),
        ("配偶領取補貼要交稅嗎？", SPOUSE, "稅"),
        ("具体排全国第几名？", "四川处于全国第一梯队。", "第几名"),
        ("What exact national rank does it have?", "It is in the first echelon.", "national rank"),
        ("Can I appeal the decision?", HOUSING, "appeal"),
        ("Which documents do I hand in?", HOUSING, "Which documents do"),
        ("Do residents get a grant?", HOUSING, "get a grant"),
        ("这个市场周末开门吗？", "支持建设人力资源市场。", "周末开"),
    ],
)
def test_an_aspect_that_is_not_mentioned_is_named(
    question: str, told: str, word: str | None
) -> None:
    assert unmentioned(question, told) == word


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("配偶的生活补贴按什么发？", SPOUSE),
        ("没工作的老婆，养老保险谁交？", SPOUSE),
        ("How often is the list published?", "The list is published every year."),
        ("具体排全国第几名？", "四川列全国第6位。"),
        ("有名额限制吗？", "每年不超过20个县。"),
        ("Who provides the housing?", HOUSING),
        ("What degrees of scarcity are there?", "The catalogue has three degrees."),
    ],
)
def test_an_aspect_that_is_told_in_other_words_is_not_missed(question: str, told: str) -> None:
    assert unmentioned(question, told) is None


@pytest.mark.parametrize(
    "question",
    [
        "我今年35岁，想去山西工作，绿卡有什么待遇？",
        "面试官问我八条措施是什么，怎么答？",
        "我们家具厂招不到人，国家有什么措施？",
        "税务部门是发文单位吗？",
        "How old is the report?",
        "Who grants senior titles?",
        "Which documents did the ministry issue?",
    ],
)
def test_what_only_sounds_like_an_aspect_asks_after_none(question: str) -> None:
    assert asked_aspects(question) == []


def test_what_a_person_tells_before_asking_is_not_asked_after() -> None:
    question = "I retired last year and have two pets. Who provides the housing?"
    assert asked_aspects(question) == []
