"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.2.0.dev0"

from .api import models, style_residual, stylize, upscale
from .networks.cards import Card, EnlargingCard, StyleCard

__all__ = ["Card", "EnlargingCard", "StyleCard", "models", "style_residual", "stylize", "upscale"]
