from __future__ import annotations

import pytest

from assistant.kinds import (
    SEARCHED,
    asks_meaning,
    asks_reached,
    asks_reason,
    asks_year,
    counted,
    explains,
    fitting,
    gives_reason,
    holds,
    is_aimed_at,
    is_exact,
    is_searched,
    names_bodies,
    tells_procedure,
)

HELD = [
    ("amount", "补贴标准是每人5000元。", "补贴多少钱？"),
    ("amount", "The allowance is 5,000 yuan a month.", "How much is the allowance?"),
    ("count", "在库企业不少于500户。", "要有多少家企业？"),
    ("count", "At least 500 enterprises are listed.", "How many enterprises?"),
    ("count", "全年服务企业1.5万家次。", "服务了多少次？"),
    ("count", "全年服务企业1.5万家次。", "服务了多少家企业？"),
    ("count", "每年安排不少于1000人次。", "一年有多少名额，能去几个人？"),
    ("count", "每年安排不少于1000人次。", "一年全省给多少个名额？"),
    ("count", "At least 1,000 person-times a year are arranged.", "How many places a year?"),
    ("duration", "居留许可有效期5年。", "几年有效？"),
    ("duration", "每年至少工作30天。", "一年至少要待满多少天？"),
    ("share", "高端业态占比达到30%。", "占比多少？"),
    ("share", "One-fifth of the workers come from there.", "What share?"),
    ("date", "通知于2023年9月20日印发。", "什么时候印发？"),
    ("deadline", "每年12月20日前报送。", "什么时候截止？"),
    ("deadline", "Submit the summary before 20 December.", "What is the deadline?"),
    ("duration", "居留许可有效期5年。", "有效多久？"),
    ("duration", "居留许可有效期5年。", "批准后有效几年？"),
    ("duration", "受理后30天内批准，有效期另定。", "审批后多久有效？"),
    ("duration", "行动的实施时间是“十四五”期间。", "实施多久？"),
    ("duration", "It runs during the 14th Five-Year Plan period.", "For what period?"),
    ("deadline", "Outlook for 2030: industries and education are integrated.", "By when?"),
    ("amount", "岗位年薪百万元。", "年薪是多少？"),
    ("phone", "咨询电话：028-86120000。", "电话是多少？"),
    ("who", "由省财政厅牵头。", "谁牵头？"),
    ("who", "The Department of Finance leads.", "Who leads?"),
    ("person", "白秀平说，核心是放权。", "谁说的？"),
    ("person", "Li Ming, secretary of the committee, said so.", "Who said so?"),
    ("list", "支持企业发展。", "有哪些支持？"),
    ("text", "支持企业发展。", "讲什么？"),
]
NOT_HELD = [
    ("amount", "发放生活补贴。", "补贴多少钱？"),
    ("amount", "在库企业不少于500户。", "补贴多少钱？"),
    ("amount", "发布百万元高薪岗位信息。", "百万元岗位的补贴是多少钱？"),
    ("count", "通知于2023年9月20日印发。", "有多少家？"),
    ("count", "全年服务企业7万多家次。", "要建多少个产业园？"),
    ("count", "有效期5年。", "有多少家？"),
    ("count", "绿卡是一套待遇。", "发了多少张？"),
    ("count", "发布百万元高薪岗位信息。", "有多少个百万元岗位？"),
    ("share", "在库企业不少于500户。", "占比多少？"),
    ("date", "行动的实施时间是“十四五”期间。", "哪天印发的？"),
    ("date", "在库企业不少于500户。", "什么时候？"),
    ("deadline", "发布日期是7月12日。", "截止哪天？"),
    ("deadline", "It came out on 12 July.", "What is the deadline?"),
    ("deadline", "The reforms have been under way since 2017.", "Until what date?"),
    ("amount", "收集百万元高薪岗位信息。", "每家企业能拿多少补贴？"),
    ("amount", "Posts that pay a million yuan are published.", "How much is the subsidy?"),
    ("duration", "在库企业不少于500户。", "多久？"),
    ("duration", "居留许可有效期5年。", "居留许可多久批下来？"),
    ("duration", "A permit stays valid for five years.", "How long does approval take?"),
    ("duration", "居留许可有效期5年。", "一年至少要待满多少天？"),
    ("duration", "A permit is valid for five years.", "Minimum number of days a year?"),
    ("duration", "在30天内答复。", "几年有效？"),
    ("date", "2023年通知支持建设产业园。", "哪年开园？"),
    ("date", "The 2023 Sichuan notice supports four pilots.", "When were they approved?"),
    ("phone", "在库企业不少于500户。", "电话是多少？"),
    ("who", "支持遂宁发展锂电。", "谁牵头？"),
    ("person", "由人社部门牵头。", "负责人是谁？"),
    ("person", "The Department of Finance heads the work.", "Who is the head?"),
]


@pytest.mark.parametrize(("wants", "text", "question"), HELD)
def test_the_kind_is_there(wants, text, question):
    assert holds(text, wants, question)


@pytest.mark.parametrize(("wants", "text", "question"), NOT_HELD)
def test_the_kind_is_not_there(wants, text, question):
    assert not holds(text, wants, question)


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("How many countries has it sent workers to?", ["country"]),
        ("要有多少户？", ["household", "enterprise"]),
        ("几家企业参加？", ["enterprise"]),
        ("What is it?", []),
    ],
)
def test_what_is_counted(question, units):
    assert counted(question) == units


