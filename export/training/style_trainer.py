"""Learn a style: train a branch until pictures with it have the texture statistics of pictures that bear the reference.

The loss is SMS-SR's `L_ST = λ·L_perc + L_tex` (§2.2) with the targets of `reference`, and two terms that keep a mesh out and the
strength even: the residual's power spectrum against the reference's, and its standard deviation, patch by patch. Of a texture with heads
and tails also the residual's mean along a parting (`parting`).
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable

import numpy as np
import torch

from smssr_infer.analysis.f_beta import f_beta
from smssr_infer.arrays.scale_space import radius
from smssr_infer.networks.cards import Pairs

from ..losses.grams import Grams, Spectrum, distance, grams
from ..losses.vgg import VGG
from ..networks.build import build
from ..networks.matrices import resize
from .orientation_seams import along, seams
from .reference import SHRINK, Reference, strongest
from .styling import Branch, local_sigma, luma, turn_planes, wave_planes

NETWORK = {"kind": "style", "width": 16, "inner": [32, 32, 32, 16], "dilations": [[1, 1], [2, 4], [8, 4], [2, 1]]}

PATCH = 160
MARGIN = 8
"""Pixels at each side of a training patch that no loss sees: the convolutions' zero padding reaches in there."""
SIDE = PATCH + 2 * MARGIN

SPREAD = 0.075
"""Standard deviation of S. What enters the tanh is so small that it is nearly straight: it leaves the DoG's mean of zero what it is in
every picture, and adds no harmonics, which would stand in for detail in training and be missed in what ships. f_β makes up for the size."""

STRAIGHT = 0.3
"""The gain of the branch in training, so that its last convolution learns at the pace of the others; what ships has it in its weights."""

PERCEPTUAL_LAYER = 7
PERCEPTUAL_WEIGHT = 0.02
SPECTRUM_WEIGHT = 0.1
EVEN_WEIGHT = 0.5
PARTING_WEIGHT = 0.3
BATCH = 4
RATE = 3e-3
WARM_UP = 50
EMA_DECAY = 0.99


TURNS = 8
"""A style that can be turned learns so many angles, evenly over half a turn, and with a head and a tail twice as many over a whole one;
each content patch has one of them."""


class Targets:
    """Content patches and the statistics they should have: the mean over several random crops of the reference.

    Of a style that can be turned, each patch's crops are turned by the patch's own angle.
    """

    def __init__(self, contents: np.ndarray, reference: Reference, vgg: VGG, crops: int = 3, seed: int = 1, turns: bool = False,
                 heads: bool = False):
        """`contents`: RGB `[N, SIDE, SIDE, 3]` uint8. Everything is kept on the device that `vgg` is on."""
        self.times = 1 if heads else 2
        self.angles = [180 * k / TURNS for k in range(TURNS * (1 + heads))] if turns else [0.0]
        self.device = vgg.mean.device
        self.contents = torch.from_numpy(contents).permute(0, 3, 1, 2).to(self.device)
        self.reference = reference
        self.kappa = reference.kappa()
        self.power = Spectrum(PATCH, self.device)
        generator = torch.Generator().manual_seed(seed)
        means, unstyled, maps = [], [], []
        residuals: list[list[torch.Tensor]] = [[] for _ in self.angles]
        with torch.no_grad():
            for at in range(0, len(contents), BATCH):
                turn = self.turn_of(at)
                patch = inside(self.contents[at:at + BATCH].float() / 255)
                textures = [reference.crops(len(patch), generator, self.angles[turn]).to(self.device) for _ in range(crops)]
                mean = average([grams(vgg, patch + f_beta(texture, 0, 1, self.kappa, local_sigma(luma(patch)))) for texture in textures])
                unstyled.append(distance(mean, grams(vgg, patch)))
                means.append(mean)
                maps.append(vgg(patch, (PERCEPTUAL_LAYER,))[PERCEPTUAL_LAYER])
                residuals[turn] += textures
            self.spectra = [self.power(torch.cat(some)) for some in residuals if some]
        self.unstyled = torch.cat(unstyled).mean(0)
        self.maps = torch.cat(maps)
        """The content patches' feature maps that the perceptual term compares with."""
        self.grams: Grams = {key: torch.cat([mean[key] for mean in means]) for key in means[0]}


    def turn_of(self, at: int) -> int:
        """Which of `angles` the content patch of that number is for: the same for BATCH patches in a row."""
        return at // BATCH % len(self.angles)


