"""What a style of the user's own may be called."""

import re

from ..engine import EngineError
from ..i18n import _

LONGEST = 40
"""Characters of a name."""


def check_title(title, cards, replace):
    """Raises EngineError for a title without a letter or digit, and for one whose name is taken.

    `cards`: the models and styles there are; `replace`: whether one of the user's own may be replaced.
    """
    name = re.sub(r"\W+", "-", title).strip("-_")[:LONGEST]  # as the engine makes it
    if not name:
        raise EngineError(_("Give it a name; any words will do."))
    _check_taken(name, cards, replace)


def check_name(name, cards, replace):
    """Raises EngineError for what cannot be a style's name, and for one that is taken, as `check_title`."""
    if not re.fullmatch(rf"[\w-]{{1,{LONGEST}}}", name):
        raise EngineError(_("Give it a name of up to 40 letters, digits, - and _, without spaces."))
    _check_taken(name, cards, replace)


def _check_taken(name, cards, replace):
    taken = next((card for card in cards if card["name"] == name), None)
    if taken and not taken["own"]:
        raise EngineError(_("{name} is the name of a style or model that ships with smssr; choose another").format(name=name))
    if taken and not replace:
        raise EngineError(_("You have a style {name} already. Choose another name, or tick the box that replaces it.").format(name=name))
