"""Pictures enlarged by training runs as PyTorch runs them, in one piece: for networks that the runtime cannot run, or that do not ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from smssr_infer.arrays.pixels import grey, luma
from smssr_infer.arrays.resample import resize

from ..baselines.layers import SCALE
from ..data.photographs import eight_bits
from ..training import configuration
from ..training.run import trained
from ..training.superres import AnyScale

CONFIGS = Path(__file__).parent.parent / "configs" / "baselines"


class Run:
    """The averaged weights of a run of a configuration of `configs/baselines`, on luma; colour is enlarged bicubically.

    Scales above ×4 are done in two steps. A network of one scale is followed by antialiased bicubic.
    """

    def __init__(self, name: str, runs: Path):
        self.model = trained(configuration.read(CONFIGS / f"{name}.toml"), runs / name)

    @torch.no_grad()
    def luma(self, y: np.ndarray, height: int, width: int) -> np.ndarray:
        """A plane of luma `[h, w]` in 0 … 1, enlarged to height × width."""
        scale = height / y.shape[0]
        wanted = min(scale, SCALE) if isinstance(self.model, AnyScale) else SCALE
        x = torch.from_numpy(y)[None, None]
        found = (self.model.enlarge(x, wanted) if isinstance(self.model, AnyScale) else self.model(x))[0, 0].numpy()
        if scale > SCALE:
            return self.luma(np.clip(found, 0, 1), height, width)
        return found if found.shape == (height, width) else resize(found, height, width)

    def __call__(self, rgb: np.ndarray, height: int, width: int) -> np.ndarray:
        """An 8-bit RGB picture, enlarged to height × width."""
        planes = rgb.transpose(2, 0, 1).astype(np.float32) / 255
        large = resize(planes, height, width)
        return eight_bits(255 * (large + self.luma(luma(planes), height, width) - grey(large))).transpose(1, 2, 0)

    def by_four(self, rgb: np.ndarray) -> np.ndarray:
        """An 8-bit RGB picture, four times as large."""
        return self(rgb, SCALE * rgb.shape[0], SCALE * rgb.shape[1])
