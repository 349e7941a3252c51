"""What happens to pictures before they reach us: noise, cameras, JPEG, blur, reductions, scratches. All drawn from a given generator.

Pictures are float32 `[h, w, 3]` in levels, 0 … 255, unless said otherwise.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from smssr_infer.arrays.resample import resize

from .photographs import eight_bits

GAMMA = 2.2
SHOT = (1e-4, 1.2e-2)
"""Range of the shot noise's variance for a signal of 1 (Brooks et al., CVPR 2019, Unprocessing Images, §3.1)."""

FILTERS = {"area": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR, "lanczos": Image.Resampling.LANCZOS,
           "hamming": Image.Resampling.HAMMING}


def white_noise(x: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of standard deviation `sigma` levels, each colour of each pixel for itself."""
    return x + sigma * rng.standard_normal(x.shape, np.float32)


def grainy_noise(x: np.ndarray, sigma: float, size: float, rng: np.random.Generator, grey: bool = False) -> np.ndarray:
    """Gaussian noise with a correlation of `size` pixels (σ of the Gaussian that it went through), on luma alone if `grey`."""
    noise = rng.standard_normal((*x.shape[:2], 1 if grey else 3), np.float32)
    noise = ndimage.gaussian_filter(noise, (size, size, 0))
    return x + sigma * noise / noise.std()


def _demosaic(mosaic: np.ndarray) -> np.ndarray:
    """An RGGB mosaic `[h, w]`, bilinearly interpolated to `[h, w, 3]`."""
    rows, columns = np.indices(mosaic.shape)
    red, blue = (rows % 2 == 0) & (columns % 2 == 0), (rows % 2 == 1) & (columns % 2 == 1)
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4
    planes = []
    for sites in (red, ~(red | blue), blue):
        known = sites.astype(np.float32)
        planes.append(ndimage.convolve(mosaic * known, kernel, mode="mirror") / ndimage.convolve(known, kernel, mode="mirror"))
    return np.stack(planes, -1)


def camera_noise(x: np.ndarray, shot: float, rng: np.random.Generator) -> np.ndarray:
    """Noise as a raw converter leaves it: signal-dependent (Foi et al., 2008), unequal between colours, smeared by demosaicing.

    `shot`: variance of the shot noise for a signal of 1; the read noise goes with it as in Brooks et al. (2019, §3.1). The picture itself
    is not demosaiced: only the noise is added, so that nothing but noise is to be taken away.
    """
    gains = np.array([rng.uniform(1.9, 2.4), 1.0, rng.uniform(1.5, 1.9)], np.float32)
    linear = (np.clip(x, 0, 255) / 255) ** GAMMA
    raw = linear / gains * rng.uniform(0.6, 1.0)
    rows, columns = np.indices(x.shape[:2])
    mosaic = np.take_along_axis(raw, ((rows % 2) + (columns % 2))[..., None], 2)[..., 0]
    read = np.exp(2.18 * np.log(shot) + 1.2 + 0.26 * rng.standard_normal())
    noise = rng.standard_normal(mosaic.shape, np.float32) * np.sqrt(shot * mosaic + read)
    noisy = linear + _demosaic(noise) * gains
    return 255 * np.clip(noisy, 0, 1) ** (1 / GAMMA) + x - 255 * linear ** (1 / GAMMA)


def jpeg(x: np.ndarray, quality: int, subsampled: bool) -> np.ndarray:
    """The picture rounded to 8 bits and through a JPEG file of that quality, 4:2:0 if `subsampled`, else 4:4:4."""
    stream = io.BytesIO()
    Image.fromarray(eight_bits(x)).save(stream, "JPEG", quality=int(quality), subsampling=2 if subsampled else 0)
    with Image.open(stream) as picture:
        return np.asarray(picture, np.float32)


def some_jpeg(x: np.ndarray, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    """JPEG of a quality between `low` and `high`, blocks from the first pixel on; one in five was a JPEG before, cut or shifted since."""
    return jpeg(perhaps_jpeg(x, low, high, rng), rng.integers(low, high + 1), rng.random() < 0.7)


def perhaps_jpeg(x: np.ndarray, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    """One in five pictures through JPEG of a quality between `low` and `high`, its blocks not from the first pixel on."""
    if rng.random() < 0.8:
        return x
    down, across = rng.integers(1, 8, 2)
    inner = jpeg(x[down:, across:], rng.integers(low, high + 1), rng.random() < 0.7)
    x = x.copy()
    x[down:, across:] = inner
    return x


def gaussian_blur(x: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian of `sigma` pixels, mirrored at the edges."""
    return ndimage.gaussian_filter(x, (sigma, sigma, 0))


def disc_blur(x: np.ndarray, radius: float) -> np.ndarray:
    """Defocus: a disc of `radius` pixels with a soft rim."""
    size = int(np.ceil(radius)) + 1
    rows, columns = np.mgrid[-size:size + 1, -size:size + 1]
    return _convolved(x, np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1))


