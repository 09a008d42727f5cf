from __future__ import annotations

import json
import logging
import time
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.cli.console import _LogLine
from assistant.personal import find, mask
from assistant.settings import PROJECT
from assistant.ui.feedback import Feedback
from index.loaders import load_corpus

IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        (f"我的身份证号是{IDENTITY}，能申请吗？", "我的身份证号是[身份证号]，能申请吗？"),
        ("身份证：110105 19491231 002x", "身份证：[身份证号]"),
        ("１１０１０５１９４９１２３１００２Ｘ是我的号", "[身份证号]是我的号"),
        (f"My ID is {IDENTITY}.", "My ID is [identity card]."),
        ("我的手机13812345678，打给我", "我的手机[电话号码]，打给我"),
        ("Call +86 138-1234-5678 please", "Call [phone] please"),
        ("1\u200b38123\u200b45678", "[phone]"),
        ("请打028-86131234", "请打[电话号码]"),
        ("我家电话是86131234", "我家电话是[电话号码]"),
        ("reach me at (028) 8613 1234", "reach me at [phone]"),
        (f"卡号{CARD}", "卡号[银行卡号]"),
        ("card 4111-1111-1111-1111, thanks", "card [bank card], thanks"),
        ("邮箱zhang.san@163.com谢谢", "邮箱[电子邮箱]谢谢"),
        ("write to li+work@example.co.uk", "write to [e-mail]"),
        ("护照号码：E12345678", "护照号码：[护照号]"),
        ("my passport no. is EA1234567", "my passport no. is [passport]"),
    ],
)
def test_personal_numbers_are_masked_by_their_kind(typed: str, masked: str) -> None:
    assert mask(typed) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "policy",
    [
        "川人社办发〔2023〕39号",
        "补贴5000000元，总额13812345678元",
        "13812345678.00元",
        "2023年9月20日、20230920、2024-12-31、2023-2025年",
        "增长12.5%，到2027年达到3500-4000亿元",
        "拨打12333或12345",
        "电话补贴5000000元",
        "统一社会信用代码91510000MA6CD1234X",
        "110105194912310021",  # the check digit is wrong
        "110105194913310029",  # there is no month 13
        "4111 1111 1111 1112",
        "0000000000000",
        "passports 1000000 issued in 2023",
        "What about E12345678?",
        "第13912345678号",
    ],
)
def test_figures_of_policies_stay(policy: str) -> None:
    assert mask(policy) == policy


def test_no_document_of_the_corpus_holds_any() -> None:
    documents = load_corpus(PROJECT / "docs_corpus").documents
    assert [number for document in documents for number in find(document.text)] == []


def test_what_everybody_may_read_stays() -> None:
    typed = "是028-86131234还是13812345678？"
    assert mask(typed, public="咨询电话：(028)86131234") == "是028-86131234还是[电话号码]？"


def test_overlapping_kinds_are_masked_once() -> None:
    assert [number.kind for number in find(f"{IDENTITY} 13812345678@qq.com")] == [
        "identity card",
        "e-mail",
    ]


@pytest.mark.parametrize(
    "text", ["1 " * 4_000, "1-" * 4_000, "a@" * 4_000, "0" * 8_000, "86 " * 3_000]
)
def test_it_is_quick_on_anything(text: str) -> None:
    began = time.perf_counter()
    mask(text)
    assert time.perf_counter() - began < 1


def test_feedback_keeps_no_personal_number(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.jsonl")
    typed = f"身份证{IDENTITY}能申请吗？"
    answer = Answer(question=typed, query=typed, lang="zh", status="unanswerable", text="…")
    feedback.add(answer, "up")
    line = feedback.file.read_text(encoding="utf-8")
    assert IDENTITY not in line
    assert json.loads(line)["question"] == "身份证[身份证号]能申请吗？"


def test_log_lines_keep_no_personal_number() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "asked %s", (IDENTITY,), None)
    assert _LogLine("%(message)s").format(record) == "warning: asked [identity card]"
