import pytest

from assistant.follow_ups import is_follow_up, is_told, readings, standalone, untold


@pytest.mark.parametrize(
    ("text", "earlier", "query"),
    [
        # places
        ("那雅安呢？", ["遂宁有什么支持？"], "雅安有什么支持？"),
        ("成都呢", ["遂宁有什么支持？"], "成都有什么支持？"),
        ("那绵阳呢？", ["四川给遂宁什么支持？"], "四川给绵阳什么支持？"),
        ("那山西呢？", ["四川给遂宁什么支持？"], "山西给遂宁什么支持？"),
        ("那攀枝花呢？", ["遂宁有什么支持？", "那雅安呢？"], "攀枝花有什么支持？"),
        ("自贡又是什么情况", ["对宜宾有什么安排？", "泸州呢？"], "对自贡有什么安排？"),
        ("And Ya'an's?", ["What is Suining's park for?"], "What is Ya'an's park for?"),
        (
            "What about Mianyang?",
            ["What support does Luzhou get in Sichuan?"],
            "What support does Mianyang get in Sichuan?",
        ),
        ("那雅安呢？", ["What does Suining get?"], "What does Ya'an get?"),
        # years, family, levels, titles
        ("那2030年呢？", ["规划2027年的目标是什么？"], "规划2030年的目标是什么？"),
        ("and for 2030?", ["What is aimed at for 2027?"], "What is aimed at for 2030?"),
        ("and my children?", ["What does it give my spouse?"], "What does it give my children?"),
        ("那孩子呢？", ["山西绿卡对配偶有什么照顾？"], "山西绿卡对孩子有什么照顾？"),
        ("省级的呢？", ["国家级产业园有几家？"], "省级产业园有几家？"),
        ("《意见》呢？", ["《八条措施》由谁印发？"], "《意见》由谁印发？"),
        # told the subject
        ("How long is it valid?", ["What is the permit?"], "How long is it valid? (permit)"),
        ("它多久有效？", ["居留许可是什么？"], "它多久有效？ (居留 许可)"),
        (
            "什么时候印发的？",
            ["四川《八条措施》由谁印发？"],
            "什么时候印发的？ (四川 《八条措施》)",
        ),
        (
            "And when was that?",
            ["Which departments issued Sichuan's Eight Measures?"],
            "And when was that? (Sichuan's Eight Measures)",
        ),
        # two steps
        (
            "它多久有效？",
            ["山西绿卡对配偶有什么照顾？", "那孩子呢？"],
            "它多久有效？ (山西 绿卡 孩子 照顾)",
        ),
        # what a clarifying question was answered with
        ("遂宁", ["有补贴吗？"], "遂宁有补贴吗？"),
        ("四川", ["有什么政策？"], "四川有什么政策？"),
        ("Suining", ["Is there a subsidy?"], "Is there a subsidy? (Suining)"),
        ("《八条措施》", ["什么时候到期？"], "《八条措施》什么时候到期？"),
        # a subject of its own
        ("山西省的绿卡适用于哪些人才？", ["遂宁有什么支持？"], "山西省的绿卡适用于哪些人才？"),
        (
            "What does the Shanxi green card offer, and who pays for it?",
            ["What does Suining get?"],
            "What does the Shanxi green card offer, and who pays for it?",
        ),
        ("换个问题，绿卡是谁发的？", ["遂宁有什么支持？"], "绿卡是谁发的？"),
        ("A different question: who issues it?", ["What does Suining get?"], "who issues it?"),
        ("Is it true that there are pilots?", ["Who pays?"], "Is it true that there are pilots?"),
        # nothing before
        ("那雅安呢？", [], "雅安有什么支持？"),
        ("What about Mianyang?", [], "What support does Mianyang get?"),
        ("雅安", [], "雅安"),
        ("它多久有效？", [], "它多久有效？"),
    ],
)
def test_follow_ups_stand_alone(text: str, earlier: list[str], query: str) -> None:
    assert standalone(text, earlier) == query


def test_readings_hold_the_words_as_they_stand() -> None:
    asked = "How long is it valid?"
    found = readings(asked, ["Can a scientist who moves to Shanxi apply for a residence permit?"])
    assert found[0].startswith(f"{asked} (Shanxi ")
    assert found[1:] == (f"{asked} (Shanxi)", asked)


def test_a_question_that_names_its_subject_is_read_as_it_stands_first() -> None:
    found = readings("Is housing included?", ["What does the Shanxi green card give?"])
    assert found[0] == "Is housing included?"
    assert any("Shanxi" in reading for reading in found[1:])


def test_many_turns_are_no_trouble() -> None:
    assert (
        standalone("那雅安呢？", ["遂宁有什么支持？", *["那成都呢？"] * 3_000])
        == "雅安有什么支持？"
    )


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("呢？", True),
        ("它多久有效？", True),
        ("这个政策什么时候到期？", True),
        ("什么时候印发的？", True),
        ("And for how long?", True),
        ("Does it cover my children?", True),
        ("Who foots the bill for all that?", False),
        ("Is there housing?", False),
        ("绿卡给配偶什么？", False),
        ("Which departments issued the Eight Measures?", False),
        ("My husband has no job; does the card help him?", False),
    ],
)
def test_questions_that_lean_on_others(text: str, leans: bool) -> None:
    assert is_follow_up(text) is leans


def test_a_question_for_particulars_leans_on_what_was_asked() -> None:
    assert is_follow_up("具体是去了哪些国家？")
    assert not is_follow_up("具体项目由哪些企业承担？")


def test_what_was_told_can_be_taken_off() -> None:
    assert untold("How long is it valid? (permit)") == "How long is it valid?"
    assert is_told("它多久有效？ (居留 许可)")
    assert not is_told("What is the plan (2023 notice) for?")
