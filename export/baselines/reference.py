"""TTSR, which takes texture from a reference picture."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .layers import SCALE, Added, conv, subpixel

EXTRACTED = (64, 128, 256)
"""Maps of the texture extractor, from the picture's size down to a quarter of it."""

SIDE = 3
"""Of the patches that are compared, at a quarter of the picture's size."""


class Extractor(nn.Module):
    """VGG-19's layers up to conv3_1, which are trained on: maps of the whole size, of half and of a quarter of it."""

    def __init__(self):
        super().__init__()
        fine, middle, coarse = EXTRACTED
        self.fine = nn.Sequential(conv(3, fine), nn.ReLU())
        self.middle = nn.Sequential(conv(fine, fine), nn.ReLU(), nn.MaxPool2d(2), conv(fine, middle), nn.ReLU())
        self.coarse = nn.Sequential(conv(middle, middle), nn.ReLU(), nn.MaxPool2d(2), conv(middle, coarse), nn.ReLU())

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        fine = self.fine(x)
        middle = self.middle(fine)
        return [fine, middle, self.coarse(middle)]


def transferred(query: torch.Tensor, key: torch.Tensor, values: list[torch.Tensor]) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """How alike the most similar place of the reference is (soft attention, `[1, 1, h, w]`), and what lies there (hard attention).

    `query`, `key`: coarse maps of the picture and of the reference, `[1, n, h, w]`; `values`: the reference's maps, from fine to coarse.
    """
    asked, found = (F.normalize(F.unfold(x, SIDE, padding=1), dim=1) for x in (query, key))
    like, where = torch.bmm(found.transpose(1, 2), asked).max(1)
    height, width = query.shape[-2:]
    taken = []
    for value in values:
        times = value.shape[-1] // key.shape[-1]
        options = {"kernel_size": SIDE * times, "padding": times, "stride": times}
        patches = F.unfold(value, **options)
        chosen = patches.gather(2, where[:, None].expand(-1, patches.shape[1], -1))
        taken.append(F.fold(chosen, (times * height, times * width), **options) / SIDE**2)
    return like.reshape(-1, 1, height, width), taken


def resized(x: torch.Tensor, times: int) -> torch.Tensor:
    """Enlarged bicubically."""
    return F.interpolate(x, scale_factor=times, mode="bicubic") if times > 1 else x


class Exchange(nn.Module):
    """Cross-scale feature integration: each size's maps, and those of the others brought to its size, through a convolution."""

    def __init__(self, width: int, sizes: int):
        super().__init__()
        self.up = nn.ModuleDict({f"{i}{j}": conv(width, width, 1) for j in range(sizes) for i in range(j)})
        self.down = nn.ModuleDict({f"{i}{j}": nn.Sequential(*[layer for _ in range(i - j)
                                                              for layer in (conv(width, width, stride=2), nn.ReLU())])
                                   for j in range(sizes) for i in range(j + 1, sizes)})
        self.merge = nn.ModuleList(conv(sizes * width, width) for _ in range(sizes))

    def forward(self, maps: list[torch.Tensor]) -> list[torch.Tensor]:
        """From small to large."""
        merged = []
        for j, merge in enumerate(self.merge):
            brought = [maps[j]]
            for i, other in enumerate(maps):
                if i < j:
                    brought.append(F.relu(self.up[f"{i}{j}"](resized(other, 2 ** (j - i)))))
                elif i > j:
                    brought.append(self.down[f"{i}{j}"](other))
            merged.append(F.relu(merge(torch.cat(brought, 1))))
        return merged


def chain(width: int, blocks: int) -> nn.Sequential:
    """Residual blocks, and a convolution."""
    return nn.Sequential(*(Added(conv(width, width), nn.ReLU(), conv(width, width)) for _ in range(blocks)), conv(width, width))


class TTSR(nn.Module):
    """Yang et al., CVPR 2020: texture transformers at three sizes, with exchange between them. It has two inputs, so the runtime cannot
    run it.
    """

    def __init__(self, width: int = 64, blocks: tuple[int, int, int, int] = (16, 16, 8, 4)):
        super().__init__()
        self.extractor = Extractor()
        self.first, self.shallow = conv(3, width), chain(width, blocks[0])
        self.heads = nn.ModuleList(conv(maps + width, width) for maps in reversed(EXTRACTED))
        self.exchanges = nn.ModuleList(Exchange(width, sizes) for sizes in (2, 3))
        self.bodies = nn.ModuleList(nn.ModuleList(chain(width, blocks[stage + 1]) for _ in range(stage + 1)) for stage in range(3))
        self.up = nn.ModuleList(nn.Sequential(*subpixel(width, nn.ReLU())) for _ in range(2))
        self.brought = nn.ModuleList(conv(width, width, 1) for _ in range(2))
        self.merge = nn.Sequential(conv(3 * width, width), nn.ReLU(), conv(width, width // 2), conv(width // 2, 3, 1))

    def forward(self, x: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
        """RGB `[1, 3, h, w]` and a reference `[1, 3, H, W]`, both in −1 … 1, H and W multiples of 4: RGB `[1, 3, 4h, 4w]`."""
        blurred = F.interpolate(resized(reference, 1), scale_factor=1 / SCALE, mode="bicubic", antialias=True)
        query, key = (self.extractor((resized(picture, SCALE) + 1) / 2)[-1] for picture in (x, blurred))
        like, textures = transferred(query, key, self.extractor((reference + 1) / 2))
        x = F.relu(self.first(x))
        x = x + self.shallow(x)
        maps: list[torch.Tensor] = []
        for stage, (head, texture) in enumerate(zip(self.heads, reversed(textures), strict=True)):
            if stage:
                x = self.up[stage - 1](maps[-1])
            x = x + head(torch.cat([x, texture], 1)) * resized(like, 2**stage)
            maps.append(x)
            seen = self.exchanges[stage - 1](maps) if stage else maps
            maps = [a + body(b) for a, body, b in zip(maps, self.bodies[stage], seen, strict=True)]
        small, middle, large = maps
        sizes = [large, F.relu(self.brought[0](resized(small, 4))), F.relu(self.brought[1](resized(middle, 2)))]
        return self.merge(torch.cat(sizes, 1)).clamp(-1, 1)
