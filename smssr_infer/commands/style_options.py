"""How styles are named on the command line: `NAME[=MASK][:STRENGTH][,size=S][,…]`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class StyleWish(NamedTuple):
    """A style as the command line names it."""

    name: str
    mask: Path | None = None
    strength: float | None = None
    size: float | None = None
    direction: float | str | None = None
    seed: int | None = None
    sharpness: bool | None = None
    contrast: str = "auto"
    colour: float | None = None


class CoarseWish(NamedTuple):
    """A painting, or another coarse style, as the command line names it."""

    name: str
    mask: Path | None = None
    strength: float | None = None
    size: float | None = None
    direction: float | str | None = None
    seed: int | None = None
    colour: float | None = None
    detail: float | None = None


def _direction(text: str) -> float | str:
    return text if text == "follow" else float(text)


def _switch(text: str) -> bool:
    return {"on": True, "off": False}[text]


OPTIONS: dict[str, tuple[Callable[[str], Any], str]] = {
    "size": (float, "a number in 0.5 … 8"), "direction": (_direction, "degrees or follow"), "seed": (int, "a whole number"),
    "sharpness": (_switch, "on or off"), "contrast": (str, "auto, picture or even"), "colour": (float, "a number in 0 … 1"),
    "detail": (float, "a number in 0 … 1")}
"""How each is read, and what to say it is."""


def style(text: str) -> StyleWish:
    """`NAME[=MASK][:STRENGTH][,size=S][,direction=DEG|follow][,…]` taken apart."""
    return StyleWish(**taken_apart(text, "style", tuple(name for name in OPTIONS if name in StyleWish._fields)))


def coarse_style(text: str) -> CoarseWish:
    """`NAME[=MASK][:STRENGTH][,size=S][,detail=D][,…]` taken apart."""
    return CoarseWish(**taken_apart(text, "painting", tuple(name for name in OPTIONS if name in CoarseWish._fields)))


def taken_apart(text: str, noun: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The name, mask, strength and options of a style or a coarse style. Raises ArgumentTypeError for what is none."""
    options: dict[str, Any] = {}
    while parts := re.fullmatch(r"(.+),(\w+)=([^,=]*)", text):
        if parts[2] not in allowed:
            raise argparse.ArgumentTypeError(f"a {noun} has no option {parts[2]!r}; there are {', '.join(allowed)}")
        if parts[2] in options:
            raise argparse.ArgumentTypeError(f"{parts[2]} is given twice")
        text = parts[1]
        read, what = OPTIONS[parts[2]]
        try:
            options[parts[2]] = read(parts[3])
        except (ValueError, KeyError):
            raise argparse.ArgumentTypeError(f"{parts[2]} is {what}, not {parts[3]!r}") from None
    parts = re.fullmatch(r"([^=:,]+)(?:=(.+?))?(?::(-?[0-9]*\.?[0-9]+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME, NAME:STRENGTH, NAME=MASK.png or NAME=MASK.png:STRENGTH, "
                                         "with options such as ,size=2 after it")
    name, mask, strength = parts.groups()
    return {"name": name, "mask": Path(mask) if mask else None, "strength": float(strength) if strength else None, **options}
