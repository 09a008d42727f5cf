from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import CorpusError
from index.gazetteer import PLACE_NAMES
from index.glossary import Glossary, read_terms
from index.loaders import GLOSSARY, corpus_files, corpus_sources, load_corpus

DOCS = Path(__file__).parents[2] / "docs_corpus"
PAIRS = [
    ("雅安", "Ya'an"),
    ("四川", "Sichuan"),
    ("四川省教育厅", "Department of Education of Sichuan Province"),
    ("人才“绿卡”", "green card"),
    ("绿卡", "green card"),
    ("专精特新", "specialised, refined, distinctive and innovative"),
    ("动力电池", "power batteries"),
    ("“链主”企业", '"chain-master" enterprise'),
    ("中小企业", "SMEs"),
    ("对接协同通知", "Alignment Notice"),
    ("对接协同通知", "川人社办发〔2023〕39号"),
    ("川人社办发〔2023〕39号", "Alignment Notice"),
    ("川人社办发〔2023〕39号", "川人社办发〔2023〕39号"),
]

MENTIONED = [
    ("雅安有什么？", ["Ya'an"]),
    ("雅安市有什么？", ["Ya'an"]),
    ("What does Ya'an get?", ["雅安"]),
    ("What does Ya’an get?", ["雅安"]),
    ("yaan’s parks", ["雅安"]),
    ("在YA'AN的园区", ["雅安"]),
    ("Yaanese", []),
    ("xyaan", []),
    ("Green cards in Sichuan's cities", ["人才“绿卡”", "绿卡", "四川"]),
    ("GREEN-CARD", ["人才“绿卡”", "绿卡"]),
    ("greencard", []),
    ("人才绿卡", ["green card"]),
    ("專精特新", ["specialised, refined, distinctive and innovative"]),
    ("a power battery plant", ["动力电池"]),
    ("chain master enterprises", ["“链主”企业"]),
    ("an SME; its assessment", ["中小企业"]),
    ("assessment", []),
    ("四川省教育厅和四川", ["Department of Education of Sichuan Province", "Sichuan"]),
    ("the department of education of\nSichuan province", ["四川省教育厅"]),
    ("四川 Sichuan 绿卡 green card", ["人才“绿卡”"]),
    ("四川，四川", ["Sichuan"]),
    ("川人社办发[2023]39号", ["对接协同通知", "Alignment Notice"]),
    ("川人社办发(２０２３)39号", ["对接协同通知", "Alignment Notice"]),
    ("weather", []),
    ("？", []),
    ("", []),
]


@pytest.mark.parametrize(("query", "names"), MENTIONED)
def test_translations(query: str, names: list[str]) -> None:
    assert Glossary(PAIRS).translations(query) == names


def test_a_glossary_may_be_empty() -> None:
    assert Glossary([]).translations("雅安") == []
    assert Glossary([("", "”")]).translations("雅安") == []


NOTICE = ["对接协同通知", "Alignment Notice", "川人社办发〔2023〕39号"]
ALL_NAMES = [
    ("雅安市有什么？", ["雅安", "Ya'an"]),
    ("What does Ya’an get?", ["雅安", "Ya'an"]),
    ("Yaanese", []),
    ("專精特新", ["专精特新", "specialised, refined, distinctive and innovative"]),
    ("green cards", ["人才“绿卡”", "绿卡", "green card"]),
    ("绿卡", ["人才“绿卡”", "绿卡", "green card"]),
    ("《對接協同通知》", NOTICE),
    ("the Alignment Notice", NOTICE),
    ("川人社办发[2023]39号", NOTICE),
    (
        "四川省教育厅和雅安",
        ["四川省教育厅", "Department of Education of Sichuan Province", "雅安", "Ya'an"],
    ),
    ("weather", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "names"), ALL_NAMES)
def test_all_names_are_those_of_both_languages(text: str, names: list[str]) -> None:
    found = Glossary(PAIRS).all_names(text)
    # A name may be there a second time, as the text has it.
    written = {name for pair in PAIRS for name in pair}
    assert {name for name in found if name in written} == set(names)
    assert len(found) == len(set(found))
    assert Glossary(PAIRS).without(" ".join(names), found) == ""


WITHOUT = [
    ("《对接协同通知》和绿卡的期限", ["对接协同通知"], "和绿卡的期限"),
    ("對接協同通知的期限", ["对接协同通知"], "的期限"),
    ("What of YA’AN, and Yaanese?", ["Ya'an"], "what of , and yaanese?"),
    ("GREEN-CARDS or a green card", ["green card"], "or a"),
    # The longer name goes first, wherever it stands in the list.
    ("绿卡和人才“绿卡”", ["绿卡", "人才“绿卡”"], "和"),
    ("绿卡和人才“绿卡”", ["人才“绿卡”"], "绿卡和"),
    ("雅安", ["雅安"], ""),
    ("雅安 的 园区", ["绿卡"], "雅安 的 园区"),
    ("雅安的园区", [], "雅安的园区"),
    # No name of the glossary needs it to go.
    ("the visa office", ["visa"], "the office"),
    ("", ["雅安"], ""),
]


@pytest.mark.parametrize(("query", "names", "left"), WITHOUT)
def test_a_query_without_some_names(query: str, names: list[str], left: str) -> None:
    assert Glossary(PAIRS).without(query, names) == left


def test_a_query_without_all_names_of_what_it_mentions_mentions_nothing() -> None:
    glossary = Glossary(PAIRS)
    for query, mentioned in MENTIONED:
        left = glossary.without(query, glossary.all_names(query))
        assert glossary.all_names(left) == [], query
        assert not mentioned or left != glossary.without(query, []), query


