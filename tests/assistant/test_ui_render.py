import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import get_args, get_type_hints

import pytest

from assistant.answer import Answer, Citation, Notice, Validity
from assistant.errors import ChatModelError, InputError
from assistant.events import Piece, Restart, Step
from assistant.ui import frame, texts
from assistant.ui.conversation import ask, give_up
from assistant.ui.feedback import Feedback
from assistant.ui.markup import answer_text, both, highlighted
from assistant.ui.passage import passage_html
from assistant.ui.render import documents_html, failure_html, plain_text, turn_html
from assistant.ui.texts import Text
from assistant.ui.turns import Conversation, Failure, Source, Turn
from index.documents import Document, Metadata
from index.documents import Source as Origin
from index.errors import StoreMissingError
from index.passages import Passage

EVIL = '<img src=x onerror=alert(1)> ${alert(1)} {{x}} "quoted" & `tick`'
TEXT = "# 标题\n\n## 配偶\n\n配偶有补贴。\n\n- 补贴按平均工资。\n- 单位缴纳社保。\n"
START, END = TEXT.index("配偶有"), TEXT.index("\n", TEXT.index("单位"))


def source(quote="补贴按平均工资。", label=1, text=TEXT, **known):
    metadata = Metadata(issuer="厅", issued_on=date(2023, 9, 20), **known)
    document = Document("p", "标题", text, "zh", metadata)
    passage = Passage(
        "p/zh#spouse", "p", "zh", "spouse", ("标题", "配偶"), text[START:END], START, END
    )
    start = text.index(quote)
    citation = Citation(
        label,
        "p",
        "标题",
        "厅",
        "2023-09-20",
        "spouse",
        passage.id,
        quote,
        start,
        start + len(quote),
        "zh",
    )
    return Source(citation, document, passage)


def answer(text="补贴按平均工资。 [1]", **changes):
    base = Answer("配偶？", "配偶？", "zh", "answered", text, (source().citation,))
    return replace(base, **changes)


def turn(**changes):
    given = answer(**changes)
    return Turn(given.question, text=given.text, sources={1: source()}, answer=given)


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.open = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in ("br", "path", "rect", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags(html):
    """Tags and attributes of HTML, which must be well-formed."""
    parsed = _Tags(html)
    assert parsed.open == []
    return parsed.found


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One.", "<p>One.</p>"),
        ("One.\nTwo.", "<p>One.<br>Two.</p>"),
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("Lead:\n- a", "<p>Lead:</p><ul><li>a</li></ul>"),
        ("- a\nafter", "<ul><li>a</li></ul><p>after</p>"),
        ("1. a\n2. b", '<ol><li value="1">a</li><li value="2">b</li></ol>'),
        ("1. a\n- b", '<ol><li value="1">a</li></ol><ul><li>b</li></ul>'),
        ("a **b** c", "<p>a <strong>b</strong> c</p>"),
        ("2 ** 3 ** 4", "<p>2 ** 3 ** 4</p>"),
        (
            "One. [1] Two.[2][1]",
            '<p>One<span class="pa-keep">.<1></span> Two<span class="pa-keep">.<2></span><1></p>',
        ),
        ('He said "so" [1]', '<p>He said &quot;so<span class="pa-keep">&quot;<1></span></p>'),
        ("**bold** [1]", "<p><strong>bold</strong><1></p>"),
        ("No such [3], array[0]", "<p>No such [3], array[0]</p>"),
        ("[text](https://x.example)", "<p>[text](https://x.example)</p>"),
        ("![](x)", "<p>![](x)</p>"),
        ("<b>a</b> & c", "<p>&lt;b&gt;a&lt;/b&gt; &amp; c</p>"),
        ("-5 degrees", "<p>-5 degrees</p>"),
        (
            "|  |  |\n| --- | --- |\n| A | one [1] |\n| A | two |\n| B | <b> |",
            '<table><tr><th scope="row">A</th><td>on<span class="pa-keep">e<1></span></td></tr>'
            '<tr><th scope="row"></th><td>two</td></tr>'
            '<tr><th scope="row">B</th><td>&lt;b&gt;</td></tr></table>',
        ),
        (
            "| x | y |\n| --- | --- |\n| A | 1 |",
            '<table><thead><tr><th scope="col">x</th><th scope="col">y</th></tr></thead>'
            '<tr><th scope="row">A</th><td>1</td></tr></table>',
        ),
        ("| a | b |\n| c | d |", "<p>| a | b |<br>| c | d |</p>"),
        ("", ""),
    ],
)
def test_the_markdown_of_an_answer(markdown, html):
    assert answer_text(markdown, {1: "<1>", 2: "<2>"}) == html


