"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.2.0.dev0"

from typing import TYPE_CHECKING, Any

from .api import mask, models, restore, style_residual, stylize, upscale
from .networks.cards import Card, CoarseCard, EnlargingCard, RestoringCard, StyleCard
from .texture.lines import Along
from .texture.style import Style

if TYPE_CHECKING:
    from .guided.guide import Guide

__all__ = ["Along", "Card", "CoarseCard", "EnlargingCard", "Guide", "RestoringCard", "Style", "StyleCard", "mask",
           "models", "restore", "style_residual", "stylize", "upscale"]


def __getattr__(name: str) -> Any:
    """`Guide`, whose SciPy takes a quarter of a second to import."""
    if name == "Guide":
        from .guided.guide import Guide

        return Guide
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
