"""A fact as `facts.yaml` has it → a `Fact`; what does not fit its kind becomes a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from assistant.eligibility.facts import Choice, Fact, Said
from assistant.eligibility.file_forms import FactForm
from assistant.eligibility.quantities import UNITS
from assistant.questions import Lang
from index.faults import Faults
from index.text import fold
from index.yaml_files import Place, Yaml

__all__ = ["fact_of"]

_KEYS = {
    "choices": ("choice",),
    "many": ("choice",),
    "unit": ("number",),
    "least": ("number",),
    "most": ("number",),
}
_ORDERED = ("number", "date")
_TAKES: dict[str, tuple[str, ...]] = {
    "sum": ("number",),
    "count": ("number",),
    "least": (*_ORDERED, "yes_no"),
    "greatest": (*_ORDERED, "yes_no"),
}


def fact_of(form: FactForm, yaml: Yaml, place: Place, faults: Faults) -> Fact:
    """A fact, with what is wrong with it added to `faults`.

    Args:
        form: The fact as it was read.
        yaml: Its file.
        place: Its place in the file.
        faults: Where faults are noted.
    """
    _Check(form, yaml, place, faults).all()
    return Fact(
        id=form.id,
        kind=form.kind,
        label=form.label,
        question=form.question,
        choices=tuple(Choice(choice.id, choice.label) for choice in form.choices),
        many=form.many,
        unit=form.unit or "",
        least=form.least,
        most=form.most,
        said=tuple(_said(form)),
        take=form.take,
    )


def _said(form: FactForm) -> list[Said]:
    found = [Said(_patterns(choice.said), choice.id) for choice in form.choices if choice.said]
    whole: dict[Lang, Sequence[str]] = {}
    for key, value in (form.said or {}).items():
        if isinstance(value, dict):
            found.append(Said(_patterns(value), key == "yes"))
        else:
            whole[cast("Lang", key)] = value
    return [*found, Said(_patterns(whole))] if whole else found


def _patterns(said: Mapping[Lang, Sequence[str]]) -> dict[Lang, tuple[str, ...]]:
    return {lang: tuple(patterns) for lang, patterns in said.items()}


@dataclass(frozen=True)
class _Check:
    form: FactForm
    yaml: Yaml
    place: Place
    faults: Faults

    def all(self) -> None:
        """Note everything that does not fit the fact's kind."""
        self._keys()
        self._bounds()
        self._choices()
        self._said()

    def _keys(self) -> None:
        """Keys that belong to another kind."""
        kind = self.form.kind
        for key, kinds in _KEYS.items():
            if key in self.form.model_fields_set and kind not in kinds:
                self._fault((key,), f"`{key}` is for {' and '.join(kinds)}, not for {kind}")
        if kind == "choice" and not self.form.choices:
            self._fault((), f"`choices`: missing; name the choices of {self.form.id!r}")
        takes = _TAKES.get(self.form.take)
        if takes and kind not in takes:
            self._fault(("take",), f"`take: {self.form.take}` is for {' and '.join(takes)} facts")

    def _bounds(self) -> None:
        least, most, unit = self.form.least, self.form.most, self.form.unit
        if least is not None and most is not None and least > most:
            self._fault(("most",), f"`most` {most} is less than `least` {least}; swap them")
        if unit and unit not in UNITS:
            close = get_close_matches(unit, UNITS, n=1)
            hint = f"is it {close[0]!r}?" if close else f"use one of: {', '.join(sorted(UNITS))}"
            self._fault(("unit",), f"unit {unit!r} is not known; {hint}")

    def _choices(self) -> None:
        seen: dict[str, str] = {}
        for number, choice in enumerate(self.form.choices):
            names = {choice.id, *choice.label.values()}
            for name in sorted(names):
                if seen.setdefault(fold(name), choice.id) != choice.id:
                    where = ("choices", number)
                    self._fault(where, f"{name!r} names choice {seen[fold(name)]!r} already")
            if number != [other.id for other in self.form.choices].index(choice.id):
                self._fault(("choices", number), f"choice {choice.id!r} stands twice; keep one")
            if choice.said:
                self._patterns(choice.said, ("choices", number, "said"))

    def _said(self) -> None:
        kind = self.form.kind
        by_value = kind == "yes_no"
        for key, said in (self.form.said or {}).items():
            if by_value and not isinstance(said, dict):
                self._fault(("said", key), f"`{key}`: put it below `yes:` or `no:`")
            elif isinstance(said, dict) and not by_value:
                self._fault(("said", key), f"`{key}` is for yes_no, not for {kind}")
            elif kind == "choice":
                self._fault(("said", key), "a choice is said below each of its `choices`")
            elif isinstance(said, dict):
                self._patterns(said, ("said", key))
            else:
                needs = kind == "number" and self.form.take != "count"
                self._patterns({cast("Lang", key): said}, ("said",), value=needs)

    def _patterns(
        self, said: Mapping[Lang, Sequence[str]], place: Place, *, value: bool = False
    ) -> None:
        for lang, patterns in said.items():
            for number, written in enumerate(patterns):
                at = (*place, lang, number)
                try:
                    pattern = re.compile(written, re.IGNORECASE)
                except re.error as error:
                    self._fault(at, f"{written!r} is no regular expression: {error}; mend it")
                    continue
                if value and "value" not in pattern.groupindex:
                    self._fault(at, f"{written!r} has no group for the number: add (?P<value>…)")
                if pattern.match(""):
                    self._fault(at, f"{written!r} matches where nothing is said; make it longer")

    def _fault(self, part: Place, what: str) -> None:
        self.faults.add(f"{self.yaml.where((*self.place, *part))}: {what}")
