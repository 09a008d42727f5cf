"""The chat page in Gradio: wires the page's parts to the assistant, and mounts it.

What is shown is made in `render` and `frame`; what the browser does by itself (language, passage
panel, copying) is in `theme/page.js`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI

from assistant.answer import Answer
from assistant.ui import frame, texts, theme
from assistant.ui.conversation import ask, give_up
from assistant.ui.eligibility_page import EligibilityViews
from assistant.ui.feedback import Feedback, default_file
from assistant.ui.open_streams import EndOpenStreams
from assistant.ui.own_origin import OwnOriginOnly
from assistant.ui.passage import passage_html
from assistant.ui.render import documents_html, failure_html, plain_text, turn_html
from assistant.ui.turns import Conversation, Failure
from assistant.understand import QUESTION_MAX_CHARS
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.service import Assistant

AT_ONCE = 8
"""How many people's questions are worked on at the same time."""

# `${…}` only: Handlebars' own braces would put a document's text into code that is evaluated.
_LOG = (
    '<section class="pa-log" role="log" aria-live="polite">'
    '${value.turns.length ? value.turns.map((turn) => turn.html).join("") '
    ": welcome + value.documents}</section>"
)
_SYSTEM_FONTS = ("system-ui", "sans-serif")

log = logging.getLogger(__name__)


def mount(app: FastAPI, assistant: Assistant, *, feedback: Path | None = None) -> FastAPI:
    """Serve the chat page at `/` of an application.

    Args:
        app: From `assistant.api.create_app`; answers are counted in its metrics.
        assistant: Answers.
        feedback: Where thumbs are stored; `feedback.default_file()` where none is given.

    Returns:
        The application.
    """
    page = build_page(assistant, feedback=feedback, answered=app.state.metrics.answered)
    app.add_middleware(OwnOriginOnly)
    app.add_middleware(EndOpenStreams)
    style = theme.read("style.css") + theme.read("eligibility.css")
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Base(font=_SYSTEM_FONTS, font_mono=("ui-monospace", "monospace")),
        # Gradio would rewrite the selectors of a style that is given as `css`.
        head=f"<script>{theme.read('head.js')}</script><style>{style}</style>",
        favicon_path=str(theme.FAVICON),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,  # the page takes no files
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )
    return mounted


def build_page(
    assistant: Assistant,
    *,
    feedback: Path | None = None,
    answered: Callable[[Answer], None] = lambda answer: None,
) -> gr.Blocks:
    """The chat page.

    Args:
        assistant: Answers.
        feedback: Where thumbs are stored; `feedback.default_file()` where none is given.
        answered: Told of every answer.
    """
    thumbs = Feedback(feedback or default_file())

    def begin() -> dict[str, Any]:
        try:
            documents = documents_html(assistant.status()["documents"])
        except IndexingError as error:
            documents = failure_html(Failure(texts.FAILED_STORE, str(error)))
        return _shown(Conversation(), documents)

    def answer(
        conversation: Conversation, event: gr.EventData
    ) -> Iterator[tuple[dict[str, Any], Conversation]]:
        for _ in ask(conversation, str(event.text), assistant, answered):
            yield _shown(conversation), conversation

    def stop(conversation: Conversation) -> tuple[dict[str, Any], Conversation]:
        give_up(conversation)
        return _shown(conversation), conversation

    def fail(conversation: Conversation) -> tuple[dict[str, Any], Conversation]:
        give_up(conversation, Failure(texts.FAILED_MODEL))
        return _shown(conversation), conversation

    def start_anew() -> tuple[dict[str, Any], Conversation]:
        return begin(), Conversation()

    def rate(
        conversation: Conversation, event: gr.EventData
    ) -> tuple[dict[str, Any], Conversation]:
        turn = conversation.turns[int(event.turn)]
        if turn.answer is not None and event.label in ("up", "down"):
            rating = None if turn.rating == event.label else event.label
            try:
                thumbs.add(turn.answer, rating)
                turn.rating = rating
            except OSError as error:
                log.error("%s: feedback could not be stored: %s", thumbs.file, error)
                lost = texts.FEEDBACK_LOST
                gr.Warning(f"{lost.zh} {lost.en}")
        return _shown(conversation), conversation

    with gr.Blocks(
        title=f"{texts.TITLE.zh} · {texts.TITLE.en}",
        analytics_enabled=False,
        fill_width=True,
    ) as page:
        conversation = gr.State(Conversation())
        _part(frame.bar(), "pa-bar")
        shown = gr.HTML(
            _shown(Conversation()),
            html_template=_LOG,
            js_on_load=theme.read("page.js"),
            apply_default_css=False,
            elem_id="pa-log",
            welcome=frame.welcome(),
        )
        _part(frame.composer(QUESTION_MAX_CHARS), "pa-composer")
        views = EligibilityViews(assistant)
        _part(frame.panel(), "pa-panel")

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        both: dict[str, Any] = {"inputs": [conversation], "outputs": [shown, conversation], **quiet}
        page.load(begin, outputs=[shown], **quiet)
        page.load(views.begin, outputs=[views.picker, views.filters], **quiet)
        asking = shown.ask_question(answer, concurrency_limit=AT_ONCE, trigger_mode="once", **both)
        asking.failure(fail, **both)
        shown.stop_answer(stop, cancels=[asking], **both)
        shown.start_anew(start_anew, outputs=[shown, conversation], cancels=[asking], **quiet)
        shown.rate_answer(rate, **both)
    page.queue(default_concurrency_limit=AT_ONCE)
    assert isinstance(page, gr.Blocks)
    return page


def _part(html: str, identity: str) -> gr.HTML:
    """A part of the page that never changes, but for what the page's own script does to it."""
    return gr.HTML(html, js_on_load=None, apply_default_css=False, elem_id=identity)


def _shown(conversation: Conversation, documents: str = "") -> dict[str, Any]:
    """What the page's script is given to show."""
    turns = [
        {
            "html": turn_html(turn, number),
            "copy": plain_text(turn.answer) if turn.answer else "",
            "passages": {str(label): passage_html(s) for label, s in turn.sources.items()},
        }
        for number, turn in enumerate(conversation.turns)
    ]
    busy = any(turn.is_open for turn in conversation.turns)
    return {"turns": turns, "busy": busy, "documents": documents}
