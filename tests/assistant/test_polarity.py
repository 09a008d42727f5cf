from __future__ import annotations

import pytest

from assistant.polarity import polarity_conflict
from assistant.settings import PROJECT
from index.loaders import load_corpus
from index.structure import block_units, sections

CARD = "The card may be lent to family members of the holder."
LEND = "The card may not be lent to family members of the holder."
FIRMS = "Small firms receive a training subsidy from the county."
ALLOWANCE = "用人单位向随迁配偶发放生活补贴。"
QUARTERS = "绿卡持有人可以向用人单位转让周转房。"

CONFLICTS = [
    # a negation that the source has not
    (LEND, CARD),
    ("The card cannot be lent to family members of the holder.", CARD),
    ("The card must not be lent to family members of the holder.", CARD),
    ("Small firms receive no training subsidy from the county.", FIRMS),
    ("Small firms do not receive a training subsidy from the county.", FIRMS),
    ("Small firms never receive a training subsidy from the county.", FIRMS),
    ("Small firms don't receive a training subsidy from the county.", FIRMS),
    ("用人单位不向随迁配偶发放生活补贴。", ALLOWANCE),
    ("用人单位不得向随迁配偶发放生活补贴。", ALLOWANCE),
    ("用人单位没有向随迁配偶发放生活补贴。", ALLOWANCE),
    ("用人单位无需向随迁配偶发放生活补贴。", ALLOWANCE),
    ("绿卡持有人不得向用人单位转让周转房。", QUARTERS),
    ("绿卡持有人禁止向用人单位转让周转房。", QUARTERS),
    # a negation that the sentence drops
    (CARD, LEND),
    ("The report defines high-level talent by degree.", "The report does not define high-level talent by degree."),
    (FIRMS, "Small firms receive no training subsidy from the county."),
    (FIRMS, "Small firms do not receive a training subsidy from the county."),
    (ALLOWANCE, "用人单位不向随迁配偶发放生活补贴。"),
    ("用人单位可以扣押劳动者的居民身份证。", "用人单位不得扣押劳动者的居民身份证。"),
    ("报道说明了生活补贴的发放期限。", "报道没有说明生活补贴的发放期限。"),
    ("申请人需要提交纳税证明和学历证书。", "申请人无需提交纳税证明和学历证书。"),
    # exclusivity
    ("Only small firms receive a training subsidy from the county.", FIRMS),
    ("The training subsidy of the county is limited to small firms that receive it.", FIRMS),
    (FIRMS, "Only small firms receive a training subsidy from the county."),
    ("用人单位只向随迁配偶发放生活补贴。", ALLOWANCE),
    ("用人单位仅向随迁配偶发放生活补贴。", ALLOWANCE),
    (ALLOWANCE, "用人单位只向随迁配偶发放生活补贴。"),
    ("绿卡持有人子女可以选择省内中小学。", "绿卡持有人子女只能选择省内中小学。"),
    # exceptions
    ("Except in Dazhou, small firms receive a training subsidy from the county.", FIRMS),
    ("Small firms receive a training subsidy from the county unless they export.", FIRMS),
    (FIRMS, "Small firms receive a training subsidy from the county, except exporters."),
    ("参保企业每年缴纳失业保险费。", "除小型微利机构外，参保企业每年缴纳失业保险费。"),
    ("除外商机构外，参保企业每年缴纳失业保险费。", "参保企业每年缴纳失业保险费。"),
    # duty and permission
    ("Employers must provide transitional housing for talents.", "Employers may provide transitional housing for talents."),
    ("Employers may provide transitional housing for talents.", "Employers must provide transitional housing for talents."),
    ("Employers are required to provide transitional housing.", "Employers can provide transitional housing."),
    ("用人单位必须提供周转房和班车。", "用人单位可以提供周转房和班车。"),
    ("用人单位可以提供周转房和班车。", "用人单位应当提供周转房和班车。"),
    # all and some
    ("All parks offer training courses to firms.", "Some parks offer training courses to firms."),
    ("Every park offers training courses to firms.", "Several parks offer training courses to firms."),
    ("所有企业获得培训补贴资金。", "部分企业获得培训补贴资金。"),
    ("全部企业获得培训补贴资金。", "一些企业获得培训补贴资金。"),
    # opposites
    ("Foreign graduates are eligible for the housing grant.", "Foreign graduates are ineligible for the housing grant."),
    ("The plan permits firms to share trainees.", "The plan forbids firms to share trainees; it prohibits sharing."),
    ("The monthly grant includes the cost of housing.", "The monthly grant excludes the cost of housing."),
    ("The province raised the housing grant for talents.", "The province reduced the housing grant for talents."),
    ("四川提高人才住房补贴标准。", "四川降低人才住房补贴标准。"),
    ("居留许可对家属有效。", "居留许可对家属无效。"),
    # across languages
    ("The card must not be lent to others.", "绿卡可以借给家人使用。"),
    ("绿卡不得借给他人。", "The card may be lent to family members."),
    ("The card may be lent to family members.", "绿卡不得借给他人。"),
]  # fmt: skip

