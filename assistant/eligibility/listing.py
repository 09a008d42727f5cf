"""Measures as they are listed, and the filters of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.eligibility.jurisdictions import is_for, region_named, regions
from assistant.eligibility.measures import Audience, Catalogue, Measure
from assistant.eligibility.places import lies_within, place_label
from assistant.eligibility.wording import AUDIENCES, localized, say
from assistant.errors import InputError
from assistant.questions import Lang
from index.text import fold

INDUSTRY = "industry"
_ALSO_CALLED: Mapping[Audience, tuple[str, ...]] = {
    "enterprise": ("enterprise", "company", "companies", "business", "firm", "公司", "单位"),
    "talent": ("talent", "individual", "individuals", "person", "people", "个人"),
    "hr_agency": (
        *("hr agency", "hr agencies", "human resource service agency", "hr services"),
        *("人力资源机构", "人力资源公司", "人力资源服务企业"),
    ),
    "government": ("government", "authorities", "government departments", "政府", "政府部门"),
}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; `None` narrows nothing.

    Attributes:
        audience: Whom a measure is for.
        region: The place that it must cover, or lie in.
        industries: Choice ids; a measure for one of them, or for all industries, passes.
    """

    audience: str | None = None
    region: str | None = None
    industries: frozenset[str] | None = None

    @classmethod
    def read(
        cls,
        catalogue: Catalogue,
        audience: str | None,
        jurisdiction: str | None,
        industry: str | None,
    ) -> Filters:
        """Read filters as people give them.

        Raises:
            InputError: One is not known; the message names those that are.
        """
        return cls(
            _audience(audience) if audience is not None else None,
            region_named(jurisdiction) if jurisdiction is not None else None,
            _industries(catalogue, industry) if industry is not None else None,
        )

    def pass_(self, measure: Measure) -> bool:
        """Whether a measure is listed."""
        if self.audience is not None and self.audience not in measure.audience:
            return False
        if self.region is not None and not self._covers(self.region, measure):
            return False
        own = set(measure.industries)
        return self.industries is None or not own or bool(own & self.industries)

    def _covers(self, region: str, measure: Measure) -> bool:
        inside = any(lies_within(place, region) for place in regions(measure))
        return inside or is_for(measure, region) is True


def period_of(measure: Measure, lang: Lang, day: date) -> dict[str, Any]:
    """When a measure runs, as a JSON object; `warning` says where it is over or yet to begin."""
    period = measure.period
    warning = None
    if period.ends and period.ends < day:
        warning = say("lapsed", lang, day=period.ends)
    elif period.begins and period.begins > day:
        warning = say("not_begun", lang, day=period.begins)
    return {
        "begins": period.begins.isoformat() if period.begins else None,
        "ends": period.ends.isoformat() if period.ends else None,
        "note": localized(period.note, lang) if period.note else None,
        "warning": warning,
    }


def listed_as(measure: Measure, lang: Lang, catalogue: Catalogue, day: date) -> dict[str, Any]:
    """A measure as a JSON object, in a language, as it stands on a day."""
    known = catalogue.facts.get(INDUSTRY)
    labels = {c.id: localized(c.label, lang) for c in known.choices} if known else {}
    return {
        "id": measure.id,
        "title": localized(measure.title, lang),
        "summary": localized(measure.summary, lang),
        "audience": list(measure.audience),
        "audience_names": [AUDIENCES[one][lang] for one in measure.audience],
        "jurisdiction": measure.jurisdiction,
        "places": list(measure.places),
        "place_names": [place_label(place, lang) for place in regions(measure)],
        "industries": list(measure.industries),
        "industry_names": [labels.get(one, one) for one in measure.industries],
        "given": localized(measure.given, lang),
        "acts": localized(measure.acts, lang),
        "period": period_of(measure, lang, day),
        "policy": measure.policy,
        "section": measure.section,
    }


def _audience(text: str) -> Audience:
    wanted = _plain(text)
    for audience, names in _ALSO_CALLED.items():
        if wanted in {_plain(one) for one in (audience, *AUDIENCES[audience].values(), *names)}:
            return audience
    known = ", ".join(f"{one} ({AUDIENCES[one]['zh']})" for one in AUDIENCES)
    raise InputError(f"audience {text!r}: not known; give one of {known}")


def _industries(catalogue: Catalogue, text: str) -> frozenset[str]:
    fact = catalogue.facts.get(INDUSTRY)
    choices = fact.choices if fact else ()
    names = {c.id: [_plain(one) for one in (c.id, *c.label.values())] for c in choices}
    wanted = _plain(text)
    exact = [identity for identity, own in names.items() if wanted in own]
    found = exact or (_holding(wanted, names) if len(wanted) > 1 else [])
    if found:
        return frozenset(found)
    known = ", ".join(f"{c.id} ({localized(c.label, 'zh')})" for c in choices)
    mend = f"give one of {known}" if known else "the corpus's measures name no industries"
    raise InputError(f"industry {text!r}: not known; {mend}")


def _holding(wanted: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """The choices that have the words in a name; whole words of English."""
    pattern = re.compile(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])")
    return [identity for identity, own in names.items() if any(pattern.search(n) for n in own)]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[_\s-]+", " ", fold(text)).split())
