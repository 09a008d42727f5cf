"""The cues of measures in policy documents, by language: giving, conditions, audiences."""

from __future__ import annotations

import re

from assistant.eligibility.measures import Audience

GIVES = {
    "zh": re.compile(
        r"给予|补贴|补助|奖励|奖金|资助|贴息|免费|减免|免征|优惠|发放|享受|优先(?:支持|推荐|安排|考虑)"
        r"|可(?:以)?(?:申请|申领|享受|选择|按|领取|获得|自主)|提供[^。；]{0,20}(?:服务|支持|保障|便利)|支持"
    ),
    "en": re.compile(
        r"\b(?:receiv\w+|grants?|subsid\w+|allowances?|awards?|rewards?|bonus\w*|free of charge"
        r"|exempt\w*|reimburs\w+|entitled|benefits? from|pays?|paid|offer(?:s|ed)?|supports?"
        r"|may (?:apply|choose|claim|use|take|have|rent|keep|get)|can (?:apply|choose|claim|get)"
        r"|priority|waiv\w+|discount\w*)\b",
        re.IGNORECASE,
    ),
}
# A sentence that leads in to conditions names what they are for; few of them give it.
GIVES_PLAINLY = {
    "zh": re.compile(r"给予|发放|予以|享受|可(?:以)?(?:申请|申领|享受|选择|领取|获得|按)"),
    "en": re.compile(r"\b(?:may|can|receives?|gets?|(?:is|are) (?:entitled|paid|given))\b", re.I),
}
NO_GIFT = {
    "zh": re.compile(
        r"不得|禁止|不予|没有(?:给出|提到|说明|写明|规定|界定)|负责解释|自[^。]{0,20}起施行|为了?贯彻"
        r"|根据[^。]{2,30}精神"
    ),
    "en": re.compile(
        r"\b(?:(?:shall|must|is|are) not|does not (?:say|state|define)|enters? into force)\b",
        re.IGNORECASE,
    ),
}
CONDITIONS = {
    "zh": (
        re.compile(
            r"对(?:于)?(?P<words>[^，。；]{3,60}?)(?:，|(?<=的)(?=给予)|(?=给予|发放|予以|提供))"
            r"(?=[^。；]{0,20}(?:给予|发放|予以|补|奖|资助|提供|按|减|免|优先))"
        ),
        re.compile(r"(?:^|[，；：])(?P<words>[^，。；：]{4,60}的)(?=[，、])"),
        re.compile(
            r"(?P<words>(?:年龄|年满|未满|不满|注册资本|注册地|成立时间|连续|累计|具有|取得|符合|满足)"
            r"[^，。；]{2,50})"
        ),
        re.compile(
            r"(?:应当?|须|必须|需)(?P<words>(?:是|为|具备|符合|满足|达到|持有|在)[^，。；]{2,50})"
        ),
    ),
    "en": (
        re.compile(
            r"\b(?:if|provided that|provided|on condition that|as long as|where)\s+"
            r"(?P<words>[^,.;:]{6,120})",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?P<words>(?:\b(?!provided\b|condition\b|so\b|says?\b|of\b)[\w’'-]+\s+){1,4}(?:who|that|which)\s+(?!may\b|can\b|will\b|shall\b)"
            r"[^,.;:]{4,100}?)"
            r"(?=\s+(?:may|can|receives?|gets?|is|are|will|pays?)\b|[,.;:]|$)",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:must|needs? to|has to|have to)\s+(?P<words>(?:be|have|hold|live|work|come)\b"
            r"[^,.;:]{3,100})",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?P<words>\b(?:aged?|under the age of|with|of)?\s*(?:at least|at most|no more than"
            r"|not more than|no less than|more than|less than|under|over)\s+[^,.;:]{2,60})",
            re.IGNORECASE,
        ),
    ),
}
LEADS_TO_CONDITIONS = {
    "zh": re.compile(r"(?:条件|要求|情形|对象|标准)[^。；]{0,12}[：:]$"),
    "en": re.compile(
        r"\b(?:conditions?|requirements?|following|criteria|eligible|qualif\w+)\b[^.;]*:$",
        re.IGNORECASE,
    ),
}
ANY_OF = {
    "zh": re.compile(r"之一|任一|任意一"),
    "en": re.compile(r"\b(?:one|any) of\b", re.IGNORECASE),
}
FOR: tuple[tuple[Audience, re.Pattern[str]], ...] = (
    (
        "hr_agency",
        re.compile(
            r"人力资源(?:服务)?(?:机构|企业|产业园)|\bHR (?:service )?(?:agenc|compan|firm)"
            r"|\bhuman resources? (?:service )?(?:agenc|compan|firm)",
            re.IGNORECASE,
        ),
    ),
    (
        "enterprise",
        re.compile(
            r"企业|公司|用人单位|\b(?:enterprise|compan|firm|employer|manufacturer)", re.IGNORECASE
        ),
    ),
    (
        "talent",
        re.compile(
            r"人才|个人|毕业生|博士|劳动者|\b(?:talent|person|people|graduate|worker|researcher|scientist|spouse|resident)",
            re.IGNORECASE,
        ),
    ),
    (
        "government",
        re.compile(r"市（州）|县政府|地方政府|\b(?:county|city|local) government", re.IGNORECASE),
    ),
)
WORDS_MIN = 4
NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇\d]+[章节条][\s　]*"
    r"|[（(]?[一二三四五六七八九十\d]{1,3}[）)、]\s*"
    r"|\d{1,3}[.)]\s+|[①-⑳]\s*)"
)
# Which patterns name a condition also in a sentence that gives nothing.
DEMANDING = {"zh": (3, 4), "en": (2,)}
REFERS_TO_LIST = re.compile(
    r"下列|以下(?:条件|情形|要求)|如下|\b(?:following|below)\b", re.IGNORECASE
)
