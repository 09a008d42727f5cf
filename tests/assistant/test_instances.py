import pytest

from assistant.instances import asked_class, named_districts, names_one

TITLE = "Sichuan Integrated Development Plan"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("具体派往哪些国家？", "country"),
        ("Which countries exactly have workers been sent to?", "country"),
        ("哪个东部省和哪个西部省结对？", "province"),
        ("Which western province is it paired with?", "province"),
        ("最后选中了哪几个市州？", "city"),
        ("Which cities have been picked?", "city"),
        ("这些地落在哪几个县？", "district"),
        ("Which districts are the parks in?", "district"),
        ("學院設在哪些高校？", "university"),
        ("Which universities will they be at?", "university"),
        ("在哪个网站看这些岗位？", "website"),
        ("网址是多少？", "website"),
        ("What is the URL?", "website"),
        ("外派工人去的那17个国家和地区，具体是哪些？", "country"),
        ("List the 17 countries and regions to which workers went.", "country"),
        ("20个县的名单有吗", "district"),
        ("What is the name of the Deyang company that reformed its pay?", "company"),
        ("德阳那家国企叫什么名字？", "company"),
        ("Which companies get support?", None),
        ("住哪个市是不是由我自己定？", None),
        ("派往多少个国家？", None),
        ("城市有哪些支持？", None),
        ("国家意见的八条是哪些？", None),
        ("这属于哪个国家战略？", None),
        ("哪些市能申请试点？", None),
        ("随便哪个城市都行吗？", None),
        ("Which cities may apply?", None),
        ("What do populous counties get?", None),
        ("What must city bureaus report?", None),
        ("Does the plan touch what universities teach?", None),
    ],
)
def test_what_is_asked_the_names_of(question: str, kind: str | None) -> None:
    assert asked_class(question) == kind


@pytest.mark.parametrize(
    ("text", "kind", "named"),
    [
        ("已向17个国家和地区派出输变电工人。", "country", False),
        ("已向老挝、缅甸等17个国家派出工人。", "country", True),
        ("Workers went to 17 countries and regions.", "country", False),
        ("Workers went to Laos and 16 other countries.", "country", True),
        ("完善东部与西部之间的协作。", "province", False),
        ("浙江与四川结对。", "province", True),
        ("Pilots run in Sichuan.", "province", False),
        ("支持有条件的市（州）开展综合改革试点。", "city", False),
        ("四川在嘉兴市和遂宁开展试点。", "city", True),
        ("The Sichuan Integrated Development Plan supports qualified cities.", "city", False),
        ("Pilots run in Suining and other cities.", "city", True),
        ("Pilots run in cities such as Jiaxing.", "city", True),
        ("成都现有市级产业园3家。", "district", False),
        ("园区设在金牛区。", "district", True),
        ("It stands in Jinniu District.", "district", True),
        ("It covers one county, one station.", "district", False),
        ("建设一批特色学院。", "university", False),
        ("设在四川大学。", "university", True),
        ("面向大学生和大学城。", "university", False),
        ("It is at Sichuan University.", "university", True),
        ("It sets up specialised academies.", "university", False),
        ("四川德阳一家知名国有企业改革了薪酬。", "company", False),
        ("画面是赛力斯集团的工厂。", "company", True),
        ("A well-known state-owned enterprise reformed its pay.", "company", False),
        ("It was reformed by Seres Group.", "company", True),
        ("发布百万元高薪岗位信息。", "website", False),
        ("在省人社厅网站公布。", "website", True),
        ("See https://example.org for posts.", "website", True),
        ("建设劳务服务网络。", "website", False),
    ],
)
def test_whether_one_is_named(text: str, kind: str, named: bool) -> None:
    assert names_one(text, kind, TITLE) is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("名单里有没有仁寿县？", ["仁寿县"]),
        ("四川给岳池县什么？郫都区的企业呢？", ["岳池县", "郫都区"]),
        ("偏远地区和贫困县有吗？", []),
        ("Is Renshou County among them?", ["Renshou County"]),
        ("Is any county among them?", []),
    ],
)
def test_counties_and_districts_that_are_named(text: str, named: list[str]) -> None:
    assert named_districts(text) == named
