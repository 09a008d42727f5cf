import pytest

from index.spelling import Spelling

TEXTS = [
    "Recruitment sessions and allowances for talents in Luzhou",
    "recruitment sessions and allowances for talents in luzhou, training, certificate",
    "certificate training tranning",
]


@pytest.mark.parametrize(
    ("mistyped", "corrected"),
    [
        ("recuitment sesions for talnets", "recruitment sessions for talents"),
        ("is my certifcate enough?", "is my certificate enough?"),
        ("which tranning", "which training"),
    ],
)
def test_mistyped_words_are_put_right(mistyped: str, corrected: str) -> None:
    assert Spelling(lambda: TEXTS).corrected(mistyped) == corrected


@pytest.mark.parametrize(
    "text",
    [
        "Which recruitment sessions?",
        "Is it raining?",  # A word of its own, one letter from training.
        "What does suzhou give?",  # Another place, not Luzhou.
        "What does Recuitment Ltd get?",  # A name.
        "Write to sesions@example.org or see example.org/sesions",
        "brewers and xylofones",
        "泸州有什么政策？",
    ],
)
def test_what_is_no_mistyped_word_of_the_corpus_stays(text: str) -> None:
    assert Spelling(lambda: TEXTS).corrected(text) == text


def test_the_texts_are_read_once_and_only_when_they_are_needed() -> None:
    read: list[int] = []

    def texts() -> list[str]:
        read.append(1)
        return TEXTS

    spelling = Spelling(texts)
    spelling.corrected("泸州有什么政策？")
    assert not read
    spelling.corrected("recuitment sesions")
    spelling.corrected("recuitment sesions")
    assert read == [1]
