"""Short names of policies, for the assistant's own questions."""

from __future__ import annotations

import re

from assistant.places import known_places
from index.documents import Document

__all__ = ["short_title"]

_BRACKETS = re.compile(r"\s*[（(]([^（）()]*)[)）]\s*$")
_HEADED = re.compile(r"\s*# +(.{12,}?)(?: *\{#[^}]*\})? *(?:\n|$)")
_TITLE = re.compile(r"《[^》]+》")


def short_title(document: Document) -> str:
    """What a policy is called in a question, in the language of the document.

    A Chinese title is cut to what stands in 《》, with the place it begins with. An English one
    loses its last brackets, gives way to the text's first heading where that is shorter, and is put
    in quotation marks.
    """
    title = document.title.strip()
    brackets = _BRACKETS.search(title)
    if document.lang == "en":
        name = title[: brackets.start()] if brackets and brackets.start() else title
        headed = _HEADED.match(document.text)
        if headed and len(headed.group(1)) < len(name):
            name = headed.group(1).strip()
        return f"“{name.strip('“”')}”"
    for part in (brackets.group(1) if brackets else "", title):
        if found := _TITLE.search(part):
            return _place_of(title, found.group()) + found.group()
    return title


def _place_of(title: str, name: str) -> str:
    """The place that a title begins with, where its short name does not say it."""
    spans = known_places(title)
    if not spans or spans[0][0] != 0:
        return ""
    place = title[slice(*spans[0])].removesuffix("省").removesuffix("市")
    return "" if place in name else place
