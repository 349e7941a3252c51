"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

__version__ = "0.1.0"

from .manifest import Card
from .manifest import models as _models
from .stylize import style_residual, stylize
from .upscale import upscale

__all__ = ["Card", "models", "style_residual", "stylize", "upscale"]


def models() -> list[Card]:
    """The cards of all models and styles, shipped and learnt; their attributes are the manifest's keys."""
    return list(_models())
