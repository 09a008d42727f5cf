from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

import prompts
from prompts import Prompt, PromptError

LANGS = ("zh", "en")
NAMES = sorted({name for name, _ in prompts.available()})


def test_every_prompt_is_written_in_both_languages() -> None:
    assert prompts.available() == tuple(sorted((name, lang) for name in NAMES for lang in LANGS))
    assert {"answer", "question", "evidence"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_ask_for_the_same_variables(name: str) -> None:
    assert prompts.load(name, "zh").variables == prompts.load(name, "en").variables


def test_values_fill_the_placeholders_and_json_stays_as_written() -> None:
    prompt = Prompt(
        "p", "en", '\nAsk {{who}} for {"a": {"b": 1}}, {{ who }} not.\n'.replace("{{ who }}", "who")
    )
    assert prompt.render(who="Ann") == 'Ask Ann for {"a": {"b": 1}}, who not.'


def test_a_value_is_never_read_as_a_prompt() -> None:
    prompt = Prompt("p", "zh", "{{one}}｜{{two}}")
    assert prompt.render(one="{{two}} {x} $y \\1", two="二") == "{{two}} {x} $y \\1｜二"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "prompts/p.en.md: no value for 'one', 'two'"),
        ({"one": "1"}, "prompts/p.en.md: no value for 'two'"),
        (
            {"one": "1", "two": "2", "three": "3"},
            "prompts/p.en.md: knows no variable 'three'; it has 'one', 'two'",
        ),
    ],
)
def test_wrong_variables_are_named_with_the_file(given: dict[str, str], message: str) -> None:
    with pytest.raises(PromptError, match=message):
        Prompt("p", "en", "{{one}} {{two}}").render(**given)


def test_a_prompt_without_variables_says_so() -> None:
    with pytest.raises(PromptError, match="'x'; it has none"):
        Prompt("p", "en", "plain").render(x="1")


@pytest.mark.parametrize("text", ["{{Name}}", "{{ name }}", "{{name", "{{}}", "{{a b}}"])
def test_a_placeholder_that_can_never_be_filled_is_refused(text: str) -> None:
    with pytest.raises(PromptError, match=r"prompts/p\.zh\.md"):
        Prompt("p", "zh", f"x {text} y")


@pytest.mark.parametrize(
    ("name", "lang"), [("nothing", "en"), ("answer", "fr"), ("../secret", "en")]
)
def test_an_unknown_prompt_is_an_error_that_lists_the_known(name: str, lang: str) -> None:
    with pytest.raises(PromptError, match=r"does not exist; there are answer\.en"):
        prompts.load(name, lang)


def test_loading_does_not_depend_on_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prompts.load.cache_clear()
    prompts.available.cache_clear()
    assert prompts.load("answer", "zh") is prompts.load("answer", "zh")


def test_the_digest_tells_contents_apart() -> None:
    prompt = prompts.load("answer", "en")
    assert prompt.digest == sha256(prompt.text.encode()).hexdigest()
    assert prompt.digest != prompts.load("answer", "zh").digest


@pytest.mark.parametrize("lang", LANGS)
def test_the_answer_prompt_shows_valid_replies(lang: str) -> None:
    lines = prompts.load("answer", lang).render().splitlines()
    replies = [json.loads(line) for line in lines if line.startswith("{")]
    assert len(replies) == 2
    assert {reply["status"] for reply in replies} == {"answered", "partial"}
    assert all(sentence["citations"] == [1] for reply in replies for sentence in reply["sentences"])
