from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.fitting.claims import read_claims
from evals.fitting.embedded import EmbeddedSet, embed_set
from evals.fitting.sets import Collection
from evals.fitting.support import main, supports
from evals.fitting.support_report import report
from evals.fitting.support_thresholds import Supports, auc, held_out, kind_of, thresholds
from index.calibration import Calibration
from index.testing import HashEmbedder

URL = "https://www.gov.uk/lithium-grant"
ARTICLE = "合伙协议依法由全体合伙人协商一致、以书面形式订立。"
EN = "Lithium plants rise beside the river harbour of the old county town."
ZH = "锂电工厂建在老县城的河港旁边，为当地带来很多就业机会。"
FILES: dict[str, list[dict[str, Any]]] = {
    "lecoqa_train.jsonl": [
        {
            "query_id": 1,
            "答案文本": "您好，根据《合伙企业法》第4条的规定，合伙协议必须以书面形式签订。\n"
            "1.根据《合伙企业法》第九条的规定，应当另行登记。请咨询律师了解更多具体情况。",
            "相关法规": {"合伙企业法第四条": ARTICLE, "公司法第五条": "公司从事经营活动应当守法。"},
        },
        {"query_id": 2, "答案文本": float("nan"), "相关法规": {"公司法第六条": "名称受保护。"}},
    ],
    "mtrag_un_open.jsonl": [
        {
            "task_id": f"t{n}",
            "conversation_id": f"c{n}",
            "contexts": [{"document_id": f"d{n}", "text": text}],
            "input": [{"speaker": "user", "text": "?"}],
            "targets": [{"text": f"{text} I do not have information on its age."}],
            "answerability": [kind],
            "Collection": "fiqa",
        }
        for n, (kind, text) in enumerate(
            (("ANSWERABLE", EN), ("PARTIAL", "Spouses receive lessons and rent from the county."))
        )
    ],
    "conditionalqa_pages.jsonl": [
        {
            "url": URL,
            "sections": {
                "Who": "<h1>Who</h1>\n<p>Lithium plants with a licence from the county</p>\n",
                "How": "<h1>How</h1>\n<p>By post to the office</p>\n",
            },
        }
    ],
    "conditionalqa_dev.jsonl": [
        {
            "id": "q1",
            "url": URL,
            "scenario": "I own one.",
            "question": "Who may apply?",
            "answers": [["Lithium plants with a licence", []], ["yes", []]],
            "evidence": ["<p>Lithium plants with a licence from the county</p>"],
            "not_answerable": False,
        }
    ],
    "xquad_zh_en.jsonl": [
        {
            "id": f"x{n}",
            "zh": {"context": ZH, "question": "？", "title": "T"},
            "en": {"context": EN, "question": "?", "title": "T"},
        }
        for n in range(2)
    ],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, records in FILES.items():
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_sentences_are_read_with_what_bears_them_out(data: Path) -> None:
    found = read_claims(data, HashEmbedder())
    told = {
        name: [
            (question, sorted(gold)) for question, gold in zip(one.questions, one.gold, strict=True)
        ]
        for name, one in found.items()
    }
    # Named by its article and freed of it; an article that is not gold gives no sentence.
    assert told["lecoqa"] == [("合伙协议必须以书面形式签订。", ["合伙企业法第四条"])]
    assert told["mtrag"] == [(EN, ["c-d0"])]
    answer = ("Lithium plants with a licence", ["lithium-grant#s1"])
    assert told["conditionalqa"] == [answer]
    # A passage with two questions is one.
    assert told["xquad-zh-en"] == [(ZH, ["p-x0"])]
    assert told["xquad-en-zh"] == [(EN, ["p-x0"])]
    assert (found["xquad-zh-en"].lang, found["xquad-en-zh"].lang) == ("en", "zh")


def embedded(folder: Path) -> EmbeddedSet:
    collection = Collection(
        name="x",
        lang="en",
        passages=("Lithium plants rise.", "Lithium plants close.", "Spouses receive rent."),
        places=("a", "b", "c"),
        questions=("Lithium plants rise here.",),
        gold=(frozenset({"a"}),),
        groups=("g",),
    )
    return embed_set(collection, HashEmbedder(), folder)


def test_support_is_highest_with_its_own_passage(tmp_path: Path) -> None:
    zeros = {"en": np.zeros(256, np.float32)}
    calibration = Calibration(query_token_means=zeros, passage_token_means=zeros)
    found = supports("x", embedded(tmp_path), calibration)
    assert found.pair == "en → en"
    # Three of four words and the full stop are met; of the nearest other passage two.
    assert found.own[0] > found.near[0] > 0.4
    assert found.own[0] == pytest.approx(0.75, abs=0.05)
    assert found.far[0] <= found.near[0]


def made(pair: str, own: list[float], near: list[float]) -> Supports:
    values = (np.array(own, np.float32), np.array(near, np.float32))
    groups = tuple(f"g{n}" for n in range(len(own)))
    return Supports(pair, pair, values[0], values[1], np.zeros(len(own), np.float32), groups)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1], [1], 0.5), ([1, 3], [2, 0], 0.75)],
)
def test_auc(own: list[float], other: list[float], expected: float) -> None:
    assert auc(np.array(own, np.float32), np.array(other, np.float32)) == expected


def test_the_threshold_keeps_nineteen_of_twenty_in_every_pair_of_its_kind() -> None:
    steps = [0.5 + n / 100 for n in range(101)]
    sets = [
        made("zh → zh", steps, steps),
        made("en → en", [value + 0.1 for value in steps], steps),
        made("zh → en", [value - 0.2 for value in steps], steps),
    ]
    assert thresholds(sets) == pytest.approx({"one language": 0.55, "across languages": 0.35})
    assert (kind_of("zh → zh"), kind_of("en → zh")) == ("one language", "across languages")


def test_held_out_sentences_are_judged_by_others_thresholds() -> None:
    own = [0.5 + n / 100 for n in range(100)]
    found = held_out([made("en → en", own, [0.4] * 100)])
    kept, let = found["en → en"]
    assert 0.85 < kept < 1.0
    assert let == 0.0


def test_the_report_says_the_threshold_and_the_margin() -> None:
    own = [0.5 + n / 1000 for n in range(100)]
    sets = [
        made("zh → zh", own, [value - 0.05 for value in own]),
        made("zh → en", [value - 0.1 for value in own], [0.2] * 100),
    ]
    text = report(sets)
    assert text.startswith("Chosen: **0.50** one language and **0.40** across languages;")
    assert "| 0.04 | 0.000 | 0.000 | 0.000 | 0.000 |" in text
    assert "| 0.06 | 0.000 | 0.000 | 0.000 | 1.000 |" in text


def test_a_missing_set_is_bad_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICY_CACHE", str(tmp_path))
    assert main([str(tmp_path)]) == 2
    assert "error:" in capsys.readouterr().err
