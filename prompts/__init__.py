"""The prompts, and how they are loaded and filled.

A prompt is a file `<name>.<lang>.md` in this package. `{{name}}` stands for a variable; single
braces are plain text, so JSON is written in a prompt as it is. A value is put in as it is given:
placeholders inside a value stay text. This package knows nothing of models, questions or evidence.

    >>> Prompt("greeting", "en", 'Say {{what}} as {"text": "…"}.').render(what="hello")
    'Say hello as {"text": "…"}.'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files

__all__ = ["Prompt", "PromptError", "available", "load"]

_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_FILE = re.compile(r"([a-z][a-z0-9_]*)\.([a-z]{2})\.md")


class PromptError(Exception):
    """A prompt file is missing or malformed, or is filled with the wrong variables."""


@dataclass(frozen=True)
class Prompt:
    """One prompt in one language.

    Attributes:
        name: The file's name before the language.
        lang: `zh` or `en`.
        text: The file's content, placeholders and all.

    Raises:
        PromptError: `{{` opens something that is not a variable's name.
    """

    name: str
    lang: str
    text: str

    def __post_init__(self) -> None:
        """Refuse a placeholder that could never be filled."""
        stray = _PLACEHOLDER.sub("", self.text).find("{{")
        if stray >= 0:
            raise PromptError(
                f"{self.file}: a '{{{{' does not open a variable; write {{{{lower_case_name}}}}"
            )

    @property
    def file(self) -> str:
        """Where the prompt is written, from the project's root."""
        return f"prompts/{self.name}.{self.lang}.md"

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names that `render` must be given."""
        return frozenset(_PLACEHOLDER.findall(self.text))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content in hexadecimal; it tells versions of a prompt apart."""
        return sha256(self.text.encode()).hexdigest()

    def render(self, **variables: str) -> str:
        """Fill the placeholders.

        Args:
            **variables: A value for each name in `variables`, and for no other.

        Returns:
            The text, without blank lines at its ends.

        Raises:
            PromptError: A variable is missing, or is not in the prompt.
        """
        missing = sorted(self.variables - variables.keys())
        if missing:
            raise PromptError(f"{self.file}: no value for {_listed(missing)}")
        unknown = sorted(variables.keys() - self.variables)
        if unknown:
            raise PromptError(
                f"{self.file}: knows no variable {_listed(unknown)};"
                f" it has {_listed(sorted(self.variables)) or 'none'}"
            )
        return _PLACEHOLDER.sub(lambda match: variables[match[1]], self.text).strip()


@cache
def load(name: str, lang: str) -> Prompt:
    """Read a prompt from this package.

    Args:
        name: The prompt's name, such as `answer`.
        lang: `zh` or `en`.

    Returns:
        The prompt; the same object for the same arguments.

    Raises:
        PromptError: There is no such file, or it is malformed.
    """
    if (name, lang) not in available():
        known = ", ".join(f"{known_name}.{known_lang}" for known_name, known_lang in available())
        raise PromptError(f"prompts/{name}.{lang}.md does not exist; there are {known}")
    text = files(__name__).joinpath(f"{name}.{lang}.md").read_text(encoding="utf-8")
    return Prompt(name, lang, text)


@cache
def available() -> tuple[tuple[str, str], ...]:
    """Name and language of every prompt in this package, sorted."""
    matches = (_FILE.fullmatch(entry.name) for entry in files(__name__).iterdir())
    return tuple(sorted((match[1], match[2]) for match in matches if match))


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
