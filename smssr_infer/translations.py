"""What the command says, in the user's language: by gettext's rules (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), on Windows that of its menus.

Texts stand in the code in English. Whoever shows one asks `said`; what programs read (JSON, CSV, names, exit statuses) never comes here.
The catalogues are the plug-in's, and lie in its folder.
"""

from __future__ import annotations

import functools
import gettext
import json
import locale
import os
import sys
from pathlib import Path

from .networks.places import PACKAGE
from .sentences import Sentences

DOMAIN = "smssr"


def folder() -> Path:
    """Where the catalogues are: beside the package in a checkout, inside it once installed."""
    inside = PACKAGE / "plugin"
    return (inside if inside.is_dir() else PACKAGE.parent / "plugin") / "smssr/locale"


def _languages() -> list[str] | None:
    """The languages to look for; None where gettext finds them in the environment itself."""
    if sys.platform == "win32" and not any(os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")):
        import ctypes

        return [locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "en")]
    return None


@functools.cache
def _spoken() -> tuple[gettext.NullTranslations, Sentences] | None:
    """The catalogue of the user's language, and the forms that are in it; None for English."""
    try:
        forms = json.loads((folder() / "forms.json").read_text(encoding="utf-8"))
        return gettext.translation(DOMAIN, folder(), _languages()), Sentences(forms)
    except (OSError, ValueError):  # there is none; or a damaged one, which must not keep an error from being said
        return None


def said(words: str) -> str:
    """A text of the command, or what an error says, in the user's language; as it is where there is no translation."""
    spoken = _spoken()
    return spoken[1].said(words, spoken[0].gettext) if spoken else words
