"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.2.0.dev0"

from typing import TYPE_CHECKING, Any

from .api import mask, models, restore, style_residual, stylize, upscale
from .networks.cards import Card, CoarseCard, EnlargingCard, MaterialCard, RestoringCard, StyleCard, TextureCard
from .texture.lines import Along
from .texture.style import Style

if TYPE_CHECKING:
    from .guided.guide import Guide

__all__ = ["Along", "Card", "CoarseCard", "EnlargingCard", "Guide", "MaterialCard", "RestoringCard", "Style", "StyleCard",
           "TextureCard", "mask", "models", "restore", "style_residual", "stylize", "upscale"]


def __getattr__(name: str) -> Any:
    """`Guide`, whose SciPy takes a quarter of a second to import."""
    if name == "Guide":
        from .guided.guide import Guide

        return Guide
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