@pytest.mark.parametrize("pair", PLACE_NAMES)
def test_places_are_found_in_both_languages(pair: tuple[str, str]) -> None:
    zh, en = pair
    glossary = Glossary(PLACE_NAMES)
    assert glossary.translations(f"{zh}的园区") == [en]
    assert glossary.translations(f"The parks of {en.upper()}.") == [zh]


# -- the file ----------------------------------------------------------------------------------


def corpus(folder: Path, glossary: str | bytes) -> Path:
    (folder / "a.md").write_text("# A\n\nWords.\n")
    data = glossary.encode() if isinstance(glossary, str) else glossary
    (folder / GLOSSARY).write_bytes(data)
    return folder


def test_every_variant_pairs_with_every_other(tmp_path: Path) -> None:
    terms = "terms:\n- {zh: [人才“绿卡”, 绿卡], en: [green card, ' talent \t card']}\n- {zh: 雅安, en: Ya'an}\n"
    loaded = load_corpus(corpus(tmp_path, terms))
    assert loaded.errors == ()
    assert loaded.glossary == (
        ("人才“绿卡”", "green card"),
        ("人才“绿卡”", "talent card"),
        ("绿卡", "green card"),
        ("绿卡", "talent card"),
        ("雅安", "Ya'an"),
    )


def test_a_glossary_is_a_source_and_no_document(tmp_path: Path) -> None:
    root = corpus(tmp_path, "terms: [{zh: 雅安, en: Ya'an}]")
    assert corpus_files(root) == [root / "a.md"]
    assert corpus_sources(root) == [root / "a.md", root / GLOSSARY]
    assert corpus_sources(root / "a.md") == [root / "a.md"]
    assert [document.id for document in load_corpus(root).documents] == ["a"]
    (root / GLOSSARY).unlink()
    assert corpus_sources(root) == [root / "a.md"]
    assert load_corpus(root).glossary == ()


GOOD = "- {zh: 雅安, en: Ya'an}"
BROKEN_TERMS = [
    ("- {zh: 绿卡}", r"term 2: `en` is missing or empty; write `\{zh: "),
    ("- {en: green card}", r"term 2: `zh` is missing or empty"),
    ("- {zh: 绿卡, en: []}", r"term 2: `en` is missing or empty"),
    ("- {zh: 绿卡, en: [card, null]}", r"term 2: `en` is missing or empty"),
    ("- 绿卡", r"term 2: '绿卡' has no `zh` and `en`; write it as `\{zh: "),
    ("- {zh: 绿卡, en: card, note: x}", r"term 2: `note` is not known; a term has `zh` and `en`"),
    ("- {zh: 绿卡, en: 5}", r"term 2: `en: 5` is no text; put it in quotation marks"),
    ("- {zh: 绿卡, en: no}", r"term 2: `en: False` is no text"),
    ("- {zh: 人, en: person}", r"term 2: `zh: 人` is too short; two characters are needed"),
    ("- {zh: 绿卡, en: '  '}", r"term 2: `en:   ` is too short"),
    (
        "- {zh: green card, en: 绿卡}",
        r"term 2: `zh: green card` is not Chinese; swap `zh` and `en`",
    ),
]


@pytest.mark.parametrize(("term", "message"), BROKEN_TERMS)
def test_a_broken_term_is_named_and_the_others_are_read(
    tmp_path: Path, term: str, message: str
) -> None:
    root = corpus(tmp_path, f"terms:\n{GOOD}\n{term}\n- {{zh: 四川, en: Sichuan}}\n")
    loaded = load_corpus(root)
    assert loaded.glossary == (("雅安", "Ya'an"), ("四川", "Sichuan"))
    (error,) = loaded.errors
    assert str(error).startswith(str(root / GLOSSARY))
    with pytest.raises(CorpusError, match=message):
        raise error


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("terms: {zh: a}", r"glossary\.yaml: a list `terms:` is needed"),
        ("- {zh: 雅安, en: Ya'an}", r"glossary\.yaml: a list `terms:` is needed"),
        ("", r"glossary\.yaml: a list `terms:` is needed"),
        ("terms:\n- {zh: 雅安\n", r"glossary\.yaml:3: broken YAML"),
        ("terms:\n\t- x", r"glossary\.yaml:2: broken YAML"),
        ('terms: ["\\ud800"]', r"glossary\.yaml:1: broken YAML: .*surrogate"),
        ("terms: [雅安]".encode("gb18030"), r"glossary\.yaml:1: not UTF-8"),
    ],
)
def test_a_broken_glossary_is_named_and_the_documents_are_read(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    loaded = load_corpus(corpus(tmp_path, content))
    assert (len(loaded.documents), loaded.glossary) == (1, ())
    (error,) = loaded.errors
    with pytest.raises(CorpusError, match=message):
        raise error


def test_a_pair_counts_once() -> None:
    pairs, errors = read_terms("g", {"terms": [{"zh": "雅安", "en": "Ya'an"}] * 2})
    assert (pairs, errors) == ([("雅安", "Ya'an")], [])


# -- the glossary of the briefs ----------------------------------------------------------------


def test_the_briefs_use_the_names_of_their_glossary_in_parallel() -> None:
    loaded = load_corpus(DOCS)
    assert loaded.errors == ()
    texts = {
        document.key: squashed(f"{document.title}\n{document.text}")
        for document in loaded.documents
    }

    def policies(lang: str, name: str) -> set[str]:
        return {id for (id, of), text in texts.items() if of == lang and squashed(name) in text}

    for zh, en in loaded.glossary:
        assert policies("zh", zh), zh
        assert policies("en", en), en
        variants = [other for name, other in loaded.glossary if name == zh]
        assert policies("zh", zh) & set().union(*(policies("en", other) for other in variants)), zh


def squashed(text: str) -> str:
    return " ".join(text.lower().split())