@pytest.mark.parametrize(
    ("quote", "html"),
    [
        ("one.", "<p><mark>one.</mark> two.</p><ul><li>three</li><li>four</li></ul>"),
        ("two.", "<p>one. <mark>two.</mark></p><ul><li>three</li><li>four</li></ul>"),
        ("three", "<p>one. two.</p><ul><li><mark>three</mark></li><li>four</li></ul>"),
        ("- four", "<p>one. two.</p><ul><li>three</li><li><mark>four</mark></li></ul>"),
        (
            "two.\n\n- thr",
            "<p>one. <mark>two.</mark></p><ul><li><mark>thr</mark>ee</li><li>four</li></ul>",
        ),
        ("", "<p>one. two.</p><ul><li>three</li><li>four</li></ul>"),
    ],
)
def test_only_the_quoted_words_are_highlighted(quote, html):
    text = "one. two.\n\n- three\n- four"
    start = text.index(quote)
    assert highlighted(text, start, start + len(quote)) == html


def test_both_languages_are_there_and_escaped():
    assert both(Text("<甲>", "a & b")) == (
        '<span data-l="zh" lang="zh-CN">&lt;甲&gt;</span><span data-l="en" lang="en">a &amp; b</span>'
    )


def test_an_answer_shows_its_text_marks_sources_and_notices():
    html = turn_html(turn(notices=(Notice("validity", "期限已过"),), suggestions=("孩子呢？",)), 4)
    buttons = [attributes for tag, attributes in tags(html) if tag == "button"]
    marks = [b for b in buttons if b["data-act"] == "cite"]
    assert [(b["data-turn"], b["data-label"]) for b in marks] == [
        ("4", "1"),
        ("4", "1"),
    ]  # in text and sources
    assert [b["data-text"] for b in buttons if b["data-act"] == "ask"] == ["孩子呢？"]
    assert {"copy", "rate"} <= {b["data-act"] for b in buttons}
    for words in ("补贴按平均工资", "期限已过", "2023-09-20", "配偶"):
        assert words in html


def test_markup_in_questions_documents_and_answers_is_inert():
    text = TEXT.replace("补贴按平均工资。", EVIL)
    evil = source(
        EVIL,
        text=text,
        date_note=EVIL,
        title_original=EVIL,
        document_number=EVIL,
        source=Origin(EVIL, EVIL),
    )
    citation = replace(evil.citation, title=EVIL, issuer=EVIL, url="javascript:alert(1)")
    passage = replace(evil.passage, heading_path=(EVIL, EVIL), text=text[START:END])
    evil = Source(citation, replace(evil.document, title=EVIL), passage)
    given = answer(
        f"{EVIL} [1]",
        notices=(Notice("validity", EVIL),),
        suggestions=(EVIL,),
        citations=(citation,),
    )
    shown = Turn(EVIL, text=given.text, sources={1: evil}, answer=given)
    listed = [{"id": "p", "lang": "zh", "title": EVIL, "issuer": EVIL, "issued_on": None}]
    for html in (
        turn_html(shown, 0),
        turn_html(Turn(EVIL, failure=Failure(texts.FAILED_STORE, EVIL)), 0),
        passage_html(evil),
        documents_html(listed),
    ):
        assert "<img" not in html
        for tag, attributes in tags(html):
            assert tag not in ("img", "script", "a")
            assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize("status", ["partial", "clarify"])
