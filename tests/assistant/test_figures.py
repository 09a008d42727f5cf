"""Figures: what is read out of a text, what agrees with what, and what is a name and no figure."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import Figure, agree, figures, unsupported


def shown(figure: Figure) -> str:
    """A figure in a word or two: `at_least 500 enterprise`, `2023-09-20`, `article 3`, `2023/39`."""
    value = f"{figure.value.normalize():f}"
    if figure.kind == "date":
        digits = f"{int(figure.value):08d}"
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    if figure.kind == "document":
        return f"{figure.unit}{figure.value // 10**6}/{figure.value % 10**6}"
    if figure.kind == "ordinal":
        return f"{figure.unit} #{value}"
    return f"{figure.qualifier} {value} {figure.unit}".strip()


def read(text: str) -> str:
    """All figures of a text, in one line."""
    return "; ".join(shown(figure) for figure in figures(text))


QUANTITIES = [
    # full width, separators, decimals, scales
    ("公示１４天", "14 day"),
    ("公示14天", "14 day"),
    ("公示十四天", "14 day"),
    ("published for 14 days", "14 day"),
    ("published for fourteen days", "14 day"),
    ("a 14-day notice", "14 day"),
    ("within fourteen (14) days", "at_most 14 day"),
    ("**14** days", "14 day"),
    ("for 14\ndays in all", "14 day"),
    ("共１，０００人次", "1000 person-time"),
    ("共500，200家", "500; 200 enterprise/park"),
    ("1,234,567.5元", "1234567.5 CNY"),
    ("10亿元", "1000000000 CNY"),
    ("1亿2000万元", "120000000 CNY"),
    ("3.5万人", "35000 person"),
    ("二十万元", "200000 CNY"),
    ("20 万元", "200000 CNY"),
    ("两百万元", "2000000 CNY"),
    ("百万元年薪", "1000000 CNY"),
    ("1 billion yuan", "1000000000 CNY"),
    ("RMB 200,000", "200000 CNY"),
    ("CNY200,000 a year", "200000 CNY"),
    ("¥5000", "5000 CNY"),
    ("人民币5000元", "5000 CNY"),
    ("US$300 million", "300000000 USD"),
    ("EUR 3 million", "3000000 EUR"),
    ("3 hundred thousand yuan", "300000 CNY"),
    ("five hundred thousand yuan", "500000 CNY"),
    ("a million yuan", "1000000 CNY"),
    ("million-yuan positions", "1000000 CNY"),
    ("2.65 million people", "2650000 person"),
    ("one hundred and twenty-one companies", "121 enterprise"),
    ("three million five hundred thousand residents", "3500000 person"),
    # percentages and fractions
    ("占35％", "35 %"),
    ("占比百分之三十五", "35 %"),
    ("百分之三点五", "3.5 %"),
    ("35 per cent of them", "35 %"),
    ("thirty-five percent", "35 %"),
    ("提高5个百分点", "5 percentage point"),
    ("by 5 percentage points", "5 percentage point"),
    ("a 3.5 percentage-point rise", "3.5 percentage point"),
    ("约四成企业", "about 40 %"),
    ("五分之一", "0.2 fraction"),
    ("one-fifth of the total", "0.2 fraction"),
    ("two thirds of members", "0.6666666666666666666666666667 fraction"),
    ("about 1/5 of it", "about 0.2 fraction"),
    # Chinese numerals
    ("三百五十家企业", "350 enterprise"),
    ("一千二百人", "1200 person"),
    ("一千零五人", "1005 person"),
    ("三百五", "350"),
    ("二〇二个", "202 item"),
    ("两年", "2 year"),
    ("两年半", "2.5 year"),
    ("三类地区", "3 type"),
    # units
    ("5个部门", "5 department"),
    ("五部门联合印发", "5 department"),
    ("17个国家和地区", "17 country"),
    ("17 countries and regions", "17 country"),
    ("5个国家级单位", "5 item"),
    ("3个月", "3 month"),
    ("10个工作日", "10 working day"),
    ("ten working days", "10 working day"),
    ("24小时", "24 hour"),
    ("2周", "2 week"),
    ("500户", "500 household/enterprise"),
    ("2000家次", "2000 enterprise-time"),
    ("2000家(次)企业", "2000 enterprise/park-time"),
    ("70,000 enterprises (times)", "70000 enterprise-time"),
    ("2.65 million times (employer-times)", "2650000 enterprise-time"),
    ("45,000 person-times of training", "45000 person-time"),
    ("200场次", "200 event"),
    ("八条措施", "8 measure"),
    ("8项重点任务", "8 item"),
    ("100平方米", "100 square metre"),
    ("100 square metres", "100 square metre"),
    ("30亩", "30 mu"),
    ("七章", "7 chapter"),
    ("“五大片区”", "5 item"),
    ("四级体系", "4 level"),
    ("a three-tier system", "3 level"),
    ("12 key tasks focusing on four areas", "12 task; 4 aspect"),
    ("69,900 various human resource service agencies across", "69900 enterprise"),
    ("three municipal-level human resource service industrial parks", "3 park"),
    ("one national-level and three provincial-level parks", "1; 3 park"),
    ("500 job-ready welders", "500 welder"),
    ("of which 40 were chosen", "40"),
    ("年满45周岁", "45 age"),
    ("aged 45 or below", "at_most 45 age"),
    ("under the age of 35", "less_than 35 age"),
    ("a 35-year-old engineer", "35 age"),
    ("35 years old", "35 age"),
    ("40岁以下", "at_most 40 age"),
    # qualifiers
    ("不少于500户", "at_least 500 household/enterprise"),
    ("至少3年", "at_least 3 year"),
    ("at least 3 years", "at_least 3 year"),
    ("no fewer than 500 enterprises", "at_least 500 enterprise"),
    ("不超过30日", "at_most 30 day"),
    ("30日内办结", "at_most 30 day"),
    ("up to 20,000 yuan", "at_most 20000 CNY"),
    ("no more than five years", "at_most 5 year"),
    ("超过35%", "more_than 35 %"),
    ("over 2000 platforms", "more_than 2000 platform"),
    ("260多家企业", "more_than 260 enterprise"),
    ("20余万人", "more_than 200000 person"),
    ("不到一年", "less_than 1 year"),
    ("约40%", "about 40 %"),
    ("100个左右典型场景", "about 100 item"),
    ("about 40%", "about 40 %"),
    ("近1.6万家机构", "nearly 16000 enterprise"),
    ("nearly 16,000 human resource service market entities, which", "nearly 16000 enterprise"),
    ("5年以上经验", "at_least 5 year"),
    ("five years or more", "at_least 5 year"),
    ("20 or more companies", "at_least 20 enterprise"),
    ("500+ firms", "at_least 500 enterprise"),
    ("at least one invention patent", "at_least 1"),
    # ranges and lists share what they have in common
    ("3至5年", "3 year; 5 year"),
    ("三到五年", "3 year; 5 year"),
    ("3–5 years", "3 year; 5 year"),
    ("three to five years", "3 year; 5 year"),
    ("3-5万元", "30000 CNY; 50000 CNY"),
    ("2 to 3 million yuan", "2000000 CNY; 3000000 CNY"),
    ("5000至10000元", "5000 CNY; 10000 CNY"),
    ("2000至3000元", "2000 CNY; 3000 CNY"),
    ("30%-40%", "30 %; 40 %"),
    ("20 and 30 days respectively", "20 day; 30 day"),
    ("at least 500 and 200 clients", "at_least 500 client; at_least 200 client"),
    ("分别不少于50个、30个", "at_least 50 item; at_least 30 item"),
]

DATES = [
    ("2023年9月20日", "2023-09-20"),
    ("二〇二三年九月二十日", "2023-09-20"),
    ("２０２３年９月２０日", "2023-09-20"),
    ("20 September 2023", "2023-09-20"),
    ("20th of September, 2023", "2023-09-20"),
    ("September 20, 2023", "2023-09-20"),
    ("Sept. 20, 2023", "2023-09-20"),
    ("2023-09-20", "2023-09-20"),
    ("2023.9.20", "2023-09-20"),
    ("2020-02-21 02:09:23", "2020-02-21"),
    ("2023年9月", "2023-09-00"),
    ("September 2023", "2023-09-00"),
    ("于每年12月20日前", "0000-12-20"),
    ("by 20 December each year", "0000-12-20"),
    ("On July 12, seven departments", "0000-07-12; 7 department"),
    ("2025年", "2025-00-00"),
    ("2025年度", "2025-00-00"),
    ("by 2025, and by the end of 2030", "2025-00-00; 2030-00-00"),
    ("2023-2025年", "2023-00-00; 2025-00-00"),
    ("2023–2025", "2023-00-00; 2025-00-00"),
    ("the 2023 Sichuan notice sets no amount", "2023-00-00"),
    ("by 2025 enterprises will gain", "2025-00-00"),
    ("2000 enterprises", "2000 enterprise"),
    ("2023年,2000家次", "2023-00-00; 2000 enterprise-time"),
    ("in March", "0000-03-00"),
    ("Applicants may 20 times", "20 time/multiple"),
    ("90年代", ""),
]

REFERENCES = [
    ("川人社办发〔2023〕39号", "川人社办发2023/39"),
    ("根据川人社办发〔2023〕39号", "川人社办发2023/39"),
    ("(Chuan Ren She Ban Fa [2023] No. 39)", "2023/39"),
    ("No. 39 of 2023", "2023/39"),
    ("2023年第39号", "2023/39"),
    ("39号文件", "0/39"),
    ("第三条", "article #3"),
    ("Article 3", "article #3"),
    ("第十二章第3款", "chapter #12; paragraph #3"),
    ("Chapter Two", "chapter #2"),
    ("首批试点", "batch #1"),
    ("the first batch of pilots", "batch #1"),
    ("the 3rd quarter", "quarter #3"),
    ("第2项措施", "measure #2"),
    ("Measure 2 of the Opinions", "measure #2"),
]

NAMES = [
    "力争“十四五”末完成", "“十三五”期间", "the 14th Five-Year Plan period", "第十四个五年规划",
    "省委十二届三次全会", "the Fifth Plenary Session of the 12th CPC Sichuan Provincial Committee",
    "党的二十大精神", '"1+N" pilot-scale system', "打造“1+N”体系", "“5+1”产业体系",
    "一站式服务", "一方面要", "必须一定", "形成一批经验", "一些企业", "十分重要", "防止万一", "第一时间响应", "统一部署",
    "步调一致", "进一步夯实", "一体化建网", "服务三农", "千万不要", "“两业”融合、“三业”互通", "“三通”", "一次性发放",
    "一系列举措", "“一县一站”模式", "第一资源", "千家万户", "数十家企业", "几百人", "五六个", "五部门《意见》要求",
    "one of the first parks", "a one-stop window", "on the one hand", "no one may", "at one time", "one another",
    "hundreds of firms", "tens of thousands of firms", "the sentence is cut in two", "the second echelon", "on the 29th",
    "5G networks", "COVID-19", "GB2312 text", "www.hg9396.com", "gh_d8bba7e22935", "see https://a.cn/2023/9/20",
    "1. Improve the mechanism", "(1) implementing", "（一）坚持因地制宜", "一、主要目标", "十二、附则", "2、完善", "- 3) Train",
    "is supported [1], [12].", "有支持。[1,2]", "有支持【3】", "open until 17:30", "version 1.2.3", "Industry 4.0", "见附件2", "Table 3",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), QUANTITIES + DATES + REFERENCES)
def test_a_figure_is_read(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_no_figure(text: str) -> None:
    assert read(text) == ""


AGREE = [
    ("１４天", "fourteen days", True),
    ("4 days", "14 days", False),
    ("14 days", "14 months", False),
    ("10 days", "10个工作日", False),
    ("35%", "百分之三十五", True),
    ("35%", "35 people", False),
    ("35%", "35个百分点", False),
    ("20%", "五分之一", True),
    ("500 people", "500 enterprises", False),
    ("500 companies", "500家", True),
    ("500 hospitals", "500家", True),
    ("500 people", "500家", False),
    ("500 hospitals", "500 parks", False),
    ("500 platforms", "500个", True),
    ("500 enterprises", "500户", True),
    ("500 households", "500户", True),
    ("500 households", "500 enterprises", False),
    ("45,000 people", "45,000 person-times", False),
    ("1000人次", "1,000 person-times", True),
    ("three industrial parks", "产业园3家", True),
    ("500", "500 yuan", False),
    ("10亿元", "1 billion yuan", True),
    ("10亿元", "$1 billion", False),
    ("3 times", "3倍", True),
    ("3 times", "3次", True),
    ("2023", "2023年9月20日", True),
    ("September 2023", "20 September 2023", True),
    ("20 September 2023", "2023年", False),
    ("20 September 2023", "21 September 2023", False),
    ("12月20日", "by 20 December", True),
    ("第三条", "Article 3", True),
    ("Article 3", "Article 4", False),
    ("Article 3", "Chapter 3", False),
    ("Article 3", "three articles", False),
    ("川人社办发〔2023〕39号", "(Chuan Ren She Ban Fa [2023] No. 39)", True),
    ("川人社办发〔2023〕39号", "川人社发〔2023〕39号", False),
    ("No. 39", "川人社办发〔2023〕39号", True),
    ("No. 38", "川人社办发〔2023〕39号", False),
    ("at least 500 firms", "500家以上", True),
]


@pytest.mark.parametrize(("claim", "source", "expected"), AGREE)
def test_agree(claim: str, source: str, expected: bool) -> None:
    assert agree(figures(claim)[0], figures(source)[0]) is expected


UNSUPPORTED = [
    ("By 2023 it had 16,000 agencies.", "到2023年末，共有近1.6万家机构。", ""),
    (
        "The park trained 40,000 people.",
        "The park ran training for 45,000 person-times.",
        "40000 person",
    ),
    ("Reports are due by 20 December.", "每年12月20日前报送总结。", ""),
    ("Reports are due by 30 December.", "每年12月20日前报送总结。", "0000-12-30"),
    ("建设一个平台", "Build the platform.", ""),
    ("建设1个平台", "Build the platform.", "1 platform"),
    ("期限一年", "The permit lasts five years.", "1 year"),
    ("国家级不少于50个、30个", "at least 50 parks and 30 markets", ""),
    ("五年有效的居留许可", "a five-year valid residence permit at one time", ""),
    ("市场份额超过三成半", "市场份额占比超过35%", ""),
]


@pytest.mark.parametrize(("text", "source", "expected"), UNSUPPORTED)
def test_unsupported(text: str, source: str, expected: str) -> None:
    assert "; ".join(map(shown, unsupported(text, [source]))) == expected


def test_a_figure_may_stand_in_any_of_the_sources() -> None:
    assert unsupported("50 parks and 30 days", ["30日", "50个园区"]) == []
    assert len(unsupported("50 parks and 30 days", [])) == 2


def test_spans_are_those_of_the_text_as_written() -> None:
    text = "①在库企业不少于５００ 户，占３５％；㎡不计。2023年9月20日"
    assert [figure.text for figure in figures(text)] == ["５００ 户", "３５％", "2023年9月20日"]
    assert all(text[figure.start : figure.end] == figure.text for figure in figures(text))


PARAGRAPHS = [
    (
        "一、目标\n到2025年末，国家级园区不少于50个，省级的分别不少于20家、10家；“十四五”末贸易额突破10亿元，中高端占比超过35%。"
        "每年组织培训1000人次以上，专场活动不少于2场，参与企业2000家次。(川人社办发〔2023〕39号)",
        "2025-00-00; at_least 50 item; at_least 20 enterprise/park; at_least 10 enterprise/park; more_than 1000000000 CNY; "
        "more_than 35 %; at_least 1000 person-time; at_least 2 event; 2000 enterprise-time; 川人社办发2023/39",
    ),
    (
        "On July 12, seven departments issued the Eight Measures, which cover (1) talent and (2) parks. By the end of 2023 the\n"
        "province had nearly 16,000 market entities; its parks served more than 70,000 enterprises (times), and one-fifth of the\n"
        "workforce had been trained, 165,000 person-times of them in 17 countries and regions [1].",
        "0000-07-12; 7 department; 8 measure; 2023-00-00; nearly 16000 enterprise; more_than 70000 enterprise-time; "
        "0.2 fraction; 165000 person-time; 17 country",
    ),
    (
        "Foreign talents may apply at one time for a five-year residence permit. Since 2017 the province has given 2% of its land\n"
        "area to development zones; the paper of March 29 names no first applicant.",
        "5 year; 2017-00-00; 2 %; 0000-03-29",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PARAGRAPHS)
def test_a_paragraph(text: str, expected: str) -> None:
    assert read(text) == expected


def chinese(number: int) -> str:
    """A whole number below 10¹² in Chinese numerals."""
    for scale, sign in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            many, rest = divmod(number, scale)
            zero = "零" if rest and rest < scale // 10 else ""
            return chinese(many) + sign + zero + (chinese(rest) if rest else "")
    return "零一二三四五六七八九"[number]


ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def english(number: int) -> str:
    """A whole number below 10¹² in English words."""
    for scale, word in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= scale:
            many, rest = divmod(number, scale)
            return f"{english(many)} {word}" + (f" {english(rest)}" if rest else "")
    if number >= 20:
        return TENS.split()[number // 10 - 2] + (f"-{english(number % 10)}" if number % 10 else "")
    return ONES.split()[number]


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_chinese_numeral_is_read_back(number: int) -> None:
    [figure] = figures(f"共{chinese(number)}天。")
    assert (figure.value, figure.unit) == (Decimal(number), "day")


@given(st.integers(min_value=11, max_value=10**12 - 1))
def test_a_chinese_numeral_needs_no_unit(number: int) -> None:
    assert [figure.value for figure in figures(chinese(number))] == [number]


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_an_english_numeral_is_read_back(number: int) -> None:
    [figure] = figures(f"It took {english(number)} days.")
    assert (figure.value, figure.unit) == (Decimal(number), "day")


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["{:,} days", "{}天", "{}-day"]))
def test_digits_are_read_back(number: int, form: str) -> None:
    [figure] = figures(form.format(number))
    assert (figure.value, figure.unit) == (Decimal(number), "day")


ALPHABET = "0123456789.,-–/年月日第条一二十百万亿五分之两%个家人次 onethreemillion()[]〔〕号（）\n"


@given(st.text(ALPHABET, max_size=40))
def test_any_text_is_read_without_fault(text: str) -> None:
    found = figures(text)
    assert all(0 <= figure.start < figure.end <= len(text) for figure in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(agree(figure, figure) for figure in found)


def test_absurd_lengths_are_read_without_fault() -> None:
    for text in ("亿" * 5000, "一亿" * 5000, "9" * 5000 + "号", "第" + "三" * 5000 + "条"):
        assert all(agree(figure, figure) for figure in figures(text))
