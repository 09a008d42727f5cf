"""What a question names: places, titles and words that tell one subject from another.

Every policy has a deadline and somebody in charge of it; "What is the deadline?" names no subject.
The words that are common to policies stand here; which policies there are is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.places import known_places
from index.lexical import content_words, simplified, singular
from index.sentences import sentence_spans
from index.text import fold, language

__all__ = ["anchors", "is_pointing", "names_subject", "points", "subject_words", "unnamed"]

_WORDS_ZH = (
    "时候 时间 日期 日子 期间 情况 问题 内容 方面 具体 详细 主要 相关 有关 全部 所有 名称 "
    "名字 数量 数字 印发 发布 公布 出台 发文 颁布 实施 施行 执行 生效 失效 到期 有效 有效期 "
    "截止 截止日期 截至 期限 最迟 最晚 落实 完成 达到 开始 结束 报送 上报 上交 交到 申请 申报 "
    "办理 领取 享受 获得 提交 提供 需要 符合 得到 拿到 可以 能够 应该 应当 必须 知道 告诉 "
    "介绍 说明 解释 请问 想问 想知道 了解 包括 包含 给予 适用 适合 没有 还有 能领 能拿 咨询 "
    "联系 回答 查询 政策 措施 文件 通知 意见 规定 办法 方案 规划 计划 条件 资格 标准 金额 "
    "补贴 补助 奖励 资助 津贴 待遇 支持 扶持 优惠 好处 福利 帮助 目标 任务 要求 材料 流程 "
    "手续 步骤 方式 部门 单位 机构 机关 牵头 负责 责任 负责人 联系人 联系方式 电话 地址 对象 "
    "范围 比例 多少 市里 省里 城市 当地 地方 本市 本省 全省 全市 企业 公司 人才 个人 我们 "
    "你们 他们 它们 大家 东西 部分 章节 方式方法 谁能 怎么办 哪个 哪些 多长 多大 多高 多久 "
    "能发 每个 一共 总共 分别 目前 现在 第一 第二 第三 发出 写明 依据 目的"
)
_WORDS_EN = (
    "about above act action actually again aim all also am amount an another answer any anybody "
    "anyone anything applicable applicant application apply area ask available be become begin "
    "benefit best body both bring call case change charge check city come company condition "
    "contact content could cover current currently date day deadline department detail "
    "different do document doe doesnt dont each eight eleven eligible else end enterprise even "
    "ever every exact exactly exist expire fee few field figure file find firm first five "
    "following four full further general get give given goal good grant happen he head hello "
    "help her here hers hi him his id idea im important include information interested isnt "
    "issue issued ive just keep kind know last lasts late latest law lead ll local long look "
    "lot main make many may mean meant measure might month more most much must name need new "
    "next nine no not notice now number offer ok okay old one only open opinion option order "
    "other out over own page paper part pay people percent percentage period person phone place "
    "plan please point policy possible prefecture preferential procedure process program "
    "programme provide province provincial publish published purpose put question quite rather "
    "re really reason receive regard regulation related report require requirement responsible "
    "right rule s same say scheme scope second section see set seven share she should show sir "
    "six some somebody something soon sorry sort source start state step still subsidy such sum "
    "support sure t take talent target task tell ten than thank their theirs them they third "
    "three time title too twelve two type under until up use used useful valid validity ve very "
    "want way week well whatever when whether while whole within without word work year yes yet"
)
_COMMON_ZH = frozenset(_WORDS_ZH.split())
_COMMON_EN = frozenset(_WORDS_EN.split())
_TITLE = re.compile(
    r"《[^》]{2,60}》|“[^”]{2,60}”|\"[^\"]{2,60}\"|「[^」]{2,40}」|"
    r"[两三四五六七八九十]+部门(?=《|的?(?:意见|通知|文件))"
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NAME_EN = re.compile(
    r"(?<=[a-z,;’'] )[A-Z][A-Za-z]+(?:['’][a-z]+)?(?: (?:of |and |on )?[A-Z][a-z]+)*"
)

_POINTS_ZH = re.compile(
    r"它们?|[他她]们?|前者|后者|上述|上面(?:说|提)的|(?:这|那|该|此)(?:一|些|个|项|份|类|种|样|里|"
    r"边|儿)*"
)
_POINTS_EN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|his|her|him|hers|the latter|the former|"
    r"(?:the|these|those) (?:two|ones)|(?:this|that) one)\b|"
    r"\b(?:this|that|these|those)\b(?=\W*$|\W*[?.!,;])|"
    r"^\W*(?:(?:and|but|so|then|also) )?(?:\w+ ){0,2}?(?:is|was|are|were|do|does|did|can|will|has|"
    r"have) (?:this|that|these|those)\b|"
    r"\b(?:this|that|these|those|such an?) (?:polic(?:y|ies)|measures?|notice|documents?|plan|"
    r"schemes?|programmes?|allowance|subsid(?:y|ies)|grant|card|permit|support|benefits?)\b|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )\bthere\b"
    r"(?!['’]s| (?:is|are|was|were|will|has|any|a|an)\b)",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"(?:这|该)(?:一)?(?:个|项|家|款)(?P<zh>[\u4e00-\u9fff]{2,4})|"
    r"\b(?:this|these) (?P<en>(?!is\b|was\b|are\b|does\b|mean|from\b|for\b|on\b|in\b|to\b|and\b|"
    r"or\b)[a-z]{3,}(?: [a-z]{3,})?)",
    re.IGNORECASE,
)
# `it` that stands for nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was|isn't) it (?:true|possible|necessary|correct|right|safe|worth|ok|okay|legal|"
    r"mandatory|enough|better)\b|"
    r"\bit (?:is|was|takes|costs|rains?|snows?)\b(?= .{0,30}\b(?:to|that)\b)",
    re.IGNORECASE,
)


def subject_words(text: str) -> list[str]:
    """The content words of a text that are not common to all policies.

    >>> subject_words("申报截止日期是哪天？"), subject_words("Who pays the living allowance?")
    ([], ['living', 'allowance'])
    """
    found = []
    for word in content_words(simplified(text)):
        if word[0] > "\u2e7f":
            # The segmenter takes 市有 for a word.
            is_common = word in _COMMON_ZH or len(word.removesuffix("有")) == 1
        else:
            is_common = word in _COMMON_EN or singular(word.removesuffix("'s")) in _COMMON_EN
        if not is_common:
            found.append(word)
    return found


def anchors(text: str) -> list[str]:
    """The names that a text holds: places, titles, years, capitalised names, in order."""
    spans = [(match.start(), match.group()) for p in (_TITLE, _YEAR) for match in p.finditer(text)]
    spans += [(start, text[start:end]) for start, end in known_places(text)]
    spans = [(start, name) for start, name in spans if name != "全国"]
    if language(text) == "en":
        spans += [(match.start(), match.group()) for match in _NAME_EN.finditer(text)]
    names = list(dict.fromkeys(name for _, name in sorted(spans)))
    return [name for name in names if not any(name in other and name != other for other in names)]


def names_subject(text: str) -> bool:
    """Whether a text names something by which its subject can be told."""
    return bool(anchors(text) or subject_words(text))


def points(text: str) -> list[tuple[int, int]]:
    """Where a text points at something that it does not name: `它`, `it`, `this policy`.

    A word that points at what was named before it in the same text does not count.
    """
    if language(text) == "zh":
        found = []
        for match in _POINTS_ZH.finditer(text):
            person = match.group()[0] in "它他她前后上"
            before, after = text[: match.start()], text[match.end() :]
            if not names_subject(before) and (person or not names_subject(after)):
                found.append(match.span())
        return found
    empty = {i for match in _EMPTY_IT.finditer(text) for i in range(*match.span())}
    return [
        match.span()
        for match in _POINTS_EN.finditer(text)
        if match.end() - 1 not in empty and not names_subject(text[: match.start()])
    ]


def is_pointing(text: str) -> bool:
    """Whether a text leans on something named elsewhere."""
    return bool(points(fold(text) if language(text) == "zh" else text))


def unnamed(text: str, before: Sequence[str] = ()) -> bool:
    """Whether a text speaks of "this animal" where none was spoken of before.

    Args:
        text: A question.
        before: What was said before it, by either side.
    """
    if anchors(text) or len(sentence_spans(text)) > 1:
        return False
    for match in _THIS.finditer(text):
        known = {singular(w) for w in content_words(" ".join([*before, text[: match.start()]]))}
        if not known & {singular(w) for w in content_words(match["zh"] or match["en"])}:
            return True
    return False
