"""How people answer a question that was put to them: yes, no, which one, not sure.

Patterns only, in both languages; `reading.py` says what they mean together.
"""

from __future__ import annotations

import re

CORRECTS = re.compile(
    r"^\W*(?:(?:不对|我?说错了|错了|更正一下|更正|抱歉|对不起|其实|应该是|哦|噢|嗯)[\s，,。.!！]*"
    r"|(?:actually|sorry|correction|wait|i mean|i meant|oh|well|um|hmm|i think|i guess)\b"
    r"[\s,.:!]*)+",
    re.IGNORECASE,
)
UNSURE = re.compile(
    r"不知道|不确定|不清楚|不太清楚|说不[准好]|可能|也许|不一定"
    r"|\b(?:don't know|do not know|not sure|unsure|no idea|maybe|perhaps|depends|not certain"
    r"|can't say)\b",
    re.IGNORECASE,
)
ASKS_BACK = re.compile(
    r"[?？]\s*$|什么意思|是指|^\W*(?:what|which|why|how|who)\b|什么是|怎么|为什么",
    re.IGNORECASE,
)
YES = re.compile(
    r"^\W*(?:是的?|对的?|有的?|会的?|能的?|可以|没错|当然|已经|符合|属于|算的?|肯定|的确|确实|要的?|也是"
    r"|都有|都是)(?![没不])"
    r"|^\W*(?:yes|yeah|yep|yup|sure|correct|right|true|of course|definitely|certainly|absolutely"
    r"|indeed|(?:i|we|he|she|they|it|both|all)(?: both| all)?"
    r" (?:do|does|am|are|is|have|has|did|was|were|can|will)(?! not|n't)"
    r"|i'm|we're|(?:he|she|it)'s(?! not))\b",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:不|没(?!错)|否|无|未|尚未|还没|并非|并没|从未|从没|都不|都没)"
    r"|^\W*(?:no|nope|nah|not|never|none|neither|false"
    r"|(?:i|we|he|she|they|it)(?: both| all)?"
    r" (?:do|does|am|are|is|have|has|did|was|were|can|will|could)(?: not|n't)"
    r"|(?:i|we|they|he|she|it) (?:don't|haven't|can't|won't|aren't|doesn't|isn't|hasn't)"
    r"|(?:i'm|we're|he's|she's|it's|they're) not)\b",
    re.IGNORECASE,
)
NONE_OF_THEM = re.compile(
    r"^\W*(?:以上)?(?:都不是|都没有|没有|均不是|一个都不|哪个都不|无)"
    r"|^\W*(?:none|neither|no(?:ne)? of (?:these|them|the above)|nothing)\b",
    re.IGNORECASE,
)
ANOTHER = re.compile(
    r"^\W*(?:是|我说的是)?(?:别的|其他|其它|另外|另一)"
    r"|^\W*(?:an?other|some ?(?:thing|other)|other)\b",
    re.IGNORECASE,
)
MERE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|well|and|but|so)\W+)?(?:yes|yeah|yep|no|nope|maybe|perhaps"
    r"|(?:i'm )?not sure|(?:i )?(?:don't|do not) know|no idea|skip|next|pass|and now"
    r"|why(?: not| so)?|ok(?:ay)?)\W*$"
    r"|^\W*(?:那|但)?(?:是的?|对的?|有的?|没有|不是的?|不|否|不知道|不清楚|不确定|可能|也许|跳过|下一个|然后呢|嗯+|好的?"
    r"|为什么(?:不行|不能|不符合|呢)?)\W*$",
    re.IGNORECASE,
)
SUPPOSES = re.compile(
    r"^\W*(?:(?:and|but|so|then|那么?)[\s,，]+|那么?(?![个些种里边]))?"
    r"(?:(?P<if_zh>如果|要是|假如|假设|若是)|(?P<if_en>(?:what )?if|suppose|supposing|assuming)\b"
    r"|(?:what|how) about\b|换(?:成|作|到)|(?=.{2,6}呢\W*$))"
    r"\s*(?P<rest>.+?)(?:的话)?呢?[^\w》”\"）)]*$",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"^\W*(?:没有?过?|从未|从没|无|零)\W*$"
    r"|^\W*(?:no|none|never|zero|nothing|not at all|not any)\W*$",
    re.IGNORECASE,
)
ORDINALS = tuple(
    rf"第\s*(?:{zh}|{n}(?!\d))|^\W*选?{zh}(?:号|项|个)?\W*$"
    rf"|\b{nth}\b|\b{n}(?:st|nd|rd|th)\b|\b(?:number|option|choice) (?:{n}|{cardinal})\b"
    rf"|^\W*{cardinal}\W*$"
    for n, (zh, nth, cardinal) in enumerate(
        (
            ("一", "first", "one"),
            ("二", "second", "two"),
            ("三", "third", "three"),
            ("四", "fourth", "four"),
            ("五", "fifth", "five"),
            ("六", "sixth", "six"),
            ("七", "seventh", "seven"),
            ("八", "eighth", "eight"),
        ),
        start=1,
    )
)
LAST = re.compile(
    r"最后一?[个项种]|后者|\blast (?:one|option|choice)\b|^\W*the (?:last|latter)\W*$",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"^\W*(?:选|第|option|choice|number|no\.?|#)?\s*(\d{1,2}|[a-h])(?:号|项|个|种|条)?\W*$",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
MUTE = frozenset(
    {
        *"的是我们了在和或个一",
        *("a", "an", "the", "of", "or", "and", "is", "are", "it", "i"),
        *("we", "am", "my", "our", "in", "to", "for", "one", "at"),
    }
)
