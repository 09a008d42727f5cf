from __future__ import annotations

import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import StoreError
from index.lexical import LexicalIndex, content_words, place_names, simplified, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two parks in 遂宁", ["two", "park", "遂宁"]),
        ("Three parks in 遂寧", ["three", "3", "park", "遂宁"]),
        ("The company’s policies and 1,000 buildings", ["company", "policy", "1000", "building"]),
        ("gas process status bias", ["gas", "process", "status", "bia"]),
        ("v1.2 ５Ｇ ＡＩ 25%", ["v1.2", "5g", "ai", "25"]),
        ("2023年", ["2023", "年"]),
        ("三千", ["三千", "3000"]),
        ("兩萬", ["两万", "20000"]),
        ("1.5万", ["1.5", "万", "15000"]),
        ("1.5 万", ["1.5", "万", "15000"]),
        ("二〇", ["二", "20"]),
        ("请问 什么 哪些", []),
        ("的 了 of the", []),
        ("！？ …", []),
        ("", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("query", "text", "shared"),
    [
        ("專精特新的補貼", "专精特新补贴", {"专精", "特新", "补贴"}),
        ("7个部门", "七个部门", {"7", "部门"}),
        ("第12条", "第十二条", {"12"}),
        ("2025年", "二〇二五年", {"2025"}),
        ("14家", "十四家", {"14"}),
        ("15000家", "1.5万家", {"15000"}),
        ("2万", "两万", {"20000"}),
        ("2次", "两次", {"2"}),
        ("7 parks", "seven parks", {"7", "park"}),
        ("seven parks", "7个产业园", {"7"}),
        ("1 park", "统一的一般园区，进一步", set()),
    ],
)
def test_notations_meet(query: str, text: str, shared: set[str]) -> None:
    assert set(terms(query)) & set(terms(text)) >= shared
    assert shared or not set(terms(query)) & set(terms(text))


def test_simplified_characters_keep_their_places() -> None:
    assert simplified("臺灣的補貼，約１萬元 in Taiwan’s") == "台湾的补贴，约１万元 in Taiwan’s"
    assert simplified("") == ""


def test_only_chinese_loads_the_conversion() -> None:
    code = """
import sys
from index.lexical import terms
terms("The company’s parks")
assert "opencc" not in sys.modules
terms("园区")
assert "opencc" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_chinese_terms_are_words_and_the_pairs_that_they_leave() -> None:
    found = terms("人力资源社会保障部")
    assert {"人力", "资源", "人力资源", "社会", "保障", "力资", "源社"} <= set(found)
    assert len(found) == len(set(found))


def test_a_name_that_no_dictionary_has_is_found_by_its_pairs() -> None:
    assert set(terms("晋商晋才")) & set(terms("什么是晋商晋才计划"))


def test_rare_characters_are_terms() -> None:
    assert "𠮷" in terms("𠮷先生")
    assert "㐂" in terms("㐂")


def test_scores_by_hand() -> None:
    """BM25, Lucene's variant, k1 = 1.2, b = 0.75."""
    index = LexicalIndex.build(["rent rent office", "rent park", "voucher"])
    average = (3 + 2 + 1) / 3
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))  # "rent" stands in 2 texts of 3

    def score(times: int, length: int) -> float:
        return rarity * times / (times + 1.2 * (1 - 0.75 + 0.75 * length / average))

    assert index.search("rents", 5) == [
        (0, pytest.approx(score(2, 3), rel=1e-5)),
        (1, pytest.approx(score(1, 2), rel=1e-5)),
    ]


def test_ranking() -> None:
    texts = [
        "支持遂宁建设锂电新材料枢纽。",
        "持卡人的配偶没有工作的，由当地安排就业。",
        "Apprentice welders get a voucher.",
        "",
        "持卡人的配偶没有工作的，由当地安排就业。",
    ]
    index = LexicalIndex.build(texts)
    # Equal scores are in the order of the texts.
    assert [number for number, _ in index.search("配偶的工作", 5)] == [1, 4]
    assert [number for number, _ in index.search("配偶的工作", 1)] == [1]
    assert [number for number, _ in index.search("Which VOUCHERS?", 5)] == [2]
    assert [number for number, _ in index.search("锂电", 5)] == [0]
    assert index.search("unheard-of", 5) == []
    assert index.search("的", 5) == []
    assert index.search("", 5) == []
    assert index.search("锂电", 0) == []


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Which parks are parks?", "A park, and more parks", ["park"]),
        ("vouchers for seven parks", "Seven parks hold the 7", ["seven", "7", "park"]),
        ("補貼有多少？", "每年补贴1.5万元", ["补贴"]),
        ("the of", "the of", []),
        ("绿卡", "", []),
        ("", "绿卡", []),
    ],
)
def test_matched_terms(query: str, text: str, found: list[str]) -> None:
    assert LexicalIndex.matched(query, text) == found


def test_what_is_saved_scores_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(["支持遂宁", "rent park", "支持成都的 park"])
    index.save(tmp_path / "lexical")
    opened = LexicalIndex.open(tmp_path / "lexical")
    for query in ("支持", "park", "成都 park", "nothing"):
        assert opened.search(query, 3) == index.search(query, 3)
    assert opened.search("支持", 3)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [empty, halve, Path.unlink])
def test_a_damaged_index_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    LexicalIndex.build(["支持遂宁", "rent park"]).save(tmp_path / "whole")
    for file in sorted((tmp_path / "whole").iterdir()):
        directory = tmp_path / f"damaged-{file.name}"
        shutil.copytree(tmp_path / "whole", directory)
        damage(directory / file.name)
        with pytest.raises(StoreError, match=r"damaged-.*cannot be read.*index build"):
            LexicalIndex.open(directory)


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        LexicalIndex.open(tmp_path / "nowhere")


def test_place_names() -> None:
    text = "支持遂宁市和成都、宜宾"
    assert [text[a:b] for a, b in place_names(text)] == ["遂宁市", "成都", "宜宾"]
    assert place_names("支持企业 Chengdu") == []
    assert place_names("") == []


def test_content_words_name_things() -> None:
    assert content_words("岳池县输变电的工人占全国多少？") == ["岳池县", "工人", "全国"]
    assert content_words("What does the Shanxi green card give?") == [
        "shanxi",
        "green",
        "card",
        "give",
    ]
