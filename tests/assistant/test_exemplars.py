from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.exemplars import Exemplars, intent_by_exemplars, read_exemplars
from index.embedding import Vector
from index.errors import CorpusError
from index.onnx_embedder import OnnxEmbedder
from index.text import language

# None of these stands among the exemplars, and no rule decides any of them.
HELD_OUT: dict[str, list[str]] = {
    "greeting": [
        "你好呀，第一次来", "哈啰，在线吗", "下午好，打扰一下", "您好您好",
        "hey there, good to see you", "Hi, is this thing on?", "Hello my friend", "Nice to see you",
    ],
    "thanks": [
        "多谢多谢，很有用", "行，我清楚了，没别的事", "先这样吧，回头见", "你帮了我大忙",
        "Cheers, that's all I needed", "Perfect, you've been very kind", "Have a good one", "Nothing else, ta",
    ],
    "about": [
        "你背后是哪家公司的大模型", "你都懂些什么", "我说的话会被记录下来吗", "你靠什么查资料",
        "What topics do you cover?", "Who built this tool?", "How reliable are your replies?", "Do you keep my messages?",
    ],
    "complaint": [
        "你答的跟我问的完全两码事", "错了吧，数字根本不对", "每次都答不到点子上", "太让人失望了，什么都查不出来",
        "Why do you keep giving me the same rubbish?", "I am fed up with these replies", "None of that was any use", "How can you get this so wrong?",
    ],
    "person": [
        "请帮我把材料递上去", "有没有专员可以跟我电话聊", "能帮我接人工吗", "给我叫个懂行的人来",
        "Get me an agent please", "I'm looking for an attorney", "Is there anybody at your office I could call?", "Could your team do the filing for us?",
    ],
    "off_topic": [
        "帮我订一张去上海的机票", "推荐一首适合跑步的歌", "给猫洗澡有什么窍门", "今晚有什么电视剧",
        "What's a good recipe for pancakes?", "Can you help me plan a birthday party?", "Which team leads the league?", "Write a limerick about cats",
    ],
    "measures": [
        "我们做锂电池的，有啥好政策", "把你知道的政策都列出来", "Give me an overview of your policies", "What schemes are there for engineers?",
    ],
    "eligibility": [
        "以我们厂的规模报得上吗", "我在读研究生，够得上这个条件不", "Would a firm of 30 people like ours be accepted?", "I only hold a master's degree; does that suffice for me?",
    ],
}  # fmt: skip
POLICY = [
    "谁牵头？", "文号是多少", "什么时候到期", "名录库什么时候建成", "链主企业可以得到什么", "中试平台的要求",
    "培训基地建几个", "配偶补贴的发放主体是谁",
    "What is the deadline?", "When does it expire?", "Until when does the notice apply?", "Who signs the supplier directory?",
    "What is said on vocational training bases?", "How many people work in the sector?",
    "what does the measure say about overseas recruitment", "Where is the export base located?",
]  # fmt: skip


Embed = Callable[[str], Vector]


@pytest.fixture(scope="module")
def embed(onnx_embedder: OnnxEmbedder) -> Embed:
    calibration = onnx_embedder.calibration
    assert calibration is not None

    def embedded(text: str) -> Vector:
        return calibration.question(onnx_embedder.embed_query(text).sentence, language(text))

    return embedded


@pytest.fixture(scope="module")
def exemplars(embed: Embed) -> Exemplars:
    return Exemplars(embed)


def test_held_out_messages(embed: Embed, exemplars: Exemplars) -> None:
    wrong = [
        (text, meaning, found)
        for meaning, texts in HELD_OUT.items()
        for text in texts
        if (found := intent_by_exemplars(embed(text), exemplars.vectors)) != meaning
    ]
    assert len(wrong) <= 0.15 * sum(map(len, HELD_OUT.values())), wrong


@pytest.mark.parametrize("text", POLICY)
def test_questions_stay_questions(text: str, embed: Embed, exemplars: Exemplars) -> None:
    meaning = intent_by_exemplars(embed(text), exemplars.vectors)
    assert meaning in ("policy", "eligibility", "measures", "comparison")


def test_vectors_are_embedded_once() -> None:
    asked: list[str] = []

    def embed(text: str) -> Vector:
        asked.append(text)
        return np.ones(2, dtype=np.float32)

    exemplars = Exemplars(embed)
    assert not asked
    first = exemplars.vectors
    known = len(asked)
    assert exemplars.vectors is first
    assert len(asked) == known == sum(len(one) for one in read_exemplars().values())


def test_what_does_not_lead_clearly_stays_a_question() -> None:
    vectors = {"policy": np.eye(2)[:1], "thanks": np.eye(2)[1:]}
    assert intent_by_exemplars(np.asarray([0.0, 1.0]), vectors) == "thanks"
    assert intent_by_exemplars(np.asarray([0.69, 0.72]), vectors) == "policy"


def test_every_intent_has_exemplars_in_both_languages() -> None:
    for name, sentences in read_exemplars().items():
        langs = [language(sentence) for sentence in sentences]
        assert min(langs.count("zh"), langs.count("en")) >= 10, name
        assert len(set(sentences)) == len(sentences)


def test_an_unknown_intent_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "intents.yaml"
    file.write_text("intents:\n  policy: {zh: [甲], en: [b]}\n  gossip: {zh: [乙], en: [c]}\n")
    with pytest.raises(CorpusError, match=r"intents.yaml:3: `gossip` is no intent"):
        read_exemplars(file)
