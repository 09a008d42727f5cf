"""The words by which a question is understood: intents, kinds of answer, follow-ups.

Patterns only, in both languages; `understand.py` says what they mean together.
"""

from __future__ import annotations

import re

from assistant.questions import Intent, Wants

INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "greeting",
        re.compile(
            r"^\W*(?:你好|您好|嗨|哈喽|早上好|下午好|晚上好|在吗|hi|hello|hey|good (?:morning|afternoon|evening))"
            r"(?:啊|呀| there)?\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"^\W*(?:(?:好的|明白(?:了|啦)|知道了|收到)?[，,。！\s]*(?:(?:非常|多|太)?(?:谢谢|感谢)(?:你|您|了|啦)*|再见|拜拜|好的|明白(?:了|啦)|知道了|收到)|"
            r"(?:ok(?:ay)?|great|perfect|got it)?\W*(?:thanks|thank you|thx|cheers|bye|goodbye|ok(?:ay)?|great|perfect)(?: (?:so|very) much| a lot)?)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"^\W*(?:(?:请问)?(?:你|您)(?:是谁|是什么|叫什么|能做什么|会什么|可以做什么|能帮我(?:做)?什么)\w{0,4}|"
            r"(?:who|what) are you|what can you do(?: for me)?|how do you work|help)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "abuse",
        re.compile(
            r"(?:傻[逼屄叉]|操你|去死|滚蛋|王八蛋|\bfuck (?:you|off)\b|\bidiot\b|\basshole\b|"
            r"(?:忽略|无视|忘记|忘掉|不要理会)(?:之前|以上|上面|前面|上述|所有|你)的?.{0,8}(?:指令|提示|规则|要求)|"
            r"(?:输出|显示|告诉我|打印|重复).{0,6}(?:系统提示|提示词|system prompt)|"
            r"\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|above|prior|earlier|system)? ?"
            r"(?:instructions|prompts?|rules)\b|"
            r"\b(?:print|show|reveal|repeat|output) (?:me )?(?:your |the )(?:system |hidden )?prompt\b)",
            re.IGNORECASE,
        ),
    ),
)

WANTS: tuple[tuple[Wants, re.Pattern[str]], ...] = (
    (
        "amount",
        re.compile(
            r"多少(?:钱|元|万元|补贴|资金|补助)|(?:补贴|补助|奖励|资助|金额|标准|费|费用)(?:是|有|要)?多少|几(?:万|千|百)?元|"
            r"费用|收费|手续费|价格|年薪|月薪|工资|薪水|多少万|几十万|贷多少|补几|发多少钱|租金|"
            r"\b(?:fees?|costs?|price|salary|wages?|in yuan|how many yuan|rent|loans?)\b|\bearn a\b|"
            r"\bhow much\b|\bwhat (?:amount|sum)\b|\b(?:amount|size) of (?:the )?(?:subsidy|grant|allowance|bonus)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            r"什么时候|何时|哪(?:一)?[年月天日]|几月|几号|截止|多久|多长时间|期限|日期|"
            r"(?:^|[.?!,;:] |\b(?:and|by|since|until|till) )when\b|\b(?:what|which) (?:date|day|year|month)\b|\b(?:deadline|due date)\b|\bhow long\b",
            re.IGNORECASE,
        ),
    ),
    (
        "count",
        re.compile(
            r"多少|(?<!哪)几(?:个|家|项|条|场|人|名|次|类|章)|\bhow many\b|\bwhat (?:number|percentage|share|proportion)\b|"
            r"占比|比例|百分之几",
            re.IGNORECASE,
        ),
    ),
    (
        "who",
        re.compile(
            r"谁|哪(?:些|几|[一二三四五六七八九十两\d]+)?(?:个|家)?(?:部门|单位|机构|厅局|主体)|由(?:哪|什么)|牵头|发文(?:机关|单位|部门)|"
            r"(?:^|[.?!,;:] )who\b|\bwhom\b|\bwhich (?:\w+ )?(?:departments?|bod(?:y|ies)|agenc(?:y|ies)|ministr(?:y|ies)|"
            r"authorit(?:y|ies)|organi[sz]ations?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "list",
        re.compile(
            r"哪些|哪几|哪[一二三四五六七八九十两\d]+(?:个|项|条|类|点|方面)|(?:有|给|提供|享受|获得|得到|包括|包含)什么|什么(?:支持|措施|政策|待遇|好处|福利|内容|任务|目标|条件|服务|优惠|举措)|"
            r"列出|列举|分别|有何|方面|"
            r"\bwhich\b|\blist\b|\bname (?:the|all)\b|\bwhat (?:are|were|do|does|kinds?|types?|sorts?|support|measures?|benefits?|"
            r"steps|tasks|targets|goals|areas|aspects|services|help|can|could)\b",
            re.IGNORECASE,
        ),
    ),
    ("where", re.compile(r"哪里|哪儿|何处|什么地方|在哪|\bwhere\b", re.IGNORECASE)),
    (
        "yes_no",
        re.compile(
            r"(?:吗|是不是|是否|能不能|可不可以|可否|能否|有没有|对吧|对不对)|"
            r"^\W*(?:is|are|was|were|do|does|did|can|could|may|will|would|should|has|have|must)\b|"
            r"(?:, ?|\b)(?:right|correct|true|(?:is|are|was|were|has|have|do|does|did|will|can)n['’]t (?:it|they|there))\W*$",
            re.IGNORECASE,
        ),
    ),
)

POLICY_WORDS = re.compile(
    r"政策|补贴|补助|津贴|资助|奖励|扶持|税|减免|优惠|措施|办法|意见|通知|规定|申请|申报|企业|人才|就业|创业|落户|户籍|"
    r"居留|签证|社保|保险|产业|园区|人力资源|招聘|培训|部门|厅|局|绿卡|住房|公积金|"
    r"\b(?:polic(?:y|ies)|subsid\w*|grants?|allowances?|tax\w*|incentives?|measures?|opinions|notice|eligib\w+|"
    r"appl(?:y|ication)|enterprises?|talents?|employ\w*|visas?|residen\w+|permits?|insurance|pension|industr\w+|"
    r"human resources?|recruit\w*|training|departments?|ministry|bureau|green card|province|government|sichuan|shanxi)\b",
    re.IGNORECASE,
)

FOLLOW_UP = re.compile(
    r"^\W*(?:那么?|还有|另外|以及|再说|它|他们|这个|那个|这些|那些|该|其)|呢\W*$|"
    r"^\W*(?:and|what about|how about|also|but what|then)\b|"
    r"\b(?:it|its|they|them|their|those|that one|this one|there|he|she|his|her)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^\W*(?:那么?|还有|另外|以及|请问|(?:and|what about|how about|also|but|then)\b)[\s,，]*",
    re.IGNORECASE,
)
CLOSING = re.compile(r"(?:的|又)?(?:呢|怎么样|如何|怎样)?\W*$")
KIN_EN = re.compile(
    r"\b(?:my|the|their|our) (?:\w+ )?(spouse|wife|husband|partner|children|child|kids?|son|daughter|parents?|family)\b",
    re.IGNORECASE,
)
KIN_ZH = re.compile(r"配偶|爱人|妻子|丈夫|老婆|老公|子女|孩子|小孩|儿子|女儿|父母|家属")

LEVEL_ZH = re.compile(r"国家级|省级|市级|县级|乡级")
LEVEL_EN = re.compile(r"\b(?:national|provincial|municipal|county)(?:-level)?\b", re.IGNORECASE)

# A question of several parts wants more than one sentence.
COMPOUND = re.compile(
    r"(?:多少|哪|什么|谁|几|怎|如何|何时|是否).*[，,；;、和及].*(?:多少|哪|什么|谁|几|怎|如何|何时|是否)|各自|分别|各是|各有|"
    r"\b(?:and|,) (?:which|what|how|who|whom|when|where|why|by (?:when|what))\b|\beach\b|\brespectively\b|"
    r"\bin what (?:\w+ )?(?:respects|ways|aspects)\b|\b(?:two|three|four|five|six|seven|eight) (?:things|respects|ways|reasons|kinds|parts)\b",
    re.IGNORECASE,
)
