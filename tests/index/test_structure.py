from index.structure import sections, units

MARKDOWN = """# Title of it

Opening words.

## First part {#first}

A wrapped
paragraph here. Two sentences.

- item one;
- item two
  runs on.

| a | b |
|---|---|
| 1 | 2 |

### Deeper

Text.

## First part

Again.
"""

NOTICE = """各市(州)有关部门:
为贯彻要求,决定开展行动。
一、主要目标
按照时序要求,坚持因地制宜。
二、重点任务
(一)优化供给。聚焦所需,不少于500户。
(二)加强支撑。共50个。
第三条 申请人应当年满18周岁。
"""


def test_markdown_sections_keep_anchors_and_heading_paths() -> None:
    found = sections(MARKDOWN, "Title of it")
    assert [s.anchor for s in found] == ["intro", "first", "deeper", "first-part"]
    assert found[0].heading_path == ("Title of it",)
    assert found[2].heading_path == ("Title of it", "First part", "Deeper")
    assert found[3].heading_path == ("Title of it", "First part")


def test_repeated_headings_get_numbered_anchors() -> None:
    found = sections("## A\n\nx.\n\n## A\n\ny.\n")
    assert [s.anchor for s in found] == ["a", "a-2"]


def test_units_are_sentences_items_and_rows_without_their_markers() -> None:
    part = MARKDOWN[MARKDOWN.index("A wrapped") : MARKDOWN.index("### Deeper")]
    words = [part[u.span.start : u.span.end] for u in units(part)]
    assert words == [
        "A wrapped\nparagraph here.",
        "Two sentences.",
        "item one;",
        "item two\n  runs on.",
        "| a | b |",
        "| 1 | 2 |",
    ]
    assert [u.kind for u in units(part)] == ["paragraph"] * 2 + ["item"] * 2 + ["row"] * 2


def test_numbered_clauses_make_sections() -> None:
    found = sections(NOTICE)
    assert [s.anchor for s in found] == [
        "intro",
        "一-主要目标",
        "一-优化供给",
        "二-加强支撑",
        "第三条-申请人应当年满18周岁",
    ]
    assert found[2].heading_path == ("二、重点任务", "(一)优化供给")
    assert found[4].heading_path == ("第三条 申请人应当年满18周岁",)


def test_numbered_items_of_a_sentence_are_no_sections() -> None:
    text = (
        "有下列情形之一的，可以申请：\n\n（一）在四川注册；\n\n（二）员工不少于50人。\n\n"
        "前款所称员工，不含实习生。\n\n（三）经费保障。\n各市列入预算。"
    )
    found = sections(text, "第三条")
    assert [section.anchor for section in found] == ["intro", "三-经费保障"]
    kinds = [block.kind for block in found[0].blocks]
    assert kinds == ["paragraph", "item", "item", "paragraph"]
    assert text[found[0].blocks[1].start : found[0].blocks[1].end] == "（一）在四川注册；"


def test_a_clause_heading_on_its_own_line_is_not_quoted_with_the_text_below() -> None:
    words = [NOTICE[u.span.start : u.span.end] for u in units(NOTICE)]
    assert "按照时序要求,坚持因地制宜。" in words
    assert not any("主要目标" in sentence for sentence in words)


def test_short_lines_stand_as_headings_in_plain_text() -> None:
    body = "The Plan has seven chapters and names twelve tasks in four areas for the province. " * 2
    found = sections(f"Opening sentence of it all.\nDemand Coexists\n{body.strip()}\n")
    assert [s.anchor for s in found] == ["intro", "demand-coexists"]


def test_offsets_hold_within_a_part() -> None:
    start = MARKDOWN.index("- item one")
    for unit in units(MARKDOWN, start, start + 30):
        assert MARKDOWN[unit.span.start : unit.span.end].startswith("item")
        assert MARKDOWN[unit.start] == "-"
