"""The assistant's own words, in both languages: introductions, refusals, notices.

Templates only; what a policy says never stands here.
"""

from __future__ import annotations

from assistant.questions import Lang

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
    "suggestion": {"zh": "{title}：{heading}", "en": "{title}: {heading}"},
}


def say(name: str, lang: Lang, **values: object) -> str:
    """One of the assistant's texts.

    Raises:
        KeyError: There is no such text, or a value is missing.
    """
    return TEXTS[name][lang].format(**values)
