"""How Chinese and English deny, except, restrict, permit and oblige. Tables only.

`polarity.py` says what they mean for a pair of sentences. A pattern of `HOLLOW` looks like one of
the others and is none: 不仅 denies nothing, 不超过 is for those who read figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from index.text import fold

Family = Literal["negation", "only", "exception", "may", "must", "all", "some"]
Lang = Literal["zh", "en"]


def _any(words: str) -> str:
    return "|".join(words.split())


HOLLOW: Mapping[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        "不得不|不能不|不可不|无不|无非|"
        + _any(
            "不仅 不但 不只 不光 不单 不断 不同 不少 不低 不高 不超过 不多于 不大于 不小于 不晚于 "
            "不早于 不迟于 不满 不足 不久 不论 不管 不良 不锈 不动产 不可抗力 不定期 不限 不过 "
            "不法 不当 不便 不利 不妨 不一 不时 不懈 不可或缺 差不多 要不 是不是 能不能 可不可以 "
            "会不会 无论 无锡 无人机 无线 无形 无限 无穷 无障碍 无疑 无党派 无业 无机 未来 未必 "
            "未成年 没收 没落 除非 才华 才干 可能 只要 只是 各地 各级 各类 各项"
        )
    ),
    "en": re.compile(
        r"\bnot only\b|\bnot just\b|\bno(?:t)? (?:less|fewer|more|later|earlier|longer) than\b"
        r"|\bwhether or not\b|\bor not\b|\bno doubt\b|\bno\. ?\d|\bnot (?:to )?exceed\w*|\bif not\b"
        r"|\bat all\b|\bafter all\b|\bfirst of all\b|\bas may be\b|\bin may\b|\bmay \d|\b\d+ may\b"
    ),
}

CUES: Mapping[Lang, Mapping[Family, re.Pattern[str]]] = {
    "zh": {
        "negation": re.compile(
            _any(
                "不得 不能 不可以 不可 不应当 不应 不准 不许 不允许 不予 不再 不会 不用 不需要 "
                "不需 不必 不是 并不 并非 而非 无需 无须 毋须 毋需 没有 尚未 从未 未曾 未能 未予 "
                "未经 禁止 严禁 杜绝 不 没 未 无"
            )
        ),
        "only": re.compile(
            r"仅限于?|仅仅|仅|只有|只能|只限于?|只(?=[在对向面给由凭可允适认接按])|唯一|限于"
            r"|方可|方能|(?<=[^人天英引揽育聚用惜爱俊奇])才(?=[能可会有算])"
        ),
        "exception": re.compile(
            r"除外|例外|另有[规约]定|除(?:了)?[^，。；、]{1,24}?(?:以外|之外|外)"
            r"(?![^。；]{0,4}(?:还|也|另|同时))"
        ),
        "may": re.compile("可以|有权|允许|可(?=[申享领自选按凭获免])"),
        "must": re.compile("必须|应当|务必|有义务"),
        "all": re.compile("所有|全部|一切|一律|全体|每一?[个家名位项]"),
        "some": re.compile("部分|有些|某些|一些|少数|多数|大多"),
    },
    "en": {
        "negation": re.compile(
            r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|lacks?|lacking"
            r"|prohibit\w*|forbid\w*|bans?|banned|refus\w+|fails? to|failed to|unable)\b|n't\b"
        ),
        "only": re.compile(
            r"\b(?:only|solely|exclusively|merely|alone|(?:limited|restricted|confined) to|sole)\b"
        ),
        "exception": re.compile(
            r"\b(?:except(?:ing)?|unless|other than|apart from|excluding|exclud(?:es?|ed)|save for"
            r"|with the exception of|exceptions?|exempt\w*|otherwise)\b"
        ),
        "may": re.compile(r"\b(?:may|can|(?:is|are) (?:allowed|permitted|entitled|free) to)\b"),
        "must": re.compile(
            r"\b(?:must|shall|(?:is|are) (?:required|obliged|obligated) to|ha(?:s|ve) to)\b"
        ),
        "all": re.compile(r"\b(?:all|every|each|any|always|everyone|everybody)\b"),
        "some": re.compile(r"\b(?:some|several|certain|most|many|few|partly|part of)\b"),
    },
}
# A ban in either language, strong enough to be looked for in a translation.
BANS: Mapping[Lang, re.Pattern[str]] = {
    "zh": re.compile("不得|不准|不许|不允许|不可以|禁止|严禁|不予"),
    "en": re.compile(
        r"\b(?:must not|may not|shall not|cannot|can not|prohibited|forbidden|can't|mustn't"
        r"|(?:is|are) not (?:allowed|permitted|eligible|entitled))\b"
    ),
}
# Any word that denies in some way, prefixes and verbs among them: who wants to be sure that a text
# denies nothing asks for this.
DENIES: Mapping[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        CUES["zh"]["negation"].pattern
        + "|[勿莫免拒缺仅]|非(?!公有|物质|洲|凡)|(?<!是)否|只(?!是)|限[于制]|例外|另有|除.{0,24}外"
        "|失[去败]|[停终防阻废]止|避免|破除|打破|取消|撤销|脱离|(?<![人天英引揽育聚用惜爱俊奇])才"
    ),
    "en": re.compile(
        CUES["en"]["negation"].pattern + r"|\bun(?!der|ion|ivers|it|ique|til|animous)\w{3,}"
        r"|\b(?:dis(?:allow|continu|qualif|regard)|non-?|im(?:possib|prop)|irre(?:spect|vers|levan)"
        r"|in(?:eligib|valid|complet|capab|sufficien|abilit|adequa|accura|appropriat)|illegal)\w*"
        r"|\b\w{3,}less\b|\b(?:only|except\w*|unless|until|stop\w*|exclud\w*|exempt\w*|limit\w*"
        r"|restrict\w*|reject\w*|den(?:y|ies|ied)|do away|remov\w*|end\w*|abolish\w*|rather than"
        r"|instead of|far from|silent|missing|absent|open)\b"
    ),
}
OPPOSITES: Mapping[Lang, tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]] = {
    "zh": tuple(
        (re.compile(one), re.compile(other))
        for one, other in (
            ("允许|准许", "禁止|严禁|不得|不准"),
            ("有效", "无效"),
            ("有权", "无权"),
            ("有偿", "无偿"),
            ("合法", "违法|非法"),
            ("提高|上调|增加", "降低|下调|减少"),
            ("包括|包含|计入", "不包括|不包含|不计入"),
        )
    ),
    "en": tuple(
        (re.compile(one), re.compile(other))
        for one, other in (
            (r"\beligible\b", r"\bineligible\b"),
            (r"\binclud(?:e|es|ed|ing)\b", r"\bexclud(?:e|es|ed|ing)\b"),
            (r"\b(?:allow|permit)(?:s|ed)?\b", r"\b(?:prohibit|forbid)(?:s|ed)?\b|\bforbidden\b"),
            (r"\bvalid\b", r"\binvalid\b"),
            (r"\blawful\b", r"\bunlawful\b"),
            (
                r"\b(?:increas|rais)(?:e|es|ed|ing)\b",
                r"\b(?:reduc|decreas|lower)(?:e|es|ed|s|ing)\b",
            ),
        )
    ),
}
# Words between a cue and what it bears on.
_PASSED_OVER = (
    "not no never be been being is are was were have has had yet also ever may must can cannot "
    "shall only any all every each some longer necessarily currently automatically directly simply "
    "already might otherwise allowed permitted required entitled able to do does did it them they "
    "there 不得 不能 可以 应当 必须 没有 无需 允许 禁止 有权 只有 只能 才能 进行 予以 自行 直接 "
    "需要 属于 不会 不再 不予 仅限 除外 方可 所有 全部 部分"
)
PASSED_OVER = frozenset(_PASSED_OVER.split())


def masked(text: str, lang: Lang) -> str:
    """A folded text in which words that only look like cues are blanked; lengths stay."""
    folded = fold(text).replace("’", "'")
    return HOLLOW[lang].sub(lambda match: "　" * len(match[0]), folded)
