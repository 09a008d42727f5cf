from __future__ import annotations

import pytest

from assistant.clarifying import clarify
from assistant.questions import Question, Turn
from assistant.understand import understand
from index.documents import Document, Metadata
from index.passages import Passage, ScoredPassage

SICHUAN, SHANXI = "四川《八条措施》", "山西《实施意见》"
DOCUMENTS = {
    document.key: document
    for document in (
        Document("eight", "四川促进就业的措施（《八条措施》）", "", "zh", Metadata(jurisdiction="CN-SC")),
        Document("eight", "Eight Measures of Sichuan (2024)", "", "en", Metadata(jurisdiction="CN-SC")),
        Document("reform", "山西《实施意见》（绿卡）", "", "zh", Metadata(jurisdiction="CN-SX")),
        Document("reform", "Shanxi Opinions", "", "en", Metadata(jurisdiction="CN-SX")),
    )
}  # fmt: skip


def found(policy: str, relevance: float, heading: str = "概览", lang: str = "zh") -> ScoredPassage:
    path = (DOCUMENTS[policy, lang].title, heading)
    passage = Passage(f"{policy}/{lang}#{heading}", policy, lang, heading, path, "", 0, 0)
    return ScoredPassage(passage, 1.0, 1, {"relevance": relevance})


def asked(text: str, *ranking: ScoredPassage, history: tuple[str, ...] = ()) -> object:
    understood = understand(Question(text, tuple(Turn("user", one) for one in history)))
    ranking = ranking or (found("eight", 0.5), found("reform", 0.4))
    return clarify(text, understood, ranking, DOCUMENTS, history)


@pytest.mark.parametrize(
    ("text", "by", "choices"),
    [
        ("有补贴吗？", "policy", [f"{SICHUAN}有补贴吗？", f"{SHANXI}有补贴吗？"]),
        ("这个什么时候到期？", "policy", [f"{SICHUAN}什么时候到期？", f"{SHANXI}什么时候到期？"]),
        ("这项政策谁牵头？", "policy", [f"{SICHUAN}谁牵头？", f"{SHANXI}谁牵头？"]),
        ("省里有哪些补贴？", "province", ["四川有哪些补贴？", "山西有哪些补贴？"]),
        (
            "What are the targets?",
            "policy",
            [
                "What are the targets under “Eight Measures of Sichuan”?",
                "What are the targets under “Shanxi Opinions”?",
            ],
        ),
        (
            "When does it expire?",
            "policy",
            [
                "When does “Eight Measures of Sichuan” expire?",
                "When does “Shanxi Opinions” expire?",
            ],
        ),
        (
            "What does our province offer?",
            "province",
            ["What does Sichuan offer?", "What does Shanxi offer?"],
        ),
    ],
)
def test_a_question_without_a_subject_is_asked_back(text: str, by: str, choices: list[str]) -> None:
    back = asked(text)
    assert back is not None
    assert (back.by, list(back.choices)) == (by, choices)  # type: ignore[attr-defined]


def test_the_question_names_what_there_is_to_choose() -> None:
    back = asked("有补贴吗？")
    assert back.text == f"您问的是哪一项政策？可选：{SICHUAN}、{SHANXI}。"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "question", "choices"),
    [
        (
            "這個什麼時候到期？",
            f"您問的是哪一項政策？可選：{SICHUAN}、{SHANXI}。",
            (f"{SICHUAN}什麼時候到期？", f"{SHANXI}什麼時候到期？"),
        ),
        (
            "省裡有哪些補貼？",
            "您問的是哪個省？可選：四川、山西。",
            ("四川有哪些補貼？", "山西有哪些補貼？"),
        ),
    ],
)
def test_what_is_asked_back_is_in_the_askers_characters(
    text: str, question: str, choices: tuple[str, ...]
) -> None:
    back = asked(text)
    assert (back.text, back.choices) == (question, choices)  # type: ignore[attr-defined]


def test_cities_are_taken_from_the_headings() -> None:
    ranking = (found("eight", 0.5, "支持遂宁：锂电"), found("eight", 0.5, "支持雅安：铁路"))
    back = asked("我们市有什么支持？", *ranking, found("reform", 0.4))
    assert back.choices == ("遂宁有什么支持？", "雅安有什么支持？")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "遂宁有什么支持？",
        "《八条措施》谁牵头？",
        "绿卡什么时候到期？",
        "2024年的目标是什么？",
        "五部门意见想达到什么目的",
        "Who pays the living allowance?",
        "What are the targets of the Eight Measures?",
        "Does the permit cover my children?",
    ],
)
def test_a_question_with_a_subject_is_not(text: str) -> None:
    assert asked(text) is None


def test_nor_one_that_the_history_completes() -> None:
    assert asked("什么时候到期？", history=("山西绿卡给配偶什么？",)) is None
    assert asked("遂宁", history=("有补贴吗？",)) is None


def test_nor_one_that_one_policy_alone_answers() -> None:
    assert asked("有效期多久？", found("reform", 0.9), found("eight", 0.1)) is None
    assert asked("有效期多久？", found("reform", 0.3), found("eight", 0.02)) is not None
    assert asked("有效期多久？", found("reform", 0.3), found("reform", 0.2)) is None


def test_nor_one_that_is_known_to_be_of_one_policy() -> None:
    ranking = (found("eight", 0.5), found("reform", 0.4))

    def plain(text: str) -> object:
        understood = understand(Question(text))
        return clarify(text, understood, ranking, DOCUMENTS, is_plain=True)

    assert plain("由哪七个部门印发？") is None
    assert plain("这个什么时候到期？") is not None


def test_this_thing_has_to_have_been_named() -> None:
    assert asked("Does this animal have antlers?") is not None
    assert asked("Does this animal have antlers?", history=("I saw an animal",)) is None
    assert asked("这个公园有补贴吗？") is not None
    assert asked("Can I ignore this warning?", found("eight", 0.05), found("reform", 0.04)) is None


def test_nor_one_in_a_third_language() -> None:
    assert asked("Составьте список городов.") is None
