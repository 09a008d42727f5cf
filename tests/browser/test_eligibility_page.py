"""The eligibility form, the catalogue and the buttons of the chat, in a real browser."""

from __future__ import annotations

import httpx
import pytest

SPOUSE = "shanxi-talent-reform/spouse-support"
FACTS = ("high_level_talent", "works_in_shanxi", "spouse_moves_along", "spouse_without_work")
WORDS = {
    "zh": (
        "zh-CN",
        "还需要更多信息",
        "符合条件",
        "不符合条件",
        "我们是遂宁的锂电材料企业，有什么支持？",
    ),
    "en": (
        "en-US",
        "More information needed",
        "Eligible",
        "Not eligible",
        "What can a lithium-battery maker in Suining get?",
    ),
}


@pytest.fixture
def address(site):
    """Address of the whole application."""
    return site[0]


@pytest.fixture
def open_page(address, visit):
    """Opens the page at one of its views; see `visit`."""

    def opened(view="", width="laptop", locale="en-US"):
        def is_home(url):
            return url.startswith((address, "data:", "blob:"))

        said = ("log", "debug", "info", "warning")
        path = f"{address}/{view}"
        return visit(path, is_home, width=width, may_say=said, locale=locale)

    return opened


def choose(page, measure):
    """Choose a measure, and wait for its verdict."""
    page.locator(".pa-picker:visible select").select_option(measure)
    page.locator(f'.pa-facts[data-measure="{measure}"]').wait_for(timeout=60_000)
    page.locator(".pa-verdict").wait_for(timeout=60_000)


def fill(page, fact, value):
    page.locator(f'.pa-fact[data-fact="{fact}"] input[value="{value}"]').check()


def verdict(page, name):
    found = page.locator(f'.pa-verdict-head[data-verdict="{name}"]')
    found.wait_for(timeout=60_000)
    return found


@pytest.mark.parametrize("lang", WORDS)
def test_the_form_judges_and_its_marks_open_passages(open_page, address, width, lang):
    locale, open_, yes, no, _ = WORDS[lang]
    with open_page("#check", width=width, locale=locale) as page:
        page.locator(".pa-picker:visible select").wait_for(timeout=60_000)
        choose(page, SPOUSE)
        assert open_ in verdict(page, "more_information_needed").inner_text()
        assert page.locator(".pa-facts input:checked").count() == len(FACTS)  # all unknown
        for fact in FACTS:
            fill(page, fact, "yes")
        assert yes in verdict(page, "eligible").inner_text()
        assert page.locator('.pa-criteria [data-sign="✓"]').count() == len(FACTS)
        chosen = page.locator(".pa-facts input:checked").evaluate_all(
            "all => all.map(i => i.value)"
        )
        assert chosen == ["yes"] * len(FACTS)
        expected = httpx.post(
            f"{address}/api/v1/eligibility",
            json={"measure": SPOUSE, "facts": dict.fromkeys(FACTS, True), "lang": lang},
        ).json()
        assert expected["verdict"] == "eligible"
        for one in (expected["criteria"][0], expected["benefits"][0]):
            cited = one["citation"]
            page.locator(f'.pa-verdict .pa-mark[data-source="{cited["label"]}"]').first.click()
            panel = page.locator(".pa-panel")
            assert "".join(panel.locator("mark").all_inner_texts()) == cited["quote"]
            page.keyboard.press("Escape")
            panel.wait_for(state="hidden")
            assert page.evaluate("document.activeElement.dataset.source") == str(cited["label"])
        fill(page, "spouse_without_work", "no")
        assert no in verdict(page, "not_eligible").inner_text()
        assert page.locator('.pa-criteria [data-sign="✗"]').count() == 1
        page.locator('[data-act="clear"]').click()
        verdict(page, "more_information_needed")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_was_filled_in_serves_the_next_measure_and_the_other_language(open_page):
    with open_page("#check") as page:
        page.locator(".pa-picker:visible select").wait_for(timeout=60_000)
        choose(page, SPOUSE)
        fill(page, "high_level_talent", "yes")
        page.locator('.pa-criteria [data-sign="✓"]').wait_for(timeout=60_000)
        choose(page, "shanxi-talent-reform/green-card")
        chosen = page.locator('.pa-fact[data-fact="high_level_talent"] input:checked')
        assert chosen.get_attribute("value") == "yes"
        assert (
            page.locator('.pa-fact[data-fact="works_in_shanxi"] input:checked').get_attribute(
                "value"
            )
            == ""
        )
        page.locator('[data-act="language"][data-lang="zh"]').click()
        page.locator('.pa-facts[lang="zh"]').wait_for(timeout=60_000)
        assert chosen.get_attribute("value") == "yes"
        assert page.locator(".pa-picker:visible select").input_value().endswith("green-card")


