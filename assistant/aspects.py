"""What a question asks about a measure that can only be told by its name: an age, a fee, a licence.

A passage on the very measure that never mentions the aspect does not answer. Knows the words of
public support measures in Chinese and English; whether a passage is on the matter is for whoever
chose it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.instructions import is_question
from index.lexical import simplified
from index.sentences import sentence_spans

__all__ = ["asked_aspects", "unmentioned"]

# Words by which an aspect is asked after, in Chinese and in English, and further words that tell
# of it.
_WORDS = (
    # money
    (
        "收费|免费|手续费|学费|会费|年费|租金|押金|(?:交|花|付|掏|收|要)(?:不要|多少)?钱",
        "fees?|(?:for|is it|are they|be) free|tuition|rent(?:al)?|deposit|cost anything",
        "费用|租|自付|付钱|free|charge",
    ),
    (
        "补贴|补助|津贴|奖金|奖励|安家费",
        r"subsid(?:y|ies|ised)|(?:an?|any|cash|get|receive) (?:\w+ )?grants?|"
        r"grants? (?:per|for|of)|allowances?|bonus(?:es)?|seed money|settling-in",
        "补|奖|津贴|资助|资金|报酬|薪|salar|award|reward|fund|financ",
    ),
    ("报销|给报", r"reimburse\w*", "费用|expens|cost"),
    ("税(?!务)", "tax(?:es|ed|able|ation)?(?! (?:office|bureau|authorit))", ""),
    (
        "贷款|利率|利息|贴息|融资担保|抵押",
        r"loans?|interest (?:rate|subsid\w+)|collateral",
        "信贷|credit",
    ),
    (
        "资金来源|经费|拨款|谁出钱|怎么出钱",
        "funding|budget (?:for|line)|who (?:funds|finances)|funds? back",
        "资金|财政|出资|金融|负责|fund|financ|pay|paid|dut(?:y|ies)",
    ),
    (
        "五险|公积金|医保|养老保险|生育险|工伤",
        "provident fund|pensions?|medical insurance|maternity",
        "社会保险|社保|social insurance",
    ),
    ("保证金|违约金|赔", r"compensated|indemnit\w+", "补偿"),
    ("加班费|拖欠", "overtime|unpaid wages|owed wages", ""),
    ("利润|分红", "profits?|dividends?", "收益|盈利"),
    # who it is for
    (
        "年龄|周岁|(?<![0-9一二三四五六七八九十])岁|多大(?:年纪|岁数)",
        "ages?(?! of the)|how old (?:must|do|should|can|may|is my|are my|am)",
        "岁|years? old|aged",
    ),
    (
        "学历|学位(?!点)",
        "(?:bachelor|master|doctoral|university|college) degrees?|diplomas?",
        "本科|硕士|博士|大专|degree|doctor|academic|credential",
    ),
    ("退役|退伍|军人", r"veterans?|ex-service\w*", ""),
    ("残疾|自闭症", r"disab\w+|autis\w+|deaf", ""),
    ("女性|妇女|女工|宝妈", "women|females?", "女"),
    ("外资|外商|台资|港资|合资", "foreign-(?:invested|owned)|joint ventures?", "境外|foreign"),
    ("港澳|香港|澳门|台湾", r"Hong Kong|Macau|Macao|Taiwan\w*", ""),
    (
        "大学生|毕业生|应届|在校生|留学生",
        "graduates|students|undergraduates?",
        "学生|毕业|高校|校园|graduat|student|campus|universit|college",
    ),
    ("退休", "retire(?:d|ment|es)?|pensioners?|pension age", ""),
    ("个体户|自由职业|灵活就业|微商", r"freelanc\w+|self-employed|sole traders?", "灵活|个体"),
    ("实习", "interns?|internships?", "trainee|apprentice|见习"),
    ("农民工", "migrant workers?", "务工|农村|劳务|rural|labour"),
    ("父母|岳父|岳母|公婆|老人", "parents|mother|father|in-laws", "家属|famil"),
    ("离婚|再婚|结婚|未婚", r"divorce\w*|remarri\w+|unmarried", ""),
    (
        "国籍|华裔|华人|华侨",
        "nationality|citizenship|ethnic Chinese|passport",
        "外籍|外国|国内外|foreign|abroad|overseas",
    ),
    ("少数民族|彝族|藏族", r"ethnic minorit\w+", "民族"),
    ("央企", "central state enterprises?|centrally owned", "国有|state-owned"),
    ("规上|规模以上", "above (?:a )?(?:certain|designated) (?:size|turnover)", "规模"),
    # what has to be met, shown or done
    (
        "HSK|雅思|托福|普通话|(?:中文|英语|外语|语言)(?:水平|要求|能力|要)",
        "HSK|IELTS|TOEFL|Mandarin|Chinese lessons|language (?:tests?|requirements?|skills?)",
        "语言|language",
    ),
    (
        "考试|笔试|面试(?=吗|答辩|成绩)|中考|高考(?:报名|加分|的)|异地高考",
        "exams?|examinations?|gaokao",
        "考|试|test",
    ),
    ("学籍|插班|转学", "school record|change schools?|switch schools?", "转"),
    ("体检|色盲|恐高|健康", "medical checks?|check-?up|health requirements?", "医"),
    ("无犯罪|犯罪记录", "criminal record|police check", ""),
    (
        "(?:申请|申报|证明|哪些|什么|啥|交)(?:的)?材料|复印件|申请表|样表|模板|范本|合同",
        "templates?|(?:application|which) forms?|"
        r"(?:which|what) (?:documents|papers) (?:do|are needed|must|should|have|need|to)|"
        r"photocop\w+|(?:model|written) contracts?|contract length|what proof",
        "材料|证明|证件|协议|certificate|agreement",
    ),
    ("证书|发证", "certificates?", "证|资格|qualif"),
    ("上市", "stock exchange|go public|listed on|listing", ""),
    ("召集人|组长", "convenes?|chairs|chairperson", "召集|组长|牵头|主任|lead|head"),
    ("生育|生孩子", "childbirth|birth costs?|baby", ""),
    ("双语|国际学校|英语授课", "teach in English|bilingual|international schools?", ""),
    ("许可证|执照|牌照|驾照|资质", r"licen[cs]\w+", "许可|资格|permit|qualif"),
    ("签证|工作许可", "visas?|work permits?", "居留|许可|residence"),
    ("环评", "environmental (?:impact|assessment)", "环境影响"),
    (
        "名额|上限|限额|封顶",
        "quotas?|upper limit|caps? on",
        "限|不超过|不少于|左右|最多|人次|limit|at (?:most|least)|about|up to|times",
    ),
    (
        "处罚|罚款|惩罚|违约|处分|追责|问责|追回",
        r"penalt\w+|penali[sz]\w+|fined|sanctions?|pay (?:it |them )?back",
        "罚|违|责|追|accountab",
    ),
    (
        "申诉|复议|投诉|举报|异议|复核",
        r"appeals?|(?:file|lodge|make) a complaint|where (?:can|do|should) (?:I|we) complain|"
        "review of a rejected",
        "维权|dispute|rights",
    ),
    ("仲裁|纠纷|欠薪", r"arbitrat\w+|disputes?", "维权|rights"),
    ("续签|续期|延期|续办|换发", "renew (?:it|my|the)|renewals?|extensions?", "续|延"),
    ("服务期|服务年限|试用期", "service period|minimum service|probation", "years of service"),
    (
        "户口|落户(?:条件|要|吗|政策|补贴|怎么|太原|成都)|(?:人才|能|给|能不能)落户",
        "hukou|household registration",
        "户",
    ),
    ("隐私|个人信息|脱敏", "privacy|personal data", "信息安全|protect"),
    ("工作经验|从业年限", "years of experience|work experience", "经验|年限|experience"),
    ("抽签|投票|评委|反对票", "jury|voted|votes|lottery|judges", "评审|评选|审议|review|adopted"),
    (
        "打分|评分|星级|分级|加分",
        "scor(?:ed?|ing)|star system|graded|credit ratings?|extra points",
        "评价|等级|evaluat|level",
    ),
    (
        "验收|怎么考核|考核标准|绩效",
        r"assessed|performance checks?|audit\w*",
        "评|督|检查|通报|supervis|inspect|evaluat|review",
    ),
    # where, when, how often, how large, in what order
    (
        "多久一次|频率|隔多久",
        "how often|how frequently|how regularly",
        "每|定期|常态|按月|年度|季|次|times|each|every|per|annual|"
        "yearly|monthly|quarterly|regular|a year",
    ),
    (
        "面积|占地|多少亩|平方米|平米",
        r"floor space|floor area|square met\w+|acres|hectares",
        "亩|平方",
    ),
    ("平均(?!用力)|人均", "on average|average|per capita|median", ""),
    (
        "第几(?:名|位)",
        r"(?:exact |national |provincial )?rank(?:ing)?(?= (?:does|do|did|is|was|has)\b)",
        r"第[一二三四五六七八九十\d]+[名位]|首位|居首|ranked|number one|top of",
    ),
    ("排名|名次|垫底", "rankings|ranked|league table|top-ten", "排|列第|首位|梯队|first"),
    (
        "几点(?:钟|开|上|下|关)|上班时间|开门|营业时间|周末(?:开|上|能|可)|晚上",
        "opening hours|office hours|(?:at|on) weekends?|evenings?",
        "时间|hours",
    ),
    ("地址|门牌|几楼", "street|postal address|which floor", "位于|located|设在|address"),
    (
        "下载|二维码|小程序|(?<![a-z])APP(?![a-z])",
        r"download\w*|QR code",
        "网|平台|http|website|platform",
    ),
    ("视频", r"videos?|recordings?", ""),
    ("英文版|日文版|译本", "English (?:version|text|translation)|translated", "英文|译|English"),
    ("邮箱|电子邮件", "e-?mail", ""),
    ("多少字|几页|页数|篇幅", "how many (?:pages|words)", ""),
    ("版权|转载", r"copyright\w*|reprint\w*", ""),
    # living
    ("家具(?!厂)|暖气|取暖|物业费|停车", "furniture|furnished|heating|parking|utilities", ""),
    (
        "宿舍|食宿|伙食|午餐|住宿|住校",
        r"dormitor\w+|boarding|meals?|lunch|staff housing",
        "住|房|hous|flat",
    ),
    ("看病|就医|医疗(?!器械)|养老", "medical|health ?care", "医|养老|保险|health|insurance"),
    (
        "通勤|机票|车费|路费|公交|地铁",
        r"travel costs?|commut\w+|flights?|buses|bus",
        "交通|旅费|travel|transport",
    ),
    ("买房|购房|商品房|公积金", "buy (?:a |an )?(?:flat|home|house)|mortgages?|developers?", "房"),
    ("年假|产假", "annual leave|paid leave|maternity leave", "假"),
    ("宠物|养狗|养猫", "pets?", ""),
    ("知识产权|专利", "patents?|intellectual property|ownership", "产权|权属|owner|IP rights"),
)


def _one_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(filter(None, words)), re.IGNORECASE)


_ASPECTS = tuple(
    (_one_of(zh, rf"\b(?:{en})\b"), _one_of(zh, rf"\b(?:{en})\b", told)) for zh, en, told in _WORDS
)


def asked_aspects(question: str) -> list[str]:
    """The words by which a question asks after an aspect, in its sentences that ask.

    >>> asked_aspects("山西绿卡有年龄限制吗？"), asked_aspects("Is there a fee for the green card?")
    (['年龄'], ['fee'])
    """
    return [word for word, _ in _asked(question)]


def unmentioned(question: str, told: str) -> str | None:
    """An aspect that a question asks after and that what is told does not mention, as it is asked.

    Args:
        question: The question.
        told: The sections that the answer is taken from.
    """
    words = simplified(told)
    return next((word for word, tells in _asked(question) if not tells.search(words)), None)


def _asked(question: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    parts = [question[slice(*span)] for span in sentence_spans(question)]
    asking = [part for part in parts if is_question(part)] or parts[-1:]
    for part in asking:
        words = simplified(part)
        for asked, tells in _ASPECTS:
            if found := asked.search(words):
                yield part[slice(*found.span())], tells
