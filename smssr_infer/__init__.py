"""smssr: enlarge pictures, and paint lost texture back in, on an ordinary CPU."""

from __future__ import annotations

__version__ = "0.3.0.dev0"

TYPE_CHECKING = False
"""For type checkers it is true; importing `typing` for it would take longer than all else until the command hears Ctrl-C."""

if TYPE_CHECKING:
    from typing import Any

    from .analysis.drawn_lines import Along
    from .api import grain_of, mask, mask_like, materials_like, models, process, restore, stylize, upscale
    from .networks.cards import Card, CoarseCard, EnlargingCard, MaterialCard, PaintingCard, RestoringCard, StyleCard, TextureCard
    from .recipe import Recipe
    from .residuals import style_residual
    from .runtime import Runtime
    from .select.guide import Guide
    from .steps import Coarse, Enlarge, Fill, Grain, Restore, Stylize
    from .textures.style import Style

_WHERE = {**dict.fromkeys(("grain_of", "mask", "mask_like", "materials_like", "models", "process", "restore", "stylize", "upscale"), "api"),
          **dict.fromkeys(("Card", "CoarseCard", "EnlargingCard", "MaterialCard", "PaintingCard", "RestoringCard", "StyleCard",
                           "TextureCard"),
                          "networks.cards"),
          **dict.fromkeys(("Coarse", "Enlarge", "Fill", "Grain", "Restore", "Stylize"), "steps"),
          "Along": "analysis.drawn_lines", "Guide": "select.guide", "Recipe": "recipe", "Runtime": "runtime", "Style": "textures.style",
          "style_residual": "residuals"}
"""In which module each public name is."""

__all__ = ["Along", "Card", "Coarse", "CoarseCard", "Enlarge", "EnlargingCard", "Fill", "Grain", "Guide", "MaterialCard", "PaintingCard",
           "Recipe", "Restore", "RestoringCard", "Runtime", "Style", "StyleCard", "Stylize", "TextureCard", "grain_of", "mask",
           "mask_like", "materials_like", "models", "process", "restore", "style_residual", "stylize", "upscale"]


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for: the command must hear Ctrl-C before NumPy is there."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    """All that is public."""
    return sorted({*globals(), *__all__})
