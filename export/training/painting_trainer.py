"""Learn a coarse style: the forms and the palette of a painting.

As Johnson, Alahi and Fei-Fei (2016) do it, on pictures that were given the painting's palette first: VGG-16's Gram matrices of the answer
shall be the painting's, and its feature maps shall be the picture's.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.analysis.palette import Palette
from smssr_infer.arrays.pixels import TO_RGB
from smssr_infer.networks.cards import Pairs

from ..losses.vgg import VGG
from ..networks.build import build
from ..networks.matrices import blur
from ..networks.precision import bfloat16_pays

NETWORK = {"kind": "painter", "width": 32, "inner": [16, 32, 16, 16], "dilations": [[1, 1], [2, 4], [8, 4], [2, 1]]}

DOG: Pairs = ((0.6, math.inf), (1.0, math.inf), (1.0, math.inf))
"""The bands of luma, Cb and Cr, in pixels of the grid that the network runs on: colours change more slowly than light."""

GRID = 4
"""The network runs on a picture reduced so many times: forms are large."""

PATCH, MARGIN = 128, 24
SIDE = PATCH + 2 * MARGIN
BATCH = 4
CELL = 8
RATE = 4e-3
WARM_UP = 30
EMA_DECAY = 0.98
CONTENT_LAYER = 9
LAYERS = {2: 0.25, 5: 1.0, 7: 1.0, 9: 1.0}
"""The layers whose statistics are compared, and how much each counts: the first knows little but the palette, which is there already."""

POOLED = {2: 0, 5: 1, 7: 2, 9: 2}
"""How often each was halved."""

LEVELS = 2
CONTENT_WEIGHT = 0.15
TONE_SIGMA, TONE_WEIGHT = 10.0, 1.0
"""Light and dark stay where they are over so many pixels of the grid."""


class Painter(nn.Module):
    """The network with its bands, tanh and colours."""

    def __init__(self, network: nn.Module, dog: Pairs):
        super().__init__()
        self.network, self.dog = network, dog
        self.register_buffer("to_rgb", torch.from_numpy(TO_RGB), persistent=False)

    def forward(self, rgb: torch.Tensor, noise: torch.Tensor, low_precision: bool = False) -> torch.Tensor:
        """Colours in the painting's palette `[B, 3, H, W]` and noise `[B, 2, H, W]` → painted colours `[B, 3, H, W]`."""
        inputs = torch.cat([rgb.clamp(0, 1), noise], 1).contiguous(memory_format=torch.channels_last)
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=low_precision and bfloat16_pays()):
            maps = self.network(inputs)
        maps = maps.float()
        residual = torch.stack([torch.tanh(blur(maps[:, i], fine)) for i, (fine, _) in enumerate(self.dog)], 1)
        return rgb + torch.einsum("ij,bjhw->bihw", self.to_rgb, residual)


