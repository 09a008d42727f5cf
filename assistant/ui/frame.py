"""The parts of the page that stay: bar, welcome, composer and passage panel."""

from __future__ import annotations

from html import escape

from assistant.ui import eligibility_texts, texts
from assistant.ui.markup import both, unseen
from assistant.ui.render import question_button
from assistant.ui.texts import Text
from assistant.ui.theme import icon


def bar() -> str:
    """The bar at the top: name, views, new conversation, language."""
    languages = "".join(
        f'<button type="button" data-act="language" data-lang="{lang}" lang="{tag}">{name}</button>'
        for lang, tag, name in (("zh", "zh-CN", "中文"), ("en", "en", "English"))
    )
    tabs = "".join(
        f'<button type="button" data-act="view" data-view="{view}">{both(name)}</button>'
        for view, name in (
            ("chat", eligibility_texts.CHAT),
            ("check", eligibility_texts.CHECK),
            ("measures", eligibility_texts.MEASURES),
        )
    )
    return (
        f'<header class="pa-bar"><div class="pa-brand">{icon("mark")}'
        f"<h1>{both(texts.TITLE)}</h1><p>{both(texts.TAGLINE)}</p></div>"
        f'<nav class="pa-tabs" {_named(eligibility_texts.VIEWS)}>{tabs}</nav>'
        f'<button type="button" class="pa-new" data-act="new">{icon("new")}'
        f"<span>{both(texts.NEW)}</span></button>"
        f'<div class="pa-languages" role="group" {_named(texts.LANGUAGE)}>{languages}</div>'
        "</header>"
    )


def welcome() -> str:
    """What is shown before the first question: examples, and what the assistant can do."""
    groups = "".join(
        f'<section class="pa-examples"><h3>{both(group.title)}</h3>'
        + "".join(
            f'<div data-l="{lang}" lang="{lang}">{question_button(question)}</div>'
            for text in group.questions
            for lang, question in (("zh", text.zh), ("en", text.en))
        )
        + "</section>"
        for group in texts.EXAMPLES
    )
    limits = "".join(
        f"<section><h3>{both(title)}</h3><ul>{_items(lines)}</ul></section>"
        for title, lines in (
            (texts.CAN_DO, texts.CAN_DO_LIST),
            (texts.CANNOT_DO, texts.CANNOT_DO_LIST),
        )
    )
    return (
        f'<div class="pa-welcome"><h2>{both(texts.WELCOME)}</h2><p>{both(texts.INVITATION)}</p>'
        f'<div class="pa-columns">{groups}</div>'
        f'<div class="pa-columns pa-limits">{limits}</div></div>'
    )


def composer(limit: int) -> str:
    """Where a question is written.

    Args:
        limit: Most characters of a question.
    """
    most = f"{limit:,}"
    told = Text(texts.TOO_LONG.zh.format(limit=most), texts.TOO_LONG.en.format(limit=most))
    return (
        f'<form class="pa-composer" data-limit="{limit}"><div class="pa-field">'
        f'<textarea rows="1" name="question" autocomplete="off" {_named(texts.PLACEHOLDER)} '
        f'{_said(texts.PLACEHOLDER, "placeholder")} aria-describedby="pa-fine"></textarea>'
        f'<button type="submit" class="pa-send">{icon("send")}{unseen(texts.SEND)}</button>'
        f'<button type="button" class="pa-stop" data-act="stop">{icon("stop")}{unseen(texts.STOP)}'
        f'</button></div><p class="pa-too-long" role="alert" hidden>{both(told)}</p>'
        f'<p class="pa-fine" id="pa-fine">{both(texts.FINE_PRINT)}</p></form>'
    )


def panel() -> str:
    """Where the passage behind a citation is shown."""
    return (
        f'<dialog class="pa-panel" aria-labelledby="pa-panel-title">'
        f'<button type="button" class="pa-icon pa-close" data-act="close">{icon("close")}'
        f'{unseen(texts.CLOSE)}</button><div class="pa-passage"></div></dialog>'
    )


def _items(lines: tuple[Text, ...]) -> str:
    return "".join(f"<li>{both(line)}</li>" for line in lines)


def _named(text: Text) -> str:
    return _said(text, "aria-label")


def _said(text: Text, attribute: str) -> str:
    """Both languages of an attribute; the page's script sets the one that is shown."""
    return (
        f'{attribute}="{escape(text.zh)}" data-{attribute}-zh="{escape(text.zh)}" '
        f'data-{attribute}-en="{escape(text.en)}"'
    )
