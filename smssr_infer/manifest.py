"""Model cards: reading the manifest, looking a model up, verifying its file.

`weights/manifest.json` lists one card for each model and style that ships; the styles that a user has learnt are listed in the same way in
the user's own folder. A new model or style is a new row and a file; no code.
"""

from __future__ import annotations

import hashlib
import json
import os
import types
from pathlib import Path

REQUIRED = ("name", "task", "file", "sha256", "space", "scale", "dog", "params", "receptive_field", "title", "training_data",
            "loss", "metrics", "licence")

REQUIRED_OF_STYLES = ("mu", "sigma", "kappa", "seed", "floor", "ceiling", "window", "waves", "strength")
"""The constants of f_β (see `stylize`), and the strength that a user gets who asks for none."""


class Card(types.SimpleNamespace):
    """One model. Its attributes are the keys of its row in the manifest, and `folder`, where its file lies."""

    @property
    def path(self) -> Path:
        """The ONNX file."""
        return self.folder / self.file

    @property
    def bands(self) -> list[tuple[float, float]]:
        """The DoG pairs (σ fine, σ coarse), in pixels of the enlarged picture, from the finest band to the coarsest."""
        return sorted(tuple(pair) for pair in self.dog)


def shipped() -> Path:
    """The folder of the weights that came with this package: beside it in a checkout, inside it once installed."""
    inside = Path(__file__).with_name("weights")
    return inside if inside.is_dir() else Path(__file__).parent.parent / "weights"


def home() -> Path:
    """The user's own folder: SMSSR_HOME, else `smssr` in the XDG data folder (on Windows: in %APPDATA%). It need not exist."""
    if own := os.environ.get("SMSSR_HOME"):
        return Path(own)
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home()) / "smssr"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "smssr"


def learnt() -> Path:
    """The folder of the styles that the user has learnt, with a `manifest.json` once there is one."""
    return home() / "styles"


def read(folder: Path) -> list[Card]:
    """The cards of a folder's `manifest.json`. Raises ValueError for one that is missing, broken or lacks a key."""
    path = folder / "manifest.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        cards = [Card(folder=folder, **row) for row in rows]
    except (OSError, ValueError, TypeError) as error:
        remedy = "install smssr again" if folder == shipped() else "move it away and learn its styles again"
        raise ValueError(f"cannot read the model list {path} ({error}); {remedy}") from error
    for card in cards:
        keys = REQUIRED + (REQUIRED_OF_STYLES if getattr(card, "task", "") == "style" else ())
        missing = [key for key in keys if not hasattr(card, key)]
        if missing:
            raise ValueError(f"{path}: model {getattr(card, 'name', '?')} lacks {', '.join(missing)}")
    return cards


def models() -> tuple[Card, ...]:
    """All cards, in the manifest's order, then those of the user's own styles. Read anew at every call: it takes a millisecond."""
    own = learnt()
    return tuple(read(shipped())) + (tuple(read(own)) if (own / "manifest.json").exists() else ())


def find(name: str, task: str | None = None) -> Card:
    """The card of that name (and task). Raises ValueError naming those that exist."""
    fitting = [card for card in models() if task in (None, card.task)]
    for card in fitting:
        if card.name == name:
            return card
    kind = "style" if task == "style" else "model"
    raise ValueError(f"there is no {kind} {name!r}; there are: {', '.join(card.name for card in fitting)}")


def load(card: Card) -> bytes:
    """The bytes of a card's file. Raises ValueError where it is missing or its sha256 differs from the card's."""
    try:
        data = card.path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read the weights {card.path} ({error.strerror}); install smssr again") from error
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise ValueError(f"the weights {card.path} are damaged (sha256 differs from the model list); install smssr again")
    return data
