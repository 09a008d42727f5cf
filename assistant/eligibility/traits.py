"""Nationality, gender and name: what nothing is inferred from.

Words are looked at alone. It is not told whether a person has a trait, only whether words say
anything beside traits.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.eligibility.facts import Fact

__all__ = ["asks_for_a_trait", "only_traits"]

_COUNTRIES_ZH = (
    "中国|美国|英国|德国|法国|日本|韩国|朝鲜|俄罗斯|加拿大|澳大利亚|新西兰|印度尼西亚|印尼|印度|巴基斯坦|孟加拉"
    "|意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|挪威|丹麦|芬兰|波兰|捷克|奥地利|匈牙利|罗马尼亚|希腊|土耳其|乌克兰"
    "|白俄罗斯|以色列|伊朗|埃及|南非|尼日利亚|肯尼亚|埃塞俄比亚|巴西|阿根廷|智利|墨西哥|古巴|新加坡|马来西亚|泰国"
    "|越南|菲律宾|缅甸|老挝|柬埔寨|尼泊尔|斯里兰卡|蒙古|哈萨克斯坦|沙特|爱尔兰"
)
# Countries and their people: `german` is both Germany and Germans.
_STEMS_EN = (
    "american|british|german|japan|korea|russia|canad|australia|new zealand|india|indonesia"
    "|pakistan|bangladesh|ital(?=y|ian)|portug|belgi|switzerland|swed(?=e)|norw(?=ay|eg)|denmark|austria"
    "|hungar|romania|ukrain|belarus|israel|iran|egypt|south africa|africa|europe|asia(?=ns?)"
    "|nigeria|kenya|ethiopia|brazil|argentin|chile|mexic|cuba|singapore|malaysia|thai|vietnam|filipin"
    "|philippine|nepal|mongolia|kazakh|saudi|foreign"
)
_NAMES_EN = (
    "china|chinese|usa?|britons?|britain|english|scottish|scots?|welsh|french|france|spain|spanish"
    "|dutch|netherlands|swiss|danes?|danish|finns?|finnish|finland|poles?|polish|poland|czechs?"
    "|greeks?|greece|turks?|turkish|turkey|irish|ireland|burmese"
)
_ZH = re.compile(
    rf"(?:{_COUNTRIES_ZH}|[德美英法日韩俄加澳中外])(?:国)?(?:人|籍|国籍|公民|护照|女士|先生)?|国籍|外国人?|民族|[\u4e00-\u9fff]族"
    r"|先生|女士|小姐|姑娘|小伙子?|性别|男性?|女性?"
    r"|(?:我?的?(?:名字|姓名)(?:叫|是)?|我叫|叫做?|姓)[\u4e00-\u9fff·]{1,4}"
)
_EN = re.compile(
    rf"\b(?:(?:{_STEMS_EN})[a-z]*|{_NAMES_EN}|nationals?|nationality|citizens?(?:hip)?|passports?"
    r"|ethnic(?:ity)?|born|native|(?:wo)?m[ae]n|males?|females?|girls?|boys?|lad(?:y|ies)|guys?"
    r"|gentlem[ae]n|gender|mr|mrs|ms|miss|sir|madam)\b"
    r"|\b(?:my name(?: is|'s)|call me|i am called|named)\s+[\w'-]+(?-i:(?: [A-Z][\w'-]+){0,2})",
    re.IGNORECASE,
)
_MUTE = re.compile(
    r"[我是的你您咱们俺也一名位个了在和与有叫来自从这那他她它本人\W_]+"
    r"|\b(?:i|am|m|we|are|re|is|s|you|he|she|it|they|my|our|his|her|their|me|us|an?|the|and|or|of|in"
    r"|from|as|by|to|also|was|be|been|hold|have|has|name|dr|hello|hi)\b",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(
    r"国籍|籍贯|性别|姓名|民族|\b(?:national(?:ity)?|citizen(?:ship)?|gender|sex|ethnic(?:ity)?)\b",
    re.IGNORECASE,
)


def only_traits(words: str) -> bool:
    """Whether words say nothing beside somebody's nationality, gender or name.

    >>> only_traits("I am German"), only_traits("我是德国人"), only_traits("a German company")
    (True, True, False)
    """
    plain = unicodedata.normalize("NFKC", words).replace("’", "'")
    rest = _EN.sub(" ", _ZH.sub(" ", plain))
    return not _MUTE.sub(" ", rest).strip()


def asks_for_a_trait(fact: Fact) -> bool:
    """Whether a fact is such a trait itself, so that stating the trait answers it."""
    return any(_ASKS_FOR.search(label) for label in fact.label.values())
