import pytest

from assistant.places import asked_places, is_wide, place_spans


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("攀枝花市有什么支持？", [{"攀枝花", "panzhihua"}]),
        ("What does the Sichuan notice plan for Ya’an?", [{"雅安", "ya'an"}]),
        ("贵州省的产业园有什么优惠？", [{"贵州", "guizhou"}]),
        ("我在深圳工作。山西的绿卡有什么待遇？", [{"山西", "shanxi"}]),
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
