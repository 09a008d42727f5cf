import pytest

from assistant.places import asked_places, is_wide, names_institution, place_spans


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("攀枝花市有什么支持？", [{"攀枝花", "panzhihua"}]),
        ("What does the Sichuan notice plan for Ya’an?", [{"雅安", "ya'an"}]),
        ("贵州省的产业园有什么优惠？", [{"贵州", "guizhou"}]),
        ("我在深圳工作。山西的绿卡有什么待遇？", [{"山西", "shanxi"}]),
        ("a uni in taiyuan wants my wife. who pays in shanxi?", [{"山西", "shanxi"}]),
        ("我家在成都，山西的绿卡有什么待遇？", [{"山西", "shanxi"}]),
        ("I live in Chengdu. Does Shanxi pay for my move?", [{"山西", "shanxi"}]),
        ("I live in Chengdu. What is there for me?", []),
        ("户口在河北，想换到山西上班，山西怎么办？", [{"山西", "shanxi"}]),
        ("山西有没有像四川那样的专班？", [{"山西", "shanxi"}]),
        ("Does Shanxi set targets like Sichuan's?", [{"山西", "shanxi"}]),
        ("太原的人才能拿山西的绿卡吗？", [{"太原", "taiyuan"}]),
        ("成都和山西的政策一样吗？", [{"成都", "chengdu"}, {"山西", "shanxi"}]),
        ("成都有补贴吗？还有别的市吗？", [{"成都", "chengdu"}]),
        ("What does Shaanxi offer?", [{"陕西", "shaanxi"}]),
        ("How tall is Mount Everest?", []),
    ],
)
def test_places_a_question_is_about(question: str, places: list[set[str]]) -> None:
    assert asked_places(question) == [frozenset(names) for names in places]


def test_spans_and_breadth() -> None:
    text = "四川给遂宁什么支持？"
    assert [text[a:b] for a, b in place_spans(text)] == ["四川", "遂宁"]
    assert is_wide("四川省")
    assert is_wide("Sichuan")
    assert not is_wide("遂宁")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("太原理工大学有绿卡吗？", True),
        ("Has Taiyuan University been given it?", True),
        ("成都的大学生有补贴吗？", False),
        ("What does Taiyuan offer?", False),
    ],
)
def test_institutions_are_named_by_the_place_they_are_in(text: str, named: bool) -> None:
    assert names_institution(text) is named
