"""A measure as its file has it → a `Measure`; what does not fit the facts becomes a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from types import MappingProxyType

from assistant.eligibility.facts import Fact, FactKind
from assistant.eligibility.file_forms import (
    AllForm,
    AnyForm,
    CriterionForm,
    GroundForm,
    MeasureForm,
    NotForm,
    ScaleForm,
    TreeForm,
)
from assistant.eligibility.measures import (
    All,
    Any,
    Benefit,
    Compare,
    CompareDate,
    Comparison,
    Criterion,
    DateComparison,
    Ground,
    Is,
    Measure,
    Not,
    OneOf,
    Period,
    Scale,
    Test,
    Tree,
    Within,
)
from assistant.eligibility.places import canonical_place
from assistant.errors import InputError
from index.faults import Faults
from index.yaml_files import Place, Yaml

__all__ = ["measure_of"]

INDUSTRY = "industry"
_NUMBERS: tuple[Comparison, ...] = ("at_least", "at_most", "more_than", "less_than")
_DATES: tuple[DateComparison, ...] = ("on_or_after", "on_or_before", "after", "before")
_KIND_OF: dict[str, FactKind] = {
    "is": "yes_no",
    "one_of": "choice",
    **dict.fromkeys(_NUMBERS, "number"),
    **dict.fromkeys(_DATES, "date"),
    "within": "place",
}
_ATTRIBUTE = {"is": "is_"}  # `is` is a keyword


def measure_of(
    policy: str,
    form: MeasureForm,
    facts: Mapping[str, Fact],
    yaml: Yaml,
    place: Place,
    faults: Faults,
) -> tuple[Measure, dict[str, str]]:
    """A measure, with what is wrong with it added to `faults`.

    Args:
        policy: The policy's id.
        form: The measure as it was read.
        facts: The facts that there are.
        yaml: Its file.
        place: Its place in the file.
        faults: Where faults are noted.

    Returns:
        The measure; and file and line of its criteria, by id, and benefits (`benefit-1`, …).
    """
    reading = _Reading(facts, yaml, place, faults)
    begins, ends = form.period.begins, form.period.ends
    if begins and ends and begins > ends:
        reading.fault(("period",), f"it ends on {ends}, before it begins on {begins}; mend a date")
    for number in range(len(form.benefits)):
        reading.lines[f"benefit-{number + 1}"] = yaml.where((*place, "benefits", number))
    measure = Measure(
        id=f"{policy}/{form.id}",
        policy=policy,
        title=form.title,
        summary=form.summary,
        audience=tuple(form.audience),
        jurisdiction=form.jurisdiction,
        given=form.given,
        acts=form.acts,
        section=form.section,
        benefits=tuple(Benefit(one.text, _ground(one.ground)) for one in form.benefits),
        criteria=reading.tree(form.criteria, ("criteria",)),
        places=tuple(
            reading.place_named(name, ("places", n)) for n, name in enumerate(form.places)
        ),
        industries=tuple(form.industries),
        period=Period(begins, ends, form.period.note),
        draft=form.draft,
    )
    reading.industries(form.industries)
    return measure, reading.lines


def _ground(form: GroundForm) -> Ground:
    return Ground(form.section, form.quote)


@dataclass(frozen=True)
class _Reading:
    facts: Mapping[str, Fact]
    yaml: Yaml
    at: Place
    faults: Faults
    lines: dict[str, str] = field(default_factory=dict)

    def fault(self, part: Place, what: str) -> None:
        """Note a fault of a part of the measure."""
        self.faults.add(f"{self.where(part)}: {what}")

    def where(self, part: Place) -> str:
        """File and line of a part of the measure."""
        return self.yaml.where((*self.at, *part))

    def tree(self, form: TreeForm, part: Place) -> Tree:
        """A tree of criteria."""
        match form:
            case AllForm():
                parts = enumerate(form.all)
                return All(tuple(self.tree(one, (*part, "all", n)) for n, one in parts))
            case AnyForm():
                parts = enumerate(form.any)
                return Any(tuple(self.tree(one, (*part, "any", n)) for n, one in parts))
            case NotForm():
                return Not(self.tree(form.not_, (*part, "not")))
            case CriterionForm():
                return self._criterion(form, part)

    def place_named(self, name: str, part: Place) -> str:
        """The canonical name of a place."""
        try:
            return canonical_place(name)
        except InputError as error:
            self.fault(part, str(error))
            return name

    def industries(self, named: list[str]) -> None:
        """Check the industries against the choices of the fact `industry`."""
        fact = self.facts.get(INDUSTRY)
        if named and (fact is None or fact.kind != "choice"):
            self.fault(("industries",), f"needs a choice fact {INDUSTRY!r} in facts.yaml; add it")
            return
        for number, name in enumerate(named):
            if fact:
                self._choice(fact, name, ("industries", number))

    def _criterion(self, form: CriterionForm, part: Place) -> Criterion:
        where = self.where((*part, "id"))
        if form.id in self.lines:
            first = self.lines[form.id]
            self.faults.add(f"{where}: criterion {form.id!r} is already at {first}; rename one")
        self.lines[form.id] = where
        given = [
            key for key in _KIND_OF if getattr(form, "is_" if key == "is" else key) is not None
        ]
        if form.fact is None:
            if given:
                self.fault((*part, given[0]), f"`{given[0]}` needs a `fact`; add it")
            if form.undefined is None:
                what = f"{form.id!r} has neither `fact` nor `undefined`; say which fact decides it"
                self.fault(part, f"{what}, or what the document leaves undefined")
        elif len(given) != 1:
            found = " and ".join(f"`{key}`" for key in given) or "none"
            tests = ", ".join(_KIND_OF)
            self.fault(
                part, f"{form.id!r} needs exactly one test, not {found}; use one of: {tests}"
            )
        test = self._test(form, given[0], part) if form.fact and len(given) == 1 else None
        fact = form.fact if test else None
        return Criterion(form.id, form.text, _ground(form.ground), fact, test, form.undefined)

    def _test(self, form: CriterionForm, key: str, part: Place) -> Test | None:
        fact = self._fact(form.fact or "", (*part, "fact"))
        if fact is None:
            return None
        at = (*part, key)
        if fact.kind != _KIND_OF[key]:
            fitting = ", ".join(name for name, kind in _KIND_OF.items() if kind == fact.kind)
            what = f"`{key}` does not fit {fact.id!r}, which is a {fact.kind}; use {fitting}"
            self.fault(at, what)
            return None
        if form.is_ is not None:
            return Is(form.is_)
        if form.one_of is not None:
            for number, name in enumerate(form.one_of):
                self._choice(fact, name, (*at, number))
            return OneOf(frozenset(form.one_of))
        if form.within is not None:
            named = enumerate(form.within)
            return Within(frozenset(self.place_named(name, (*at, n)) for n, name in named))
        for how in _DATES:
            if (day := getattr(form, how)) is not None:
                return CompareDate(how, day)
        how_number = next(how for how in _NUMBERS if getattr(form, how) is not None)
        return self._compare(fact, how_number, getattr(form, how_number), at)

    def _compare(self, fact: Fact, how: Comparison, limit: object, at: Place) -> Compare | None:
        if not isinstance(limit, ScaleForm):
            number = limit if isinstance(limit, Decimal) else Decimal(str(limit))
            self._limit(fact, number, at)
            return Compare(how, number)
        by = self._fact(limit.by, (*at, "by"))
        if by is None:
            return None
        if by.kind != "number":
            self.fault((*at, "by"), f"{by.id!r} is a {by.kind}; a scale goes by a number")
        keys = sorted(limit.values)
        gap = next((n for n, m in pairwise(keys) if m != n + 1), None)
        if gap is not None:
            self.fault((*at, "values"), f"there is no limit for {gap + 1}; add it")
        for key, value in limit.values.items():
            self._limit(fact, value, (*at, "values", str(key)))
        return Compare(how, Scale(by.id, MappingProxyType(limit.values), limit.each_further))

    def _limit(self, fact: Fact, limit: Decimal, at: Place) -> None:
        low = fact.least is not None and limit < fact.least
        high = fact.most is not None and limit > fact.most
        if low or high:
            bound = f"`least` {fact.least}" if low else f"`most` {fact.most}"
            self.fault(at, f"limit {limit} is beyond the {bound} of {fact.id!r}; mend one")

    def _fact(self, name: str, at: Place) -> Fact | None:
        found = self.facts.get(name)
        if found is None:
            close = get_close_matches(name, self.facts, n=1, cutoff=0.6)
            hint = f"is it {close[0]!r}?" if close else "add it to facts.yaml"
            self.fault(at, f"fact {name!r} is not known; {hint}")
        return found

    def _choice(self, fact: Fact, name: str, at: Place) -> None:
        known = [choice.id for choice in fact.choices]
        if name not in known:
            what = f"{name!r} is no choice of {fact.id!r}; use one of: {', '.join(known)}"
            self.fault(at, what)
