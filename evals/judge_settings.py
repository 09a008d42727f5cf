"""Which chat model judges, from the environment. Read by the entry point only.

`POLICY_JUDGE=provider:model` as LangChain reads it, `POLICY_JUDGE_BASE_URL` for an
OpenAI-compatible server, `POLICY_JUDGE_API_KEY`. It ought to be another model than the one that
writes the answers; nothing judges unless it is asked to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.chat_settings import ChatModelSettings, refuse_local
from evals.judge import Judge, judge_of


@dataclass(frozen=True)
class NamedJudge:
    """A judge and the name of its model, which goes into the run's records."""

    name: str
    ask: Judge


def configured_judge(environ: Mapping[str, str] = os.environ) -> NamedJudge | None:
    """The judge that the environment names; `None` where it names none.

    Raises:
        ConfigurationError: It names one that cannot be set up.
    """
    model = environ.get("POLICY_JUDGE", "").strip()
    server = environ.get("POLICY_JUDGE_BASE_URL", "").strip() or None
    if not model and not server:
        return None
    refuse_local(model)
    name = model.removeprefix("openai:") if server else model
    key = environ.get("POLICY_JUDGE_API_KEY", "").strip() or None
    from assistant.chat_model import connect

    settings = ChatModelSettings(model=name or "default", base_url=server, api_key=key)
    return NamedJudge(settings.model, judge_of(connect(settings)))
