"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.2.0.dev0"

from .api import models, restore, style_residual, stylize, upscale
from .networks.cards import Card, EnlargingCard, RestoringCard, StyleCard
from .texture.lines import Along
from .texture.style import Style

__all__ = ["Along", "Card", "EnlargingCard", "RestoringCard", "Style", "StyleCard", "models", "restore", "style_residual",
           "stylize", "upscale"]
