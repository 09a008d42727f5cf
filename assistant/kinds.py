"""Whether words hold the kind of thing that a question asks for.

A passage on the question's subject may name no amount, no deadline and no person: then it is no
answer, however near it is. Reads notation, by `assistant.figures` and a few patterns; whether the
thing is said of the right matter is for whoever scores the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.figure_notation import BARE, MEASURES, UNIT_OF
from assistant.figures import Figure, agree, figures
from assistant.names import bodies, people

__all__ = [
    "MONEY",
    "SEARCHED",
    "asks_issue",
    "asks_meaning",
    "asks_reached",
    "asks_reason",
    "asks_year",
    "explains",
    "fitting",
    "gives_reason",
    "holds",
    "is_aimed_at",
    "is_exact",
    "is_searched",
    "levels",
    "names_bodies",
    "says_issued",
    "tells_procedure",
]

# Kinds that a text can be searched for; of the others any sentence may be one.
SEARCHED = frozenset(
    {"amount", "count", "share", "date", "deadline", "duration", "phone", "person"}
)

_KNOWN = frozenset(unit for name in UNIT_OF.values() for unit in name.split("/")) - {*BARE}
MONEY = frozenset({"CNY", "USD", "EUR"})
_PERIODS = frozenset({"hour", "day", "working day", "week", "month", "quarter", "year"})
_SHARES = frozenset({"%", "fraction", "percentage point", "multiple"})
_UNTIL = re.compile(
    r"前|截止|截至|截至|为止|之内|以内|期限|到期|期间|末|底|"
    r"\b(?:by|before|until|till|no later than|deadline|due|within|expires?|end of|ends?)\b",
    re.IGNORECASE,
)
_BEGUN = re.compile(
    r"发布|印发|公布|报道|以来|年起|自|"
    r"\b(?:issued?|published|announced|came out|dated?|released?|since|begun)\b",
    re.IGNORECASE,
)
# A salary is no subsidy, and a fee is no loan.
_PAYMENTS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"补贴|补助|津贴|奖|资助|资金|经费|subsid|allowance|grant|bonus|reward|fund",
        r"薪|工资|报酬|salar|wage|\bpay\b|\bearn",
        r"费|价|\bfees?\b|charge|cost|price",
        r"贷|\bloans?\b|credit",
    )
)
# A five-year plan is a period of known years.
_PLAN = re.compile(r"十[一二三四五六七八九]?五”?(?:规划|时期|期间|期末|末)|\bFive-Year Plan\b")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(?:0\d{2,3}[- ]?\d{7,8}|1[3-9]\d{9}|12\d{3})(?!\d)")
_BODY = re.compile(
    r"厅|局|委员会|委(?![托派屈])|办公室|部(?=[、，。；门委）)]|$|联合|牵头|印发|负责|等|和|与)|人民银行|联合会|协会|部门|单位|机构|企业|"
    r"\b(?:Departments?|Bureaus?|Ministr(?:y|ies)|Commissions?|Committees?|Offices?|Federations?|Banks?|"
    r"Administrations?|bod(?:y|ies)|departments?|bureaus?|employers?|enterprises|agencies|associations)\b"
)
_HOW_MANY = re.compile(
    r"多少|几(?=[^乎率])|\bhow many\b|"
    r"\b(?:(?:what|which|the|exact|total|minimum|maximum) )?number of\b",
    re.IGNORECASE,
)


# Of a park that holds 260 firms the number is not known: what is asked for, and what is counted.
_ASKS_SITES = re.compile(
    r"(?:多少|几)(?:个|家|处|座)[一-鿿]{0,14}?(?:园区?|基地|市场|平台|中心|枢纽)(?![一-鿿])|"
    r"\bhow many (?:[\w'’-]+ ){0,5}(?:parks|bases|markets|platforms|cent(?:re|er)s|hubs)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"[\d.,]+[一-鿿]{0,14}?(?:企业|机构|公司|单位|人才|人员)(?![一-鿿]{0,6}(?:园|基地|市场|平台|中心))|"
    r"[\d.,]+ (?:[\w'’-]+ ){0,4}(?:enterprises|firms|companies|agencies|people|workers|talents)\b",
    re.IGNORECASE,
)
_SERVED = re.compile(
    r"服务了?(?:多少|几)|[人家]次|名额|"
    r"\bhow many places (?:a|per|each) year\b|"
    r"\b(?:served?|serving|visits|slots?|quotas?|[a-z]+-times)\b",
    re.IGNORECASE,
)
# The year that a policy is called by: "the 2023 notice".
_POLICY_CALLED = re.compile(
    r"(?:的|《|“)?(?:通知|意见|规划|办法|方案|措施)|"
    r" (?:[A-Z]\w+ )?(?:notice|circular|plan|opinions|measures|document)\b"
)
_SHORT = frozenset({"hour", "day", "working day", "week"})
_LEVELS = {
    "national": re.compile(r"国家级|\bnational(?:-level)?\b", re.IGNORECASE),
    "provincial": re.compile(r"省级|\bprovincial(?:-level)?\b", re.IGNORECASE),
    "municipal": re.compile(r"市级|\b(?:municipal|city)-level\b|\bmunicipal\b", re.IGNORECASE),
    "county": re.compile(r"县级|\bcounty-level\b", re.IGNORECASE),
}
# How long an approval takes is not how long it is valid.
_PROCESSING = re.compile(
    r"审批|审核|受理|批(?:准|下来|复|完)|办(?:下来|完|好|妥)|下证|出证|拿到[证手]|等多久|"
    r"\b(?:approv(?:al|ed)|process(?:ing|ed)?|hear back|wait(?:ing)?|turnaround)\b|"
    r"\btakes? to (?:get|obtain|issue|receive)\b",
    re.IGNORECASE,
)
_VALID = re.compile(r"有效|\bvalid(?:ity)?\b", re.IGNORECASE)
# What has been reached: the question, and what is said where it is still aimed at.
_ASKS_REACHED = re.compile(
    r"(?:目前|现在|如今|至今|迄今|到现在|已经?|实际(?:上)?)[^，,。？?]{0,24}(?:多少|几)|实际(?:数|完成|达到|建成|人数|数量)|"
    r"\b(?:so far|to date|currently|today|at present|by now|right now|already|as of now)\b|"
    r"\bactual(?:ly)?\b",
    re.IGNORECASE,
)
_ASKS_AIM = re.compile(
    r"(?<!不要)(?<!不是)(?:目标|力争|要求)|要(?:达到|建|有|办)|应(?:当|该|达)|"
    r"(?<!not )(?<!not the )(?<!rather than )(?<!rather than the )"
    r"\b(?:targets?|goals?|aims?|plan(?:ned|s)?)\b|"
    r"\b(?:should|must|supposed|meant|to be|required)\b",
    re.IGNORECASE,
)
_AIMED_AT = re.compile(
    r"力争|争取|目标|计划|将|拟|要(?!素)|五”?末|"
    r"\b(?:strives?|aims?|targets?|goals?|is to|are to|be to|plans? to|will)\b",
    re.IGNORECASE,
)
# The issue of something: the question, and what is said of it.
_ASKS_ISSUE = re.compile(
    r"印发|发文|发布|出台|签发|署名|落款|盖(?:的|了)?章|联合|共同|"
    r"\bissu(?:e[ds]?|ing|ers?)\b|\bsign(?:ed|s|ator(?:y|ies))?\b|\bput (?:its|their) names?\b|"
    r"\bbehind\b|"
    r"\b(?:published|released|announced|adopted|came out|bring|brought) |"
    r"\bdate\b.{1,60}\b(?:carry|carries|bears?)\b",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"印发|发文|发布|出台|签发|署名|落款|盖章|联合|共同发|公布|"
    r"\bissu(?:e[ds]?|ing|ers?)\b|\bsign(?:ed|ator(?:y|ies))\b|\b(?:published|released|announced|adopted)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"牵头|主导|\b(?:lead|leads|leading|in charge|takes? the lead|driver['’]s seat|at the helm)\b",
    re.IGNORECASE,
)
_ISSUERS = re.compile(
    r"联合|发文|署名|签署|盖章|\bsignator(?:y|ies)\b|\bissu(?:ers?|ing bod)", re.IGNORECASE
)
_ASKS_YEAR = re.compile(
    r"哪(?:一)?年(?!级)|年份|何年|几几年|完整(?:的)?日期|"
    r"\b(?:what|which) year\b|\b(?:with|including) (?:the )?year\b|\bthe year of\b|\bfull date\b",
    re.IGNORECASE,
)
# What words or letters stand for: the question, and what is said where they are explained.
_ASKS_MEANING = re.compile(
    r"代表(?:着|的)?(?:是)?(?:什么|啥|哪)|(?:各自?|分别|具体|到底|究竟)是?指(?:的是)?(?:什么|啥|哪)|指(?:的)?是(?:什么|啥|哪)|什么意思|怎么(?:定义|界定)|"
    r"\bstands? for\b|\b[Ww]hat (?:do|does|is|are) (?:.{1,60} )?(?:mean(?! for)|meant by)\b|"
    r"\b[Ww]hat (?:exactly )?(?:is|are) the (?:\d+|[A-Z])(?: and the (?:\d+|[A-Z]))*\b",
)
_EXPLAINS = re.compile(
    r"是|即|指|为|包括|包含|分别|[：、（]|"
    r"\b(?:means?|refers? to|stands? for|that is|i\.e\.|namely|consists? of|made up of)\b|"
    r"\b(?:compris\w+|includ\w+|called)\b|"
    r"\b(?:is|are) (?:an?|the|those|one|its)\b|:",
    re.IGNORECASE,
)
# Why something is so: the question, and what is said where a reason is given.
_ASKS_REASON = re.compile(
    r"为(?:什么|何|啥)|(?:什么|啥|哪些|何种)(?:原因|理由|缘由|缘故)|(?:原因|理由|缘由)(?:是|在于|何在|有)|"
    r"\bwhy\b(?! not\b)|\bwhat (?:is|was|are|were) the (?:official )?reasons?\b|"
    r"\b(?:as|for) (?:the|what) reasons?\b|\bwas (?:a|any) reason\b",
    re.IGNORECASE,
)
_GIVES_REASON = re.compile(
    r"因|由于|原因|所以|为了|便于|以便|利于|旨在|意在|目的|理由|在于|缘由|希望|依靠|带来|"
    r"由此|导致|造成|解决|应对|针对|有助|满足|需要|瓶颈|短缺|不足|薄弱|作用|"
    r"\b(?:because|since|due|owing|reasons?|caus\w+|so that|so as|in order|aim\w*|purposes?|"
    r"thus|hence|depend\w*|lead\w*|led|results?|resulting|answers?|respon\w+|meant|serves?|"
    r"sake|solv\w+|meet|need\w*|shortages?|lack\w*|weak\w*|bottlenecks?|attribut\w+|role)\b",
    re.IGNORECASE,
)

_TELLS_PROCEDURE = re.compile(
    r"申请|申报|办理|提交|登录|联系|报名|报送|登记|注册|凭|窗口|通过|"
    r"\b(?:appl(?:y|ies|ied|ication)|submit\w*|register\w*|sign up|contact|hand in|file|report|"
    r"through|enrol\w*)\b",
    re.IGNORECASE,
)


def is_searched(wants: str) -> bool:
    """Whether a text can be searched for this kind of thing."""
    return wants in SEARCHED


def holds(text: str, wants: str, question: str = "") -> bool:
    """Whether a text holds the kind of thing asked for.

    A figure that stands in the question already is no answer to it, and a number of days none to
    "how many firms".

    Args:
        text: A sentence of a document.
        wants: The kind; see `Understanding.wants`. Kinds that cannot be searched for are held by
            every text.
        question: The question, which says what is counted.
    """
    if wants == "phone":
        return bool(_PHONE.search(text))
    if wants == "person":
        return bool(people(text))
    if wants == "who":
        return bool(_BODY.search(text))
    if wants == "duration" and _PLAN.search(text):
        return True
    return wants not in SEARCHED or bool(fitting(text, wants, question))


def fitting(text: str, wants: str, question: str = "") -> list[Figure]:
    """The figures of a text that are of the kind asked for; see `holds`."""
    asked = figures(question)
    new = [
        figure
        for figure in figures(text)
        if not any(agree(figure, one) for one in asked)
        and not (figure.kind == "date" and _POLICY_CALLED.match(text, figure.end))
    ]
    return [figure for figure in new if _fits(figure, wants, text, question)]


def is_exact(figure: Figure, question: str) -> bool:
    """Whether a figure counts the very thing that a question asks the number of."""
    asked = {*counted(question)} & _KNOWN
    if not asked and _ISSUERS.search(question):
        asked = {"department"}
    return bool(asked & {*figure.unit.split("/")})


def levels(text: str) -> frozenset[str]:
    """The levels of government that a text names: a park is national, provincial, ...

    >>> sorted(levels("国家级园区500家，省级园区200家")), sorted(levels("a provincial park"))
    (['national', 'provincial'], ['provincial'])
    """
    return frozenset(name for name, said in _LEVELS.items() if said.search(text))


def names_bodies(text: str, question: str, headings: str = "") -> bool:
    """Whether a text names a body, and as the issuer where a question asks for the issuers.

    "Five departments" names none. Asked who leads, it has to be said who does, which may be those
    that no notation tells ("leading enterprises").

    Args:
        text: A sentence or list item.
        question: The question.
        headings: What the text stands under.
    """
    if _LEADS.search(question):
        return bool(_LEADS.search(text))
    issuer = not asks_issue(question) or says_issued(f"{headings} {text}")
    return issuer and bool(bodies(text))


def asks_issue(question: str) -> bool:
    """Whether a question is about the issue of a document: by whom, or when."""
    return bool(_ASKS_ISSUE.search(question))


def says_issued(text: str) -> bool:
    """Whether words tell of the issue of something."""
    return bool(_ISSUED.search(text))


def asks_year(question: str) -> bool:
    """Whether a question asks for a year, or a date that is told with its year."""
    return bool(_ASKS_YEAR.search(question))


def asks_meaning(question: str) -> bool:
    """Whether a question asks what words or letters stand for."""
    return bool(_ASKS_MEANING.search(question))


def explains(text: str) -> bool:
    """Whether a text may explain what something stands for, and does not merely use it."""
    return bool(_EXPLAINS.search(text))


def asks_reason(question: str) -> bool:
    """Whether a question asks why something is so."""
    return bool(_ASKS_REASON.search(question))


def gives_reason(text: str) -> bool:
    """Whether a text may give a reason, and does not merely state that something is so."""
    return bool(_GIVES_REASON.search(text))


def asks_reached(question: str) -> bool:
    """Whether a question asks what has been reached, as against what is aimed at."""
    return bool(_ASKS_REACHED.search(question)) and not _ASKS_AIM.search(question)


def is_aimed_at(text: str) -> bool:
    """Whether a text tells what is to be reached."""
    return bool(_AIMED_AT.search(text))


def tells_procedure(text: str) -> bool:
    """Whether a text may tell how something is applied for or done."""
    return bool(_TELLS_PROCEDURE.search(text))


def _fits(figure: Figure, wants: str, text: str, question: str) -> bool:
    match wants:
        case "amount":
            return figure.unit in MONEY and _is_paid_for(text, question)
        case "share":
            return figure.unit in _SHARES
        case "date":
            return figure.kind == "date" or figure.unit in _PERIODS
        case "deadline":
            if figure.kind == "date" and figure.value % 10**4 == 0:  # a year is a horizon
                return bool(_UNTIL.search(text)) or not _BEGUN.search(text)
            dated = figure.kind == "date" or figure.unit in _PERIODS
            return dated and bool(_UNTIL.search(text))
        case "duration":
            if _asks_processing(question) and _VALID.search(text):
                return False
            period = figure.unit in _PERIODS and not _is_of_another_order(figure, question)
            return period or (figure.kind == "date" and bool(_UNTIL.search(text)))
        case _:
            if _ASKS_SITES.search(question) and _MEMBERS.match(text, figure.start):
                return False
            return figure.kind == "quantity" and _is_counted(figure, counted(question), question)


def _asks_processing(question: str) -> bool:
    return bool(_PROCESSING.search(question)) and not _VALID.search(question)


def _is_of_another_order(figure: Figure, question: str) -> bool:
    """Whether a question asks for days and a figure is of years, or the other way round."""
    asked = {*counted(question)} & _PERIODS
    if figure.unit == "year":
        return bool(asked) and asked <= _SHORT
    return asked == {"year"} and figure.unit in _SHORT


def _is_paid_for(text: str, question: str) -> bool:
    """Whether a text speaks of the sort of payment that a question names, where it names one."""
    asked = [sort for sort in _PAYMENTS if sort.search(question)]
    return not asked or any(sort.search(text) for sort in asked)


def counted(question: str) -> Sequence[str]:
    """The units that a question asks the number of: `household/enterprise` of 多少户.

    >>> counted("How many countries has it sent workers to?")
    ['country']
    >>> counted("要办多少场活动？")
    ['event']
    """
    read = figures(_HOW_MANY.sub("3", question))
    own = {figure.text for figure in figures(question)}
    found = [f.unit for f in read if f.value == 3 and f.text not in own]
    return [unit for units in found for unit in units.split("/")]


def _of_visits(asked: Sequence[str], question: str) -> bool:
    """Whether a number of visits answers: people that come, firms that are served."""
    named = any(unit.endswith(("time", "visit")) for unit in asked)
    return named or "person" in asked or bool(_SERVED.search(question))


def _is_counted(figure: Figure, asked: Sequence[str], question: str) -> bool:
    units = figure.unit.split("/")
    if figure.value == 1 and figure.text[:1] in "一o" and not set(units) & set(asked):
        return False  # "一套待遇", "one of": an article more often than a number.
    if asked and all(unit.endswith("-time") for unit in units) and not _of_visits(asked, question):
        return False  # Visits are no answer to how many parks.
    if not asked or set(asked) & set(BARE):
        return not set(units) & (MEASURES - {"time"}) or set(units) & set(asked) != set()
    measured = set(asked) & MEASURES
    if measured:
        times = measured <= {"time", "multiple"} and figure.unit.endswith("time")
        return times or bool(set(units) & measured)
    return not set(units) & (MEASURES - {"time"})
