"""The steps of a recipe: what each is told, as a frozen dataclass, and the node that does it.

A new task is one more class here and its node in `nodes`; every door (Python, commands, folders, Dask, GIMP) goes through them.
"""

from __future__ import annotations

import dataclasses
import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from .analysis.blur import blur_of
from .analysis.grain import WIDEST, Look
from .analysis.jpeg_quality import quality_of
from .analysis.measurements import Measurements
from .analysis.noise import sigma_of
from .analysis.photograph import check_kind, treatment_of
from .analysis.treatment import Treatment
from .arrays import numbers
from .arrays.masks import mask_of
from .arrays.node import Source
from .networks import external, manifest
from .networks.cards import Card, CoarseCard, Purpose, TextureCard
from .networks.external import ExternalModel
from .networks.loading import load
from .nodes.coarse import CoarseNode
from .nodes.coarse_layer import coarse_card
from .nodes.despeckle import unsalted
from .nodes.enlarge import EnlargeNode
from .nodes.fill import FillNode
from .nodes.grain import GrainNode
from .nodes.material_layer import texture_card
from .nodes.model_choice import MOST_PIXELS, MOST_SCALE, Model, check_scale, find, gains, plan
from .nodes.restore import RestoreNode, check_told
from .nodes.stylize import StylizeNode, beta_of
from .nodes.task_node import TaskNode
from .runtime import Runtime
from .textures.random_fields import seed_of
from .textures.style import Style, wanted

Beta = Any
"""A number in 0 … 1, an array H×W, or a mask in a file (`io.masks.MaskFile`) that is read before the recipe is built."""

Shape = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class Origin:
    """What a step knows of where its picture comes from."""

    measured: Measurements
    """Of the picture that the recipe was given, or of what it was last enlarged to."""
    cleaned: bool
    """Whether noise and JPEG artefacts were taken away since."""


class Step(ABC):
    """One step of a recipe. Raises ValueError, in one line, for what cannot be on any picture."""

    def size(self, shape: Shape, most: int) -> Shape:
        """The size that comes of a picture's; raises ValueError for one that cannot be, or has over `most` pixels."""
        return shape

    @abstractmethod
    def check(self, shape: Shape, backend: str) -> None:
        """Raises ValueError for what does not fit a picture of that size, before any work is done."""

    @abstractmethod
    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> TaskNode:
        """The node that does it; `measured`: of the source."""

    def with_betas(self, change: Callable[[Beta], Beta]) -> Step:
        """The same with each of its β changed."""
        return self

    def resolved(self, measured: Measurements) -> Step:
        """The same with what it takes from the picture that the recipe is given; `measured`: of that."""
        return self

    def cards(self, backend: str) -> Sequence[Card | ExternalModel]:
        """The models that it may run, whatever the picture turns out to be."""
        return manifest.restorers()


@dataclasses.dataclass(frozen=True, eq=False)
class Fill(Step):
    """Holes filled from around: `mask` is at least 0.2 where the picture is to be invented; holes up to 30 pixels wide."""

    mask: Beta

    def check(self, shape: Shape, backend: str) -> None:
        FillNode.holes(self.mask, shape)

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> FillNode:
        return FillNode(source, self.mask, runtime.backend)

    def with_betas(self, change: Callable[[Beta], Beta]) -> Fill:
        return dataclasses.replace(self, mask=change(self.mask))