def line_blur(x: np.ndarray, length: float, angle: float) -> np.ndarray:
    """Motion: a line of `length` pixels with a soft outline, `angle` in radians."""
    rows, columns = np.mgrid[-5:6, -5:6]
    along, beside = columns * np.cos(angle) + rows * np.sin(angle), rows * np.cos(angle) - columns * np.sin(angle)
    return _convolved(x, np.exp(-beside**2 / 0.5) * np.clip(length / 2 + 0.5 - np.abs(along), 0, 1))


def enlarged(x: np.ndarray, factor: float, method: Image.Resampling = Image.Resampling.BICUBIC) -> np.ndarray:
    """A picture made `factor` times as small, and as large again."""
    height, width = (int(n / factor) for n in x.shape[:2])
    return np.stack([np.asarray(Image.fromarray(p).resize((width, height), Image.Resampling.BICUBIC).resize(p.shape[::-1], method))
                     for p in x.transpose(2, 0, 1)], -1)


def _convolved(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    kernel = kernel.astype(np.float32)
    return ndimage.convolve(x, (kernel / kernel.sum())[..., None], mode="mirror")


def some_blur(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A lens, mild defocus, mild motion, or an enlargement: σ about 0.5 … 2.5 pixels."""
    kind = rng.random()
    if kind < 0.75:
        return gaussian_blur(x, rng.uniform(0.4, 2.6))
    if kind < 0.83:
        return disc_blur(x, rng.uniform(0.8, 3.2))
    if kind < 0.91:
        return line_blur(x, rng.uniform(1.5, 7), rng.uniform(0, np.pi))
    return enlarged(x, rng.uniform(1.3, 3), [Image.Resampling.BICUBIC, Image.Resampling.BILINEAR][rng.integers(2)])


def reduced(x: np.ndarray, scale: int, kind: str) -> np.ndarray:
    """The picture `scale` times smaller: by `bicubic` (antialiased), `nearest`, a `camera` (lens, then area), or one of FILTERS."""
    height, width = (n // scale for n in x.shape[:2])
    if kind == "bicubic":
        return np.ascontiguousarray(resize(x.transpose(2, 0, 1), height, width).transpose(1, 2, 0))
    if kind == "nearest":
        return x[scale // 2::scale, scale // 2::scale]
    if kind == "camera":
        x, kind = gaussian_blur(x, 0.2 * scale), "area"
    return np.stack([np.asarray(Image.fromarray(p).resize((width, height), FILTERS[kind])) for p in x.transpose(2, 0, 1)], -1)


def holes(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Scratches, hairs, specks and letters, 1 to 12 pixels wide: bool `[height, width]`."""
    picture = Image.new("1", (width, height))
    draw = ImageDraw.Draw(picture)
    kind = rng.random()
    if kind < 0.45:
        for _ in range(rng.integers(1, 7)):
            at = np.cumsum(np.concatenate([rng.uniform(0, [[width, height]]), rng.normal(0, width / 4, (rng.integers(1, 6), 2))]), 0)
            draw.line([tuple(p) for p in at], fill=1, width=int(rng.integers(1, 11)), joint="curve")
    elif kind < 0.75:
        for _ in range(rng.integers(1, 5)):
            words = "".join(rng.choice(list("abcdefghijkmnopqrstuvwxyzABDEGHKMRSW0123456789"), rng.integers(2, 12)))
            draw.text(tuple(rng.uniform(-10, [width, height])), words, fill=1, font=ImageFont.load_default(int(rng.integers(12, 60))))
    else:
        for _ in range(rng.integers(3, 20)):
            x, y, a, b = *rng.uniform(0, [width, height]), *rng.uniform(0.5, 6, 2)
            draw.ellipse([x - a, y - b, x + a, y + b], fill=1)
    return np.array(picture)


def scratches(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Lines of letters and scratches, 2 to 8 pixels wide, all over a picture: bool `[height, width]`. For measuring; see `holes`."""
    picture = Image.new("1", (width, height))
    draw = ImageDraw.Draw(picture)
    for i in range(8):
        at = rng.uniform(0, [width, height], (3, 2))
        draw.line([tuple(p) for p in at], fill=1, width=2 + i % 7, joint="curve")
    for i, row in enumerate(range(20, height - 40, 90)):
        draw.text((20 + 10 * i, row), "the quick brown fox jumps over the lazy dog", fill=1, font=ImageFont.load_default(22 + 6 * (i % 4)))
    return np.array(picture)
