"""The chat page, in a real browser, over the real corpus and index."""

from __future__ import annotations

import json
import re

import httpx
import pytest

QUESTIONS = {
    "zh": ("zh-CN", "山西人才绿卡给配偶什么待遇？", "出处", "有效"),
    "en": ("en-US", "What does the Shanxi green card give my spouse?", "Sources", "Validity"),
}


@pytest.fixture
def open_page(site, visit):
    """Opens the page; see `visit`."""
    address, _ = site

    def opened(path="/", width="laptop", locale="en-US"):
        def is_home(url):
            return url.startswith((address, "data:", "blob:"))

        said = ("log", "debug", "info", "warning")
        return visit(address + path, is_home, width=width, may_say=said, locale=locale)

    return opened


def ask(page, question):
    """Ask, and wait for the answer."""
    turns = page.locator(".pa-turn").count()
    page.locator(".pa-composer textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator(".pa-turn").nth(turns).locator(".pa-footer").wait_for(timeout=60_000)
    return page.locator(".pa-turn").nth(turns)


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("lang", QUESTIONS)
def test_a_question_is_answered_and_a_citation_opens_its_passage(open_page, site, width, lang):
    locale, question, sources, validity = QUESTIONS[lang]
    answer = httpx.post(f"{site[0]}/api/v1/ask", json={"question": question}, timeout=60).json()
    with open_page(width=width, locale=locale) as page:
        page.locator(".pa-documents").wait_for()
        assert page.locator(".pa-examples").first.is_visible()
        turn = ask(page, question)
        assert turn.locator(".pa-text .pa-mark").count() >= 1
        assert turn.locator(".pa-sources h3").inner_text() == sources
        for citation in answer["citations"]:
            turn.locator(f'.pa-text .pa-mark[data-label="{citation["label"]}"]').first.click()
            panel = page.locator(".pa-panel")
            assert panel.is_visible()
            assert citation["title"] in panel.inner_text() and validity in panel.inner_text()
            marked = "".join(panel.locator("mark").all_inner_texts())
            assert squeezed(marked) == squeezed(citation["quote"])
            assert panel.locator("mark").first.evaluate(
                "mark => getComputedStyle(mark).backgroundColor != getComputedStyle(mark.closest('dialog')).backgroundColor"
            )
            page.keyboard.press("Escape")
            panel.wait_for(state="hidden")
            assert page.evaluate("document.activeElement.dataset.label") == str(citation["label"])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_follow_up_thumbs_and_a_new_conversation(open_page, site):
    address, feedback = site
    with open_page() as page:
        page.locator('.pa-examples [data-l="en"] button', has_text="spouse").click()
        page.locator(".pa-turn .pa-footer").wait_for(timeout=60_000)
        turn = ask(page, "And the children?")
        assert "school" in turn.locator(".pa-text").inner_text()
        turn.locator('[data-act="rate"][data-label="up"]').click()
        turn.locator(".pa-thanks").wait_for()
        assert turn.locator('[data-label="up"]').get_attribute("aria-pressed") == "true"
        page.locator('[data-act="language"][data-lang="zh"]').click()
        assert page.locator("h1").inner_text() == "政策问答"
        assert page.locator("textarea").get_attribute("placeholder") == "输入您的问题"
        page.locator('[data-act="new"]').click()
        page.locator(".pa-welcome").wait_for()
    [line] = [json.loads(line) for line in feedback.read_text("utf-8").splitlines()]
    assert (line["label"], line["question"]) == ("up", "And the children?")
    counted = httpx.get(f"{address}/metrics").text
    assert re.search(r'policy_answers_total\{.*lang="en",status="answered"\} [1-9]', counted)


def test_what_cannot_be_asked_is_refused_before_it_is_sent(open_page):
    with open_page() as page:
        field = page.locator(".pa-composer textarea")
        field.fill("长" * 4_001)
        assert page.locator(".pa-too-long").is_visible()
        field.press("Enter")
        field.fill("   ")
        field.press("Enter")
        assert page.locator(".pa-send").is_disabled()
        assert page.locator(".pa-turn").count() == 0


def test_the_docs_page_lists_and_tries_endpoints(open_page):
    with open_page("/docs") as page:
        first = page.locator("details", has_text="/api/v1/ask").first
        first.get_by_role("button", name="Try it").click()
        page.wait_for_function("document.querySelector('pre').textContent.includes('citations')")
        assert page.locator("summary", has_text="AnswerModel").count() >= 1