@dataclasses.dataclass(frozen=True, eq=False)
class Restore(Step):
    """Noise and JPEG artefacts, then blur, taken away. The fields are the arguments of `smssr_infer.restore`."""

    clean: Beta = 0
    chroma: Beta | None = None
    sharpen: Beta = 0
    noise: str | float = "auto"
    blur: str | float = "auto"
    model: str | None = None
    jpeg: str | float = "auto"

    def __post_init__(self) -> None:
        if self.model is not None:
            manifest.restorer(Purpose.CLEAN, self.model)
            if not self.cleans:
                raise ValueError("model: it is the one to clean with, but nothing is to be cleaned; set clean or chroma, or leave it out")
        if not (isinstance(self.noise, str) and self.noise == "auto"):
            sigma_of(self.noise)
            if not self.cleans:
                raise ValueError("noise: it is what to clean away, but nothing is to be cleaned; set clean or chroma, or leave it out")
        if not (isinstance(self.jpeg, str) and self.jpeg == "auto"):
            quality_of(self.jpeg)
            if not self.cleans:
                raise ValueError("jpeg: it is what to clean away, but nothing is to be cleaned; set clean or chroma, or leave it out")
            if self.noise != "auto":
                raise ValueError("noise, jpeg: a picture is cleaned of one of them; leave one out")
        if not (isinstance(self.blur, str) and self.blur == "auto"):
            blur_of(self.blur)
            if np.ndim(self.sharpen) == 0 and self.sharpen == 0:
                raise ValueError("blur: it is what to sharpen, but nothing is to be sharpened; set sharpen, or leave it out")

    @property
    def cleans(self) -> bool:
        """Whether it cleans anywhere, as far as its settings say."""
        return any(beta is not None and not (np.ndim(beta) == 0 and beta == 0) for beta in (self.clean, self.chroma))

    def check(self, shape: Shape, backend: str) -> None:
        for name in ("clean", "chroma", "sharpen"):
            if (beta := getattr(self, name)) is not None or name != "chroma":
                mask_of(beta, *shape, name)
        for what in ("noise", "jpeg"):
            if self.model is not None and getattr(self, what) != "auto":
                check_told(manifest.restorer(Purpose.CLEAN, self.model), what)
        if self.blur != "auto":
            check_told(manifest.restorer(Purpose.SHARPEN), "blur")

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> RestoreNode:
        return RestoreNode(source, measured, runtime.backend, self.clean, self.chroma, self.sharpen, self.noise, self.blur,
                           self.model, self.jpeg)

    def with_betas(self, change: Callable[[Beta], Beta]) -> Restore:
        chroma = self.chroma if self.chroma is None else change(self.chroma)
        return dataclasses.replace(self, clean=change(self.clean), chroma=chroma, sharpen=change(self.sharpen))


def _reduces(shape: Shape, size: Shape) -> bool:
    """Whether a size has no more pixels than a picture of that shape, so that no network is needed."""
    return size[0] * size[1] <= shape[0] * shape[1]


def _treated(treatment: Treatment, sigma: float) -> str:
    """What to say of a picture that is enlarged as something else than a clean one. `sigma`: of its noise, in levels of 255."""
    if treatment is Treatment.NOISE:
        return f"has noise of {sigma:.1f} levels of 255: cleaned of it first (--picture clean leaves it)"
    if treatment is Treatment.JPEG:
        return "has JPEG artefacts: enlarged as a photograph (--picture clean leaves them)"
    return "has mild JPEG artefacts: cleaned a little (--picture clean leaves them)"


