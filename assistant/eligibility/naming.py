"""Which measure a name means."""

from __future__ import annotations

import difflib

from assistant.eligibility.measures import Catalogue
from assistant.errors import InputError

_NEAREST = 3
_ALIKE = 0.6


def measure_named(name: str, catalogue: Catalogue) -> str:
    """The id of the measure that a name means: its id, or the part of it behind the slash.

    Raises:
        InputError: There is none, or several share the name; the message names the nearest.
    """
    name = name.strip()
    known = catalogue.measures
    if name in known:
        return name
    if not known:
        raise InputError(
            f"measure {name!r}: the corpus describes no measures; write them in measures/*.yaml of "
            "the corpus folder, or name another with --corpus"
        )
    same = [identity for identity in known if identity.partition("/")[2] == name]
    if len(same) == 1:
        return same[0]
    if same:
        raise InputError(f"measure {name!r}: several have that name; give one of {', '.join(same)}")
    names = {one if "/" in name else one.partition("/")[2]: one for one in known}
    near = difflib.get_close_matches(name, names, n=_NEAREST, cutoff=_ALIKE)
    nearest = [names[one] for one in near]
    meant = f"did you mean {', '.join(nearest)}? " if nearest else ""
    raise InputError(
        f"measure {name!r}: there is none of that id; {meant}`policy-assistant measures` lists all"
    )
