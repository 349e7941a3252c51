"""The way in from `smssr learn-style` and from GIMP: the installed runtime imports this file alone."""

from .packing.own_style import learn

__all__ = ["learn"]
