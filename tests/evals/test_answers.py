from __future__ import annotations

from evals.answers import Statement, labels, plain_text, statements


def test_marks_behind_a_full_stop_belong_to_the_sentence_before() -> None:
    # No space follows a Chinese full stop, so that a naive split gives `[1]` to the next sentence.
    said = statements("由用人单位发放补贴。 [1]标准另定[2]。其余照旧。")
    assert said == (
        Statement("由用人单位发放补贴。", (1,), False),
        Statement("标准另定。", (2,), False),
        Statement("其余照旧。", (), False),
    )


def test_english_sentences_list_items_and_introductions() -> None:
    said = statements(
        "The plan (2023-09-20) says:\n\n- Pays 1.5 yuan. [1]\n- No. 39 applies [2, 3]\n1. Mr. Li pays.\n# Notes"
    )
    assert [(s.text, s.labels, s.template) for s in said] == [
        ("The plan (2023-09-20) says:", (), True),
        ("Pays 1.5 yuan.", (1,), False),
        ("No. 39 applies", (2, 3), False),
        ("Mr. Li pays.", (), False),
        ("Notes", (), True),
    ]


def test_clauses_share_the_mark_at_their_end_unless_they_have_their_own() -> None:
    assert [s.labels for s in statements("发放补贴；缴纳社保；安排住房。[1]")] == [(1,)]
    assert [s.labels for s in statements("发放补贴；[1]缴纳社保。[2]")] == [(1,), (2,)]


def test_a_line_of_marks_belongs_to_what_stands_above_it() -> None:
    assert [s.labels for s in statements("发放补贴。\n\n[1][2]")] == [(1, 2)]


def test_the_assistants_corrections_are_templates() -> None:
    for text in (
        "文件与问题中的“6个部门”不符，写的是“7个部门”。",
        "文件與問題中的“6個部門”不符，寫的是“7个部门”。",
    ):
        (said,) = statements(text)
        assert said.template


def test_a_quoted_introduction_is_a_statement() -> None:
    (said,) = statements("省科技厅负责人说明了依存关系： [1]")
    assert said.labels == (1,)
    assert not said.template


def test_the_year_of_a_document_number_is_no_mark() -> None:
    text = "按川人社办发[2023]39号执行[1]，支持生活 [2]补贴 [3]。"
    assert labels(text) == [1, 2, 3]
    assert plain_text({"text": text}) == "按川人社办发[2023]39号执行，支持生活 补贴。"


def test_an_eligibility_answer_is_read_by_its_criteria() -> None:
    given = {
        "verdict": "eligible",
        "criteria": [{"text": "来晋工作"}],
        "benefits": [{"text": "周转房"}],
    }
    assert plain_text(given) == "- 来晋工作\n- 周转房"


def test_a_bold_line_heads_unless_it_is_a_sentence() -> None:
    heading, sentence = statements("**申报条件**\n\n**须在四川登记。**[1]")
    assert (heading.template, sentence.template) == (True, False)