@dataclasses.dataclass(frozen=True, eq=False)
class Enlarge(Step):
    """A larger picture. The fields are the arguments of `smssr_infer.upscale`.

    Instead of the scale there may be a size, proportions staying as they are: `height`, `width` or `long_edge` in pixels, or `megapixels`;
    what is larger than that already is reduced to it, by antialiased bicubic. Height and width together are the size itself.
    `plain`: by bicubic alone, to compare with.
    """

    scale: float | Fraction = 4
    model: str | None = None
    bands: Sequence[float] | None = None
    picture: str = "auto"
    best: bool = False
    height: int | None = None
    width: int | None = None
    plain: bool = False
    long_edge: int | None = None
    megapixels: float | None = None
    detail: float | None = None

    def __post_init__(self) -> None:
        check_kind(self.picture, self.model)
        sides = {name: side for name in ("height", "width", "long_edge") if (side := getattr(self, name)) is not None}
        for name, side in sides.items():
            if numbers.whole(side) is None or side < 1:
                raise ValueError(f"height, width and long_edge are whole numbers above 0; {name} is {numbers.shown(side)}")
        if self.megapixels is not None and not numbers.real(self.megapixels) > 0:
            raise ValueError(f"megapixels is a number above 0, not {numbers.shown(self.megapixels)}")
        given = [*sides, *["megapixels"] * (self.megapixels is not None)]
        if len(given) > 1 and given != ["height", "width"]:
            raise ValueError(f"{given[0]} says how large the result is, and so does {given[1]}; leave out one of the two")
        if not given:
            check_scale(self.scale, 1, 1)
        if self.model is not None and not (isinstance(self.model, (str, os.PathLike)) and external.is_file(os.fspath(self.model))):
            find(self.model)
        if not isinstance(self.best, (bool, np.bool_)):
            raise ValueError(f"best is True or False, not {numbers.shown(self.best)}")

    def size(self, shape: Shape, most: int = MOST_PIXELS) -> Shape:
        if self.height is not None and self.width is not None:
            return check_size(self.height, self.width, shape, most)
        scale: float | Fraction = self.scale
        for side, given in ((self.height, shape[0]), (self.width, shape[1]), (self.long_edge, max(shape))):
            if side is not None:
                if side > MOST_SCALE * given:
                    raise ValueError(f"{side} pixels are more than {MOST_SCALE} times the picture's {given}; that much is not enlarged")
                scale = Fraction(side, given)
        if self.megapixels is not None:
            scale = math.sqrt(self.megapixels * 1e6 / (shape[0] * shape[1]))
        if scale <= 1:  # by a size: a scale itself is above 1
            return max(1, round(scale * shape[0])), max(1, round(scale * shape[1]))
        return check_scale(scale, *shape, most)

    @property
    def by_size(self) -> bool:
        """Whether it is said how large the result is, not how many times as large as the picture."""
        return any(value is not None for value in (self.width, self.height, self.long_edge, self.megapixels))

    @property
    def sized(self) -> str:
        """How large the result is to be, in short: the scale such as `2.5`, or `4000w`, `3000h`, `4000x3000px`, `6000px`, `24Mpx`."""
        if self.width is not None and self.height is not None:
            return f"{self.width}x{self.height}px"
        for value, unit in ((self.width, "w"), (self.height, "h"), (self.long_edge, "px"), (self.megapixels, "Mpx")):
            if value is not None:
                return f"{value:g}{unit}" if unit == "Mpx" else f"{value}{unit}"
        return f"{float(self.scale):g}"

    def models(self, scale: float | Fraction, backend: str | None = None) -> list[Model]:
        """The models that may enlarge a picture by that scale, whatever it turns out to be."""
        return [model for photo in (False, True) if self.picture != "clean" or not photo
                for model in plan(scale, self.model, backend, photo)]

    def check(self, shape: Shape, backend: str) -> None:
        height, width = self.size(shape, 1 << 62)
        if not self.plain and not _reduces(shape, (height, width)):
            for model in self.models(max(height / shape[0], width / shape[1]), backend):
                gains(self.bands, self.detail, load(model, backend, bool(self.best)))

    def cards(self, backend: str) -> Sequence[Card | ExternalModel]:
        cleaning = [] if self.picture == "clean" else manifest.restorers()
        if not self.by_size:
            return [*self.models(self.scale, backend), *cleaning]
        scales = (2, 3, 4) if self.model is None else (4,)  # by the picture's size
        return [*dict.fromkeys(model for scale in scales for model in self.models(scale, backend)), *cleaning]

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> EnlargeNode:
        height, width = self.size(source.shape, 1 << 62)
        plain = self.plain or _reduces(source.shape, (height, width))
        judged = not plain and self.model is None and not (self.picture == "auto" and origin.cleaned)
        salted = origin.measured.salted if judged and self.picture != "clean" else 0.0
        seen = unsalted(origin.measured) if salted else origin.measured
        treatment = treatment_of(seen, self.picture) if judged else Treatment.CLEAN
        degradation = None if treatment is Treatment.CLEAN else seen.degradation
        node = EnlargeNode(source, height, width, runtime.backend, self.model, self.bands, degradation, treatment, self.best, plain,
                           self.detail, salted)
        if salted:
            node.remarks.append("has salt and pepper: its dots are taken out first (--picture clean leaves them)")
        if degradation and self.picture == "auto":
            node.remarks.append(_treated(treatment, degradation.sigma.luma))
        return node


@dataclasses.dataclass(frozen=True, eq=False)
class _Styles(Step):
    """What the two kinds of style have in common."""

    styles: Mapping[str, Style | Beta]
    seed: int | None = None

    def __post_init__(self) -> None:
        seed_of(self.seed, 0)
        for wish in self.styles.values():
            wanted(wish)

    kind: ClassVar[type[Card]] = Card

    def cards(self, backend: str) -> Sequence[Card | ExternalModel]:
        return [manifest.find(name, self.kind) for name in self.styles]

    def with_betas(self, change: Callable[[Beta], Beta]) -> _Styles:
        changed = {name: dataclasses.replace(wish, beta=None if wish.beta is None else change(wish.beta)) if isinstance(wish, Style)
                   else change(wish) for name, wish in self.styles.items()}
        return dataclasses.replace(self, styles=changed)


