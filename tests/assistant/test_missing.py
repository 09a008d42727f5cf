"""What is said of passages that are on the matter and lack what was asked for."""

import pytest

from assistant.questions import Question, Turn
from assistant.service import Assistant
from assistant.texts import say


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("岳池往国外派输变电工人，具体都去了哪些国家？", "no_names"),
        ("Which countries exactly has Yuechi sent its power-line workers to?", "no_names"),
        ("四川说要把年薪百万的岗位公布出来招全球人才，我该上哪个网站看这些岗位？", "no_website"),
        ("How many HR service agencies did China have by the end of 2019?", "other_time"),
        ("四川的重点人力资源服务供应商名录库，目前已经收进去多少家了？", "only_aimed_at"),
        ("How many firms are in Sichuan's directory of key HR suppliers today?", "only_aimed_at"),
    ],
)
def test_what_is_lacking_is_said_before_what_is_near(
    assistant: Assistant, question: str, text: str
) -> None:
    answer = assistant.ask(Question(question))
    assert answer.status == "partial"
    assert answer.text.startswith(say(text, answer.lang, asked=2019))
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "2023年底全国有多少家人力资源服务机构？",
        "How many HR service agencies did China have at the end of 2023?",
        "2023年的通知要求“十四五”末名录库有多少户企业？",
        "By the end of 2025, how many firms should the directory of key HR suppliers hold?",
        "成都的人力资源产业园现在聚集了多少家企业？",
        "How many HR companies are there in Sichuan currently?",
        "How long is the residence permit valid once approved?",
        "电子信息领域要加强人才培训的是哪些城市？",
        "四川产业科技人才教育一体发展规划为什么要统筹规划科技、教育和人才？",
        "八条措施是四川的还是重庆的？",
        "成都市的国家级人力资源服务产业园是1家吗？",
    ],
)
def test_what_is_stated_is_not_said_to_be_lacking(assistant: Assistant, question: str) -> None:
    assert assistant.ask(Question(question)).status == "answered"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (
            "Does the transitional housing of the Shanxi green card come with furniture?",
            "furniture",
        ),
        ("山西绿卡的周转房，带不带家具？", "家具"),
    ],
)
def test_an_aspect_that_is_not_mentioned_is_named(
    assistant: Assistant, question: str, word: str
) -> None:
    answer = assistant.ask(Question(question))
    assert answer.status == "partial"
    assert answer.text.startswith(say("not_mentioned", answer.lang, asked=word))


@pytest.mark.parametrize(
    ("question", "place"),
    [("山西绿卡在河南也能用吗？", "河南"), ("四川2023年通知扶持的县里有仁寿县吗？", "仁寿县")],
)
def test_a_place_that_is_not_spoken_of_is_named(
    assistant: Assistant, question: str, place: str
) -> None:
    answer = assistant.ask(Question(question))
    assert answer.status in ("partial", "unanswerable")
    if answer.status == "partial":
        assert answer.text.startswith(say("other_place", "zh", asked=place))


def test_no_figure_of_another_place_is_shown(assistant: Assistant) -> None:
    answer = assistant.ask(Question("How many HR service parks are there in Chongqing?"))
    assert answer.status == "unanswerable"
    assert not answer.citations


@pytest.mark.parametrize(
    ("level", "number"),
    [("国家级", "500"), ("省级", "200")],
)
def test_the_figure_is_of_the_level_asked_about(
    assistant: Assistant, level: str, number: str
) -> None:
    question = f"四川{level}人力资源产业园的重点服务对象清单要有多少家？"
    answer = assistant.ask(Question(question))
    assert answer.status == "answered"
    assert answer.text.startswith(f"不少于{number}家")


def test_what_is_of_a_province_is_of_its_cities(assistant: Assistant) -> None:
    answer = assistant.ask(Question("太原的高层次人才，配偶暂时没工作，按山西绿卡有什么待遇？"))
    assert answer.status == "answered"
    assert "生活补贴" in answer.text


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("2019年和2023年四川分别有多少家人力资源服务机构？", 2019),
        ("How many HR service agencies did Sichuan have in 2019 and in 2023?", 2019),
    ],
)
def test_any_year_that_is_not_stated_is_named(
    assistant: Assistant, question: str, year: int
) -> None:
    answer = assistant.ask(Question(question))
    assert answer.status == "partial"
    assert answer.text.startswith(say("other_time", answer.lang, asked=year))


def test_a_figure_of_another_year_is_no_answer_to_a_follow_up(assistant: Assistant) -> None:
    earlier = (Turn("user", "2023年底全国有多少家人力资源服务机构？"),)
    answer = assistant.ask(Question("那2022年底呢？", earlier))
    assert answer.status == "partial"
    assert answer.text.startswith(say("other_time", "zh", asked=2022))


def test_one_of_something_is_no_claim(assistant: Assistant) -> None:
    question = "五部门意见规定厂里每招一个工人就补3000块，是真的吗？"
    answer = assistant.ask(Question(question))
    assert answer.status in ("partial", "unanswerable")
    assert "“一个”" not in answer.text
