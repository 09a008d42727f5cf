"""The assistant's own words, in both languages: introductions, refusals, notices.

Templates only; what a policy says never stands here.
"""

from __future__ import annotations

from assistant.questions import Lang, Script
from index.lexical import traditional

TEXTS: dict[str, dict[Lang, str]] = {
    "greeting": {
        "zh": "您好！我根据已载入的政策文件回答问题，每句话都注明出处。请直接提问。",
        "en": "Hello! I answer from the policy documents that were loaded, with the source of every "
        "sentence. Ask away.",
    },
    "thanks": {
        "zh": "不客气。还有其他政策问题，请继续提问。",
        "en": "You are welcome. Ask on if anything else about the policies is unclear.",
    },
    "about": {
        "zh": "我是政策问答助手：用中文或英文问一项政策措施，我用文件原话回答并标出所在段落；文件没有写的，我会直说。"
        "我不提供法律意见，也不代办申请。",
        "en": "I am a policy assistant: ask about a measure in Chinese or English, and I answer in the "
        "documents' own words and show the passage. Where they do not say, I tell you so. I give no "
        "legal advice and file no applications.",
    },
    "abuse": {
        "zh": "这个请求我不能照办。如有政策方面的问题，我很乐意回答。",
        "en": "I cannot do that. I am glad to answer questions about the policies.",
    },
    "complaint": {
        "zh": "抱歉，没有帮到您。请告诉我哪一处不对，或换个说法、写明政策名称和地区再问一次，我会重新查找并附上原文出处。",
        "en": "I am sorry that this was no help. Tell me what is wrong, or ask again naming the policy and the "
        "place; I will search again and show the source.",
    },
    "person": {
        "zh": "我是自动问答，不能转接人工，也不能代办申请或提供法律代理。请联系政策的发文部门或当地政务服务窗口；"
        "要准备的条件和依据，可以先问我。",
        "en": "I answer automatically: I cannot put you through to a person, file an application or represent "
        "you. Please turn to the body that issued the policy or to the local government service counter; "
        "what the documents say on conditions you can ask me first.",
    },
    "off_topic": {
        "zh": "这个问题不在已载入的政策文件范围内。我只回答这些文件中的政策问题。",
        "en": "That is outside the policy documents that were loaded. I answer questions about those "
        "policies only.",
    },
    "unanswerable": {
        "zh": "已载入的文件没有说明这一点。",
        "en": "The documents that were loaded do not say.",
    },
    "no_amount": {
        "zh": "文件写到了相关内容，但没有给出金额：",
        "en": "The documents touch on this but state no amount of money:",
    },
    "no_date": {
        "zh": "文件写到了相关内容，但没有给出所问的日期或期限：",
        "en": "The documents touch on this but do not state the date or period asked for:",
    },
    "no_count": {
        "zh": "文件写到了相关内容，但没有给出所问的数字：",
        "en": "The documents touch on this but do not state the number asked for:",
    },
    "not_all": {
        "zh": "只在其中一部分文件里找到了所问的内容：",
        "en": "What was asked for was found in some of these documents only:",
    },
    "no_person": {
        "zh": "文件写到了相关内容，但没有写明是哪一个人：",
        "en": "The documents touch on this but name no person:",
    },
    "no_meaning": {
        "zh": "文件用到了这个说法，但没有解释它指什么：",
        "en": "The documents use these words but do not explain what they stand for:",
    },
    "no_year": {
        "zh": "文件写了月和日，但没有写年份：",
        "en": "The documents state the day but not the year:",
    },
    "no_names": {
        "zh": "文件写到了相关内容，但没有写明具体是哪些：",
        "en": "The documents touch on this but do not name which:",
    },
    "no_website": {
        "zh": "文件写到了相关内容，但没有给出网址或网站：",
        "en": "The documents touch on this but give no website:",
    },
    "no_reason": {
        "zh": "文件写到了相关内容，但没有说明原因：",
        "en": "The documents touch on this but give no reason:",
    },
    "other_place": {
        "zh": "文件写到了相关内容，但没有写到{asked}：",
        "en": "The documents touch on this but do not speak of {asked}:",
    },
    "no_procedure": {
        "zh": "文件写到了相关内容，但没有写明怎样办理：",
        "en": "The documents touch on this but do not say how it is done:",
    },
    "not_mentioned": {
        "zh": "文件写到了相关内容，但没有提到“{asked}”：",
        "en": "The documents touch on this but do not mention “{asked}”:",
    },
    "only_aimed_at": {
        "zh": "文件写的是目标，没有写目前的实际数字：",
        "en": "The documents state what is aimed at, not what has been reached:",
    },
    "other_time": {
        "zh": "文件写到了相关内容，但没有给出{asked}年的情况：",
        "en": "The documents touch on this but do not state it for {asked}:",
    },
    "yes": {"zh": "是。", "en": "Yes."},
    "lead": {"zh": "{title}（{facts}）写道：", "en": "{title} ({facts}) says:"},
    "lead_bare": {"zh": "{title}写道：", "en": "{title} says:"},
    "correction": {
        "zh": "文件与问题中的“{claimed}”不符，写的是“{stated}”。",
        "en": "The documents do not say “{claimed}”; they say “{stated}”.",
    },
    "quote_only": {
        "zh": "文件原话如下：",
        "en": "In the document's own words:",
    },
    "translation": {
        "zh": "“{title}”只有英文文本，引文保留原文。",
        "en": "“{title}” exists in Chinese only; its words are quoted in the original.",
    },
    "second_hand": {
        "zh": "“{title}”依据新闻报道整理，不是官方文本，申办前请核对原文件。",
        "en": "“{title}” was drawn from a news report, not from the official text; check the "
        "original before you act on it.",
    },
    "targets_past": {
        "zh": "“{title}”的目标期限到{day}为止，已经过去。",
        "en": "The targets of “{title}” ran until {day}, which has passed.",
    },
    "lapsed": {
        "zh": "“{title}”已于{day}失效。",
        "en": "“{title}” ceased to be in force on {day}.",
    },
    "superseded": {
        "zh": "“{title}”已被替代或废止。",
        "en": "“{title}” has been replaced or repealed.",
    },
    "model_failed": {
        "zh": "语言模型没有给出可用的回答（{why}），以下为文件原话。",
        "en": "The chat model gave no usable answer ({why}); these are the documents' own words.",
    },
    "model_unproven": {
        "zh": "语言模型的回答未能通过核对，以下为文件原话。",
        "en": "What the chat model wrote could not be proved from the documents; these are their own "
        "words.",
    },
    "model_added": {
        "zh": "模型依据同一证据补充：",
        "en": "Added by the model from the same evidence:",
    },
    "ask_support": {
        "zh": "{title}对{place}有什么支持？",
        "en": "What support does {title} give {place}?",
    },
    "ask_overview": {"zh": "{title}主要讲什么？", "en": "What is {title} about?"},
    "ask_issuers": {"zh": "{title}由哪些部门印发？", "en": "Which bodies issued {title}?"},
    "ask_date": {"zh": "{title}是什么时候发布的？", "en": "When was {title} issued?"},
    "ask_part": {
        "zh": "{title}的{part}（{topic}）包括哪些内容？",
        "en": "What does {part} of {title} ({topic}) contain?",
    },
    "ask_targets": {"zh": "{title}的{topic}是什么？", "en": "What are the {topic} in {title}?"},
    "ask_asked": {"zh": "按{title}，{topic}？", "en": "According to {title}, {topic}?"},
    "ask_topic": {
        "zh": "{title}关于“{topic}”是怎么说的？",
        "en": "What does {title} say about {topic}?",
    },
    "ask_heading": {
        "zh": "{title}关于“{topic}”是怎么说的？",
        "en": "What does {title} say about “{topic}”?",
    },
    "clarify_policy": {
        "zh": "您问的是哪一项政策？可选：{choices}。",
        "en": "Which policy do you mean? For example: {choices}.",
    },
    "clarify_place": {
        "zh": "您问的是哪个市（州）？可选：{choices}。",
        "en": "Which city or prefecture do you mean? For example: {choices}.",
    },
    "clarify_province": {
        "zh": "您问的是哪个省？可选：{choices}。",
        "en": "Which province do you mean? For example: {choices}.",
    },
    "elsewhere": {
        "zh": "您问的是{asked}，引用的“{title}”是{place}的文件，未必适用。",
        "en": "You asked about {asked}; “{title}” is a document of {place} and may not apply there.",
    },
    "conflict": {
        "zh": "两份文件的说法不一致：“{title}”写的是“{said}”，“{other_title}”写的是“{other_said}”。",
        "en": "Two documents differ: “{title}” says “{said}”, “{other_title}” says “{other_said}”.",
    },
}


def say(name: str, lang: Lang, script: Script | None = None, **values: object) -> str:
    """One of the assistant's texts.

    Args:
        name: Which.
        lang: Its language.
        script: `hant` gives it in Traditional characters; the values stay as they are.
        **values: What stands in its braces.

    Raises:
        KeyError: There is no such text, or a value is missing.
    """
    return in_script(TEXTS[name][lang], lang, script).format(**values)


def in_script(text: str, lang: Lang, script: Script | None) -> str:
    """Words of the assistant's own in the characters that the person writes.

    >>> in_script("文件没有写明", "zh", "hant"), in_script("文件没有写明", "zh", None)
    ('文件沒有寫明', '文件没有写明')
    """
    return traditional(text) if lang == "zh" and script == "hant" else text
