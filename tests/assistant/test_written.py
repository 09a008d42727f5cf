from __future__ import annotations

import pytest

from assistant.composers import Brief, Draft, Evidence, Support
from assistant.questions import Question, Script, Understanding
from assistant.verify import Proof
from assistant.written import Written
from index.documents import Document
from index.passages import Passage, ScoredPassage
from index.search import SearchResult

TEXT = "企业每年可获得补贴。"


@pytest.mark.parametrize(
    ("script", "turned"), [("hant", "（譯文）企業每年可獲得補貼。"), ("hans", f"（译文）{TEXT}")]
)
def test_a_models_words_are_in_the_askers_characters_and_quotes_and_leads_are_as_given(
    script: Script, turned: str
) -> None:
    passage = Passage("p#s", "p", "zh", "s", ("规划",), TEXT, 0, len(TEXT))
    evidence = Evidence(1, ScoredPassage(passage, 1.0, 1, {}), Document("p", "规划", TEXT, "zh"))
    found = SearchResult((), None, "zh", {})  # type: ignore[arg-type]
    asked = Understanding("?", "zh", script=script)
    page = Written(Brief(Question("?"), asked, (evidence,), found))
    proof, support = Proof(1, 0, len(TEXT)), Support(1, 0, len(TEXT))
    page.add(Draft("《规划》：", form="lead"), ())
    page.add(Draft(TEXT, (support,), quoted=True), (proof,))
    piece = page.add(Draft(f"（译文）{TEXT}", (support,)), (proof,))
    assert page.text == f"《规划》：\n\n{TEXT} [1]{turned} [1]"
    assert piece.text == f"{turned} [1]"
    assert [citation.quote for citation in page.citations] == [TEXT]
