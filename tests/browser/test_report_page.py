"""The report of a run, opened from a file in a real browser: it must find, show and stay at home."""

from __future__ import annotations

import pytest

from evals.cases import Case, Expectation, Nugget, SectionRef
from evals.compare import compare
from evals.gates import Gate, judge_gates
from evals.metrics.registry import metric
from evals.records import Record
from evals.reports import write_html
from evals.scored_run import ScoredRun
from evals.scoring import score_answers
from evals.summary import summarise

SCHEMES = ("light", "dark")
METRICS = {name: metric(name) for name in ("nugget_recall_strict", "forbidden", "errors")}
EVIL = "<script>document.title='hit'</script><img src=https://evil.test/x.png onerror=alert(1)>"
N = 1_200
WHITE = "rgb(255, 255, 255)"


def cases() -> dict[str, Case]:
    """Every third in English, every fourth with a history; one with an id that URLs dislike."""
    found = {}
    for n in range(N):
        lang = "en" if n % 3 == 0 else "zh"
        question = f"第{n}项补贴多少钱？" if lang == "zh" else f"How much is allowance {n}?"
        expect = Expectation(
            nuggets=(Nugget((f"{n}元", f"{n} yuan")),),
            sections=(SectionRef("shanxi-talent-reform", f"s{n}"),),
        )
        name = "odd & 100%/案例" if n == 1_100 else f"c{n}"
        turns = ("有什么支持？", question) if n % 4 == 0 else (question,)
        found[name] = Case(name, lang, turns, expect, tags=("even" if n % 2 == 0 else "odd",))
    return found


def run_of(cases: dict[str, Case], name: str, wrong: int) -> ScoredRun:
    """A run whose every `wrong`th answer is wrong and whose 7th answer is an error."""
    records = {}
    for n, case in enumerate(cases.values()):
        text = f"补贴{n if n % wrong else n + 1}元。[1]" + (EVIL if n == 10 else "")
        quote = f"电解铝企业每年{n}元" if n == 1_150 else f"每年{n}元"
        citation = {
            "label": 1,
            "document_id": "shanxi-talent-reform",
            "section": f"s{n}",
            "title": "山西人才改革",
            "quote": quote,
            "lang": "zh",
            "validity": "unknown",
            "url": "javascript:alert(1)",
        }
        answer = {"status": "answered", "lang": "zh", "text": text, "citations": [citation]}
        failed = n == 7
        records[case.id, 0] = Record(
            case.id,
            answer=None if failed else answer,
            error="TimeoutError: no reply" if failed else None,
            ms=20.0 + n % 50,
        )
    scores = score_answers(tuple(cases.values()), 1, records, tuple(METRICS.values()))
    manifest = {"suite": "policies", "started_at": name, "digests": {"data": "a", "corpus": "b"}}
    return ScoredRun(manifest, cases, tuple(records.values()), scores)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a report over 1,200 cases that is compared with a better run."""
    asked = cases()
    base, run = run_of(asked, "2025-11-20", 40), run_of(asked, "2025-11-22", 10)
    gates = judge_gates((Gate("nugget_recall_strict", at_least=0.95),), run, METRICS)
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(
        path,
        run,
        summarise(run, METRICS, resamples=99),
        gates,
        compare(base, run, METRICS, resamples=99, permutations=99),
        metrics=METRICS,
    )
    return path.as_uri()


@pytest.fixture
def open_report(address, visit):
    """Opens the report, of which no part may be elsewhere; see `visit`."""

    def opened(width="laptop", scheme="light", fragment=""):
        def is_home(url):
            return url.partition("#")[0] == address

        return visit(address + fragment, is_home, width=width, color_scheme=scheme)

    return opened


def found(page, words):
    page.wait_for_function(
        "words => document.getElementById('found').textContent === words", arg=words
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_failed_cases_are_filtered_searched_and_opened(open_report, width, scheme):
    with open_report(width, scheme) as page:
        found(page, "1,200 cases")
        assert page.locator("#list > details").count() <= 300, "all cases were drawn at once"
        page.get_by_role("radio", name="Failed").check()
        found(page, "120 of 1,200 cases")
        page.get_by_role("searchbox").fill("补贴1152元")
        found(page, "No case matches.")
        page.get_by_role("button", name="Clear the filter").click()
        page.get_by_role("searchbox").fill("电解铝 １１５０元")
        found(page, "1 of 1,200 cases")
        case = page.locator("#list > details")
        assert "电解铝" not in case.inner_text()
        case.locator("summary").first.click()
        case.locator(".body").wait_for()
        for words in (
            "电解铝企业每年1150元",
            "1150 yuan",
            "shanxi-talent-reform#s1150",
            "not said",
        ):
            assert words in case.inner_text()
        assert case.locator("del").first.inner_text() == "only in the base"
        assert [case.locator(tag).last.inner_text() for tag in ("del", "ins")] == ["1150", "1151"]
        assert case.locator('a[href^="javascript"]').count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, background[4:-1].split(","))) < 384) == (scheme == "dark")


def test_every_filter_narrows(open_report):
    with open_report() as page:
        page.get_by_role("radio", name="Error").check()
        found(page, "1 of 1,200 cases")
        page.locator("#list > details > summary").click()
        page.locator("#list .body").wait_for()
        assert "TimeoutError: no reply" in page.locator("#list").inner_text()
        page.locator("#reset").click()
        page.locator("#lang").select_option(label="English (400)")
        found(page, "400 of 1,200 cases")
        page.locator("#tag").select_option("even")
        found(page, "200 of 1,200 cases")
        page.locator("#metric").select_option("nugget_recall_strict")
        found(page, "40 of 1,200 cases")
        page.locator("#change").select_option("broken")
        found(page, "30 of 1,200 cases")
        page.locator("#open-all").click()
        assert page.locator("#list > details[open] .body").count() == 30


def test_a_link_opens_its_case_whatever_the_filter(open_report):
    fragment = "#case-odd%20%26%20100%25%2F%E6%A1%88%E4%BE%8B"
    with open_report(fragment=fragment) as page:
        case = page.locator("#list > details[open]")
        assert "odd & 100%/案例" in case.locator("summary").first.inner_text()
        assert case.locator("summary").first.evaluate(
            "element => element === document.activeElement"
        )
        assert case.evaluate("element => element.getBoundingClientRect().top < innerHeight")
        page.get_by_role("radio", name="Passed").check()
        page.evaluate("location.hash = '#case-c20'")
        page.locator('details[id="case-c20"][open]').wait_for()
        found(page, "1,200 cases")
        assert page.locator('details[id="case-c20"] a[href="#case-c20"]').is_visible()


def test_the_keyboard_alone_finds_and_opens_a_case(open_report):
    with open_report() as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the cases"
        page.keyboard.press("/")
        page.keyboard.type("补贴53元")
        found(page, "1 of 1,200 cases")
        page.locator("#close-all").focus()
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#list > details[open] .body").wait_for()


def test_what_an_answer_holds_does_not_run(open_report):
    with open_report(fragment="#case-c10") as page:
        body = page.locator('details[id="case-c10"] .body')
        assert EVIL in body.inner_text()
        assert page.title() == "policies · evaluation report"
        assert page.locator("img").count() == 0


def test_the_theme_can_be_chosen_and_paper_is_light(open_report):
    with open_report(scheme="dark") as page:
        button = page.locator("#theme")
        assert button.get_attribute("aria-pressed") == "true"
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        button.click()
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert light != dark and button.get_attribute("aria-pressed") == "false"
        button.click()
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == WHITE
        assert not page.locator("#filter").is_visible()
        assert page.locator("#scores").is_visible()