def test_a_status_that_limits_the_answer_is_shown(status):
    assert texts.STATUSES[status].en in turn_html(turn(status=status), 0)
    assert texts.STATUSES[status].en not in turn_html(turn(), 0)


def test_while_it_is_written_the_step_is_shown_and_nothing_can_be_rated():
    html = turn_html(Turn("q", step="retrieve", text="One. [1]", sources={1: source()}), 0)
    assert texts.STEPS["retrieve"].en in html
    assert 'data-act="rate"' not in html
    assert 'data-label="1"' in html


def test_an_error_is_shown_as_one_with_what_to_do():
    html = turn_html(Turn("q", failure=Failure(texts.FAILED_STORE, "store /x: gone")), 0)
    assert 'role="alert"' in html
    assert "store /x: gone" in html and "does not mean" in html and 'data-text="q"' in html
    assert "do not say" not in html


def test_a_question_at_fault_is_not_asked_again():
    assert 'data-act="ask"' not in failure_html(Failure(texts.FAILED_INPUT, "too long"), "q")


def test_the_panel_shows_the_passage_and_what_is_known():
    known = {"document_number": "〔2023〕39号", "title_original": "原题", "date_note": "只写月日"}
    html = passage_html(source(source=Origin("news_report", "报社", date(2020, 2, 21)), **known))
    assert html.count("<mark>") == 1 and "<mark>补贴按平均工资。</mark>" in html
    for words in (
        "配偶有补贴。",
        "单位缴纳社保。",
        "厅",
        "2023-09-20",
        "〔2023〕39号",
        "原题",
        "只写月日",
        "报社",
        "2020-02-21",
    ):
        assert words in html
    tags(html)


def test_the_panel_links_to_a_web_address_only():
    given = source()
    linked = replace(given, citation=replace(given.citation, url='https://x.example/?a="1"&b'))
    [(_, attributes)] = [found for found in tags(passage_html(linked)) if found[0] == "a"]
    assert attributes["href"] == 'https://x.example/?a="1"&b'
    assert attributes["rel"] == "noopener noreferrer"


def test_a_document_that_changed_since_is_shown_by_its_quote():
    given = source()
    changed = replace(given, document=replace(given.document, text="别的"))
    html = passage_html(changed)
    assert texts.MOVED.en in html and "<mark>补贴按平均工资。</mark>" in html


def test_of_two_briefs_of_one_policy_the_page_shows_one():
    base = {"issuer": None, "issued_on": None}
    listed = [
        {"id": "a", "lang": "zh", "title": "甲", **base},
        {"id": "a", "lang": "en", "title": "A", **base},
        {"id": "b", "lang": "zh", "title": "乙", **base},
    ]
    rows = [attributes for tag, attributes in tags(documents_html(listed)) if tag == "li"]
    assert [row.get("data-l") for row in rows] == ["zh", "en", None]


def test_what_is_copied():
    two = (source().citation, source("单位缴纳社保。", 2).citation)
    assert plain_text(answer("甲 [1]乙 [2]", citations=two)).endswith(
        "\n\n[1][2] 标题 (厅, 2023-09-20)"
    )
    assert plain_text(answer("无。", citations=())) == "无。"
    assert plain_text(answer()) == "补贴按平均工资。 [1]\n\n[1] 标题 (厅, 2023-09-20)"


def test_every_name_of_the_contract_has_words():
    assert set(texts.VALIDITIES) == set(get_args(Validity))
    assert set(texts.STEPS) == set(get_args(get_type_hints(Step)["name"]))
    for group in texts.EXAMPLES:
        assert all(question.zh and question.en for question in group.questions)


def test_the_frame_is_well_formed():
    for html in (frame.bar(), frame.welcome(), frame.composer(4_000), frame.panel()):
        tags(html)
    assert "4,000" in frame.composer(4_000)


# --- the conversation


class ScriptedAssistant:
    """Streams what it was told to; `passage` gives the test's own."""

    def __init__(self, *events, failure=None):
        self.events, self.failure, self.asked = events, failure, []

    def stream(self, question):
        self.asked.append(question)
        yield from self.events
        if self.failure:
            raise self.failure

    def passage(self, passage_id):
        given = source()
        assert passage_id == given.passage.id
        return given.document, given.passage


