"""Errors are raised in English, for whoever reads the code; whoever shows one to a user says it in the user's language, by its form.

A form is the error's text with names in braces for what differs: "{path} is not a folder". `po/catalogues.py` reads them from the code.
The plug-in has a copy of this file, made when it is installed: it imports the standard library alone.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable

DEEPEST = 3
"""So many sentences within each other are translated."""


def literal(form: str) -> str:
    """What of a form is always the same."""
    return "".join(text for text, *_field in string.Formatter().parse(form))


def pattern(form: str) -> str:
    """A regular expression for what may come of a form."""
    return "".join(re.escape(text) + (f"(?P<{name}>.*?)" if name else "") for text, name, *_more in string.Formatter().parse(form))


class Sentences:
    """Forms, and how to find the one that a sentence has."""

    def __init__(self, forms: Iterable[str]):
        self._forms = sorted(forms, key=lambda form: len(literal(form)), reverse=True)

    def said(self, words: str, translate: Callable[[str], str], deepest: int = DEEPEST) -> str:
        """Words as `translate` has their form, with what stands in it translated, too; as they are where no form is known."""
        return self._said(words, translate, deepest) or words

    def _said(self, words: str, translate: Callable[[str], str], deepest: int) -> str | None:
        if not deepest:
            return None
        for form in self._forms:
            found = re.fullmatch(pattern(form), words, re.DOTALL)
            if found:
                return translate(form).format(**{name: self.said(part, translate, deepest - 1) if part else part
                                                 for name, part in found.groupdict().items()})
        before, colon, after = words.partition(": ")  # a file's name and what is wrong with it
        rest = self._said(after, translate, deepest - 1) if colon else None
        return rest and before + colon + rest
