"""The passage behind a citation → HTML for the panel beside the conversation."""

from __future__ import annotations

from assistant.ui import texts
from assistant.ui.markup import both, escape, highlighted
from assistant.ui.texts import Text
from assistant.ui.turns import Source


def passage_html(source: Source) -> str:
    """The passage behind a citation, whole, with the cited words highlighted."""
    citation, document, passage = source.citation, source.document, source.passage
    same = document.text[citation.start : citation.end] == citation.quote
    inside = passage.start <= citation.start and citation.end <= passage.end
    if same and inside:
        start, end = citation.start - passage.start, citation.end - passage.start
        words = highlighted(passage.text, start, end)
    else:
        words = f'<p class="pa-note">{both(texts.MOVED)}</p>'
        words += f"<p><mark>{escape(citation.quote)}</mark></p>"
    lang = escape(document.lang)
    return (
        f'<p class="pa-kicker">{both(texts.SOURCE)} {citation.label}</p>'
        f'<h2 id="pa-panel-title" tabindex="-1" lang="{lang}">{escape(citation.title)}</h2>'
        f'<p class="pa-path" lang="{lang}">{_path(source)}</p>'
        f'<blockquote lang="{lang}">{words}</blockquote><dl>{_facts(source)}</dl>'
    )


def _path(source: Source) -> str:
    path = [part for part in source.passage.heading_path if part != source.document.title]
    return '<span aria-hidden="true"> › </span>'.join(escape(part) for part in path)


def _facts(source: Source) -> str:
    citation, metadata = source.citation, source.document.metadata
    issued_on = escape(citation.issued_on or "") or both(texts.UNKNOWN)
    if metadata.date_note:
        issued_on += f"<small>{escape(metadata.date_note)}</small>"
    rows: list[tuple[Text, str]] = [
        (texts.ISSUER, escape(citation.issuer or "") or both(texts.UNKNOWN)),
        (texts.ISSUED_ON, issued_on),
        (texts.VALIDITY, both(texts.VALIDITIES[citation.validity])),
        (texts.DOCUMENT_LANGUAGE, _language(citation.lang)),
    ]
    if metadata.document_number:
        rows.insert(2, (texts.NUMBER, escape(metadata.document_number)))
    if metadata.title_original and metadata.title_original != citation.title:
        rows.append((texts.ORIGINAL_TITLE, escape(metadata.title_original)))
    if metadata.source:
        kind = metadata.source.kind
        origin = both(texts.ORIGINS[kind]) if kind in texts.ORIGINS else escape(kind)
        day = metadata.source.published_on
        for more in (metadata.source.publisher, day.isoformat() if day else None):
            origin += f"<small>{escape(more)}</small>" if more else ""
        rows.append((texts.ORIGIN, origin))
    if citation.url and citation.url.startswith(("https://", "http://")):
        url = escape(citation.url)
        link = f'<a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a>'
        rows.append((texts.OFFICIAL_TEXT_AT, link))
    return "".join(f"<div><dt>{both(name)}</dt><dd>{value}</dd></div>" for name, value in rows)


def _language(lang: str) -> str:
    return both(texts.LANGUAGES[lang]) if lang in texts.LANGUAGES else escape(lang)