def converse(assistant, conversation=None, question="配偶？"):
    conversation = conversation or Conversation()
    counted, seen = [], []
    for _ in ask(conversation, question, assistant, counted.append):
        last = conversation.turns[-1]
        seen.append((last.step, last.text, last.is_open))
    return conversation, seen, counted


def test_a_conversation_shows_every_sentence_as_it_comes():
    cited = (source().citation,)
    events = (
        Step("understand"),
        Step("compose"),
        Piece("一。 [1]", cited),
        Piece("二。 [1]"),
        answer("一。 [1]二。 [1]"),
    )
    conversation, seen, counted = converse(ScriptedAssistant(*events))
    assert [text for _, text, _ in seen] == [
        "",
        "",
        "",
        "一。 [1]",
        "一。 [1]二。 [1]",
        "一。 [1]二。 [1]",
        "一。 [1]二。 [1]",
    ]
    assert seen[0][2] and not seen[-1][2]
    assert counted == [conversation.turns[0].answer]
    assert conversation.turns[0].sources[1].passage == source().passage


def test_what_was_taken_back_is_gone():
    events = (
        Piece("旧 [1]", (source().citation,)),
        Restart(),
        Piece("新。"),
        answer("新。", citations=()),
    )
    conversation, seen, _ = converse(ScriptedAssistant(*events))
    assert "" in [text for _, text, _ in seen[2:]]
    assert conversation.turns[0].sources == {}


def test_a_follow_up_knows_what_was_answered():
    first = ScriptedAssistant(answer())
    conversation, _, _ = converse(first)
    conversation, _, _ = converse(
        ScriptedAssistant(failure=StoreMissingError("gone")), conversation, "坏了？"
    )
    third = ScriptedAssistant(answer())
    converse(third, conversation, "孩子呢？")
    assert [(turn.role, turn.text) for turn in third.asked[0].history] == [
        ("user", "配偶？"),
        ("assistant", answer().text),
    ]


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (InputError("question: it is empty"), texts.FAILED_INPUT),
        (StoreMissingError("gone"), texts.FAILED_STORE),
        (ChatModelError("down"), texts.FAILED_MODEL),
    ],
)
def test_a_failure_is_kept_as_one(failure, advice):
    conversation, seen, counted = converse(ScriptedAssistant(Step("retrieve"), failure=failure))
    assert conversation.turns[0].failure == Failure(advice, str(failure))
    assert not seen[-1][2] and counted == []


def test_giving_up_ends_only_what_is_under_way():
    conversation = Conversation([turn()])
    give_up(conversation)
    assert not conversation.turns[0].stopped
    conversation.turns.append(Turn("q"))
    give_up(conversation)
    assert conversation.turns[1].stopped and not conversation.turns[1].is_open


def test_feedback_is_a_line_of_json(tmp_path):
    feedback = Feedback(tmp_path / "deep" / "feedback.jsonl")
    feedback.add(answer(), "up")
    feedback.add(answer(), None)
    lines = [json.loads(line) for line in feedback.file.read_text("utf-8").splitlines()]
    assert [line["label"] for line in lines] == ["up", None]
    assert lines[0]["question"] == "配偶？" and lines[0]["status"] == "answered"
    assert lines[0]["passages"] == ["p/zh#spouse"]
    assert set(lines[0]) == {"time", "label", "question", "lang", "status", "composer", "passages"}


def test_the_page_offers_no_public_endpoint_and_reports_to_nobody(tmp_path):
    from assistant.ui.page import build_page

    page = build_page(ScriptedAssistant(), feedback=tmp_path / "feedback.jsonl")
    assert page.get_api_info()["named_endpoints"] == {}
    assert page.get_api_info()["unnamed_endpoints"] == {}
    assert not page.analytics_enabled
    config = json.dumps(page.get_config_file(), default=str)
    assert "{{" not in config  # Handlebars would evaluate what stands between them