@dataclasses.dataclass(frozen=True, eq=False)
class Coarse(_Styles):
    """The forms and the palette of paintings. The fields are the arguments `coarse` and `seed` of `smssr_infer.stylize`."""

    kind = CoarseCard

    def __post_init__(self) -> None:
        if not isinstance(self.styles, Mapping):
            raise ValueError("coarse must be a dictionary, such as {'starry-night': 0.5}")
        super().__post_init__()

    def check(self, shape: Shape, backend: str) -> None:
        for name, wish in self.styles.items():
            beta = wanted(wish).beta
            coarse_card(name, wanted(wish))
            mask_of(1.0 if beta is None else beta, *shape, name)

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> CoarseNode:
        return CoarseNode(source, measured, runtime.backend, self.styles, self.seed)


@dataclasses.dataclass(frozen=True, eq=False)
class Stylize(_Styles):
    """Textures painted in. The fields are the arguments of `smssr_infer.stylize`."""

    kind = TextureCard

    def __post_init__(self) -> None:
        if not isinstance(self.styles, Mapping):
            raise ValueError("styles must be a dictionary, such as {'grass': 0.5}")
        super().__post_init__()

    def check(self, shape: Shape, backend: str) -> None:
        for name, wish in self.styles.items():
            texture_card(name, wanted(wish))
            beta_of(name, wanted(wish), shape)

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> StylizeNode:
        return StylizeNode(source, measured, runtime.backend, self.styles, self.seed)


@dataclasses.dataclass(frozen=True, eq=False)
class Grain(Step):
    """Grain laid over what was filled, cleaned or enlarged, so that it does not stand out.

    `sigma`: standard deviation of luma in levels of 255: one number, or several for lightnesses evenly from black to white; None: grain as
    the given picture has it. `width`: of a grain, the standard deviation of a Gaussian in pixels. `chroma`: what R, G and B have
    beside luma, as a share of σ; `chroma_width`: of a grain of colour. `smssr_infer.grain_of` measures all of them.
    """

    sigma: float | Sequence[float] | None = None
    width: float = 0
    chroma: float = 0
    chroma_width: float = 0
    beta: Beta = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        seed_of(self.seed, 0)
        for value in self._sigmas():
            sigma_of(value)
        for name, most in (("width", WIDEST), ("chroma", 10), ("chroma_width", WIDEST)):
            value = getattr(self, name)
            if not 0 <= numbers.real(value) <= most:
                raise ValueError(f"grain: {name} must lie in 0 … {most:g}, not {numbers.shown(value)}")
            if self.sigma is None and value:
                raise ValueError(f"grain: {name} is measured of the given picture where sigma is None; set sigma, too, or leave it out")

    def _sigmas(self) -> tuple[float, ...]:
        if self.sigma is None:
            return ()
        return tuple(self.sigma) if isinstance(self.sigma, Sequence) else (self.sigma,)

    def check(self, shape: Shape, backend: str) -> None:
        mask_of(self.beta, *shape, "grain")

    def node(self, source: Source, measured: Measurements, origin: Origin, runtime: Runtime) -> GrainNode:
        sigma = tuple(map(float, self._sigmas()))
        return GrainNode(source, Look(sigma, float(self.width), float(self.chroma), float(self.chroma_width)), self.beta, self.seed)

    def resolved(self, measured: Measurements) -> Grain:
        if self.sigma is not None:
            return self
        return Grain(**dataclasses.asdict(measured.grain), beta=self.beta, seed=self.seed)

    def with_betas(self, change: Callable[[Beta], Beta]) -> Grain:
        return dataclasses.replace(self, beta=change(self.beta))

    def cards(self, backend: str) -> Sequence[Card | ExternalModel]:
        return []


STEPS: dict[str, type[Step]] = {step.__name__.lower(): step for step in (Fill, Restore, Enlarge, Grain, Coarse, Stylize)}
"""By their names in a recipe's file."""


def check_size(height: int, width: int, shape: Shape, most: int) -> Shape:
    """A wanted size as it is. Raises ValueError for one that makes a picture smaller, or over `most` pixels."""
    if height * width > most:
        raise ValueError(f"{width}×{height} is over {most >> 20} Mpx; choose a smaller scale")
    if height < shape[0] or width < shape[1]:
        raise ValueError(f"the picture is {shape[1]}×{shape[0]} already; it only becomes larger")
    return height, width
