"""How figures are written in Chinese and English: units, numerals, notations. Tables only.

`figures.py` says what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.numerals import NUMERALS, SCALE

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
UNIT_OF = {form.partition("~")[0]: unit for form, unit in _FORMS.items()}
NTH_OF = {form.partition("~")[0]: unit for form, unit in _forms(_NUMBERED).items()}
MEASURES = set(_forms(_MEASURED).values())
BARE = ("", "item")  # a bare counter stands for whatever is counted
INVARIANT = {"people", "personnel", "staff", "times"}
ATTRIBUTIVE = {"resources", "services", "sales", "affairs"}  # plurals before the noun they qualify

ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NTHS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
WORDS = {word: i for i, word in enumerate(f"zero|{ONES}|{_TEENS}".split("|"))}
WORDS |= {word: 10 * i for i, word in enumerate(_TENS.split("|"), 2)}
WORDS |= {word: i for i, word in enumerate(_NTHS.split("|"), 1)}
WORDS |= {"a": 1, "an": 1, "half": 2, "quarter": 4}
NO_NOUN = (
    " of in on at by for with from to and or is are was were be been will would which that who"
    " whose across per every each as than have has had these this can may must shall should it"
    " its their the within into over under but if when where not nor so more less fewer about"
    f" during through after before since until between {' '.join(WORDS)} "
)
POWERS = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"

_N = f"[{NUMERALS}]"
_S = "[ \t]*"
_SMALL = rf"(?:(?:{_TENS})(?:[- ](?:{ONES}))?|{_TEENS}|{ONES})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?) hundred\b(?: (?:and )?{_SMALL})?|{_SMALL})"
_POWER = r"(?:thousand|million|billion)\b"
NUMBER = re.compile(
    r"(?:(?<!\w)|(?<=[一-鿿])|(?<=RMB)|(?<=CNY)|(?<=USD)|(?<=EUR))(?<![A-Za-z]-)"
    r"(?P<arabic>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?!\d)"
    rf"(?:{_S}[多余]?{SCALE}(?:\d+{SCALE})*|[ -](?:hundred[ -])?{_POWER}|[ -]hundred\b)?"
    rf"|(?<!{_N})(?<![第数几])(?P<chinese>{_N}+(?:点[零〇一二三四五六七八九]+)?)"
    rf"|\b(?P<english>{_HUNDREDS}(?:[ -]{_POWER}(?: (?:and )?{_HUNDREDS}(?:[ -]{_POWER})?)*)?"
    rf"|an? {_POWER}|million(?=-yuan)|zero\b)",
    re.I,
)
HANZI_UNIT = re.compile(
    rf"{_S}(?P<more>[多余几])?{_S}(?:个?(?P<form>{_hanzi(_FORMS)})|(?P<big>大(?=[一-鿿]))"
    r"|(?P<tenths>成(?![立为果员本就长效功])))(?P<half>半)?(?P<times>\(次\))?"
)
TIMES = re.compile(r" \((?:(?P<noun>[a-z]+)-)?times?\)")  # employer units (times)
_LETTERS = r"(?:(?![一-鿿])[\w'’-])"
NOUNS = re.compile(
    r"(?: *\0{3,6})?(?P<join>-| {0,5})"
    rf"(?P<words>[A-Za-z]{_LETTERS}*(?: {{1,5}}[A-Za-z]{_LETTERS}*){{0,6}})"
)
BEFORE = re.compile(
    r"(?:(?P<at_least>不得?[少低小]于|至少|最[少低]|\b(?:at least|(?:no|not) (?:fewer|less) than))"
    r"|(?P<at_most>不得?超过?|不[高多大]于|至多|最[多高长]|\b(?:at most|up to|within"
    r"|(?:no|not) more than|not (?:to )?exceed(?:ing)?))"
    r"|(?P<more_than>超过?|突破|逾|[多大高]于|\b(?:more than|over|exceed(?:s|ed|ing)?|above))"
    r"|(?P<less_than>[低少小]于|不[足到]|未满|\b(?:less than|fewer than|under|below))"
    r"|(?P<about>大?约|大概|\b(?:about|around|approximately|roughly|some))"
    r"|(?P<nearly>(?<!最)将?近|接近|\b(?:nearly|almost|close to)))\s*(?:the age of\s*)?$",
    re.I,
)
AFTER = re.compile(
    rf"{_S}(?:(?P<at_least>(?:\(含\))?及?以上|\+|(?:or|and) (?:more|above|over|older|longer)\b)"
    r"|(?P<at_most>(?:\(含\))?及?以[下内]|之?内(?![容部地资外涵设])"
    r"|(?:or|and) (?:less|fewer|below|under|younger)\b)|(?P<about>左右|上下|or so\b))",
    re.I,
)
CURRENCY = re.compile(r"(?:(?P<CNY>人民币|RMB|CNY|¥)|(?P<USD>US\$|USD|\$)|(?P<EUR>EUR|€))\s*$")
AGED = re.compile(r"\b(?:aged|age of)\s*(?:\w+ )?$", re.I)
YEARS_OLD = re.compile(r"[ -]years?[ -](?:old|of age)\b", re.I)
IN_YEAR = re.compile(r"\b(?:by|in|since|until|before|after|during|from|of|for|year)\s*$", re.I)
TO = re.compile(r"-?\s*(?:[-–—~至到或]|to|or)\s*", re.I)
LEAD_IN = re.compile(r".*(?:根据|按照|依据|落实|通知|印发|文件|执行|参照|见|了|的|和|及|以)")
AND = re.compile(r"\s*(?:[、和与及]|and)\s*", re.I)

Y = r"(?:19|20)\d\d"
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
_NTH_UNITS = "|".join(form for form in NTH_OF if form.isascii())
NOTATIONS = [  # all but plain quantities; what one of them has read, the next does not see
    rf"(?P<mark>[一-鿿]{{2,12}})?[〔\[(【](?P<y>{Y})[〕\])】]{_S}(?:第|No\. ?)?{_NO}号?",
    rf"\bNo\. ?{_NO} ?(?:of |[\[〔(])(?P<y>{Y})[\]〕)]?",
    rf"(?P<y>{Y})年第?{_NO}号",
    rf"(?<![\d.])(?P<y>{Y})([-/.])(?P<m>1[0-2]|0?[1-9])\2(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)",
    rf"(?<![\d.,-])(?P<y>{Y})-(?P<m>1[0-2]|0[1-9])(?![\d-])",
    rf"(?<![\d.,])(?P<y>{Y}|[一二][〇零一二三四五六七八九]{{3}}){_S}年(?!代)(?:{_S}{_ZH_DAY}|度)?",
    rf"(?<![\d.第])(?<!{_N}){_ZH_DAY}",
    rf"{_MONTH} (?:the )?{_DAY}(?:,? (?P<y>{Y})\b(?!,\d))?",
    rf"(?<![\d.,])\b{_DAY} (?:of )?{_MONTH}(?:,? (?P<y>{Y})\b)?",
    rf"{_MONTH},?(?: of)? (?P<y>{Y})\b",
    rf"(?:(?<=\bin )|(?<=\bof )|(?<=\bby )){_MONTH}",
    rf"(?:第{_S}(?P<n>\d+|{_N}+){_S}个?|首(?=[批期轮]))(?P<unit>{_hanzi(_forms(_NUMBERED))})",
    rf"\b(?P<unit>{_NTH_UNITS}) (?P<n>\d{{1,3}}\b(?![,.]\d|%)|(?:{ONES}|{_TEENS})\b)",
    rf"\b(?P<n>\d+(?=st|nd|rd|th)|{_NTHS})(?:st|nd|rd|th)? (?P<unit>{_NTH_UNITS})\b",
    rf"\bNo\. ?{_NO}",
    rf"第?(?<!\d){_NO}号",
    rf"(?P<den>{_N}+)分之(?P<num>{_N}+(?:点{_N}+)?|\d+(?:\.\d+)?)",
    rf"\b(?P<num>an?|{_SMALL})-(?P<den>{_PARTS})s?\b",
    rf"\b(?P<num>an?|{_SMALL}) (?P<den>{_PARTS})s?(?= of\b)",
    r"(?<![\d./])(?P<num>\d{1,2})/(?P<den>[2-9]|1[0-2])(?![\d./])",
]
DATE_PARTS = ((10**4, 10**4), (100, 100), (1, 100))  # divisor and modulus of yyyy, mm and dd
MARKS = re.compile(  # addresses, citation marks, enumerators, times of day
    r"https?://[!-~]+|\bwww\.[!-~]+|\[\d{1,3}(?:\s*[,，、-]\s*\d{1,3})*\]|【\d{1,3}】"
    r"|^[ \t#>-]*(?:\d{1,2}[.、)](?!\d)|[一二三四五六七八九十]{1,3}、)"
    rf"|\((?:\d{{1,2}}|{_N}{{1,3}})\)|(?<!\d)\d{{1,2}}:\d\d(?::\d\d)?(?!\d)",
    re.M,
)
NAMES = re.compile(  # plans, congresses, 1+N, decades, other ordinals, annexes, idioms
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
