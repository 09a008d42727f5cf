from __future__ import annotations

import json

import pytest

from evals.benchmarks.eligibility import main


def test_the_default_corpus_is_judged_as_by_plain_rules(capsys: pytest.CaptureFixture[str]) -> None:
    main(300, 300)
    found = json.loads(capsys.readouterr().out)
    assert found["decided_as_by_rules"] == 1.0
    assert sum(found["verdicts"].values()) == found["cases"] == 300
    assert set(found["verdicts"]) == {"eligible", "not_eligible", "more_information_needed"}
    assert found["per_second"].keys() == found["ratio_to_rules"].keys()
    assert all(rate > 0 for rate in found["per_second"].values())
