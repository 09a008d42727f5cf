"""The words of the eligibility form and the catalogue of measures, in both languages."""

from __future__ import annotations

from assistant.ui.texts import Text

CHAT = Text("问答", "Chat")
CHECK = Text("资格自查", "Check eligibility")
MEASURES = Text("支持措施", "Measures")
VIEWS = Text("页面内容", "Parts of the page")

CHECK_TITLE = Text("我符合条件吗？", "Do I qualify?")
CHECK_LEAD = Text(
    "选一项措施，填您知道的情况；不知道的留空。每项条件都附出处。",
    "Choose a measure and fill in what you know; leave the rest. Every condition shows its source.",
)
CHOOSE = Text("措施", "Measure")
CHOOSE_FIRST = Text("请选择……", "Choose one …")
FACTS = Text("您的情况", "About you")
UNKNOWN = Text("不清楚", "I don't know")
YES = Text("是", "Yes")
NO = Text("否", "No")
NONE = Text("都不是", "None of these")
SEVERAL = Text("可多选", "You can choose more than one.")
MORE = Text("其他选项", "More choices")
PLACE = Text("市（州）或省，例如：遂宁", "A city, prefecture or province, such as Suining")
CHECK_NOW = Text("查看结果", "Check")
CLEAR = Text("清空", "Clear")
NOTHING_ASKED = Text(
    "这项措施没有可以填写的条件。", "This measure has no conditions that you could fill in."
)
WRONG = Text("有一项填写不能使用，请修改。", "One of the values cannot be used; please change it.")

VERDICTS = {
    "eligible": Text("符合条件", "Eligible"),
    "not_eligible": Text("不符合条件", "Not eligible"),
    "more_information_needed": Text("还需要更多信息", "More information needed"),
}
SIGNS = {
    "✓": Text("满足", "met"),
    "✗": Text("不满足", "not met"),
    "?": Text("还不知道", "not known"),
}
CONDITIONS = Text("条件", "Conditions")
ANY_OF = Text("以下满足一项即可", "Any one of these is enough")
NOT = Text("不属于：", "Not: ")
BENEFITS = Text("可以得到", "What it gives")
NEXT = Text("接下来最有用的一项：", "What would tell most: ")

MEASURES_TITLE = Text("支持措施目录", "Catalogue of measures")
MEASURES_LEAD = Text(
    "已载入的政策里的全部支持措施。点击“出处”看原文段落。",
    "Every support measure of the loaded policies. “Source” opens the passage it rests on.",
)
AUDIENCE = Text("面向", "For")
WHERE = Text("地区", "Place")
INDUSTRY = Text("行业", "Industry")
WORDS = Text("关键词", "Words")
ALL = Text("全部", "All")
COUNT = Text("{count}项措施", "{count} measures")
NO_MEASURE = Text("没有符合筛选条件的措施。", "No measure passes these filters.")
GIVEN = Text("给予", "Gives")
ACTS = Text("办理", "Who acts")
PERIOD = Text("期限", "Period")
ALL_INDUSTRIES = Text("不限行业", "all industries")
CHECK_THIS = Text("自查资格", "Check eligibility")
CHOICES = Text("选择一个回答，或用自己的话说", "Choose an answer, or say it in your own words")