AGREEMENTS = [
    (CARD, CARD),
    (LEND, LEND),
    (ALLOWANCE, ALLOWANCE),
    # other ways to deny
    ("Lending the card to family members of the holder is prohibited.", LEND),
    ("Family members of the holder cannot borrow or be lent the card.", LEND),
    ("不允许绿卡持有人转让周转房。", "绿卡持有人禁止转让周转房。"),
    ("报道未说明生活补贴的发放期限。", "报道没有说明生活补贴的发放期限。"),
    ("Firms without employees receive no subsidy.", "Subsidies are not for firms that have no employees."),
    ("Unemployed spouses receive a living allowance.", "Spouses without work receive a living allowance."),
    # words that only look like it
    ("川南不仅发展白酒产业，还发展彩灯产业。", "川南发展白酒产业和彩灯产业。"),
    ("培训时间不少于14天。", "培训时间为14天以上。"),
    ("补贴期限不超过5年。", "补贴期限最长5年。"),
    ("Training lasts no less than fourteen days.", "Training lasts at least fourteen days."),
    ("The plan supports not only firms but also talents.", "The plan supports firms and talents."),
    ("四川引进人才发展无人机产业。", "四川引进人才，发展无人机产业。"),
    ("绿卡持有人才可以申请周转房。", "只有绿卡持有人可以申请周转房。"),
    ("除补贴外，企业还享受培训服务。", "企业享受补贴和培训服务。"),
    # denied by what leads in
    ("用人单位不得扣押居民身份证。", "用人单位不得有下列行为：\n（一）扣押居民身份证；\n（二）收取押金。"),
    ("Employers may not keep identity papers of workers.", "Employers may not:\n- keep identity papers of workers;\n- take deposits."),
    # an exception in other words
    ("除当事人另有约定外，担保范围包括主债权和利息。", "担保范围包括主债权和利息。当事人另有约定的，按照约定。"),
    ("Firms pay a fee unless they are small.", "All firms but small ones pay a fee; small firms are exempt."),
    # one of several sentences bears it out
    ("Exporters do not receive a training subsidy.", f"{FIRMS} Exporters do not receive a training subsidy."),
    (FIRMS, f"{FIRMS} Small firms that export do not receive a training subsidy from the county."),
    ("用人单位发放生活补贴。", "用人单位不提供班车。用人单位发放生活补贴。"),
    # another matter
    ("The park is not in Chengdu.", FIRMS),
    ("本简报没有给出金额。", ALLOWANCE),
    # may and must of different things
    ("Employers must pay premiums.", "Employers may provide housing and must pay premiums."),
    ("Some parks offer training courses.", "All parks offer training courses."),
    # Traditional characters
    ("用人單位向隨遷配偶發放生活補貼。", ALLOWANCE),
    # across languages
    ("The report does not define high-level talent.", "报道没有界定高层次人才。"),
    ("绿卡不得借给他人。", "The card must not be lent to others."),
    ("配偶没有工作的，享受补贴。", "Unemployed spouses receive an allowance."),
    ("The allowance is for spouses without work.", "随迁配偶暂时没有落实工作的，享受补贴。"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "source"), CONFLICTS)
def test_a_conflict_is_told(sentence: str, source: str) -> None:
    assert polarity_conflict(sentence, source)


@pytest.mark.parametrize(("sentence", "source"), AGREEMENTS)
def test_what_agrees_is_left_alone(sentence: str, source: str) -> None:
    assert polarity_conflict(sentence, source) is None


def test_the_reason_names_the_word_and_what_it_bears_on() -> None:
    reason = polarity_conflict(LEND, CARD)
    assert reason == 'the sentence says "not" of "lent", the source does not'


def test_a_conflict_is_found_within_a_passage() -> None:
    passage = f"Green card\n{CARD} It is valid for five years.\n- {FIRMS}"
    assert polarity_conflict(LEND, passage)
    assert polarity_conflict(FIRMS, passage) is None


@pytest.mark.parametrize("empty", ["", "。", "12%", "  \n "])
def test_what_has_no_words_conflicts_with_nothing(empty: str) -> None:
    assert polarity_conflict(empty, CARD) is None
    assert polarity_conflict(CARD, empty) is None


def test_no_sentence_of_the_corpus_conflicts_with_itself_or_its_translation() -> None:
    told: dict[tuple[str, str, str], tuple[list[str], str]] = {}
    for document in load_corpus(PROJECT / "docs_corpus").documents:
        text = document.text
        for section in sections(text, document.title):
            items = [text[slice(*u.span)] for b in section.blocks for u in block_units(text, b)]
            whole = text[section.blocks[0].start : section.blocks[-1].end]
            path = "\n".join([*section.heading_path, whole])
            told[document.id, document.lang, section.anchor] = (items, path)
    alarms = []
    for (name, lang, anchor), (items, path) in told.items():
        other = told.get((name, "en" if lang == "zh" else "zh", anchor))
        for number, item in enumerate(items):
            sources = [item, path]
            if other:
                sources.append(other[1])
                if len(other[0]) == len(items):
                    sources.append(other[0][number])
            alarms += [(item, s, r) for s in sources if (r := polarity_conflict(item, s))]
    assert len(told) > 100
    assert alarms == []
