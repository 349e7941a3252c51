"""The sha256 of what every task gives on fixed inputs, to compare two versions on one machine.

    python tests/results.py > before.txt
    …
    python tests/results.py | diff before.txt -

The figures depend on the processor and on the versions of NumPy and onnxruntime, so they are compared, and never kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

import smssr_infer as smssr
from smssr_infer.cli import main


def pictures() -> dict[str, np.ndarray]:
    """Small pictures of every kind: clean, noisy, a JPEG, deep, grey, transparent."""
    rng = np.random.default_rng(5)
    colour = data.astronaut()[60:156, 160:280]
    noisy = np.clip(colour + rng.normal(0, 12, colour.shape), 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(colour).save(stream, "JPEG", quality=50)
    alpha = np.full(colour.shape[:2], 255, np.uint8)
    alpha[20:50, 30:70] = 0
    alpha[50:60] = 90
    return {"colour": colour, "noisy": noisy, "jpeg": np.asarray(Image.open(stream)), "grey": data.camera()[100:190, 200:300],
            "deep": (colour.astype(np.uint16) * 257 + 13), "float": (colour / np.float32(255)).astype(np.float32),
            "transparent": np.dstack([colour, alpha]), "grey and alpha": np.dstack([colour[..., 0], alpha]),
            "above 1": (colour / np.float32(100) - np.float32(0.3)).astype(np.float32)}


def arrays() -> Iterator[tuple[str, Callable[[], np.ndarray]]]:
    """The names of what the Python API gives, and how it is computed."""
    given = pictures()
    colour, noisy = given["colour"], given["noisy"]
    ramp = np.linspace(0, 1, colour.shape[1], dtype=np.float32) * np.ones(colour.shape[:2], np.float32)
    hole = np.zeros(colour.shape[:2], np.uint8)
    hole[30:34, 10:90] = hole[60:80, 50:56] = 255
    for name, x in given.items():
        yield f"upscale {name}", lambda x=x: smssr.upscale(x, 2)
        yield f"restore {name}", lambda x=x: smssr.restore(x, clean=0.8, sharpen=0.5)
        yield f"stylize {name}", lambda x=x: smssr.stylize(x, {"canvas": 0.6, "fur": 0.8}, seed=4)
    for model in [card.name for card in smssr.models() if type(card).__name__ == "EnlargingCard"]:
        yield f"upscale by {model}", lambda model=model: smssr.upscale(colour, 2, model)
    for scale in (1.5, 3, 5.5):
        yield f"upscale ×{scale}", lambda scale=scale: smssr.upscale(colour, scale)
    for picture in ("clean", "photo"):
        yield f"upscale as {picture}", lambda picture=picture: smssr.upscale(noisy, 4, picture=picture)
    yield "upscale a JPEG ×4", lambda: smssr.upscale(given["jpeg"], 4)
    yield "upscale, bands", lambda: smssr.upscale(colour, 4, bands=[1.5, 1, 0], best=True)
    yield "upscale, tiles", lambda: smssr.upscale(colour, 4, tile=50, threads=2)
    for name, options in {"noise": {"clean": 1, "noise": 20}, "chroma": {"clean": 0.2, "chroma": 1}, "mask": {"clean": ramp},
                          "sharpen": {"sharpen": ramp}, "fill": {"fill": hole}, "all": {"fill": hole, "clean": ramp, "sharpen": 1}}.items():
        yield f"restore, {name}", lambda options=options: smssr.restore(noisy, **options)
    yield "restore a JPEG", lambda: smssr.restore(given["jpeg"], clean=1)
    for card in smssr.models():
        if type(card).__name__ in ("StyleCard", "MaterialCard"):
            yield f"style {card.name}", lambda card=card: smssr.stylize(colour, {card.name: ramp})
        elif type(card).__name__ == "CoarseCard":
            yield f"coarse {card.name}", lambda card=card: smssr.stylize(colour, {"canvas": 0.3}, coarse={card.name: ramp})
    for name, wish in {"size": smssr.Style(0.7, size=2), "direction": smssr.Style(0.7, direction=30.0), "seed": smssr.Style(1, seed=9),
                       "directions": smssr.Style(1, direction=90 * ramp), "hard": smssr.Style(1, sharpness=False)}.items():
        yield f"fur, {name}", lambda wish=wish: smssr.stylize(colour, {"fur": wish})
    yield "residual of fur", lambda: smssr.style_residual(colour, "fur", window=(10, 60, 5, 70))
    yield "mask", lambda: smssr.mask(colour, [(60, 40), [(50, 60), (70, 80)]], [(3, 3)])
    yield "lazy upscale", lambda: lazily(lambda lazy, x: lazy.upscale(x, 2), colour)
    yield "lazy stylize", lambda: lazily(lambda lazy, x: lazy.stylize(x, {"fur": 0.7, "canvas": 0.5}), colour)


def lazily(work: Callable[..., object], x: np.ndarray) -> np.ndarray:
    """What a lazy task gives of a picture in chunks."""
    import dask.array as da

    from smssr_infer import lazy

    return work(lazy, da.from_array(x, chunks=(50, 47, -1))).compute()


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The names of what commands write, and where."""
    given = pictures()
    (folder / "in").mkdir()
    for name in ("colour", "noisy", "grey"):
        Image.fromarray(given[name]).save(folder / "in" / f"{name}.png")
    Image.fromarray(given["colour"]).save(folder / "in" / "photo.jpg", quality=60)
    Image.fromarray(given["colour"]).save(folder / "in" / "slight.jpg", quality=90)
    Image.fromarray(np.tile(np.arange(120, dtype=np.uint8) * 2, (96, 1))).save(folder / "mask.png")
    noisy, mask = str(folder / "in" / "noisy.png"), str(folder / "mask.png")
    for name, words in {"upscale.png": ["upscale", noisy], "upscale.tif": ["upscale", noisy, "--picture", "clean", "--width", "300"],
                        "restore.png": ["restore", noisy, "--clean", f"{mask}:0.8", "--sharpen", "0.4"],
                        "stylize.png": ["stylize", noisy, "--style", f"fur={mask}", "--style", "canvas:0.5,size=2", "--seed", "3"],
                        "larger.png": ["stylize", noisy, "--style", "wood:0.8", "--scale", "2"],
                        "coarse.png": ["stylize", noisy, "--coarse", "starry-night:0.5"],
                        "mask.tif": ["mask", noisy, "--here", "60,40", "--not-here", "3,3"]}.items():
        yield name, done([words[0], words[1], str(folder / name), *words[2:]], folder / name)
    for name, words in {"doubled": ["--scale", "2"], "both": ["--scale", "2", "--clean", "0.7"], "cleaned": ["--scale", "1", "--clean"],
                        "sharpened": ["--scale", "2", "--sharpen", "--picture", "photo"]}.items():
        done(["batch", str(folder / "in"), str(folder / name), *words], folder / name)
        for path in sorted((folder / name).iterdir()):
            yield f"{name}/{path.name}", path


def done(words: list[str], path: Path) -> Path:
    """A command is run, in silence."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        status = main(words)
    assert status in (0, None), f"{words}: {said.getvalue()}"
    return path


def of(pixels: np.ndarray) -> str:
    """A result's type, shape and the sha256 of its values."""
    return f"{pixels.dtype} {'×'.join(map(str, pixels.shape))} {hashlib.sha256(np.ascontiguousarray(pixels)).hexdigest()[:16]}"


if __name__ == "__main__":
    for name, compute in arrays():
        print(f"{name}: {of(compute())}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, path in files(Path(scratch)):
            with Image.open(path) as picture:
                print(f"{name}: {of(np.asarray(picture))}", flush=True)