def test_a_field_does_not_take_over_what_was_chosen_in_another(open_page):
    with open_page("#check") as page:
        page.locator(".pa-picker:visible select").wait_for(timeout=60_000)
        choose(page, SPOUSE)
        for fact in FACTS:
            fill(page, fact, "yes")
        verdict(page, "eligible")
        choose(page, "sichuan-hr-industry-action-2023/electronics-talent")
        assert page.locator('.pa-fact[data-fact="industry"] input:checked').count() == 0


def test_the_form_works_by_keyboard_and_says_what_is_wrong(open_page):
    with open_page("#check") as page:
        page.locator(".pa-picker:visible select").wait_for(timeout=60_000)
        choose(page, "sichuan-hr-industry-action-2023/suining-lithium-hub")
        place = page.locator('.pa-fact[data-fact="location"] input')
        place.focus()
        page.keyboard.type("Atlantis")
        page.keyboard.press("Enter")
        page.locator("#pa-verdict .pa-failure").wait_for(timeout=60_000)
        assert "Atlantis" in page.locator("#pa-verdict .pa-failure").inner_text()
        place.fill("Suining City")
        page.keyboard.press("Enter")
        page.locator('.pa-criteria [data-sign="✓"]').wait_for(timeout=60_000)
        assert page.evaluate("document.activeElement.name") == "location"
        page.locator('[data-act="next"]').click()
        asked = page.evaluate("document.activeElement.closest('[data-fact]').dataset.fact")
        assert asked == page.locator('[data-act="next"]').get_attribute("data-fact")


@pytest.mark.parametrize("lang", WORDS)
def test_the_catalogue_is_filtered_and_leads_to_the_form(open_page, address, width, lang):
    locale = WORDS[lang][0]
    with open_page("#measures", width=width, locale=locale) as page:
        page.locator(".pa-card").first.wait_for(timeout=60_000)
        everything = httpx.get(f"{address}/api/v1/measures", params={"lang": lang}).json()
        assert page.locator(".pa-card").count() == len(everything["measures"])
        filters = page.locator(".pa-filters:visible")
        filters.locator('[name="audience"]').select_option("enterprise")
        filters.locator('[name="industry"]').select_option("lithium_battery")
        wanted = {"lang": lang, "audience": "enterprise", "industry": "lithium_battery"}
        narrowed = httpx.get(f"{address}/api/v1/measures", params=wanted).json()["measures"]
        assert 0 < len(narrowed) < len(everything["measures"])
        page.wait_for_function(
            "count => document.querySelectorAll('.pa-card').length === count", arg=len(narrowed)
        )
        filters.locator('[name="words"]').fill({"zh": "遂宁：锂电", "en": "hub for lithium"}[lang])
        page.wait_for_function("document.querySelectorAll('.pa-card:not([hidden])').length === 1")
        assert page.locator(".pa-count").inner_text().startswith("1")
        card = page.locator(".pa-card:visible")
        card.locator('[data-act="source"]').click()
        [measure] = [one for one in narrowed if one["id"].endswith("suining-lithium-hub")]
        marked = "".join(page.locator(".pa-panel mark").all_inner_texts())
        assert marked == measure["citation"]["quote"]
        page.keyboard.press("Escape")
        card.locator('[data-act="check"]').click()
        page.locator(f'.pa-facts[data-measure="{measure["id"]}"]').wait_for(timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("lang", WORDS)
def test_choices_are_buttons_that_send_the_reply(open_page, width, lang):
    locale, *_, question = WORDS[lang]
    no = {"zh": "否", "en": "no"}[lang]
    with open_page(width=width, locale=locale) as page:
        page.locator(".pa-documents").wait_for(timeout=60_000)
        page.locator(".pa-composer textarea").fill(question)
        page.keyboard.press("Enter")
        first = page.locator(".pa-turn").first
        first.locator(".pa-footer").wait_for(timeout=60_000)
        assert first.locator('.pa-signed[data-sign="✓"]').count() > 0
        asked = first.locator(".pa-text > p").last.inner_text()
        first.locator(".pa-choices button", has_text=no).click()
        second = page.locator(".pa-turn").nth(1)
        second.locator(".pa-footer").wait_for(timeout=60_000)
        assert second.locator(".pa-question").inner_text().endswith(no)
        assert second.locator(".pa-text > p").last.inner_text() != asked
        second.locator(".pa-text .pa-mark").first.click()
        assert page.locator(".pa-panel mark").count() > 0
