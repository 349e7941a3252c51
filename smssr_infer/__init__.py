"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.2.0.dev0"

from .api import mask, models, restore, style_residual, stylize, upscale
from .guided.guide import Guide
from .networks.cards import Card, EnlargingCard, RestoringCard, StyleCard
from .texture.style import Style

__all__ = ["Card", "EnlargingCard", "Guide", "RestoringCard", "Style", "StyleCard", "mask", "models", "restore", "style_residual",
           "stylize", "upscale"]
