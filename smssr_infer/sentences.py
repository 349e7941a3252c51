"""Errors are raised in English, for whoever reads the code; whoever shows one to a user says it in the user's language, by its form.

A form is the error's text with names in braces for what differs: "{path} is not a folder". `po/catalogues.py` reads them from the code,
and which of its fields are numbers: those are said as the language writes them.
The plug-in has a copy of this file, made when it is installed: it imports the standard library alone.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping

DEEPEST = 3
"""So many sentences within each other are translated."""


EXAMPLE = "12.5%"
"""Its translation shows how a language writes numbers."""


def number(value: float, spec: str, example: str) -> str:
    """A number as a language writes it. `spec`: Python's, such as `.1f` or `.0%`; `example`: the translation of `EXAMPLE`."""
    return _written(format(value, spec), example)


def _written(number: str, example: str) -> str:
    mark, sign = example.removeprefix("12").split("5")
    return number.replace(".", mark).replace("%", sign)


def literal(form: str) -> str:
    """What of a form is always the same."""
    return "".join(text for text, *_field in string.Formatter().parse(form))


def pattern(form: str) -> str:
    """A regular expression for what may come of a form."""
    return "".join(re.escape(text) + (f"(?P<{name}>.*?)" if name else "") for text, name, *_more in string.Formatter().parse(form))


ADDED = ("; ", ", ", " ")
"""How a form begins that is added to a sentence's end."""


LIST = ", "
"""What is between things that are told one after the other."""


def may_be(form: str, words: str) -> bool:
    """Whether all that is always the same in a form stands in words: most forms fail this, which is cheaper than a regular expression."""
    return all(text in words for text, *_field in string.Formatter().parse(form))


class Sentences:
    """Forms, and how to find the one that a sentence has: what stands around any message first, then what begins as the sentence does."""

    def __init__(self, forms: Mapping[str, Iterable[str]] | Iterable[str]):
        """`forms`: those that are known, or for each of them the names of the fields that are numbers."""
        self._known = frozenset(forms)
        self._numbers: Mapping[str, Iterable[str]] = forms if isinstance(forms, Mapping) else {}
        added = [form for form in self._known if form.startswith(ADDED)]
        self._added = sorted(added, key=lambda form: len(literal(form)), reverse=True)
        self._forms = sorted(self._known.difference(added), reverse=True,
                             key=lambda form: (form.startswith("{") and "}{" in form, not form.startswith("{"), len(literal(form))))

    def said(self, words: str, translate: Callable[[str], str], deepest: int = DEEPEST) -> str:
        """Words as `translate` has their form, with what stands in it translated, too; as they are where no form is known."""
        return self._said(words, translate, deepest) or words

    def _said(self, words: str, translate: Callable[[str], str], deepest: int) -> str | None:
        if not deepest:
            return None
        exactly = words.replace("{", "{{").replace("}", "}}")
        if exactly in self._known:
            return translate(exactly).format()
        for form in filter(lambda form: may_be(form, words), self._added):
            found = re.fullmatch(f"(?P<before_>.+?){pattern(form)}", words, re.DOTALL)
            if found:
                fields = found.groupdict()
                return self.said(fields.pop("before_"), translate, deepest) + self._filled(form, fields, translate, deepest)
        for form in filter(lambda form: may_be(form, words), self._forms):
            found = re.fullmatch(pattern(form), words, re.DOTALL)
            if found:
                return self._filled(form, found.groupdict(), translate, deepest)
        listed = words.split(LIST)
        parts = [self._said(part, translate, deepest - 1) for part in listed] if len(listed) > 1 else [None]
        if all(parts):
            return LIST.join(filter(None, parts))
        for form in self._forms:  # a file's name and what it does
            if form.startswith("{") or " " not in form or not may_be(form, words):
                continue
            found = re.fullmatch(f"(?P<before_>.+?) {pattern(form)}", words, re.DOTALL)
            if found:
                fields = found.groupdict()
                return f"{fields.pop('before_')} {self._filled(form, fields, translate, deepest)}"
        before, colon, after = words.partition(": ")  # a file's name and what is wrong with it
        rest = self._said(after, translate, deepest - 1) if colon else None
        if rest:
            return before + colon + rest
        return None

    def _filled(self, form: str, fields: dict[str, str], translate: Callable[[str], str], deepest: int) -> str:
        """The translation of a form, filled in with the translations of what stands in it."""
        numbers = self._numbers.get(form, ())
        return translate(form).format(**{name: _written(part, translate(EXAMPLE)) if name in numbers else
                                         self.said(part, translate, deepest - 1) if part else part for name, part in fields.items()})
