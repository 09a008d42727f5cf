"""Checks that the policy briefs carry every fact we know of, in both languages.

The facts stand in ``facts/<id>.yaml``, taken from the source documents by hand: each names a section of a brief and the
strings which that section must contain. This module reads the Markdown as text and knows nothing of the `index` package,
so that a fault there cannot hide a fault in a brief.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "docs_corpus"
FACTS = Path(__file__).parent / "facts"
LANGS = ("zh", "en")
REQUIRED = {
    "id",
    "lang",
    "title",
    "title_original",
    "issuer",
    "jurisdiction",
    "source",
    "audiences",
    "topics",
}
SAME_IN_BOTH = (
    "id",
    "title_original",
    "jurisdiction",
    "document_number",
    "issued_on",
    "effective_from",
    "effective_to",
    "targets_until",
    "audiences",
    "topics",
)
AUDIENCES = {"enterprise", "talent", "hr_agency", "government"}
HEADING = re.compile(r"^(?P<marks>#{2,6}) (?P<title>.+?) \{#(?P<anchor>[a-z0-9-]+)\}$")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) (?P<text>.+)$")
POINTING = {
    "en": re.compile(r"^(?:It|They|This(?! brief)|These|Those|He|She)\b"),
    "zh": re.compile(r"^(?:[该其它]|此外|这(?!份))"),
}
SENTENCE_END = {"en": re.compile(r"(?<=[.!?])\s+"), "zh": re.compile(r"(?<=[。！？])")}


@dataclass(frozen=True)
class Section:
    """One heading of a brief, with the lines up to the next heading of any level."""

    anchor: str
    level: int
    lines: tuple[str, ...]

    @property
    def items(self) -> list[str]:
        """The list items that stand directly in this section, without their marks."""
        return [match["text"] for line in self.lines if (match := ITEM.match(line))]


@dataclass(frozen=True)
class Brief:
    """One policy brief in one language."""

    meta: dict[str, Any]
    sections: tuple[Section, ...]

    def text_of(self, anchor: str) -> str:
        """Give a section's text, subsections included.

        Args:
            anchor: The anchor of the section's heading, without the number sign.

        Returns:
            The lines from the heading to the next heading of the same or a higher level.

        Raises:
            KeyError: No heading has this anchor.
        """
        anchors = [section.anchor for section in self.sections]
        if anchor not in anchors:
            raise KeyError(f"no section {{#{anchor}}}; there are: {', '.join(anchors)}")
        first, *rest = self.sections[anchors.index(anchor) :]
        lines = list(first.lines)
        for section in rest:
            if section.level <= first.level:
                break
            lines.extend(section.lines)
        return "\n".join(lines)

    def statements(self) -> Iterator[tuple[str, str]]:
        """Yield every sentence and list item with the anchor of its section."""
        for section in self.sections:
            for line in section.lines[1:]:
                text = match["text"] if (match := ITEM.match(line)) else line
                for sentence in SENTENCE_END[self.meta["lang"]].split(text.strip()):
                    if sentence:
                        yield section.anchor, sentence


@dataclass(frozen=True)
class Fact:
    """A fact of a source document and the strings by which a brief states it."""

    policy: str
    slug: str
    section: str
    strings: dict[str, list[str]]


def read_brief(policy: str, lang: str) -> Brief:
    """Read a brief of the corpus.

    Args:
        policy: The id of the policy.
        lang: ``zh`` or ``en``.

    Returns:
        The brief, cut at its headings.

    Raises:
        AssertionError: The file lacks front matter, or a heading lacks an anchor.
    """
    path = CORPUS / lang / f"{policy}.md"
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} ({lang}) does not open with front matter"
    sections: list[Section] = []
    for line in body.splitlines():
        if line.startswith("##"):
            match = HEADING.match(line)
            assert match, f"{path.name} ({lang}): heading without an anchor: {line}"
            sections.append(Section(match["anchor"], len(match["marks"]), (line,)))
        elif sections:
            last = sections[-1]
            sections[-1] = Section(last.anchor, last.level, (*last.lines, line))
    return Brief(yaml.safe_load(front), tuple(sections))


def read_facts() -> list[Fact]:
    """Read the facts of every policy, in the order of their files."""
    return [
        Fact(path.stem, fact["id"], fact["section"], {lang: fact[lang] for lang in LANGS})
        for path in sorted(FACTS.glob("*.yaml"))
        for fact in yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
    ]


def policies_in(lang: str) -> set[str]:
    """Give the ids of the policies that have a brief in a language."""
    return {path.stem for path in (CORPUS / lang).glob("*.md")}


ALL_FACTS = read_facts()
POLICIES = sorted(policies_in("zh") | policies_in("en"))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("fact", ALL_FACTS, ids=lambda fact: f"{fact.policy}:{fact.slug}")
def test_brief_states_the_fact(fact: Fact, lang: str) -> None:
    """Each string of a fact occurs in the section that the fact names."""
    text = read_brief(fact.policy, lang).text_of(fact.section)
    missing = [string for string in fact.strings[lang] if string not in text]
    assert not missing, f"{lang}/{fact.policy}.md {{#{fact.section}}} does not say {missing}"


def test_facts_are_distinct_and_in_both_languages() -> None:
    """A fact has strings in each language, and its id is used once in its file."""
    assert all(
        fact.strings[lang] and all(fact.strings[lang]) for fact in ALL_FACTS for lang in LANGS
    )
    names = [(fact.policy, fact.slug) for fact in ALL_FACTS]
    assert sorted(names) == sorted(set(names))


def test_every_policy_has_both_briefs_and_facts() -> None:
    """A policy has a Chinese brief, an English brief and a list of facts."""
    assert POLICIES
    assert policies_in("zh") == policies_in("en")
    assert {path.stem for path in FACTS.glob("*.yaml")} == set(POLICIES)


@pytest.mark.parametrize("policy", POLICIES)
def test_sections_are_parallel(policy: str) -> None:
    """Both briefs have the same anchors at the same levels in the same order, each once."""
    zh, en = ([(s.anchor, s.level) for s in read_brief(policy, lang).sections] for lang in LANGS)
    assert zh == en
    assert len({anchor for anchor, _ in zh}) == len(zh)


@pytest.mark.parametrize("policy", POLICIES)
def test_lists_are_parallel(policy: str) -> None:
    """Each section has as many list items in one language as in the other."""
    zh, en = ({s.anchor: len(s.items) for s in read_brief(policy, lang).sections} for lang in LANGS)
    assert zh == en


@pytest.mark.parametrize("policy", POLICIES)
def test_front_matter(policy: str) -> None:
    """The front matter is whole, and what does not depend on the language is the same in both."""
    zh, en = (read_brief(policy, lang).meta for lang in LANGS)
    for lang, meta in zip(LANGS, (zh, en), strict=True):
        assert not REQUIRED - meta.keys()
        assert (meta["id"], meta["lang"]) == (policy, lang)
        assert "issued_on" in meta or "date_note" in meta, "an undated policy says why in date_note"
        assert set(meta["audiences"]) <= AUDIENCES
        assert meta["topics"]
    assert {key: zh.get(key) for key in SAME_IN_BOTH} == {key: en.get(key) for key in SAME_IN_BOTH}
    assert zh["source"]["kind"] == en["source"]["kind"]
    assert zh["source"].get("published_on") == en["source"].get("published_on")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("policy", POLICIES)
def test_statements_can_be_quoted_alone(policy: str, lang: str) -> None:
    """No sentence opens by pointing at the one before it, and each list item is a full statement."""
    brief = read_brief(policy, lang)
    pointing = [
        f"{{#{anchor}}} {text}" for anchor, text in brief.statements() if POINTING[lang].match(text)
    ]
    assert not pointing
    stop = {"zh": "。", "en": "."}[lang]
    unfinished = [
        f"{{#{s.anchor}}} {item}"
        for s in brief.sections
        for item in s.items
        if not item.endswith(stop)
    ]
    assert not unfinished
