"""Documents as the index knows them: a text in one language, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Source:
    """Where the text of a document was taken from.

    Attributes:
        kind: `official_text`, `news_report`, `news_article`, ….
        publisher: Who published it, where known.
        published_on: When, where known.
    """

    kind: str
    publisher: str | None = None
    published_on: date | None = None


@dataclass(frozen=True)
class Metadata:
    """What is known about a document besides its text; every field may be unknown.

    Attributes:
        issuer: The bodies that issued the policy.
        jurisdiction: ISO 3166-2 code, such as `CN-SC`.
        document_number: The official number, such as `川人社办发〔2023〕39号`.
        issued_on: The day of issue; `date_note` says why where the source is unclear.
        effective_from: First day in force.
        effective_to: Last day in force.
        targets_until: The horizon of the policy's targets.
        status: `in_force`, `lapsed`, `superseded`, … where the source says so.
        supersedes: Ids of the policies that this one replaces.
        title_original: The title as issued.
        url: Where the official text can be read.
        date_note: Why a date is missing or uncertain.
        audiences: Whom the policy addresses.
        topics: Subject slugs.
        source: Where the text was taken from.
        extra: Front-matter keys that the product does not interpret.
    """

    issuer: str | None = None
    jurisdiction: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    targets_until: date | None = None
    status: str | None = None
    supersedes: tuple[str, ...] = ()
    title_original: str | None = None
    url: str | None = None
    date_note: str | None = None
    audiences: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    source: Source | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """One text of one policy in one language.

    The zh and en briefs of a policy are two documents that share `id`.

    Attributes:
        id: The policy's id.
        title: The title in the document's language.
        text: The whole text; every offset in the product counts its characters.
        lang: `zh` or `en`.
        metadata: What is known about it.
    """

    id: str
    title: str
    text: str
    lang: str
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def key(self) -> tuple[str, str]:
        """Id and language, which together name one text."""
        return (self.id, self.lang)
