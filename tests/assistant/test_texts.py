from __future__ import annotations

import pytest

from assistant.texts import TEXTS, in_script, say
from index.lexical import simplified


def test_our_own_words_in_traditional_characters() -> None:
    shown = say("lead_bare", "zh", "hant", title="四川《八条措施》")
    assert shown == "四川《八条措施》寫道："
    assert say("thanks", "en", "hant") == say("thanks", "en")
    assert say("thanks", "zh", "hans") == say("thanks", "zh")


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_in_traditional_characters_says_the_same(name: str) -> None:
    own = TEXTS[name]["zh"]
    assert simplified(in_script(own, "zh", "hant")) == own
    assert in_script(own, "zh", "hans") == in_script(own, "zh", None) == own
    assert in_script(TEXTS[name]["en"], "en", None) == TEXTS[name]["en"]