@pytest.mark.parametrize(
    ("question", "reached"),
    [
        ("名录库目前有多少家企业？", True),
        ("已经建成了几个平台？", True),
        ("不要目标数，实际数是多少？", True),
        ("供应商现在有几家？", True),
        ("How many firms are in it so far?", True),
        ("Not the target but the actual number?", True),
        ("目前的目标是多少家？", False),
        ("名录库要有多少家企业？", False),
        ("How many firms should be in it today?", False),
        ("How many firms are in the directory?", False),
    ],
)
def test_what_has_been_reached_is_asked(question, reached):
    assert asks_reached(question) is reached


def test_what_is_aimed_at_is_not_reached():
    assert is_aimed_at("力争到“十四五”末不少于500户。")
    assert is_aimed_at("The directory is to hold 500 firms.")
    assert not is_aimed_at("到2023年底有16000家。")
    assert not is_aimed_at("There were 16,000 by the end of 2023.")


def test_only_some_kinds_can_be_searched_for():
    assert all(map(is_searched, SEARCHED))
    assert not is_searched("list")


@pytest.mark.parametrize(
    ("text", "question", "headings", "named"),
    [
        ("The Ministry of Commerce issued it.", "Who issued it?", "", True),
        ("The Ministry of Commerce.", "Who issued it?", "Issuing bodies", True),
        ("The Ministry of Commerce will report.", "Who issued it?", "Work", False),
        ("Five bodies issued it.", "Who issued it?", "", False),
        ("由省商务厅牵头。", "由谁牵头？", "", True),
        ("由5个部门联合印发。", "哪些部门印发的？", "", False),
        ("省商务厅参加。", "由谁牵头？", "", False),
        ("The Department of Commerce takes part.", "Who is in charge of it?", "", False),
        ("The Department of Commerce leads it.", "Who is in charge of it?", "", True),
        ("The Department of Commerce signed it.", "Who is in the driver's seat?", "", False),
    ],
)
def test_bodies_are_named_as_what_is_asked(text, question, headings, named):
    assert names_bodies(text, question, headings) is named


def test_the_figures_that_fit_and_the_one_that_counts_the_thing():
    question = "How many countries has it sent workers to?"
    found = fitting("It sent 165 workers to 17 countries.", "count", question)
    assert [figure.value for figure in found] == [165, 17]
    assert [is_exact(figure, question) for figure in found] == [False, True]
    bodies = fitting("Seven bodies signed.", "count", "How many signatories each?")
    assert is_exact(bodies[0], "How many signatories each?")


@pytest.mark.parametrize(
    ("question", "text", "values"),
    [
        ("要建多少个人力资源服务产业园？", "成都的产业园聚集了260多家人力资源服务企业。", []),
        ("要建多少个人力资源服务产业园？", "全省建成36个人力资源服务产业园。", [36]),
        ("产业园里有多少家企业？", "成都的产业园聚集了260多家人力资源服务企业。", [260]),
        ("建几个平台？", "建设5个企业服务平台，服务300家企业。", [5]),
        ("How many HR service parks are there?", "The parks hold over 260 HR enterprises.", []),
        ("How many HR service parks are there?", "There are 36 HR service parks.", [36]),
        ("How many enterprises are in the park?", "The park holds 260 HR enterprises.", [260]),
    ],
)
def test_what_is_in_a_place_is_not_the_number_of_places(question, text, values):
    assert [figure.value for figure in fitting(text, "count", question)] == values


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("哪一年印发的？", True),
        ("Give me the full date, with year.", True),
        ("哪天印发的？", False),
        ("On which day was it issued?", False),
    ],
)
def test_whether_a_year_is_asked_for(question, asks):
    assert asks_year(question) is asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("“1+N”里的1和N各代表什么？", True),
        ("“四类地区”指的是哪四类？", True),
        ("绿卡是什么意思？", True),
        ('In "1+N", what exactly are the 1 and the N?', True),
        ("What does FESCO stand for?", True),
        ("What is meant by a chain leader?", True),
        ("代表团有多少人？", False),
        ("What are the benefits?", False),
        ("What does the plan say about means of transport?", False),
    ],
)
def test_whether_a_meaning_is_asked_for(question, asks):
    assert asks_meaning(question) is asks


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("“四类地区”是指脱贫县等四类。", True),
        ("“1+N”即1个中心、多个平台。", True),
        ("A chain leader is an enterprise that leads its industrial chain.", True),
        ("The N stands for platforms.", True),
        ("加快建设“1+N”中试研发服务体系。", False),
        ("The plan speeds up a “1+N” system that covers the province.", False),
    ],
)
def test_whether_words_are_explained(text, explained):
    assert explains(text) is explained


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("为什么要把人民银行拉进专班？", True),
        ("Why was the bank brought in?", True),
        ("What was the reason for it?", True),
        ("专班有哪些部门？", False),
        ("Which bodies set it up?", False),
    ],
)
def test_whether_a_reason_is_asked_for(question, asks):
    assert asks_reason(question) is asks


def test_whether_a_reason_may_be_given():
    assert gives_reason("推出绿卡，是为了应对人才短缺。")
    assert gives_reason("It was introduced because talent is short.")
    assert not gives_reason("省教育厅参与成立工作专班。")
    assert not gives_reason("The Department of Education takes part in the working group.")


def test_whether_it_may_be_told_how_something_is_done():
    assert tells_procedure("符合条件的，可以优先申请永久居留。")
    assert tells_procedure("Cities submit their plans to the department.")
    assert not tells_procedure("支持建设专业性人力资源市场。")
    assert not tells_procedure("The notice supports Liangshan in building a zone.")
