"""The list of enlarging models: what each is for, and which of them fit the factor."""

from ..i18n import _, isolated
from .widgets import list_of

LARGEST = 4
"""Times as large as any model makes a picture by itself."""


def fits(card, factor):
    """Whether a model reaches a factor in one go, or as far as any does."""
    return card["scale"] >= min(factor, LARGEST)


def model_list(cards, config):
    """The list, bound to the setting `model`."""
    return list_of(cards, config, "model", ("", _("Photographs and drawings (default)")))


def grey_unfit(box, cards, factor):
    """Have a list say which of its models cannot be chosen for a factor, and why."""
    listed = {card["name"]: card for card in cards}
    for row in box.get_model():
        if row[0] in listed:
            row[3] = fits(listed[row[0]], factor)
            words = _("{title} (×{scale})") if row[3] else _("{title} (×{scale}: up to {scale} times as large)")
            row[1] = isolated(words.format(**listed[row[0]]))
