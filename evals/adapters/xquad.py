"""XQuAD (CC BY-SA 4.0): parallel questions on parallel passages, in four language pairs.

M. Artetxe et al., "On the Cross-lingual Transferability of Monolingual Representations" (ACL
2020). A passage is a document; a question's own passage is its gold.
"""

from __future__ import annotations

from pathlib import Path

from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, option, read_set
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, Lang, SectionRef

FILE = "xquad_zh_en.jsonl"
_LANGS: tuple[Lang, Lang] = ("zh", "en")


def read(data: Path, options: Options) -> ExternalSet:
    """Read it.

    Args:
        data: The folder of sets.
        options: `ask` and `find`: the languages of questions and passages, `zh` or `en`.
    """
    known(options, "ask", "find")
    ask = option(options, "ask", "en", _LANGS)
    find = option(options, "find", "en", _LANGS)
    passages: dict[str, str] = {}
    cases = []
    for record in read_set(data, FILE):
        passage = passages.setdefault(record[find]["context"], f"p{len(passages) + 1:03}")
        lang: Lang = "zh" if ask == "zh" else "en"
        expect = Expectation(sections=(SectionRef(passage, ANY_SECTION),))
        turns = (record[ask]["question"],)
        # Questions on one passage are no independent evidence.
        cases.append(Case(record["id"], lang, turns, expect, conversation=passage))
    # A title would be the same English words in both languages.
    documents = [
        {"id": name, "title": name, "text": text, "lang": find} for text, name in passages.items()
    ]
    return ExternalSet(tuple(documents), tuple(cases))
