"""Painting from Selection…: a painting's hand, for Repaint…; everything else is as in `material`."""

from . import material

NAME = "smssr-painting"


def declare(plugin, _name=NAME):
    """The procedure, and what it takes."""
    return material.declare(plugin, NAME, painting=True)
