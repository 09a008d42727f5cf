"""The chat page's own words in both languages. What a policy says never stands here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Examples:
    """Questions to begin with, for one kind of reader."""

    title: Text
    questions: tuple[Text, ...]


TITLE = Text("政策问答", "Policy Assistant")
TAGLINE = Text("每句话都有出处", "Every sentence has its source")
NEW = Text("新对话", "New conversation")
LANGUAGE = Text("界面语言", "Language of the page")
WELCOME = Text("想了解哪项政策？", "What would you like to know?")
INVITATION = Text(
    "用中文或英文提问，答案使用您提问的语言。点击句末的数字，可以看到它所依据的原文段落。",
    "Ask in English or Chinese; the answer comes in the language of your question. "
    "Select the number behind a sentence to read the passage that it rests on.",
)
CAN_DO = Text("能做什么", "What it can do")
CAN_DO_LIST = (
    Text(
        "只根据下列文件作答，并标出每句话的出处。",
        "It answers only from the documents listed here, and shows the source of every sentence.",
    ),
    Text(
        "文件没有写的，会直接说明，不会猜测。",
        "Where the documents do not say, it tells you so and does not guess.",
    ),
    Text("可以接着上一个问题追问。", "You can follow up on what you asked before."),
)
CANNOT_DO = Text("不能做什么", "What it cannot do")
CANNOT_DO_LIST = (
    Text(
        "不提供法律意见，也不能代替主管部门的答复。",
        "It gives no legal advice and does not speak for the authorities.",
    ),
    Text(
        "不知道文件之后的变化；办理前请核对官方原文。",
        "It does not know what changed since; check the official text before you act.",
    ),
    Text(
        "不代办申请，也不保存您的身份信息。",
        "It files no applications and stores nothing about who you are.",
    ),
)
DOCUMENTS = Text("依据的文件", "The documents it answers from")
FINE_PRINT = Text(
    "只依据已载入的文件作答，不构成法律意见。",
    "Answers rest on the loaded documents only and are not legal advice.",
)
PLACEHOLDER = Text("输入您的问题", "Ask about a policy")
SEND = Text("发送", "Send")
STOP = Text("停止", "Stop")
TOO_LONG = Text("问题太长：最多 {limit} 字。", "That is too long: at most {limit} characters.")

YOUR_QUESTION = Text("您的问题", "Your question")
STEPS = {
    "understand": Text("正在理解问题", "Reading your question"),
    "retrieve": Text("正在查找文件", "Searching the documents"),
    "compose": Text("正在整理答案", "Putting the answer together"),
    "verify": Text("正在逐句核对出处", "Checking every sentence against its source"),
}
STATUSES = {
    "partial": Text("文件只回答了一部分", "The documents answer this in part"),
    "clarify": Text("需要补充信息", "More information is needed"),
}
STOPPED = Text("已停止。", "Stopped.")
RESTARTED = Text("回答正在重新生成。", "The answer is being written anew.")
SOURCES = Text("出处", "Sources")
SOURCE = Text("出处", "Source")
SUGGESTIONS = Text("还可以问", "You could also ask")
COPY = Text("复制", "Copy")
COPIED = Text("已复制", "Copied")
HELPFUL = Text("有帮助", "Helpful")
NOT_HELPFUL = Text("没有帮助", "Not helpful")
THANKS = Text("已记录，谢谢。", "Noted, thank you.")
QUOTED = Text(
    "引用文件原话，未使用语言模型", "The documents' own words; no language model was used"
)
WRITTEN = Text(
    "由语言模型撰写，逐句核对过出处",
    "Written by a language model, each sentence checked against its source",
)

FAILED = Text("没能回答这个问题", "This question could not be answered")
FAILED_STORE = Text(
    "现在无法查询文件。这不表示文件中没有答案：请稍后再试，或联系管理员。",
    "The documents cannot be searched at the moment. That does not mean that they hold no answer: "
    "try again later, or tell whoever runs this service.",
)
FAILED_MODEL = Text(
    "服务出了故障。这不表示文件中没有答案：请再试一次；如果仍然失败，请联系管理员。",
    "The service failed. That does not mean that the documents hold no answer: try again, and "
    "if it fails again, tell whoever runs this service.",
)
FAILED_INPUT = Text(
    "这个问题不能使用，请修改后再问。", "The question cannot be used as it is; please change it."
)
RETRY = Text("再试一次", "Try again")
DETAILS = Text("技术信息", "Technical details")
FEEDBACK_LOST = Text("反馈没能保存。", "Your feedback could not be stored.")

CLOSE = Text("关闭", "Close")
PASSAGE = Text("出处原文", "Source passage")
ISSUER = Text("发布机关", "Issued by")
ISSUED_ON = Text("发布日期", "Date")
NUMBER = Text("文号", "Document number")
SECTION = Text("章节", "Section")
VALIDITY = Text("效力", "Validity")
DOCUMENT_LANGUAGE = Text("语言", "Language")
ORIGIN = Text("资料依据", "Based on")
ORIGINAL_TITLE = Text("原标题", "Original title")
OFFICIAL_TEXT_AT = Text("官方原文", "Official text")
UNKNOWN = Text("未写明", "Not stated")
MOVED = Text(
    "文件在回答之后有更新，下面是当时引用的原话。",
    "The document has changed since the answer was given; these are the words that were cited.",
)
VALIDITIES = {
    "in_force": Text("有效", "In force"),
    "lapsed": Text("已失效", "No longer in force"),
    "unknown": Text("资料没有说明是否有效", "The source does not say"),
}
LANGUAGES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
ORIGINS = {
    "official_text": Text("官方文本", "Official text"),
    "news_report": Text("新闻报道，不是官方文本", "News report, not the official text"),
    "news_article": Text("新闻报道，不是官方文本", "News article, not the official text"),
}

EXAMPLES = (
    Examples(
        Text("企业", "For enterprises"),
        (
            Text(
                "我们是遂宁的锂电材料企业，有什么支持？",
                "We make lithium battery materials in Suining. What support is there?",
            ),
            Text(
                "重点人力资源服务供应商名录库到“十四五”末要有多少户企业？",
                "How many enterprises should Sichuan's directory of key HR service suppliers list?",
            ),
            Text(
                "四川一体发展规划怎样支持“链主”企业？",
                "How does Sichuan's integrated development plan support chain-master enterprises?",
            ),
            Text(
                "国家五部门的意见对中小制造企业有什么服务？",
                "What do the ministry's manufacturing opinions offer smaller manufacturers?",
            ),
        ),
    ),
    Examples(
        Text("人才", "For talents"),
        (
            Text("山西人才绿卡给配偶什么待遇？", "What does the Shanxi green card give my spouse?"),
            Text(
                "拿山西人才绿卡，孩子可以在哪里上学？",
                "Where can my children go to school with the Shanxi green card?",
            ),
            Text(
                "外籍人才在山西可以申请几年的居留许可？",
                "How long a residence permit can foreign talents get in Shanxi?",
            ),
            Text(
                "四川八条措施怎样吸引全球顶尖人才？",
                "How do Sichuan's eight measures attract top talent from abroad?",
            ),
        ),
    ),
)
