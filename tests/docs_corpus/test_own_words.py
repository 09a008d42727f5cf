"""Checks that policy briefs, measures and sample questions are written in our own words.

Facts may be taken from a source document, sentences may not. A brief is compared with every source document in its own
language, a file of measures, facts or questions, which holds both, with those of either; an official name or title counts as one word, because a name can only be repeated. The source documents are not part
of the project: where they are not beside it, there is nothing to compare with and the tests are skipped.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "docs_corpus"
SOURCES = ROOT.parent / "shared" / "policies"

LONGEST_RUN = {"en": 9, "zh": 18}
"""The longest run shared with a source that is let pass: words in English, characters in Chinese."""

UNIT = {"en": re.compile(r"[a-z0-9'’-]+"), "zh": re.compile(r"[\u4e00-\u9fffa-z0-9]")}
JOIN = {"en": " ", "zh": ""}
PRIVATE_USE = 0xE000
"""Where Unicode's private use area begins; a name is written as one character of it."""

NAMES = {
    "en": (
        "action plan for the innovative development of the human resource service industry",
        "All-China Federation of Industry and Commerce",
        "Decision of the CPC Sichuan Provincial Committee on Solidly Promoting High-Quality Development by Focusing on the Development of New Quality Productive Forces",
        "Eight Measures for Promoting the Development of New Quality Productive Forces in Sichuan with High-Quality Human Resource Services",
        "Fifth Plenary Session of the 12th CPC Sichuan Provincial Committee",
        "General Office of the People's Government of Sichuan Province",
        "industries, science and technology, human resources and education",
        "inter-ministerial joint meeting mechanism for service industry development",
        "Implementation Opinions on Deepening the Reform of the Talent Development System and Mechanism",
        "Industries, Science and Technology, Human Resources, and Education Integrated Development Plan",
        "Information Office of the Shanxi Provincial Government",
        "Jin Shang Jin Cai Return to Hometown Innovation and Innovation Project",
        "Ministry of Commerce",
        "Ministry of Human Resources and Social Security",
        "Ministry of Industry and Information Technology",
        "National Development and Reform Commission",
        "Opinions on Strengthening Human Resource Services to Support High-Quality Development of the Manufacturing Industry",
        "Organization Department of the CPC Sichuan Provincial Committee",
        "Organization Department of the Shanxi Provincial Party Committee",
        "Provincial Commission of Development and Reform",
        "Provincial Department of Economy and Information",
        "Provincial Department of Education",
        "Provincial Department of Science and Technology",
        "Sichuan Provincial Branch of the People's Bank of China",
    ),
    "zh": (
        "关于全面推进人力资源服务与全省重点特色产业深度对接协同的通知",
        "四川省经济合作局",
        "四川省经济和信息化厅",
        "四川省农业农村厅",
        "四川省人力资源和社会保障厅",
        "四川省商务厅",
    ),
}
"""Official names and titles, and garbled passages that a brief quotes to say how it reads them."""


def units(text: str, lang: str) -> list[str]:
    """Cut a text into the units that runs are counted in.

    Args:
        text: Any text.
        lang: ``en`` (a unit is a word, in lower case) or ``zh`` (a unit is a character).

    Returns:
        The units in order, punctuation left out, each name in `NAMES` as a single unit.
    """
    join = JOIN[lang]

    def plain(words: str) -> str:
        return join + join.join(UNIT[lang].findall(words.lower())) + join

    line = plain(text)
    for number, name in enumerate(sorted(NAMES[lang], key=len, reverse=True)):
        line = line.replace(plain(name), f"{join}{chr(PRIVATE_USE + number)}{join}")
    return line.split() if lang == "en" else list(line)


def runs(text: str, lang: str, length: int) -> set[str]:
    """Give every run of `length` units in a text, as readable strings."""
    found = units(text, lang)
    return {JOIN[lang].join(found[i : i + length]) for i in range(len(found) - length + 1)}


def writings() -> list[tuple[Path, str]]:
    """List what the corpus says, each file with a language to compare it in."""
    briefs = [(path, path.parent.name) for path in sorted(CORPUS.glob("*/*.md"))]
    both = sorted([*CORPUS.glob("measures/*.yaml"), *CORPUS.glob("questions/*.yaml")])
    both.append(CORPUS / "facts.yaml")
    return [*briefs, *((path, lang) for path in both for lang in LONGEST_RUN)]


@pytest.mark.parametrize(
    ("path", "lang"), writings(), ids=lambda one: one if isinstance(one, str) else one.stem
)
def test_no_run_is_copied_from_a_source(path: Path, lang: str) -> None:
    """A file shares no long run of words with any source document in the language."""
    if not SOURCES.is_dir():
        pytest.skip("the source documents aren't here (../shared/policies)")
    length = LONGEST_RUN[lang] + 1
    ours = runs(path.read_text(encoding="utf-8"), lang, length)
    copied = {
        source.name: shared
        for source in sorted(SOURCES.glob(f"*.{lang}.txt"))
        if (shared := sorted(ours & runs(source.read_text(encoding="utf-8"), lang, length)))
    }
    assert not copied, f"{path.name} ({lang}) repeats more than {LONGEST_RUN[lang]} units: {copied}"


@pytest.mark.parametrize(
    ("lang", "source", "brief", "copied"),
    [
        (
            "en",
            "one two three four five six seven eight nine ten",
            "One, two three four five six seven eight nine ten!",
            True,
        ),
        (
            "en",
            "one two three four five six seven eight nine ten",
            "one two three four five six seven eight nine and ten",
            False,
        ),
        (
            "en",
            "a b c d Ministry of Commerce e f g h",
            "A b c d Ministry of Commerce e f g h",
            False,
        ),
        (
            "zh",
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申",
            "甲乙丙丁，戊己庚辛壬癸子丑寅卯辰巳午未申。",
            True,
        ),
        (
            "zh",
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申",
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未",
            False,
        ),
    ],
)
def test_runs_are_counted(lang: str, source: str, brief: str, copied: bool) -> None:
    """Punctuation and case break no run, a name counts once, and a run at the limit passes."""
    length = LONGEST_RUN[lang] + 1
    assert bool(runs(brief, lang, length) & runs(source, lang, length)) is copied
