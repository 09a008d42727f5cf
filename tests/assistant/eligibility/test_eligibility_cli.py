"""`policy-assistant measures` and `eligibility`: they need neither a store nor a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.api_eligibility_models import EligibilityModel, MeasuresModel
from assistant.eligibility.loading import load_catalogue
from index.search import Index

LITHIUM = {"location": "遂宁", "industry": "lithium_battery", "staff": 20}


@pytest.fixture
def over(cli: Any, environment: pytest.MonkeyPatch, measured: Path, tmp_path: Path) -> Any:
    """The command line over the small corpus, on a machine without a model or a store."""
    environment.setenv("POLICY_CORPUS", str(measured))
    environment.setenv("POLICY_STORE", str(tmp_path / "no-store"))
    environment.setenv("POLICY_CACHE", str(tmp_path / "no-cache"))

    def refused(*_: Any, **__: Any) -> Index:
        raise AssertionError("an index was opened")

    environment.setattr(Index, "open_version", refused)
    return cli


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(LITHIUM, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, *records: Any) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class TestMeasures:
    def test_lists_in_the_order_of_the_files(self, over: Any) -> None:
        ran = over("measures", "--json")
        assert (ran.code, ran.err) == (0, "")
        listed = MeasuresModel.model_validate(ran.json)
        slugs = [one.id.partition("/")[2] for one in listed.measures]
        assert slugs == ["lithium-grant", "half-rent", "reward", "less-rent"]

    def test_prints_cards(self, over: Any) -> None:
        out = over("measures", "--audience", "企业").out
        assert "alpha/lithium-grant\n  锂电补助\n  面向: 企业 · 遂宁 · 锂电材料\n" in out
        assert "依据: alpha/zh#grants “给予30万元补助”" in out
        assert "half-rent" not in out

    def test_ranks_by_facts_under_their_fit(self, over: Any, facts: Path) -> None:
        out = over("measures", "--facts", facts, "--lang", "en").out
        marks = [line for line in out.splitlines() if line.startswith("== ")]
        assert marks == ["== ✓ Eligible ==", "== ? Possible =="]
        assert out.index("lithium-grant") < out.index("Possible")
        assert "depends on: You were founded in 2024 or later; You are in a provincial park" in out

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            (["--audience", "martians"], "audience 'martians': not known; give one of"),
            (["--jurisdiction", "Atlantis"], "jurisdiction 'Atlantis'"),
            (["--industry", "magic"], "industry 'magic': not known; give one of"),
            (["--industry", " "], "--industry: it is empty"),
            (["--lang", "fr"], "--lang='fr': not known"),
            (["--as-of", "2024-02-30"], "--as-of='2024-02-30': there is no such day"),
            (["--facts", "nowhere.json"], "nowhere.json: cannot be read"),
            (["--audience", "talent", "check"], "--audience stands before it"),
            (["schema", "tables"], "schema 'tables': not known"),
            (["draft", "nowhere.md"], "nowhere.md: there is no such file"),
            (["--corpus", "nowhere"], "corpus nowhere: no such folder"),
        ],
    )
    def test_bad_usage(self, over: Any, options: list[str], why: str) -> None:
        assert why in over("measures", *options).error

    def test_nothing_passes(self, over: Any) -> None:
        ran = over("measures", "--audience", "government")
        assert (ran.code, ran.out) == (0, "no measure passes these filters\n")
        assert over("measures", "--audience", "government", "--json").json == {"measures": []}

    def test_a_corpus_without_measures(self, over: Any, corpus: Path) -> None:
        ran = over("measures", "--corpus", corpus)
        assert ran.code == 0
        assert "it describes no measures; write them in its folder measures/" in ran.out
        assert over("measures", "--corpus", corpus, "--json").json == {"measures": []}
        assert "describes no measures" in over("eligibility", "x", "--corpus", corpus).error

    def test_wrong_files_are_named_with_their_line(self, over: Any, measured: Path) -> None:
        path = measured / "measures" / "alpha.yaml"
        path.write_text(path.read_text("utf-8").replace("fact: staff", "fact: stuff"))
        line = path.read_text("utf-8").splitlines().index("          fact: stuff") + 1
        for command in (["measures"], ["eligibility", "reward"]):
            assert f"alpha.yaml:{line}:" in over(*command).error


class TestEligibility:
    def test_json_is_the_contract(self, over: Any, facts: Path) -> None:
        ran = over("eligibility", "lithium-grant", "--facts", facts, "--json")
        assert (ran.code, ran.err) == (0, "")
        found = EligibilityModel.model_validate(ran.json)
        assert (found.measure, found.verdict) == ("alpha/lithium-grant", "eligible")
        assert found.lang == "zh"  # as the facts are written

    def test_prints_marks_and_passages(self, over: Any, facts: Path) -> None:
        out = over("eligibility", "lithium-grant", "--facts", facts, "--lang", "en").out
        assert "✓ Eligible: On what is known" in out
        assert "  ✓ You have at least 20 staff (20 people) [3]" in out
        assert "[3] #grants “at least 20 staff”" in out
        assert "  - A grant [4]" in out

    def test_prints_what_is_open_and_asks(self, over: Any) -> None:
        out = over("eligibility", "half-rent").out
        assert "  ? You are a high-level talent [1]\n    The document does not define" in out
        assert "  ? must not hold: You own a home" in out
        assert "Next question: " in out
        assert "  - yes: true" in out

    def test_prints_alternatives_as_such(self, over: Any) -> None:
        out = over("eligibility", "less-rent", "--lang", "zh").out
        assert "  以下任一项：\n    ? 2024年起成立 [1]\n    ? 在省级园区内 [2]\n" in out

    def test_an_exclusion_that_holds_is_crossed(self, over: Any, tmp_path: Path) -> None:
        path = tmp_path / "f.json"
        path.write_text('{"high_level": true, "owns_home": true}')
        out = over("eligibility", "half-rent", "--facts", path).out
        assert "✗ Not eligible" in out
        assert "  ✗ must not hold: You own a home (yes)" in out

    def test_facts_from_stdin(self, over: Any) -> None:
        given = json.dumps(LITHIUM).encode()
        ran = over("eligibility", "lithium-grant", "--facts", "-", "--json", stdin=given)
        assert ran.json["verdict"] == "eligible"

    def test_judges_on_another_day(self, over: Any) -> None:
        ran = over("eligibility", "lithium-grant", "--as-of", "2027-01-01", "--json")
        assert ran.json["criteria"][0]["citation"]["validity"] == "lapsed"

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b'{"location": ', "not JSON"),
            (b"[1]", "a list where an object of facts by name is needed"),
            (b"\xff\xfe", "not UTF-8"),
            (b'{"planet": "Mars"}', "planet"),
            (b'{"staff": "20 years"}', "staff"),
            (b'{"founded": "2024-02-30"}', "founded"),
            (b'{"high_level": "perhaps"}', "high_level"),
            (b'{"location": "Suining", "location": "Chengdu"}', "'location' has two values"),
        ],
        ids=["broken", "list", "bytes", "unknown", "unit", "day", "yes-no", "contradiction"],
    )
    def test_facts_that_cannot_be_used(
        self, over: Any, tmp_path: Path, content: bytes, why: str
    ) -> None:
        path = tmp_path / "bad.json"
        path.write_bytes(content)
        error = over("eligibility", "lithium-grant", "--facts", path).error
        assert "bad.json" in error
        assert why in error

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ([], "name one measure, or give a file with --jsonl"),
            (["reward", "--jsonl", "x.jsonl"], "name one measure, or give a file"),
            (["lithium-gant"], "did you mean alpha/lithium-grant?"),
            (["planned"], "draft: true"),
            (["reward", "--lang", "fr"], "--lang='fr'"),
        ],
    )
    def test_bad_usage(self, over: Any, arguments: list[str], why: str) -> None:
        assert why in over("eligibility", *arguments).error


class TestBatch:
    def test_one_verdict_a_line_in_order(self, over: Any, tmp_path: Path) -> None:
        path = write_lines(
            tmp_path / "cases.jsonl",
            {"id": "1", "measure": "alpha/lithium-grant", "facts": LITHIUM},
            {"id": 2, "measure": "lithium-grant", "facts": LITHIUM | {"staff": 19}, "lang": "en"},
            {"measure": "reward"},
        )
        ran = over("eligibility", "--jsonl", path)
        assert (ran.code, ran.err) == (0, "")
        shown = [(one["id"], one["verdict"], one["lang"]) for one in ran.jsonl]
        assert shown == [
            ("1", "eligible", "zh"),
            ("2", "not_eligible", "en"),
            (None, "more_information_needed", "en"),
        ]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("{", "not JSON"),
            ("[]", "no JSON object"),
            ({"facts": {}}, "measure: missing"),
            ({"measure": 7}, "measure: a number where a text is needed"),
            ({"measure": "alpha/nothing"}, "measure 'alpha/nothing'"),
            ({"measure": "planned"}, "draft: true"),
            ({"measure": "reward", "facts": []}, "facts: a list"),
            ({"measure": "reward", "facts": {"planet": 1}}, "planet"),
            ({"measure": "reward", "facts": {"staff": "3 years"}}, "staff"),
            ({"measure": "reward", "lang": "fr"}, "lang='fr'"),
            ({"measure": "reward", "as_of": "soon"}, "as_of='soon'"),
            ('{"measure": "reward", "facts": {"staff": 1, "staff": 2}}', "'staff' has two values"),
        ],
    )
    def test_a_bad_line_is_named_before_anything_is_judged(
        self, over: Any, tmp_path: Path, line: Any, why: str
    ) -> None:
        path = write_lines(tmp_path / "cases.jsonl", {"measure": "reward"}, line)
        error = over("eligibility", "--jsonl", path).error
        assert error.startswith(f"{path}:2: ")
        assert why in error


class TestCheck:
    def test_nothing_is_wrong(self, over: Any) -> None:
        ran = over("measures", "check")
        assert (ran.code, ran.err) == (0, "")
        assert "5 measures, 8 facts: nothing is wrong" in ran.out
        assert "alpha/planned" in ran.out
        found = over("measures", "check", "--json").json
        assert found == {"ok": True, "measures": 5, "drafts": ["alpha/planned"], "faults": []}

    @pytest.mark.parametrize(
        ("file", "old", "new", "why"),
        [
            ("alpha.en.md", "{#housing}", "{#homes}", "housing"),
            ("alpha.zh.md", "给予30万元补助", "给予50万元补助", "给予30万元补助"),
            ("measures/alpha.yaml", "fact: staff", "fact: stuff", "stuff"),
            ("measures/alpha.yaml", "within: [遂宁]", "within: [Atlantis]", "Atlantis"),
            (
                "measures/alpha.yaml",
                "on_or_after: 2024-01-01",
                "on_or_after: 2024-13-01",
                "2024-13-01",
            ),
            ("facts.yaml", "kind: date", "kind: day", "day"),
        ],
        ids=["anchor", "quote", "fact", "place", "day", "kind"],
    )
    def test_a_fault_is_named_and_the_code_is_1(
        self, over: Any, measured: Path, file: str, old: str, new: str, why: str
    ) -> None:
        path = measured / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        ran = over("measures", "check")
        assert (ran.code, ran.out) == (1, "")
        lines = ran.err.splitlines()
        assert all(line.startswith("error: ") for line in lines)
        assert any(why in line and ".yaml:" in line for line in lines)
        as_json = over("measures", "check", "--json")
        assert as_json.code == 1
        assert as_json.json["ok"] is False
        assert len(as_json.json["faults"]) == len(lines)

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ("at_least: 20", "can never be met"),
            ("at_most: 25", None),
        ],
    )
    def test_a_tree_that_nobody_can_meet(
        self, over: Any, measured: Path, more: str, why: str | None
    ) -> None:
        path = measured / "measures" / "alpha.yaml"
        contrary = (
            "        - id: few-staff\n"
            "          text: {zh: 职工少, en: Few staff}\n"
            "          fact: staff\n"
            f"          {more.replace('at_least: 20', 'less_than: 20')}\n"
            "          ground: {section: grants, quote: {zh: 职工, en: staff}}\n"
        )
        text = path.read_text("utf-8")
        mark = "  - id: half-rent\n"
        path.write_text(text.replace(mark, contrary + mark), encoding="utf-8")
        ran = over("measures", "check")
        assert ran.code == (1 if why else 0)
        if why:
            assert why in ran.err
            assert "alpha/lithium-grant" in ran.err or "alpha.yaml:" in ran.err


def test_schema_is_json_schema(over: Any) -> None:
    both = over("measures", "schema").json
    assert over("measures", "schema", "facts").json == both["facts.yaml"]
    assert over("measures", "schema", "measures").json == both["measures/*.yaml"]
    assert "measures" in both["measures/*.yaml"]["properties"]


class TestDraft:
    DOCUMENT = "# 伽马办法\n\n## 补助 {#grant}\n\n对在遂宁注册满3年的企业，给予10万元补助。\n"

    def test_is_printed(self, over: Any, tmp_path: Path) -> None:
        path = tmp_path / "gamma.md"
        path.write_text(self.DOCUMENT, encoding="utf-8")
        ran = over("measures", "draft", path)
        assert ran.code == 0
        assert "# facts.yaml\n" in ran.out
        assert "\n---\n# measures/gamma.yaml\n" in ran.out
        assert "draft: true" in ran.out

    def test_is_written_and_the_loader_reads_it(self, over: Any, tmp_path: Path) -> None:
        path, out = tmp_path / "gamma.md", tmp_path / "drafts"
        path.write_text(self.DOCUMENT, encoding="utf-8")
        ran = over("measures", "draft", path, "--out", out)
        assert ran.out.splitlines() == [str(out / "facts.yaml"), str(out / "measures/gamma.yaml")]
        assert list(load_catalogue(out).measures) == ["gamma/grant"]
        assert "it is there already" in over("measures", "draft", path, "--out", out).error

    def test_of_nothing(self, over: Any, tmp_path: Path) -> None:
        path = tmp_path / "poem.md"
        path.write_text("# 诗\n\n## 春\n\n花开了。\n", encoding="utf-8")
        assert "nothing in it looks like a measure" in over("measures", "draft", path).error
        path.write_bytes(b"%PDF-1.7\x00\xff")
        assert "poem.md" in over("measures", "draft", path).error


class TestDoctor:
    def row(self, ran: Any) -> dict[str, Any]:
        return next(row for row in ran.json if row["check"] == "measures")

    def test_counts_measures(self, over: Any) -> None:
        row = self.row(over("doctor", "--json"))
        assert row["ok"]
        assert row["what"] == "5 measures, 1 of them drafts, 8 facts"

    def test_names_the_first_fault(self, over: Any, measured: Path) -> None:
        path = measured / "alpha.zh.md"
        path.write_text(path.read_text("utf-8").replace("给予30万元补助", "有补助"), "utf-8")
        row = self.row(over("doctor", "--json"))
        assert not row["ok"]
        assert "给予30万元补助" in row["what"]
        assert "measures check" in row["what"]