def noise(count: int, side: int, generator: torch.Generator) -> torch.Tensor:
    """Planes of white noise in 0 … 1, `[count, 2, side, side]`: of single pixels, and of cells of 8."""
    fine = torch.rand(count, 1, side, side, generator=generator)
    cells = torch.rand(count, 1, side // CELL + 2, side // CELL + 2, generator=generator)
    coarse = F.interpolate(cells, scale_factor=CELL, mode="bilinear")
    down, across = torch.randint(coarse.shape[-1] - side + 1, (2,), generator=generator).tolist()
    return torch.cat([fine, coarse[..., down:down + side, across:across + side]], 1)


def maps(vgg: VGG, rgb: torch.Tensor) -> dict[tuple[int, int], torch.Tensor]:
    """The feature maps of pictures `[B, 3, H, W]`, at full and at half size, by (level, layer)."""
    return {(level, layer): x for level in range(LEVELS)
            for layer, x in vgg(F.avg_pool2d(rgb, 2**level) if level else rgb, tuple(LAYERS)).items()}


def patch_on(key: tuple[int, int], side: int) -> int:
    """A patch's side on the maps of a (level, layer)."""
    return side >> key[0] >> POOLED[key[1]]


def covariance(x: torch.Tensor) -> torch.Tensor:
    """The covariances of the features of maps `[B, C, H, W]`, each about its own mean, `[B, C, C]`: forms, whatever the tone."""
    flat = x.permute(0, 2, 3, 1).flatten(1, 2)
    flat = flat - flat.mean(1, keepdim=True)
    return torch.bmm(flat.transpose(1, 2), flat).float() / flat.shape[1]


def distance(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far covariances `[B, C, C]` are from the wanted one `[C, C]`, against its size, `[B]`; not squared: the last steps count."""
    return ((found - wanted).square().sum((1, 2)) / wanted.square().sum()).sqrt()


def crops(x: torch.Tensor, side: int) -> torch.Tensor:
    """Maps `[1, C, H, W]` in overlapping squares `[N, C, side, side]`."""
    parts = x.unfold(2, side, side // 2).unfold(3, side, side // 2)
    return parts[0].permute(1, 2, 0, 3, 4).flatten(0, 1)


class PaintingTrainer:
    """One coarse style in training; `step()` does one update. `figures` holds running means of the loss's terms."""

    def __init__(self, contents: np.ndarray, palettes: list[Palette], painting: np.ndarray, vgg: VGG,
                 content: float = CONTENT_WEIGHT, tone: float = TONE_WEIGHT, seed: int = 1, start: dict | None = None):
        """`contents`: RGB `[N, SIDE, SIDE, 3]` uint8, on the network's grid; `palettes`: of the pictures they were cut from.

        `painting`: RGB `[h, w, 3]` uint8 on that grid; `content`, `tone`: the weights of what is kept of the picture; `start`: the state
        of another style's network.
        """
        torch.manual_seed(seed)
        self.device = vgg.mean.device
        self.vgg, self.content, self.tone = vgg, content, tone
        self.contents = torch.from_numpy(contents).permute(0, 3, 1, 2)
        rgb = painting.astype(np.float32) / 255
        self.palette = Palette.of(rgb)
        self.maps = [p.towards(self.palette) for p in palettes]
        self.model = Painter(build(NETWORK), DOG).to(self.device, memory_format=torch.channels_last)
        if start:
            self.model.network.load_state_dict(start)
        with torch.no_grad():
            wanted = maps(vgg, torch.from_numpy(rgb).permute(2, 0, 1)[None].to(self.device))
            self.target = {key: covariance(crops(x, patch_on(key, PATCH))).mean(0) for key, x in wanted.items()}
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=0.0, betas=(0.9, 0.99))
        self.generator = torch.Generator().manual_seed(seed)
        self.done = 0
        self.figures: dict[str, float] = {}

    def _batch(self) -> torch.Tensor:
        which = torch.randint(len(self.contents), (BATCH,), generator=self.generator).tolist()
        patches = self.contents[which].float() / 255
        flip = torch.rand(1, generator=self.generator).item() < 0.5
        patches = patches.flip(3) if flip else patches
        mapped = [torch.einsum("ij,jhw->ihw", torch.from_numpy(self.maps[i][0]), p) + torch.from_numpy(self.maps[i][1])[:, None, None]
                  for i, p in zip(which, patches, strict=True)]
        return torch.stack(mapped).clamp(0, 1).to(self.device)

    def run(self, steps: int, minutes: float = math.inf, tell: Callable[[float], None] | None = None) -> None:
        """`steps` updates, or as many as fit into so many minutes; Ctrl-C ends it sooner and keeps what is learnt."""
        began = time.monotonic()
        try:
            while self.done < steps and (spent := (time.monotonic() - began) / 60) < minutes:
                part = max(self.done / steps, spent / minutes)
                self.step(RATE * min(1.0, (self.done + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * part)))
                if tell:
                    tell(part)
        except KeyboardInterrupt:
            print(f"\nstopped after {self.done} steps; what was learnt so far is kept")

    def step(self, rate: float) -> None:
        """One update."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        rgb = self._batch()
        painted = self.model(rgb, noise(BATCH, SIDE, self.generator).to(self.device), True)
        rgb, painted = (x[..., MARGIN:-MARGIN, MARGIN:-MARGIN] for x in (rgb, painted))
        seen = maps(self.vgg, painted)
        texture = sum(LAYERS[key[1]] * distance(covariance(x), self.target[key]).mean()
                      for key, x in seen.items()) / (LEVELS * sum(LAYERS.values()))
        with torch.no_grad():
            wanted = self.vgg(rgb, (CONTENT_LAYER,))[CONTENT_LAYER].float()
        content = (seen[0, CONTENT_LAYER].float() - wanted).square().mean() / wanted.square().mean()
        out_of_range = (painted - painted.clamp(0, 1)).square().mean()
        tone = (blur(painted, TONE_SIGMA) - blur(rgb, TONE_SIGMA)).square().mean() / rgb.var()
        loss = texture + self.content * content + self.tone * tone + 10 * out_of_range
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.done += 1
        decay = min(EMA_DECAY, self.done / (self.done + 10))
        with torch.no_grad():
            for mine, theirs in zip(self.average.parameters(), self.model.parameters(), strict=True):
                mine.lerp_(theirs, 1 - decay)
        for key, value in {"texture": texture, "content": content, "tone": tone, "range": out_of_range}.items():
            self.figures[key] = value.item() if self.done == 1 else 0.9 * self.figures[key] + 0.1 * value.item()
