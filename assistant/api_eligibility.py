"""The HTTP API's routes for measures and eligibility.

Knows HTTP; what fits and who is eligible it leaves to `assistant.eligibility`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from assistant.api_bodies import ERRORS, JsonBody, taking
from assistant.api_eligibility_models import (
    EligibilityBody,
    EligibilityModel,
    MeasuresBody,
    MeasuresModel,
)
from assistant.requests import eligibility_from, measures_from

if TYPE_CHECKING:
    from assistant.service import Assistant

MEASURES = "/api/v1/measures"
ELIGIBILITY = "/api/v1/eligibility"


def add_eligibility(app: FastAPI, assistant: Assistant) -> None:
    """Add the routes to an application."""

    def listed(data: Mapping[str, Any]) -> JSONResponse:
        wanted = measures_from(data)
        known = assistant.eligibility
        facts = None if wanted.facts is None else known.read_facts(wanted.facts)
        found = known.measures(
            wanted.lang,
            wanted.audience,
            wanted.jurisdiction,
            wanted.industry,
            facts,
            wanted.as_of,
        )
        return JSONResponse({"measures": found})

    @app.get(MEASURES, response_model=MeasuresModel, responses=ERRORS)
    def list_measures(
        audience: str | None = None,
        jurisdiction: str | None = None,
        industry: str | None = None,
        lang: str | None = None,
        as_of: str | None = None,
    ) -> Any:
        """List measures."""
        return listed(
            {
                "audience": audience,
                "jurisdiction": jurisdiction,
                "industry": industry,
                "lang": lang,
                "as_of": as_of,
            }
        )

    @app.post(MEASURES, response_model=MeasuresModel, **taking(MeasuresBody))
    def rank_measures(data: JsonBody) -> Any:
        """List measures, ranked by fit where facts are given."""
        return listed(data)

    @app.post(ELIGIBILITY, response_model=EligibilityModel, **taking(EligibilityBody))
    def judge(data: JsonBody) -> Any:
        """Say whether a measure can be had, criterion by criterion."""
        asked = eligibility_from(data)
        known = assistant.eligibility
        facts = known.read_facts(asked.facts)
        return JSONResponse(known.judge(asked.measure, facts, asked.lang, asked.id, asked.as_of))
