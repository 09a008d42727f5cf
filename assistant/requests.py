"""Reads what is asked from JSON objects: HTTP bodies and lines of JSON Lines files.

Says what is wrong with their shape; whether a question's text can be answered is the pipeline's
business. Keys that are not listed here are left alone, so that a file of cases can be asked as
it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from assistant.errors import InputError
from assistant.questions import Lang, Question, Turn
from index.text import han_count

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TURN_FORMS = (
    'give {"role": "user" or "assistant", "content": "…"}, {"question": "…", "answer": "…"}, '
    '["question", "answer"] or "question"'
)


@dataclass(frozen=True)
class SearchRequest:
    """A search as it was asked for.

    Attributes:
        query: The words to search for.
        k: How many passages to give back.
        id: The caller's own mark, handed back in the result.
        explain: Whether to say how each passage got its place.
    """

    query: str
    k: int = 10
    id: str | None = None
    explain: bool = False


@dataclass(frozen=True)
class EligibilityRequest:
    """Whether a measure can be had, as it was asked.

    Attributes:
        measure: The measure's id, or the part of it behind the slash.
        facts: What is known, by fact id, as it was given.
        lang: The language of the verdict.
        as_of: The day for which validity is judged; `None` means today.
        id: The caller's own mark, handed back in the verdict.
    """

    measure: str
    facts: Mapping[str, Any]
    lang: Lang
    as_of: date | None = None
    id: str | None = None


@dataclass(frozen=True)
class MeasuresRequest:
    """A list of measures, as it was asked for.

    Attributes:
        audience: Whom they are for.
        jurisdiction: A code or the name of a place.
        industry: An industry's id or name.
        facts: What is known, as it was given; `None` ranks nothing.
        lang: The language of the list.
        as_of: The day for which periods are judged; `None` means today.
    """

    audience: str | None
    jurisdiction: str | None
    industry: str | None
    facts: Mapping[str, Any] | None
    lang: Lang
    as_of: date | None = None


def question_from(data: Mapping[str, Any]) -> Question:
    """Read a question.

    A key that is `null` counts as missing. `history` is a list, oldest first, of
    `{"role", "content"}` messages, `{"question", "answer"}` objects, `[question, answer]` pairs
    and plain strings, which are what the person said.

    Args:
        data: `question`, and where given `history`, `lang`, `as_of`, `facts`, `id` and `trace`.

    Raises:
        InputError: A key has a value that it cannot have; the message names the key and the mend.
    """
    _require_object(data)
    return Question(
        text=_required_text(data, "question"),
        history=_history(data.get("history")),
        lang=_lang(data.get("lang")),
        as_of=_as_of(data.get("as_of")),
        facts=_facts(data.get("facts")),
        id=_identity(data.get("id")),
        trace=_flag(data, "trace"),
    )


def search_from(data: Mapping[str, Any]) -> SearchRequest:
    """Read a search.

    Args:
        data: `query`, and where given `k`, `id` and `explain`.

    Raises:
        InputError: A key has a value that it cannot have; the message names the key and the mend.
    """
    _require_object(data)
    k = data.get("k")
    if k is None:
        k = SearchRequest.k
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= 100:
        raise InputError(f"k={_shown(k)}: give a whole number from 1 to 100")
    explain = _flag(data, "explain")
    return SearchRequest(_required_text(data, "query"), k, _identity(data.get("id")), explain)


def eligibility_from(data: Mapping[str, Any]) -> EligibilityRequest:
    """Read a question about a measure.

    Args:
        data: `measure`, and where given `facts`, `lang` (else the language that the facts are
            written in), `as_of` and `id`.

    Raises:
        InputError: A key has a value that it cannot have; the message names the key and the mend.
    """
    _require_object(data, '{"measure": "…"}')
    facts = _facts(data.get("facts"))
    return EligibilityRequest(
        measure=_required_text(data, "measure"),
        facts=facts,
        lang=_lang(data.get("lang")) or _written_in(facts.values()),
        as_of=_as_of(data.get("as_of")),
        id=_identity(data.get("id")),
    )


def measures_from(data: Mapping[str, Any]) -> MeasuresRequest:
    """Read what is wanted of a list of measures.

    Args:
        data: Where given `audience`, `jurisdiction`, `industry`, `facts`, `lang` (else the
            language that the rest is written in) and `as_of`.

    Raises:
        InputError: A key has a value that it cannot have; the message names the key and the mend.
    """
    _require_object(data, '{"audience": "…"}')
    audience, jurisdiction, industry = (
        None if data.get(key) is None else _text(data[key], key)
        for key in ("audience", "jurisdiction", "industry")
    )
    facts = None if data.get("facts") is None else _facts(data["facts"])
    words = (audience, jurisdiction, industry, *(facts or {}).values())
    return MeasuresRequest(
        audience=audience,
        jurisdiction=jurisdiction,
        industry=industry,
        facts=facts,
        lang=_lang(data.get("lang")) or _written_in(words),
        as_of=_as_of(data.get("as_of")),
    )


def _written_in(values: Iterable[object]) -> Lang:
    """Chinese where some of it is; ids of choices are in no language, and read as English."""
    texts: list[object] = []
    for value in values:
        texts.extend(value if isinstance(value, list) else [value])
    return "zh" if any(han_count(text) for text in texts if isinstance(text, str)) else "en"


def _require_object(data: object, form: str = '{"question": "…"}') -> None:
    if not isinstance(data, Mapping):
        raise InputError(f"{_kind(data)} where a JSON object is needed; give {form}")


def _required_text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        raise InputError(f'{key}: missing; give its text under "{key}"')
    return _text(value, key)


def _history(value: object) -> tuple[Turn, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise InputError(f"history: {_kind(value)} where a list of earlier turns is needed")
    turns: list[Turn] = []
    for number, item in enumerate(value):
        turns.extend(_turns(item, f"history[{number}]"))
    return tuple(turns)


def _turns(item: object, place: str) -> list[Turn]:
    if isinstance(item, str):
        return [Turn("user", _text(item, place))]
    if isinstance(item, Mapping):
        if "role" in item:
            content = _text(item.get("content"), f"{place}.content")
            return [Turn(_role(item["role"], place), content)]
        if "question" in item:
            return _exchange(item["question"], item.get("answer"), place, (".question", ".answer"))
    elif isinstance(item, Sequence) and not isinstance(item, bytes) and len(item) == 2:
        return _exchange(item[0], item[1], place, ("[0]", "[1]"))
    raise InputError(f"{place}: this is no earlier turn; {_TURN_FORMS}")


def _exchange(question: object, answer: object, place: str, keys: tuple[str, str]) -> list[Turn]:
    if isinstance(answer, Mapping):  # an answer as this product gave it
        answer = answer.get("text")
    asked = Turn("user", _text(question, place + keys[0]))
    return [asked] if answer is None else [asked, Turn("assistant", _text(answer, place + keys[1]))]


def _role(value: object, place: str) -> Literal["user", "assistant"]:
    if value == "user":
        return "user"
    if value == "assistant":
        return "assistant"
    raise InputError(f'{place}.role={_shown(value)}: not known; use "user" or "assistant"')


def _lang(value: object) -> Lang | None:
    if value is None:
        return None
    if value == "zh":
        return "zh"
    if value == "en":
        return "en"
    raise InputError(
        f'lang={_shown(value)}: not known; use "zh" or "en", or leave it out to be answered in the '
        "language of the question"
    )


def _as_of(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InputError(f"as_of={_shown(value)}: there is no such day") from None
    raise InputError(f'as_of={_shown(value)}: no date; write it as "2024-12-31"')


def _facts(value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(
            f"facts: {_kind(value)} where an object of facts by name is needed, such as "
            '{"industry": "lithium"}'
        )
    for name in value:
        _text(name, "facts")
    return dict(value)


def _identity(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value, "id")


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{place}: {_kind(value)} where a text is needed; put it in quotes")
    if _SURROGATE.search(value):
        raise InputError(f"{place}: it holds half of a character pair; send it as valid Unicode")
    return value


def _flag(data: Mapping[str, Any], key: str) -> bool:
    value = data.get(key) or False
    if not isinstance(value, bool):
        raise InputError(f"{key}={_shown(value)}: give true or false")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence):
        return "a list"
    return f"a {type(value).__name__}"
