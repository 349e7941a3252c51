"""Model cards: what the manifest says of a model, as a frozen dataclass for each task.

A new kind of model is one more subclass of `Card` here, and an entry in `loading` and in `tasks`. The keys of a row are the fields of its
class, no more and no fewer, apart from those with a default; a row that does not fit is refused by name and field.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from . import ranges
from .fields import Pairs, Purpose, Space, converted, plain


@functools.cache
def _kinds(cls: type) -> dict[str, Any]:
    """The types of a class's fields; slow to find out, and asked for by every row."""
    return typing.get_type_hints(cls)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """What every model's row says. `folder`, where its file lies, is not part of the row."""

    task: ClassVar[str]
    noun: ClassVar[str] = "model"
    """What a user calls it."""

    name: str
    file: str
    sha256: str
    title: str
    """What it is for, in a user's words: 45 characters at most, so that it fits into a list."""
    licence: str
    folder: Path

    @property
    def path(self) -> Path:
        """Its file."""
        return self.folder / self.file

    @property
    def fingerprint(self) -> str:
        """What differs between any two models whose results may differ: a hash of the whole row, constants and sha256 of the file."""
        return hashlib.sha256(json.dumps(self.row(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_row(cls, row: Mapping[str, Any], folder: Path) -> Card:
        """A card from its row of a manifest. Raises ValueError naming the row and the field that is missing, unknown or wrong."""
        kinds = _kinds(cls)  # type: ignore[arg-type]
        fields = {field.name: field for field in dataclasses.fields(cls) if field.name != "folder"}
        name = row.get("name", "?")
        for key in row:
            if key != "task" and key not in fields:
                raise ValueError(f"model {name!r:.80}: unknown field {key!r:.60}")
        values = {}
        for key, field in fields.items():
            if key in row:
                try:
                    values[key] = converted(row[key], kinds[key])
                except (TypeError, ValueError, OverflowError) as error:
                    raise ValueError(f"model {name!r:.80}: field {key!r} cannot be {row[key]!r:.60}") from error
                try:
                    ranges.check(key, values[key])
                except ValueError as error:
                    raise ValueError(f"model {name!r:.80}: field {key!r} cannot be {row[key]!r:.60}: {error}") from error
            elif field.default is dataclasses.MISSING:
                raise ValueError(f"model {name!r:.80}: field {key!r} is missing")
        try:
            ranges.check_together(values)
        except ValueError as error:
            raise ValueError(f"model {name!r:.80}: {error}") from error
        return cls(**values, folder=folder)

    def row(self) -> dict[str, Any]:
        """The card's row of a manifest, without the fields that have their default value."""
        row: dict[str, Any] = {"name": self.name, "task": self.task}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name != "folder" and value != field.default:
                row[field.name] = plain(value)
        return row


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkCard(Card):
    """A model whose file is an ONNX graph of convolutions."""

    space: Space
    scale: int
    dog: Pairs
    """(σ fine, σ coarse) of the Difference of Gaussians of each of the network's maps, in pixels of the result; null in a row, infinity
    here, for a coarse one that takes nothing away."""
    params: int
    receptive_field: int
    """Pixels to a side that the convolutions see, in the space where they run."""
    training_data: str
    loss: str
    metrics: Mapping[str, Any] = dataclasses.field(hash=False)

    @property
    def macs_per_pixel(self) -> int:
        """Multiplications of the convolutions for each pixel that the graph is given."""
        return self.params  # every weight is used once

    @property
    def planes(self) -> tuple[int, ...]:
        """How many planes its graph may take."""
        return (1,)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PictureCard(NetworkCard):
    """A network that gives a whole picture, not a style's texture."""

    macs: int
    """Multiplications of the convolutions for each pixel of the result."""
    about: str
    """A sentence or two for who wants to know more before choosing it."""
    built: str
    """How it is built, for engineers."""
    default: bool = False
    """Whether it is taken, for its scale and kind of picture or for its purpose, where the user names none."""
    made_from: str | None = None
    """The model that it is a copy of in smaller numbers."""

    @property
    def macs_per_pixel(self) -> int:
        """Multiplications of the convolutions for each pixel that the graph is given: some blocks may run more than once."""
        return self.macs * self.space.grid(self.scale) ** 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnlargingCard(PictureCard):
    """A network that enlarges."""

    task = "sr"

    photo: bool = False
    """Whether it was trained for pictures from cameras and the web, with noise and JPEG artefacts; else for clean ones."""
    median: bool = False
    """Whether the residual goes twice through a 2×2 median filter, against the checkerboard of a perceptual loss (SMS-SR §2.1)."""
    invents: bool = False
    """Whether its last map is detail that it invents, as much of it as the user likes; the others are those of a faithful network. Its
    graph takes a second plane, of noise, since what is flat would otherwise become a mesh."""

    @property
    def planes(self) -> tuple[int, ...]:
        """Luma, and noise."""
        return (1 + self.invents,)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RestoringCard(PictureCard):
    """A network that gives back what a picture has lost, at its size: x + Σ_b tanh(DoG_b(R_b(x))) on its colours."""

    task = "restore"

    purpose: Purpose
    grid: int = 1
    """Tiles begin at multiples of so many pixels, and the graph takes sizes that are."""
    blocks: bool = False
    """Whether the network sees four more planes, which tell where JPEG blocks begin: it is for pictures that have some."""
    told: bool = False
    """Whether the network is told how much. To clean, two more planes tell how much noise there is (σ of luma, and of chroma, in 0 … 1),
    or, where it is told where blocks begin, one tells the JPEG quality (a hundredth of it; 0 where it is unknown); to sharpen, two tell
    how wide the blur is (σ as a share of `arrays.deconvolution.MOST_SIGMA`), and what luma is with that blur taken back."""

    @property
    def planes(self) -> tuple[int, ...]:
        """Luma, or the colours; and what it sees beside them."""
        beside = 4 * self.blocks + (1 if self.blocks else 2) * self.told + (self.purpose is Purpose.FILL)
        return 1 + beside, 3 + beside


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextureCard(Card):
    """What `stylize` paints: a style learnt by a network, or a material by example."""

    noun = "style"

    seed: int
    strength: float
    """β where the user asks for none."""
    steerable: bool = False
    """Whether the texture can be turned."""
    directed: bool = False
    """Whether a steerable texture has a head and a tail, as hairs have."""
    large_scale_flow: bool = False
    """Whether its lines are long and straight, so that they follow a picture's flow at large, not its every bend; never of one that is
    `directed`."""
    reference_angle: float = 0.0
    """How the texture lies in its reference: degrees counter-clockwise of its lines from level; where it is `directed`, of where its tips
    point."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StyleCard(TextureCard, NetworkCard):
    """A style's network, with the constants of its f_β = β · κ · σ_x · (S − μ) / σ_S (SMS-SR §2.2).

    If it is `steerable`, it sees an angle as two more planes: cos 2θ and sin 2θ; where it is `directed`, cos θ and sin θ.
    """

    task = "style"

    mu: float
    sigma: float
    kappa: float
    floor: float
    """σ_x of a flat picture."""
    ceiling: float
    """The most that σ_x may be."""
    window: int
    """Side of the box, in pixels, over which σ_x is taken."""
    waves: Pairs
    """Plane waves that the network sees, (down, across) in cycles per pixel."""
    angle_bias: float = 0.0
    """By how many degrees the network turns it further than it is asked to, on average."""
    angle_gain: tuple[float, ...] = ()
    """How strong S is for angles evenly over half a turn, where it is `directed` over a whole one, as multiples of `sigma`; it is divided
    by that. Empty: the same for all."""

    @property
    def contrast(self) -> tuple[float, float, float]:
        """Window, floor and ceiling of σ_x."""
        return self.window, self.floor, self.ceiling

    @property
    def planes(self) -> tuple[int, ...]:
        """Luma and noise, two for each wave, and two for an angle."""
        return (2 + 2 * len(self.waves) + 2 * self.steerable,)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MaterialCard(TextureCard):
    """A material by example: its file is a sample's fine structure on mid grey, a WebP picture."""

    task = "material"

    cell: float
    """Side of the lattice's triangles, in pixels of the sample."""
    contrast: float
    """Standard deviation of the texture's luma at β = 1, in 0 … 1."""
    front: bool = False
    """Whether it lies in front of the picture, as canvas and grain do, and so is as sharp where the picture is soft."""
    structured: bool = False
    """Whether the sample repeats exactly and is laid like wallpaper, as bricks are: turned as a whole, or bent along lines."""
    source: str
    """Whose picture the sample comes from."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CoarseCard(Card):
    """A coarse style, which paints a picture anew: by a painting's own strokes, or a network."""

    noun: ClassVar[str] = "painting"

    mean: tuple[float, ...]
    """The mean of the painting's R, G and B in 0 … 1."""
    covariance: tuple[float, ...]
    """Their covariance, row by row."""
    seed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaintingCard(CoarseCard):
    """A painter's hand by example: its file is a piece of a painting, of which strokes are cut out, a WebP picture."""

    task = "painting"

    stroke: float
    """Width of the widest strokes, in pixels of the piece and, at size 1, of the picture."""
    length: float
    """Strokes are so many times as long as wide."""
    softness: float
    """Pixels over which the edge of the widest fades."""
    raggedness: float
    """How far apart the ends of a stroke's bristles are, 0 … 1."""
    source: str
    """Who painted it, and whose picture it is."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CoarseNetworkCard(CoarseCard, NetworkCard):
    """The forms and the palette of a painting, learnt by a network. Its three maps are luma, Cb and Cr, on its own grid."""

    task = "coarse"

    grid: int
    """The network runs on the picture reduced so many times; `dog` is in pixels of that grid."""
    cell: int
    """Pixels of that grid, to a side, of the cells of the second noise."""

    @property
    def planes(self) -> tuple[int, ...]:
        """R, G and B and two kinds of noise."""
        return (5,)


CARDS: dict[str, type[Card]] = {kind.task: kind for kind in (EnlargingCard, RestoringCard, PaintingCard, CoarseNetworkCard, StyleCard,
                                                              MaterialCard)}
"""The class of each task's cards."""


OF_0_2 = {"turns": "steerable", "heads": "directed", "straight": "large_scale_flow", "lies": "reference_angle", "spreads": "angle_gain",
          "bias": "angle_bias"}
"""What fields of styles learnt with version 0.2 are called now."""


def from_row(row: Any, folder: Path) -> Card:
    """The card of a row, of its task's class. Raises ValueError as `Card.from_row` does."""
    if not isinstance(row, dict):
        raise ValueError(f"a row is an object, not {row!r:.40}")
    if not isinstance(row.get("task"), str) or row["task"] not in CARDS:
        raise ValueError(f"model {row.get('name', '?')!r:.80}: field 'task' cannot be {row.get('task')!r:.60}")
    return CARDS[row["task"]].from_row({OF_0_2.get(str(key), str(key)): value for key, value in row.items()}, folder)
