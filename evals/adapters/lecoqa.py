"""LeCoQA (MIT): lay legal questions in Chinese over the national statutes (official texts).

Gold are the articles that the reference answer cites, found in the statutes by their words. An
article is a document; a text that stands in the statutes several times is kept once.
"""

from __future__ import annotations

import re
from pathlib import Path

from evals.adapters import ExternalSet, Options
from evals.adapters.reading import known, number, read_set
from evals.case_files import ANY_SECTION
from evals.cases import Case, Expectation, SectionRef

QUESTIONS = "lecoqa_train.jsonl"
STATUTES = "statutes_national.jsonl.gz"
_NOT_WORDS = re.compile(r"[\W_]+")


def read(data: Path, options: Options) -> ExternalSet:
    """Read it. Questions without a gold article in the statutes (3 of 1,234) are left out.

    Args:
        data: The folder of sets.
        options: `articles`: how many to search among, every gold one included; 0 for all.
    """
    known(options, "articles")
    most = number(options, "articles", 0)
    articles: dict[str, dict[str, str]] = {}
    for row, record in enumerate(read_set(data, STATUTES), start=1):
        words = _NOT_WORDS.sub("", record["text"])
        if words:
            title = f"{record['law']}{record['no']}"
            article = {"id": f"a{row:05}", "title": title, "text": record["text"], "lang": "zh"}
            articles.setdefault(words, article)
    cases = []
    wanted: set[str] = set()
    for record in read_set(data, QUESTIONS):
        cited = [_NOT_WORDS.sub("", text) for text in record["相关法规"].values()]
        gold = list(dict.fromkeys(articles[text]["id"] for text in cited if text in articles))
        if gold:
            wanted.update(gold)
            expect = Expectation(sections=tuple(SectionRef(name, ANY_SECTION) for name in gold))
            cases.append(Case(f"q{record['query_id']}", "zh", (record["问题"],), expect))
    documents = list(articles.values())
    if most:
        others = [article for article in documents if article["id"] not in wanted]
        step = max(1, len(others) // max(1, most - len(wanted)))
        kept = wanted | {article["id"] for article in others[::step][: max(0, most - len(wanted))]}
        documents = [article for article in documents if article["id"] in kept]
    return ExternalSet(tuple(documents), tuple(cases))