def inside(patch: torch.Tensor) -> torch.Tensor:
    """A training patch without its margin."""
    return patch[..., MARGIN:-MARGIN, MARGIN:-MARGIN]


def average(several: list[Grams]) -> Grams:
    """The mean of several sets of Gram matrices."""
    return {key: sum(one[key] for one in several) / len(several) for key in several[0]}


class StyleTrainer:
    """One style in training; `step()` does one update. `figures` holds running means of the loss's terms."""

    def __init__(self, targets: Targets, waves: Pairs, vgg: VGG, seed: int = 1, start: dict | None = None,
                 even_weight: float = EVEN_WEIGHT):
        """`start`: the state of another style's network to begin from."""
        torch.manual_seed(seed)
        self.targets, self.waves, self.vgg = targets, waves, vgg
        self.turns = len(targets.angles) > 1
        self.model = Branch(build({**NETWORK, "waves": len(waves), "turns": self.turns}), targets.reference.band, STRAIGHT)
        self.model.to(targets.device, memory_format=torch.channels_last)
        if start is not None:
            self._take_over(start)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=0.0, betas=(0.9, 0.99))
        self.even_weight = even_weight
        self.done = 0
        self.figures: dict[str, float] = {}

    def _take_over(self, start: dict) -> None:
        """Begin from another style's finished network; where one has waves and the other none, only luma and noise are taken over."""
        own = self.model.network.state_dict()
        start = {name: tensor / STRAIGHT if name.startswith("last.") else tensor for name, tensor in start.items()}
        for name, tensor in start.items():
            if tensor.ndim == 4:
                common = min(own[name].shape[1], tensor.shape[1])
                own[name][:, :common] = tensor[:, :common]
            else:
                own[name].copy_(tensor)

    def inputs(self, patch: torch.Tensor, turn: int = 0, parting: torch.Tensor | None = None) -> torch.Tensor:
        """The network's inputs for RGB patches at random places of an endless plane, for the style turned by the angle of that number,
        and by half a turn more where `parting` is negative."""
        count, _, side, _ = patch.shape
        top, left = 4096 * torch.rand(2, count, dtype=torch.float64, device=patch.device)
        noise = torch.rand(count, 1, side, side, device=patch.device)
        planes = [luma(patch), noise, wave_planes(self.waves, top, left, side)]
        if self.turns:
            angle = turn_planes(self.targets.angles[turn], noise, self.targets.times)
            planes.append(angle if parting is None else torch.where(parting < 0, 1 - angle, angle))
        return torch.cat(planes, 1)

    def some(self) -> torch.Tensor:
        """The numbers of BATCH random content patches, all of one turn."""
        count, turns = len(self.targets.contents), len(self.targets.angles)
        batches = count // BATCH // turns  # of each turn
        turn = int(torch.randint(turns, ()))
        which = torch.randint(batches, (BATCH,)) * turns + turn
        return (which * BATCH + torch.randint(BATCH, (BATCH,))).to(self.targets.device)

    def loss(self, at: torch.Tensor) -> torch.Tensor:
        """The loss of the content patches of those numbers, which are of one turn."""
        targets = self.targets
        turn = targets.turn_of(int(at[0]))
        patch = targets.contents[at].float() / 255
        parting = seams(len(patch), SIDE).to(patch.device) if targets.times == 1 else None
        raw = inside(self.model(self.inputs(patch, turn, parting), low_precision=True))
        patch = inside(patch)
        spread = raw.std(correction=0)
        unit = (raw - raw.mean()) / spread
        styled = patch + f_beta(raw, raw.mean(), spread, targets.kappa, local_sigma(luma(patch)))

        wanted = {key: g[at] for key, g in targets.grams.items()}
        texture = (distance(grams(self.vgg, styled), wanted).mean(0) / targets.unstyled).mean()
        content = targets.maps[at].float()
        maps = self.vgg(styled, (PERCEPTUAL_LAYER,))[PERCEPTUAL_LAYER].float()
        perceptual = (maps - content).square().mean() / content.square().mean()
        spectrum = (targets.power(unit) - targets.spectra[turn]).clamp(-20, 20).abs().mean()
        even = (raw.var((1, 2, 3), correction=0).sqrt() / spread - 1).square().mean() + 0.1 * (spread / SPREAD).log().square()
        terms = {"texture": (2, texture), "perceptual": (PERCEPTUAL_WEIGHT, perceptual), "spectrum": (SPECTRUM_WEIGHT, spectrum),
                 "even": (self.even_weight, even)}
        if parting is not None:
            terms["parting"] = PARTING_WEIGHT, along(unit, inside(parting)).square().mean()
        for name, (_, value) in terms.items():
            self.figures[name] = 0.95 * self.figures.get(name, value.item()) + 0.05 * value.item()
        return sum(weight * value for weight, value in terms.values())

    def step(self, part: float) -> None:
        """One update; `part`, 0 … 1, is the share of the training that is behind."""
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * min(1, (self.done + 1) / WARM_UP) * (0.01 + 0.99 * (1 + math.cos(math.pi * part)) / 2)
        self.optimiser.zero_grad(set_to_none=True)
        self.loss(self.some()).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.done += 1
        fresh = max(1 - EMA_DECAY, 1 / (1 + self.done))
        with torch.no_grad():
            for kept, now in zip(self.average.parameters(), self.model.parameters(), strict=True):
                kept.lerp_(now, fresh)

    def run(self, steps: int, minutes: float = math.inf, progress: Callable[[float], None] | None = None) -> None:
        """Train to the end of `steps` or, on a slow machine, of `minutes`; Ctrl-C ends it sooner and keeps what is learnt."""
        began = time.monotonic()
        try:
            while (part := max(self.done / steps, (time.monotonic() - began) / (60 * minutes))) < 1:
                self.step(part)
                if progress:
                    progress(part)
        except KeyboardInterrupt:
            print(f"\nstopped after {self.done} steps; what was learnt so far is kept")

    def fold_gain(self) -> None:
        """Put the gain of the averaged network into its last convolution, once."""
        self.average.network.last.weight.mul_(self.average.gain)
        self.average.network.last.bias.mul_(self.average.gain)
        self.average.gain = 1.0

    def constants(self) -> tuple[float, float, float]:
        """Over all content patches mean and standard deviation of S, and κ: the card's `mu`, `sigma` and `kappa`.

        They are constants because f_β must not depend on the tile, and measured where no zero padding reaches. κ is the reference's, or
        less where the network puts more power than the reference into what shrinking keeps.
        """
        torch.manual_seed(0)
        self.fold_gain()
        total, square, kept, count = 0.0, 0.0, 0.0, 0
        border = self.model.network.reach + radius(self.model.band[1])
        side = (SIDE - 2 * border) // SHRINK * SHRINK
        with torch.no_grad():
            for number, patch in enumerate(self.targets.contents.split(BATCH)):
                inputs = self.inputs(patch.float() / 255, self.targets.turn_of(number * BATCH))
                raw = self.average(inputs)[..., border:border + side, border:border + side].double()
                small = resize(raw.float(), side // SHRINK, side // SHRINK)
                total, square, count = total + raw.sum().item(), square + raw.square().sum().item(), count + raw.numel()
                kept += (small - raw.mean()).square().sum().item() * SHRINK**2
        mean = total / count
        sigma = math.sqrt(square / count - mean * mean)
        return mean, sigma, min(self.targets.kappa, strongest(kept / count / sigma**2))
