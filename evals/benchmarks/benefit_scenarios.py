"""The scenarios of other people's benefit specifications, judged by our example measures.

Knows the sets' files and the example catalogue (`evals/examples/benefits`); what the outcomes come
to is for `evals.benchmarks.benefits`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.eligibility.evaluation import evaluate
from assistant.eligibility.facts import Facts, KnownFact
from assistant.eligibility.grounds import grounds_of
from assistant.eligibility.measures import Catalogue
from assistant.eligibility.reading import read_said
from evals.adapters.reading import read_set
from evals.errors import SuiteError

CASES = "mfb_cases.jsonl"
DOCUMENTS = "mfb_docs.jsonl"
Gold = Literal["eligible", "not_eligible"]
Reading = Literal["as read", "form"]
PERSONAL = frozenset(
    {
        "age",
        "birth_year",
        "blind",
        "disabled_12_months",
        "earnings_a_month",
        "insurance",
        "reached_retirement_age",
        "receives_retirement",
        "receives_ssdi",
    }
)
_PERSON = re.compile(r"\W*Person \d+\b")
_BEST = ("eligible", "more_information_needed", "not_eligible")
_GOLD: Mapping[str, Gold] = {"eligible": "eligible", "ineligible": "not_eligible"}


@dataclass(frozen=True)
class Specification:
    """A specification that the catalogue has a measure for.

    Attributes:
        policy: The policy's id in the catalogue.
        document: Its name in the set.
        seen: Whether its scenarios were looked at while measure and facts were written
            or mended.
        each: Whether each person applies alone: it is enough that one of them is eligible.
    """

    policy: str
    document: str
    seen: bool
    each: bool = False


_ACROSS, _OWN = "programs/programs/cross_white_label", "programs/programs/white_labels"
SPECIFICATIONS = (
    Specification("tx-weatherization", f"{_ACROSS}/weatherization/specs/tx.md", seen=True),
    Specification("co-first-step", f"{_OWN}/co/collegeinvest_first_step/spec.md", seen=True),
    Specification("wa-basic-food", f"{_ACROSS}/snap/specs/wa.md", seen=True),
    Specification("il-access-dupage", f"{_OWN}/il/access_dupage/spec.md", seen=False, each=True),
    Specification("ks-nurse-family", f"{_OWN}/ks/nurse_family_partnership/spec.md", seen=True),
    Specification("ks-promise", f"{_OWN}/ks/promise_act/spec.md", seen=False),
    Specification("tx-ssdi", f"{_OWN}/tx/ssdi/spec.md", seen=True, each=True),
    Specification("wa-ssdi", f"{_OWN}/wa/ssdi/spec.md", seen=False, each=True),
    Specification("wa-lifeline", f"{_ACROSS}/lifeline/specs/wa.md", seen=True),
    Specification("ks-lieap", f"{_ACROSS}/liheap/specs/ks.md", seen=True),
    Specification("wa-scholarship-bas", f"{_OWN}/wa/wsos_bas/spec.md", seen=True),
    Specification("wa-scholarship-cts", f"{_OWN}/wa/wsos_cts/spec.md", seen=False),
)


@dataclass(frozen=True)
class Outcome:
    """What was said of one scenario."""

    policy: str
    title: str
    gold: Gold
    verdict: str


def outcomes(
    records: Iterable[Mapping[str, Any]],
    catalogue: Catalogue,
    specifications: Sequence[Specification],
    reading: Reading,
) -> list[Outcome]:
    """Read and judge the scenarios of some specifications.

    Args:
        records: Scenarios: `doc`, `title`, `facts`, `expected`.
        catalogue: The measures, one a policy.
        specifications: Which of the scenarios, and by which measure.
        reading: Whether what is not mentioned is unknown (`as read`), or a no (`form`).

    Raises:
        SuiteError: A verdict is not known.
    """
    chosen = {one.document: one for one in specifications}
    measures = {measure.policy: measure for measure in catalogue.measures.values()}
    found = []
    for record in records:
        specification = chosen.get(record["doc"])
        if specification is None or not record["facts"].strip():
            continue
        if record["expected"] not in _GOLD:
            raise SuiteError(f"{CASES}: {record['title']!r}: verdict {record['expected']!r}")
        measure = measures[specification.policy]
        said = [
            evaluate(measure, facts, catalogue).verdict
            for facts in applicants(record["facts"], catalogue, reading, each=specification.each)
        ]
        verdict = next((one for one in _BEST if one in said), _BEST[-1])
        gold = _GOLD[record["expected"]]
        found.append(Outcome(specification.policy, record["title"], gold, verdict))
    return found


def applicants(text: str, catalogue: Catalogue, reading: Reading, *, each: bool) -> list[Facts]:
    """The facts of each person of a scenario, or of the household.

    Args:
        text: The scenario; a line is about one person where it names `Person 2`.
        catalogue: The facts to look for.
        reading: As for `outcomes`.
        each: Whether each person applies alone. Then what is said of the others counts for what
            a household shares (its income, its size), and not for what is one's own.
    """
    lines = text.splitlines()
    own = [line for line in lines if _PERSON.match(line)]
    if not each or len(own) < 2:
        return [facts_of(text, catalogue, reading)]
    shared = [line for line in lines if line not in own]
    household = facts_of(text, catalogue, reading)
    found: list[Facts] = []
    for line in own:
        person = facts_of("\n".join([*shared, line]), catalogue, reading)
        common = {name: known for name, known in household.items() if name not in PERSONAL}
        found.append(common | {name: known for name, known in person.items() if name in PERSONAL})
    return found


def facts_of(text: str, catalogue: Catalogue, reading: Reading) -> Facts:
    """The facts of a scenario; by the `form` reading a yes-or-no that is not mentioned is no."""
    said = read_said(text, catalogue)
    if reading == "as read":
        return said
    unticked = (fact.id for fact in catalogue.facts.values() if fact.kind == "yes_no")
    return {**{name: KnownFact(name, False, origin="form") for name in unticked}, **said}


def check_quotes(catalogue: Catalogue, data: Path) -> None:
    """See that the words that the measures rest on stand in the specifications.

    Args:
        catalogue: The measures.
        data: The folder of the sets.

    Raises:
        SuiteError: Words of one do not.
    """
    texts = {record["doc"]: record["text"] for record in read_set(data, DOCUMENTS)}
    documents = {one.policy: one.document for one in SPECIFICATIONS}
    for measure in catalogue.measures.values():
        text = texts.get(documents[measure.policy], "")
        for ground in grounds_of(measure):
            for quote in ground.quote.values():
                if quote not in text:
                    raise SuiteError(f"{measure.id}: its document does not hold “{quote}”")
