"""Read the figures of a Chinese or English text, and say whether two of them agree.

A figure is a number with what it counts: a quantity (`１４天`, `fourteen days`), a date, an ordinal
(`第三条`, `Article 3`) or a document number (`川人社办发〔2023〕39号`). Names with numerals in them
(“十四五”, 1+N, one-stop), list enumerators, citation marks and times of day are not figures.

It reads notation, not meaning: it does not know that 12 months are a year, or whether a figure is
said of the right thing. `agree` compares value and unit; a qualifier is reported, not compared.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

__all__ = ["Figure", "agree", "figures", "unsupported"]


@dataclass(frozen=True)
class Figure:
    """One figure of a text.

    Attributes:
        value: The number, its scale applied (`万`, `million`); of a percentage the percent;
            of a date yyyymmdd with zeros for what is not said (2025 is 20250000, 20 December 1220);
            of a document number year × 10⁶ + number, the year 0 where it is not said.
        unit: What is counted: a name of the tables below, else the English noun's singular, or "".
            A word that counts two things names both (`户`: "household/enterprise"). "date" for a
            date; for a document number the issuer's mark (`川人社办发`) where it is in Chinese.
        qualifier: "", "at_least", "at_most", "more_than", "less_than", "about" or "nearly".
        start: Offset of the number in the text, in characters.
        end: Offset after the number and its unit, in characters.
        text: The text between `start` and `end`, as written.
        kind: What sort of figure it is.
    """

    value: Decimal
    unit: str
    qualifier: str
    start: int
    end: int
    text: str
    kind: Literal["quantity", "date", "ordinal", "document"] = "quantity"


# A unit, then words for it: `人~民力` is 人 before neither 民 nor 力; `_` stands for a space.
_MEASURED = """
%: percent per_cent pct; percentage_point: 百分点; time: 次~性序数; multiple: 倍 fold; minute: 分钟
time/multiple: times; CNY: 元~锂材电前结体素化件 元人民币 yuan rmb renminbi; USD: 美元 us_dollar
EUR: 欧元 euro; hour: 小时; day: 天~然津气空 日~常本益 自然日 calendar_day; month: 个月
working_day: 工作日 business_day; week: 周~边围期 星期; quarter: 个季度; year: 年~级龄代 周年
age: 岁 周岁 year-old; square_metre: 平方米 ㎡ square_meter; kilometre: 公里 km; mu: 亩; fraction:
"""
_COUNTED = """
person: 人~民力工大 名~单称额录校 位~置于列居 人才 员工 职工 学生 毕业生 people personnel staff
person: worker employee talent expert student individual participant professional graduate
person: specialist engineer applicant trainee scientist technician resident child
person-time: 人次
enterprise: 企业 家企业 机构 家机构 单位 用人单位 市场主体 company firm agency organisation
enterprise: organization business institution entity employer employer_unit provider
enterprise/park: 家~庭长乡电
enterprise-time: 家次 户次; household: 农户 家庭 family; household/enterprise: 户~口籍外; task: 任务
event: 场~景所地 场次 场活动 活动 session fair job_fair activity; type: 类 种 kind category way
item: 个 项 条~件 套 件 所~有需得在以谓 篇 批 期~间限 座 台 辆 间 组 份
measure: 措施 举措 项措施 条措施 项举措; department: 部门 部委 body; project: 项目; chapter: 章~程
aspect: 方面 领域 area field; country: 国家~级 国~际有企务家 nation; region: 地区; province: 省~级
city: 市~场级民 prefecture; county: 县~级域; district: 个区; park: 园区 产业园; platform: 平台
scenario: 场景 应用场景; level: 级~别 tier
"""
_NUMBERED = """
article: 条~件; chapter: 章; section: 节; paragraph: 款; item: 项~目; batch: 批; phase: 期 阶段
round: 轮; quarter: 季度; measure: 措施 项措施 条措施; aspect: 方面 领域 area; task: 项任务
"""


def _forms(table: str) -> dict[str, str]:
    entries = (entry.split(":") for entry in table.strip().replace("\n", ";").split(";"))
    pairs = [(form, name.strip()) for name, forms in entries for form in (name, *forms.split())]
    return {form.strip().replace("_", " "): name.replace("_", " ") for form, name in pairs}


def _hanzi(forms: Iterable[str]) -> str:
    longest = sorted(forms, key=lambda form: -len(form.partition("~")[0]))
    written = (form for form in longest if form == "%" or not form.isascii())
    return "|".join(re.sub("~(.*)", r"(?![\1])", form) for form in written)


_FORMS = _forms(_MEASURED) | _forms(_COUNTED)
_UNIT_OF = {form.partition("~")[0]: unit for form, unit in _FORMS.items()}
_NTH_OF = {form.partition("~")[0]: unit for form, unit in _forms(_NUMBERED).items()}
_MEASURES = set(_forms(_MEASURED).values())
_BARE = ("", "item")  # a bare counter stands for whatever is counted
_INVARIANT = {"people", "personnel", "staff", "times"}
_ATTRIBUTIVE = {"resources", "services", "sales", "affairs"}  # plurals before the noun they qualify

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NTHS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_WORDS = {word: i for i, word in enumerate(f"zero|{_ONES}|{_TEENS}".split("|"))}
_WORDS |= {word: 10 * i for i, word in enumerate(_TENS.split("|"), 2)}
_WORDS |= {word: i for i, word in enumerate(_NTHS.split("|"), 1)}
_WORDS |= {"a": 1, "an": 1, "half": 2, "quarter": 4}
_NO_NOUN = (
    " of in on at by for with from to and or is are was were be been will would which that who"
    " whose across per every each as than have has had these this can may must shall should it"
    " its their the within into over under but if when where not nor so more less fewer about"
    f" during through after before since until between {' '.join(_WORDS)} "
)
_POWERS = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"

_N = "[零〇一二三四五六七八九十百千万亿两]"
_S = "[ \t]*"
_SMALL = rf"(?:(?:{_TENS})(?:[- ](?:{_ONES}))?|{_TEENS}|{_ONES})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?) hundred\b(?: (?:and )?{_SMALL})?|{_SMALL})"
_POWER = r"(?:thousand|million|billion)\b"
_SCALE = r"(?:万亿|[十百千]?[万亿]|[百千](?![瓦克米货]))"
_NUMBER = re.compile(
    r"(?:(?<!\w)|(?<=[一-鿿])|(?<=RMB)|(?<=CNY)|(?<=USD)|(?<=EUR))(?<![A-Za-z]-)"
    r"(?P<arabic>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?!\d)"
    rf"(?:{_S}[多余]?{_SCALE}(?:\d+{_SCALE})*|[ -](?:hundred[ -])?{_POWER}|[ -]hundred\b)?"
    rf"|(?<!{_N})(?<![第数几])(?P<chinese>{_N}+(?:点[零〇一二三四五六七八九]+)?)"
    rf"|\b(?P<english>{_HUNDREDS}(?:[ -]{_POWER}(?: (?:and )?{_HUNDREDS}(?:[ -]{_POWER})?)*)?"
    rf"|an? {_POWER}|million(?=-yuan)|zero\b)",
    re.I,
)
_HANZI_UNIT = re.compile(
    rf"{_S}(?P<more>[多余几])?{_S}(?:个?(?P<form>{_hanzi(_FORMS)})|(?P<big>大(?=[一-鿿]))"
    r"|(?P<tenths>成(?![立为果员本就长效功])))(?P<half>半)?(?P<times>\(次\))?"
)
_TIMES = re.compile(r" \((?:(?P<noun>[a-z]+)-)?times?\)")  # employer units (times)
_NOUNS = re.compile(
    r"(?: *\0{3,6})?(?P<join>-| {0,5})(?P<words>[A-Za-z][\w'’-]*(?: {1,5}[A-Za-z][\w'’-]*){0,6})"
)
_BEFORE = re.compile(
    r"(?:(?P<at_least>不得?[少低小]于|至少|最[少低]|\b(?:at least|(?:no|not) (?:fewer|less) than))"
    r"|(?P<at_most>不得?超过?|不[高多大]于|至多|最[多高长]|\b(?:at most|up to|within"
    r"|(?:no|not) more than|not (?:to )?exceed(?:ing)?))"
    r"|(?P<more_than>超过?|突破|逾|[多大高]于|\b(?:more than|over|exceed(?:s|ed|ing)?|above))"
    r"|(?P<less_than>[低少小]于|不[足到]|未满|\b(?:less than|fewer than|under|below))"
    r"|(?P<about>大?约|大概|\b(?:about|around|approximately|roughly|some))"
    r"|(?P<nearly>(?<!最)将?近|接近|\b(?:nearly|almost|close to)))\s*(?:the age of\s*)?$",
    re.I,
)
_AFTER = re.compile(
    rf"{_S}(?:(?P<at_least>(?:\(含\))?及?以上|\+|(?:or|and) (?:more|above|over|older|longer)\b)"
    r"|(?P<at_most>(?:\(含\))?及?以[下内]|之?内(?![容部地资外涵设])"
    r"|(?:or|and) (?:less|fewer|below|under|younger)\b)|(?P<about>左右|上下|or so\b))",
    re.I,
)
_CURRENCY = re.compile(r"(?:(?P<CNY>人民币|RMB|CNY|¥)|(?P<USD>US\$|USD|\$)|(?P<EUR>EUR|€))\s*$")
_AGED = re.compile(r"\b(?:aged|age of)\s*(?:\w+ )?$", re.I)
_YEARS_OLD = re.compile(r"[ -]years?[ -](?:old|of age)\b", re.I)
_IN_YEAR = re.compile(r"\b(?:by|in|since|until|before|after|during|from|of|for|year)\s*$", re.I)
_TO = re.compile(r"-?\s*(?:[-–—~至到或]|to|or)\s*", re.I)
_LEAD_IN = re.compile(r".*(?:根据|按照|依据|落实|通知|印发|文件|执行|参照|见|了|的|和|及|以)")
_AND = re.compile(r"\s*(?:[、和与及]|and)\s*", re.I)

_Y = r"(?:19|20)\d\d"
_ZH_DAY = (
    rf"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]){_S}月份?"
    rf"(?:{_S}(?P<d>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    rf"{_S}[日号])?"
)
_MONTH = (
    r"\b(?P<m>(?-i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?))(?![a-z])\.?"
)
_NO = r"(?P<no>\d{1,6})(?!\d)"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[,.]\d)\b"
_PARTS = rf"half|quarter|{_NTHS.partition('second|')[2]}"
_NTH_UNITS = "|".join(form for form in _NTH_OF if form.isascii())
_NOTATIONS = [  # all but plain quantities; what one of them has read, the next does not see
    rf"(?P<mark>[一-鿿]{{2,12}})?[〔\[(【](?P<y>{_Y})[〕\])】]{_S}(?:第|No\. ?)?{_NO}号?",
    rf"\bNo\. ?{_NO} ?(?:of |[\[〔(])(?P<y>{_Y})[\]〕)]?",
    rf"(?P<y>{_Y})年第?{_NO}号",
    rf"(?<![\d.])(?P<y>{_Y})([-/.])(?P<m>1[0-2]|0?[1-9])\2(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)",
    rf"(?<![\d.,-])(?P<y>{_Y})-(?P<m>1[0-2]|0[1-9])(?![\d-])",
    rf"(?<![\d.,])(?P<y>{_Y}|[一二][〇零一二三四五六七八九]{{3}}){_S}年(?!代)(?:{_S}{_ZH_DAY}|度)?",
    rf"(?<![\d.第])(?<!{_N}){_ZH_DAY}",
    rf"{_MONTH} (?:the )?{_DAY}(?:,? (?P<y>{_Y})\b(?!,\d))?",
    rf"(?<![\d.,])\b{_DAY} (?:of )?{_MONTH}(?:,? (?P<y>{_Y})\b)?",
    rf"{_MONTH},?(?: of)? (?P<y>{_Y})\b",
    rf"(?:(?<=\bin )|(?<=\bof )|(?<=\bby )){_MONTH}",
    rf"(?:第{_S}(?P<n>\d+|{_N}+){_S}个?|首(?=[批期轮]))(?P<unit>{_hanzi(_forms(_NUMBERED))})",
    rf"\b(?P<unit>{_NTH_UNITS}) (?P<n>\d{{1,3}}\b(?![,.]\d|%)|(?:{_ONES}|{_TEENS})\b)",
    rf"\b(?P<n>\d+(?=st|nd|rd|th)|{_NTHS})(?:st|nd|rd|th)? (?P<unit>{_NTH_UNITS})\b",
    rf"\bNo\. ?{_NO}",
    rf"第?(?<!\d){_NO}号",
    rf"(?P<den>{_N}+)分之(?P<num>{_N}+(?:点{_N}+)?|\d+(?:\.\d+)?)",
    rf"\b(?P<num>an?|{_SMALL})-(?P<den>{_PARTS})s?\b",
    rf"\b(?P<num>an?|{_SMALL}) (?P<den>{_PARTS})s?(?= of\b)",
    r"(?<![\d./])(?P<num>\d{1,2})/(?P<den>[2-9]|1[0-2])(?![\d./])",
]
_DATE_PARTS = ((10**4, 10**4), (100, 100), (1, 100))  # divisor and modulus of yyyy, mm and dd
_MARKS = re.compile(  # addresses, citation marks, enumerators, times of day
    r"https?://[!-~]+|\bwww\.[!-~]+|\[\d{1,3}(?:\s*[,，、-]\s*\d{1,3})*\]|【\d{1,3}】"
    r"|^[ \t#>-]*(?:\d{1,2}[.、)](?!\d)|[一二三四五六七八九十]{1,3}、)"
    rf"|\((?:\d{{1,2}}|{_N}{{1,3}})\)|(?<!\d)\d{{1,2}}:\d\d(?::\d\d)?(?!\d)",
    re.M,
)
_NAMES = re.compile(  # plans, congresses, 1+N, decades, other ordinals, annexes, idioms
    rf"第{_N}{{1,3}}个五年(?:规划|计划)|\bFive-Year (?:Development )?Plans?\b"
    rf"|第?(?:{_N}+|\d+)届(?:{_N}+|\d+)?[次中]?(?:全会|全体会议|会议)?"
    rf"|(?:{_N}{{2,3}}|\d\d)大(?=[以报精召代会,，。])|\d+(?:\.\d+){{2,}}|\d{{2,4}}年代"
    r"|(?<!\d)\d+\s*\+\s*[NX](?![A-Za-z])|(?<![A-Za-z])N\+\d+|\d+\+\d+|\bIndustry \d\.0|工业\d\.0"
    rf"|第(?:{_N}+|\d+)[名位个次]?|\d+(?:st|nd|rd|th|0s)(?![A-Za-z])|(?<!\d)0\d{{2,3}}-\d{{7,8}}"
    r"|(?:附件|附表|表|图)\s*\d+|\b(?:annex|appendix|table|figure|box|level|grade) \d+\b"
    rf"|一(?!{_N})[一-鿿]一(?!{_N})[一-鿿]|[另某同任每这那唯其统]一(?!{_N})|一[批些种类系级]"
    rf"|一次性|一方面|一条龙|(?<!{_N})十分(?!钟)|{_N}+部门(?=《)"
    r"|\b(?:one|two|three|four)-(?:stop|way|sided|off|time|on-one)\b"
    r"|\bone (?:of|another|by one|hand|side)\b|\b(?:at|no|any|each|this|that|the|every) one\b",
    re.I,
)


@dataclass(frozen=True)
class _Quantity:
    figure: Figure
    scale: Decimal  # what the number ends in: 10000 of `五万`
    lone: bool  # a numeral that is a figure only with a unit (`三`, `one`)
    year: bool  # `2025`: a year, unless it opens a range of something else


def figures(text: str) -> list[Figure]:
    """Find the figures of a text.

    Args:
        text: Chinese or English prose; full-width forms are read as their ordinary ones.

    Returns:
        The figures in the order of the text, without overlaps.
    """
    folded = _fold(text)
    masked = _MARKS.sub(_blank, folded)
    found: list[Figure] = []
    for notation in _NOTATIONS:
        for match in re.finditer(notation, masked, re.I):
            if figure := _read(match):
                found.append(figure)
                masked = masked[: match.start()] + "\1" * len(match[0]) + masked[match.end() :]
    numbers = _NUMBER.finditer(_NAMES.sub(_blank, masked))
    found += _share([q for match in numbers if (q := _quantity(match, folded))], folded)
    return [replace(f, text=text[f.start : f.end]) for f in sorted(found, key=lambda f: f.start)]


def agree(claim: Figure, source: Figure) -> bool:
    """Say whether a source bears a claimed figure out: the same value in a compatible unit.

    A bare counter (`个`, no unit) agrees with whatever is counted, never with what is measured
    (days, yuan, %). A coarser date agrees with a finer one that it contains, not the reverse.

    Args:
        claim: The figure said.
        source: The figure it should rest on.

    Returns:
        True where they agree; qualifiers are not compared.
    """
    if claim.kind != source.kind:
        return False
    a, b = claim.unit, source.unit
    if claim.kind == "date":
        return all(claim.value // n % m in (0, source.value // n % m) for n, m in _DATE_PARTS)
    if claim.kind == "document":
        same_year = claim.value // 10**6 in (0, source.value // 10**6)
        same_number = claim.value % 10**6 == source.value % 10**6
        return same_year and same_number and (a.endswith(b) or b.endswith(a))
    if claim.kind == "ordinal":
        return (claim.value, a) == (source.value, b)
    x, y = (f.value * 100 if f.unit == "fraction" else f.value for f in (claim, source))
    alike = {*a.replace("fraction", "%").split("/")} & {*b.replace("fraction", "%").split("/")}
    bare = (a in _BARE and b not in _MEASURES) or (b in _BARE and a not in _MEASURES)
    named = {a, b} - {*_UNIT_OF.values()} and _UNIT_OF["家"] in (a, b)  # 家 counts any body's name
    return x == y and bool(alike or bare or named)


def unsupported(text: str, sources: Iterable[str]) -> list[Figure]:
    """List the figures of a text that stand in none of its sources.

    A spelled-out one (`一个平台`, `one company`) passes, except of days, yuan and the like: it is
    an article as often as a count.

    Args:
        text: The claim.
        sources: The passages it should rest on.

    Returns:
        The figures without support, in the order of the text.
    """
    borne = [figure for source in sources for figure in figures(source)]
    missing = [f for f in figures(text) if not any(agree(f, source) for source in borne)]
    return [
        f
        for f in missing
        if f.value != 1
        or f.kind != "quantity"
        or f.unit in _MEASURES - {"time"}
        or not re.match("一|one", f.text, re.I)
    ]


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _fold(text: str) -> str:
    """Full-width forms as ordinary ones, wrapped lines and emphasis as blanks; lengths stay."""
    text = re.sub("(?<=[０-９])，(?=[０-９]{3})", ",", text)
    wide = (c != "，" and unicodedata.decomposition(c).startswith(("<wide>", "<noB")) for c in text)
    folded = (unicodedata.normalize("NFKC", c) if w else c for c, w in zip(text, wide, strict=True))
    return re.sub(r"\*|(?<=\S)\n(?=[A-Za-z]|(?:19|20)\d\d(?!\d))", " ", "".join(folded))


def _chinese(run: str) -> Decimal | None:
    """The value of a Chinese numeral; None where it is none (`十四五`, `五六`, `千万`)."""
    whole, _, decimals = run.partition("点")
    if len(whole) > 40:
        return None
    for c, scale in _SCALES.items():
        head, found, tail = whole.rpartition(c)
        if found:
            many = _chinese(head or ("一" if c == "十" else ""))
            rest = _chinese(tail.lstrip("零〇")) if tail else Decimal(0)
            most = scale if scale >= 10**4 else 10
            if many is None or rest is None or many >= most or rest >= scale:
                return None
            rest *= scale // 10 if scale > 10 and len(tail) == 1 else 1  # 三百五 is 350
            return many * scale + rest
    if len(whole) not in (1, 4) and "〇" not in whole:
        return None
    whole, decimals = ("".join(str(_DIGITS[c]) for c in part) for part in (whole, decimals))
    return Decimal(f"{whole}.{decimals}")


def _english(run: str) -> Decimal:
    total = current = 0
    for word in re.split("[ -]", run.lower()):
        power = _POWERS.get(word, 1)
        current = (current or power > 1) * power + _WORDS.get(word, 0)
        if power > 100:
            total, current = total + current, 0
    return Decimal(total + current)


def _small(written: str | None) -> Decimal:
    """A small number in any notation: digits, Chinese, `three`, `third`; nothing is 0."""
    if not written or written.isdecimal() or "." in written:
        return Decimal(written or 0)
    if written.isascii():
        return _english(written)
    return Decimal(100) if written == "百" else _chinese(written) or Decimal(0)


def _read(match: re.Match[str]) -> Figure | None:
    """The figure of a match of one of `_NOTATIONS`, whose groups say which it is."""
    part, (start, end) = match.groupdict(), match.span()
    if "no" in part:
        mark = _LEAD_IN.sub("", part.get("mark") or "")
        start = match.end("mark") - len(mark) if mark else start
        value = _small(part.get("y")) * 10**6 + Decimal(part["no"])
        return Figure(value, mark, "", start, end, "", "document")
    if "n" in part:
        unit = _NTH_OF[part["unit"].lower()]
        return Figure(_small(part["n"] or "一"), unit, "", start, end, "", "ordinal")
    if "den" in part:
        number, of = _small(part["num"]), _small(part["den"])
        percent = part["den"] in ("百", "千")
        value = number * (100 if percent else 1) / (of or 1)
        qualifier = _qualifier(match.string, start, end)
        figure = Figure(value, "%" if percent else "fraction", qualifier, start, end, "")
        return figure if of and (percent or value < 1) else None
    year, month, day = (part.get(name) for name in "ymd")
    if month and month.isascii() and month.isalpha():
        month = str(_MONTHS.index(month[:3].lower()) // 3 + 1)
    value = _small(year) * 10**4 + _small(month) * 100 + _small(day)
    return Figure(value, "date", "", start, end, "", "date")


def _qualifier(text: str, start: int, *ends: int) -> str:
    before = _BEFORE.search(text[max(0, start - 32) : start])
    matches = [before, *(_AFTER.match(text, end) for end in ends)]
    return next((match.lastgroup or "" for match in matches if match), "")


def _numeral(match: re.Match[str]) -> tuple[Decimal | None, Decimal]:
    """The value of a number, and the scale it ends in (10⁴ of `五万`, 10⁶ of `2.65 million`)."""
    if run := match["chinese"]:
        if run in ("百万", "千万", "亿") and match.string.startswith("元", match.end()):
            run = f"一{run}"  # 千万 is an adverb, 千万元 an amount
        return _chinese(run), _chinese(f"一{run[len(run.rstrip('百千万亿')) :]}") or Decimal(1)
    if run := match["english"]:
        powers = run[len(re.sub(rf"(?:[ -](?:{'|'.join(_POWERS)}))*$", "", run, flags=re.I)) :]
        return _english(run), _english(f"a{powers}")
    parts = re.findall(r"([\d.]+)[ \t]*[多余]?([十百千万亿]*)", match[0].replace(",", ""))
    scales = [Decimal(math.prod(_SCALES[c] for c in scale)) for _, scale in parts]
    power = math.prod(_POWERS[word] for word in re.findall("[a-z]+", match[0].lower()))
    numbers = zip((Decimal(number) for number, _ in parts), scales, strict=True)
    return sum((number * scale for number, scale in numbers), Decimal(0)) * power, scales[0] * power


def _quantity(match: re.Match[str], folded: str) -> _Quantity | None:
    (value, scale), (start, end), masked = _numeral(match), match.span(), match.string
    if value is None:
        return None
    if currency := _CURRENCY.search(masked[max(0, start - 6) : start]):
        start -= len(currency[0])
    if after := _AFTER.match(masked, end):
        end = after.end()
    bare, more = end, bool(re.search("[多余]", match[0]))
    if hanzi := _HANZI_UNIT.match(masked, end):
        end, more = hanzi.end(), more or bool(hanzi["more"])
        unit = _UNIT_OF[hanzi["form"]] if hanzi["form"] else "item" if hanzi["big"] else "%"
        unit += "-time" if hanzi["times"] else ""
        value += Decimal("0.5") if hanzi["half"] else 0
        value *= 10 if hanzi["tenths"] else 1
    else:
        unit, end = _noun(masked, end, value == 1)
    if end == match.end() and re.match("[A-Za-z]", masked[end:]):
        return None  # 5G
    if currency and unit not in _MEASURES:
        unit, end = currency.lastgroup or "", bare
    elif unit in ("", "year") and _AGED.search(folded[:start]):
        unit = "age"
    qualifier = _qualifier(folded, start, match.end(), end) or ("more_than" if more else "")
    lone = not unit and match[0].lower() in {"十", *_DIGITS, *_ONES.split("|")}
    lone = lone or (match[0].lower() == "one" and unit not in _UNIT_OF.values())
    lone = lone and not qualifier and not re.match(" [a-z-]+-level", masked[match.end() :])
    year = bool(re.fullmatch(_Y, match[0])) and not hanzi and not currency
    if unit and year:  # 2000 widgets, 2025 firms; but the 2023 rules, by 2025 firms will
        next_to = unit in _UNIT_OF.values() and masked[bare:end].count(" ") < 2
        year = value % 100 != 0 and (not next_to or bool(_IN_YEAR.search(folded[:start])))
    year = year and qualifier in ("", "about", "nearly")
    end = bare if year else end
    return _Quantity(Figure(value, unit, qualifier, start, end, ""), scale, lone, year)


def _noun(masked: str, at: int, one: bool) -> tuple[str, int]:
    """The unit of an English number that ends `at`, and its own end: the first plural to follow."""
    phrase = _NOUNS.match(masked, at)
    if phrase is None:
        return "", at
    if old := _YEARS_OLD.match(masked, at):
        return "age", old.end()
    words, close = list(re.finditer(r"\S+", phrase["words"])), phrase["join"] in ("", "-")
    for i, word in enumerate(words):
        for pair in (words[i : i + 2], [word]):
            *first, last = (w[0].lower() for w in pair)
            form = " ".join([*first, _singular(last)])
            unit = _UNIT_OF.get(form) or _UNIT_OF.get(form.replace("-", " "))
            near = (close and i == 0) or (unit in _MEASURES and i < 2)
            if unit and (one or near or _singular(last) != last or last in _INVARIANT):
                end = phrase.start("words") + pair[-1].end()
                if times := _TIMES.match(masked, end):
                    return f"{_UNIT_OF.get(times['noun'], unit)}-time", times.end()
                return unit, end
        last = word[0].lower()
        if f" {last.partition('-')[0]} " in _NO_NOUN or not phrase["join"]:
            break
        qualifies = last == _singular(last) or (last in _ATTRIBUTIVE and i + 1 < len(words))
        if close or not qualifies:
            return _singular(last), phrase.start("words") + word.end()
    return "", at


def _singular(noun: str) -> str:
    if noun in _INVARIANT or noun.endswith(("ss", "us", "is", "'s", "’s")):
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    short = noun.endswith(("sses", "xes", "ches", "shes"))
    return "child" if noun == "children" else noun[:-2] if short else noun.removesuffix("s")


def _share(quantities: list[_Quantity], folded: str) -> list[Figure]:
    """Give the ends of a range or list what they share (`3至5年`, `不少于50个、30个`)."""
    shared: list[_Quantity] = []
    for quantity in reversed(quantities):
        a, b = quantity, shared[-1] if shared else quantity
        gap = folded[a.figure.end : b.figure.start]
        to, listed = _TO.fullmatch(gap), _AND.fullmatch(gap) and not a.lone and not a.year
        if not b.year and (to or listed):
            unit = b.figure.unit or (a.figure.unit if a.figure.unit in _MEASURES else "")
            inherits = listed and a.figure.unit in ("", unit) and not b.figure.qualifier
            qualifier = a.figure.qualifier if inherits else b.figure.qualifier
            shared[-1] = replace(b, figure=replace(b.figure, unit=unit, qualifier=qualifier))
            if unit and not a.figure.unit:
                scaled = to and a.scale == 1 and a.figure.value * b.scale < b.figure.value
                value = a.figure.value * (b.scale if scaled else 1)
                a = _Quantity(replace(a.figure, unit=unit, value=value), a.scale, False, False)
        shared.append(a)
    return [
        Figure(f.value * 10**4, "date", "", f.start, f.end, "", "date") if q.year else f
        for q in shared
        if not q.lone and (f := q.figure)
    ]
