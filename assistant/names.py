"""Names of public bodies and of people in a sentence, as they are written there.

Reads notation: a body ends in what bodies end in (厅, 委员会, Ministry of), a person has a title
beside the name or is said to have said something. Built to leave out what is no name rather than
to find all; it knows no list of bodies or people, and not what is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.gazetteer import DIVISIONS, PROVINCES

__all__ = ["bodies", "people"]

Span = tuple[int, int]

# Characters of names; those that lead into one or out of it are left out.
_H = r"(?:(?![由在于向对的是将把为从到被让个])[一-鿿])"
_ZH_ENDING = (
    r"委员会|办公厅|办公室|国务院|研究院|工商联|总工会|联合会|人民银行|人民政府|(?<![餐客])厅(?!局)|"
    r"(?<![结格布当全大])局(?![面势限部层])|委(?![托派屈员任书])|(?<![检部])署(?!名)|"
    r"(?<![全内外东西南北中局干总合])部(?![门分署长落件位队委级际])"
)
_ZH_BODY = re.compile(
    rf"(?:(?<!{_H})|(?<=[和与及]))(?:中共|各市（州）)?{_H}{{1,24}}?(?:{_ZH_ENDING})"
    rf"(?:办公厅|办公室|研究室|组织部|宣传部|统战部|政法委|{_H}{{2,6}}分行)?"
)
# What a sentence does to a body, and words between a body and what goes before it.
_ZH_BEFORE = re.compile(
    r"^(?:支持|鼓励|要求|建议|推动|会同|联合|指导|按照|根据|依托|经|据|报|请|和|与|及|等|各级|有关|相关|其他)+"
)
_EN_BODY = re.compile(
    r"(?:[A-Z][\w'’-]+ (?:and (?=[A-Z]))?)*?"
    r"(?:Department|Ministry|Bureau|Commission|Committee|Office|Administration|Federation|Council|"
    r"Congress|Bank|Association|Agency|Chamber|Court|Authority)\b"
    r"(?: (?:of|for|on) (?:the )?[A-Z][\w'’-]+"
    r"(?: (?:(?:and |of )(?:the )?)?(?!Department|Ministry|Bureau|Commission)[A-Z][\w'’-]+)*)?"
)
_ARTICLE = re.compile(r"^(?:The|Both|All|And) ")

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗"
    "凤俞任袁柳史唐费廉岑薛雷贺倪汤罗毕郝邬安常傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄贝戴宋庞熊纪舒"
    "屈项祝董梁杜阮蓝闵季贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍万柯卢莫房丁邓洪石崔龚程陆翁段侯武刘龙"
    "叶黎白蒲赖乔谭温庄柴瞿阎习易廖耿匡欧聂曾关游"
)
_ZH_TITLE = (
    r"(?:副|总|代)?(?:部长|主任|书记|省长|市长|州长|县长|区长|厅长|局长|处长|科长|司长|校长|院长|会长|"
    r"理事长|董事长|总经理|经理|主席|总理|秘书长|教授|研究员|院士|博士|记者|发言人|专员)"
)
_SAID = r"(?:说|表示|介绍|认为|指出|强调|透露|解释|称(?!为|号))"
_NAME = rf"(?P<name>[{_SURNAMES}][一-鿿]{{1,2}})"
_PAREN = r"(?:（[^（）]{1,40}）)?"
_ZH_PEOPLE = (
    # 白秀平说, 据白秀平介绍
    re.compile(rf"(?:(?<![一-鿿])|(?<=[据长记授席者任员人由]))(?:据)?{_NAME}{_PAREN}(?={_SAID})"),
    # 习近平总书记, 白秀平（…）为中共山西省委组织部副部长
    re.compile(
        rf"(?:(?<![一-鿿])|(?<=[据长记授席者任员人由称])){_NAME}{_PAREN}"
        rf"(?=(?:(?:为|是|任|担任)[一-鿿]{{0,24}}?)?{_ZH_TITLE})"
    ),
    # 副部长白秀平, 记者为李新锁, 联系人：李明
    re.compile(
        rf"(?:{_ZH_TITLE}|联系人|负责人|摄影者?)(?:为|是|：|:)?{_NAME}"
        rf"(?=[（，。、；]|$|{_SAID}|[对就在于出主])"
    ),
)
# Words that begin with a character that is a surname too.
_NO_NAME = re.compile(
    r"^(?:方面|时间|高层|高校|金融|安全|常务|康养|万人|关于|关键|有关|任何|何人|何时|许多|江苏|白酒|"
    r"温馨|平台|文章|章程|项目|计划|石油|石化|华中|华东|华北|马上|常态|易于|余额|余人|游客|程序|段落)"
)
_EN_WORD = r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)?"
_EN_PERSON = rf"(?P<name>{_EN_WORD}(?: {_EN_WORD}){{1,2}})"
_EN_TITLE = (
    r"(?:[Dd]eputy |[Vv]ice[ -]|[Gg]eneral |[Pp]arty |[Ee]xecutive )*"
    r"(?:[Hh]ead|[Mm]inister|[Ss]ecretary|[Dd]irector|[Gg]overnor|[Mm]ayor|[Pp]resident|"
    r"[Cc]hair(?:man|woman|person)?|[Cc]hief|[Rr]eporter|[Pp]rofessor|[Ss]pokes\w+|[Oo]fficial|"
    r"[Pp]hotographer)"
)
_EN_SAID = r"(?:said|says|stress(?:ed|es)|explain(?:ed|s)|linked|noted|stated|told|added|wrote)"
_EN_PEOPLE = (
    re.compile(rf"\b{_EN_PERSON}(?=,? {_EN_SAID}\b)"),
    re.compile(
        rf"\b{_EN_PERSON}"
        rf"(?=,? (?:(?:is|was) )?(?:named [\w ]{{0,30}}as )?(?:the |a )?{_EN_TITLE}\b)"
    ),
    re.compile(rf"\b(?:{_EN_TITLE},? |[Aa]ccording to |[Tt]aken by |[Ww]ritten by ){_EN_PERSON}"),
)
_EN_NO_NAME = re.compile(
    r"\b(?:The|This|It|Department|Ministry|Bureau|Commission|Committee|Office|Province|Provincial|City|"
    r"Resources|Human|Security|Opinions|Measures|Plan|Notice|Republic|Network|Agency|News|Secretary|General|"
    r"Party|Deputy|According|Under)\b"
)
_PLACES = frozenset({**PROVINCES, **DIVISIONS})
_PLACES_EN = frozenset({*PROVINCES.values(), *DIVISIONS.values()})


def bodies(text: str) -> list[str]:
    """The public bodies that a text names, each once, in order.

    >>> bodies("四川省教育厅、财政厅和商务厅联合印发。")
    ['四川省教育厅', '财政厅', '商务厅']
    >>> bodies("The Ministry of Commerce is one of five bodies.")
    ['Ministry of Commerce']
    """
    found = []
    for match in _ZH_BODY.finditer(text):
        name = _ZH_BEFORE.sub("", match[0])
        if len(name) > 2 or name[:-1] in _PLACES:
            found.append((match.end() - len(name), name))
    for match in _EN_BODY.finditer(text):
        name = _ARTICLE.sub("", match[0])
        if " " in name:
            found.append((match.start(), name))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def people(text: str) -> list[str]:
    """The people that a text names, each once, in order.

    >>> people("据白秀平介绍，省委书记骆惠宁说过。"), people("Bai Xiuping said so.")
    (['白秀平', '骆惠宁'], ['Bai Xiuping'])
    """
    return list(dict.fromkeys(text[slice(*span)] for span in sorted(_people(text))))


def _people(text: str) -> Iterator[Span]:
    for pattern in _ZH_PEOPLE:
        for match in pattern.finditer(text):
            name = match["name"]
            if not _NO_NAME.match(name) and name not in _PLACES and not _ends_oddly(name):
                yield match.span("name")
    for pattern in _EN_PEOPLE:
        for match in pattern.finditer(text):
            words = match["name"].split()
            if not _EN_NO_NAME.search(match["name"]) and not _PLACES_EN.intersection(words):
                yield match.span("name")


def _ends_oddly(name: str) -> bool:
    """Whether the last character belongs to what follows a name, or to no name at all."""
    return name[-1] in "的了是为说等及和与也还就都曾已将要会对在部厅局委门方者所报道职"
