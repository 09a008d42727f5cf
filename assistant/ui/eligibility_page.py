"""The eligibility form and the catalogue of measures in Gradio: wires their parts to the assistant.

What the browser does by itself (changing views, collecting a form) is in `theme/eligibility.js`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.answer import Citation
from assistant.eligibility.service import Eligibility
from assistant.errors import AssistantError, InputError
from assistant.questions import Lang
from assistant.ui import texts, theme
from assistant.ui.catalogue import cards_html, filters_html
from assistant.ui.eligibility_form import facts_given, fields_html, picker_html
from assistant.ui.passage import passage_html
from assistant.ui.render import failure_html
from assistant.ui.turns import Failure, Source
from assistant.ui.verdict import verdict_html, wrong_html
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.service import Assistant

_HTML = "${value.html}"

log = logging.getLogger(__name__)


class EligibilityViews:
    """The two views beside the conversation; their parts are made where the page is put together.

    Args:
        assistant: Whose measures they show.
    """

    def __init__(self, assistant: Assistant) -> None:
        """Make the parts, within the page that is being built."""
        self._assistant = assistant
        self.picker = self._part("pa-form", theme.read("eligibility.js"))
        self._fields = self._part("pa-fields")
        self._verdict = self._part("pa-verdict")
        self.filters = self._part("pa-filters")
        self._cards = self._part("pa-cards")
        quiet: dict[str, Any] = {
            "inputs": [],
            "show_progress": "hidden",
            "api_visibility": "private",
            # Each takes milliseconds, and what was asked last has to be what is shown.
            "trigger_mode": "multiple",
            "concurrency_limit": 1,
        }
        self.picker.choose_measure(self._choose, outputs=[self._fields, self._verdict], **quiet)
        self.picker.check_facts(self._check, outputs=[self._verdict], **quiet)
        self.picker.list_measures(self._list, outputs=[self._cards], **quiet)

    def begin(self) -> tuple[dict[str, str], dict[str, str]]:
        """What the picker and the filters show; nothing where there are no measures."""
        try:
            known = self._assistant.eligibility
            titles: dict[tuple[str, Lang], str] = {
                (document.id, _lang(document.lang)): document.title
                for document in self._assistant.index.documents()
            }
        except (AssistantError, IndexingError) as error:
            log.error("the measures cannot be shown: %s", error)
            return _shown(""), _shown("")
        if not known.offered:
            return _shown(""), _shown("")
        return _shown(picker_html(known.offered, titles)), _shown(filters_html(known.catalogue))

    def _part(self, identity: str, script: str | None = None) -> gr.HTML:
        return gr.HTML(
            _shown(""),
            html_template=_HTML,
            js_on_load=script,
            apply_default_css=False,
            elem_id=identity,
        )

    def _choose(self, event: gr.EventData) -> tuple[dict[str, str], dict[str, str]]:
        name, lang = str(event.measure), _lang(event.lang)
        if not name:
            return _shown(""), _shown("")
        try:
            known = self._assistant.eligibility
            measure = known.measure(name)
        except (AssistantError, IndexingError) as error:
            return _shown(""), _shown(_failed(error))
        fields = fields_html(measure, known.catalogue, dict(event.facts), lang, int(event.round))
        return _shown(fields), self._judged(name, event.facts, lang)

    def _check(self, event: gr.EventData) -> dict[str, str]:
        return self._judged(str(event.measure), event.facts, _lang(event.lang))

    def _judged(self, name: str, sent: Mapping[str, Any], lang: Lang) -> dict[str, str]:
        try:
            known = self._assistant.eligibility
            facts = known.read_facts(facts_given(sent, known.catalogue))
            found = known.judge(name, facts, lang)
            cited = [one["citation"] for one in (*found["criteria"], *found["benefits"])]
            passages = {one["label"]: self._passage(one) for one in cited}
        except InputError as error:
            return _shown(wrong_html(str(error), lang))
        except (AssistantError, IndexingError) as error:
            return _shown(_failed(error))
        return _shown(verdict_html(found, passages))

    def _list(self, event: gr.EventData) -> dict[str, str]:
        lang = _lang(event.lang)
        try:
            known: Eligibility = self._assistant.eligibility
            wanted = (event.audience or None, event.jurisdiction or None, event.industry or None)
            found = known.measures(lang, *wanted)
            passages = {one["id"]: self._passage(one["citation"]) for one in found}
        except (AssistantError, IndexingError) as error:
            return _shown(_failed(error))
        return _shown(cards_html(found, passages, lang, int(event.asked)))

    def _passage(self, citation: Mapping[str, Any]) -> str:
        document, passage = self._assistant.passage(citation["passage_id"])
        return passage_html(Source(Citation(**citation), document, passage))


def _failed(error: Exception) -> str:
    log.error("the measures cannot be shown: %s", error)
    return failure_html(Failure(texts.FAILED_STORE, str(error)))


def _lang(value: object) -> Lang:
    return "zh" if value == "zh" else "en"


def _shown(html: str) -> dict[str, str]:
    return {"html": html}
