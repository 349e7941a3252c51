"""A picture restored at its size: cleaned, then sharpened."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..analysis.blur import blur_of
from ..analysis.degradation import Degradation
from ..analysis.jpeg_quality import quality_of
from ..analysis.measurements import Measurements
from ..analysis.noise import sigma_of
from ..arrays import tiling
from ..arrays.masks import Beta, Given, mask_of
from ..arrays.node import Source
from ..networks import manifest
from ..networks.cards import Purpose, RestoringCard
from ..networks.loading import load
from ..networks.network import RestoringNetwork
from .despeckle import Cooled, Respeckled, Unsalted, unsalted
from .guides import BlurGuide, GridGuide, Guide, NoiseGuide, QualityGuide
from .restore_by_network import RestoredByNetwork
from .task_node import TaskNode, touched_by
from .undither import Undithered


def cleaned(source: Source, degradation: Degradation, beta: Beta, chroma: Beta, backend: str, name: str | None = None) -> RestoredByNetwork:
    """The source cleaned by the model of that name, or the one for its degradation. Raises ValueError as `restorer` does."""
    cleaning = load(manifest.restorer(Purpose.CLEAN, name, degradation.jpeg), backend)
    guides: list[Guide] = [GridGuide(degradation.jpeg_origin)] if cleaning.blocks else []
    if cleaning.told:
        guides.append(QualityGuide(degradation.quality) if cleaning.blocks else NoiseGuide(degradation.sigma))
    return RestoredByNetwork(source, cleaning, beta, chroma, guides)


def check_told(model: RestoringCard | RestoringNetwork, what: str) -> None:
    """Raises ValueError for a model that is not told how much of it there is."""
    if not model.told or model.blocks != (what == "jpeg"):
        raise ValueError(f"{what}: {model.name} is not told how much there is; choose another model, or leave it out")


def told(degradation: Degradation, noise: str | float, jpeg: str | float = "auto") -> Degradation:
    """The degradation of a picture of which a user says how much noise it has, σ of luma in levels, or of what quality the JPEG was: it is
    cleaned of that alone.

    With `auto` it stays as it is. Raises ValueError for anything else.
    """
    if jpeg != "auto":
        return dataclasses.replace(degradation, jpeg=True, quality=quality_of(jpeg))
    if noise == "auto":
        return degradation
    return dataclasses.replace(degradation, jpeg=False, sigma=degradation.sigma.with_luma(sigma_of(noise)))


def found_out(degradation: Degradation, of_luma: bool) -> str:
    """What to say of a picture that is cleaned by itself. `of_luma`: whether its luma is cleaned at all, not its colours alone."""
    if degradation.jpeg and degradation.was_jpeg:
        if degradation.quality:
            return f"has JPEG artefacts of quality {degradation.quality:.0f}: cleaned of them (--noise S cleans noise instead)"
        return "has JPEG artefacts: cleaned of them (--noise S cleans noise instead)"
    if degradation.jpeg:
        return "shows hardly any noise: cleaned a little (--noise S says how much there is)"
    if of_luma:
        return f"has noise of {degradation.sigma.luma:.1f} levels of 255: cleaned of it (--noise S says how much there is)"
    return f"has colour noise of {degradation.sigma.chroma:.1f} levels of 255: cleaned of it"


class RestoreNode(TaskNode):
    """The source cleaned, then sharpened."""

    largest_tile = 768  # with the halo that the networks read, a thread holds near 150 MiB

    def __init__(self, source: Source, measured: Measurements, backend: str, clean: Given = 0, chroma: Given | None = None,
                 sharpen: Given = 0, noise: str | float = "auto", blur: str | float = "auto", model: str | None = None,
                 jpeg: str | float = "auto"):
        """The arguments are those of `api.restore`. Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        height, width = source.shape
        self._betas: list[Beta] = []
        parts: list[RestoredByNetwork] = []
        luma, of_chroma = mask_of(clean, height, width, "clean"), mask_of(clean if chroma is None else chroma, height, width, "chroma")
        despeckled: Cooled | Unsalted | Undithered | None = None
        last: Source = source
        if luma.anything or of_chroma.anything:
            degradation = measured.degradation
            if luma.anything and measured.dithered:
                despeckled = Undithered(source, measured.dithered)
                degradation = Measurements(despeckled, measured.runtime).degradation
                self.remarks.append("is dithered: its dots are smoothed before it is cleaned")
            elif luma.anything and measured.salted:
                despeckled = Unsalted(source, measured.salted)
                degradation = unsalted(measured).degradation
                self.remarks.append("has salt and pepper: its dots are taken out first")
            elif luma.anything and source.colours == 3 and not degradation.drawn:
                despeckled = Cooled(source, (degradation.sigma.luma + degradation.sigma.chroma) / 255)
            last = despeckled or source
            decides = model is None and noise == jpeg == "auto"
            if decides and not degradation.may_gain(measured.jpeg):
                self.remarks.append("shows neither noise nor JPEG artefacts: it is not cleaned")
            else:
                if decides:
                    self.remarks.append(found_out(degradation, luma.anything))
                parts.append(cleaned(last, told(degradation, noise, jpeg), luma, of_chroma, backend, model))
                last = parts[0]
                for what, wanted in (("noise", noise), ("jpeg", jpeg)):
                    if wanted != "auto":
                        check_told(parts[0].network, what)
            whole = luma.everywhere and bool(np.all(luma.read(0, 1, 0, 1) == 1))  # so that there is nothing to put back
            if despeckled and not whole:
                last = Respeckled(last, despeckled, luma)
            self._betas += [luma, of_chroma] if source.colours == 3 else [luma]
        beta = mask_of(sharpen, height, width, "sharpen")
        if beta.anything:
            sharpening = load(manifest.restorer(Purpose.SHARPEN), backend)
            if blur != "auto":
                check_told(sharpening, "blur")
            guides = [BlurGuide(measured.blur if blur == "auto" else blur_of(blur))] if sharpening.told else []
            if sharpening.told and blur == "auto":
                self.remarks.append(f"has a blur of σ = {measured.blur:.1f} pixels: sharpened (--blur S says how wide it is)")
            parts.append(RestoredByNetwork(last, sharpening, beta, beta, guides))
            last = parts[-1]
            self._betas.append(beta)
        self.guides = [guide for part in parts for guide in part.guides]
        """What its networks are told."""
        self.last = last
        self.networks += [part.network for part in parts]
        self.margin = sum(part.margin for part in parts) + (despeckled.margin if despeckled else 0)

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        return touched_by(self._betas, window)

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of its networks, and what they are told."""
        return [*super().fingerprints, *map(repr, self.guides)]
