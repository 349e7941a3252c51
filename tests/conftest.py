"""Pictures for the tests: scikit-image's bundled ones, small, and drawn ones."""

import math
import os
import threading
from pathlib import Path

import numpy as np
import polib
import pytest
from dropped import Index, Setting
from PIL import Image

from smssr_infer import translations
from smssr_infer.arrays.resample import resize
from smssr_infer.cli import main
from smssr_infer.commands import recipe_options
from smssr_infer.io import reading, streaming, tiff_sink, writing, zarr_sink
from smssr_infer.nodes import held
from smssr_infer.sentences import DEEPEST, Sentences


def shrink(rgb: np.ndarray, factor: int) -> np.ndarray:
    """An 8-bit colour picture made smaller by antialiased bicubic."""
    planes = resize(rgb.transpose(2, 0, 1).astype(np.float32), rgb.shape[0] // factor, rgb.shape[1] // factor)
    return np.clip(np.rint(planes), 0, 255).astype(np.uint8).transpose(1, 2, 0)


os.environ["LANGUAGE"] = "en"  # whoever runs the tests may speak another


@pytest.fixture(autouse=True, scope="session")
def no_styles_of_ones_own(tmp_path_factory):
    """Styles that whoever runs the tests has learnt stay out of them."""
    os.environ["SMSSR_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def sentences():
    """The forms of all that the command says, as the template of the translations has them."""
    entries = polib.pofile(str(Path(__file__).parent.parent / "po/smssr.pot"))
    return Sentences(entry.msgid for entry in entries if any(where.endswith(("(error)", "(help)")) for where, _line in entry.occurrences))


HEARD = ("test_animations", "test_arguments", "test_batch", "test_cli", "test_front_door", "test_metadata", "test_other_formats",
         "test_report", "test_restoring_files", "test_saving", "test_tiff", "test_translations", "test_unreadable")
"""The files of what goes wrong at the command line, and of what is told of pictures."""


@pytest.fixture(autouse=True)
def every_sentence_can_be_translated(request, sentences, monkeypatch):
    """Whatever tests in `HEARD` have the command say, errors and remarks, has a form that is in the catalogues."""
    unknown = []

    def listening(words, said=translations.said):
        if sentences._said(words, str, DEEPEST) is None:
            unknown.append(words)
        return said(words)

    for module in (translations, recipe_options):
        monkeypatch.setattr(module, "said", listening)
    yield
    assert not unknown or request.module.__name__ not in HEARD


@pytest.fixture
def little_memory(monkeypatch):
    """Everything counts as large, and bands and tiles are small."""
    monkeypatch.setattr(reading, "LARGE", 1)
    monkeypatch.setattr(held, "HELD", 1)
    monkeypatch.setattr(writing, "RESUMED", 1)
    monkeypatch.setattr(streaming, "BAND", 1)
    monkeypatch.setattr(streaming, "LEAST_ROWS", 64)
    monkeypatch.setattr(tiff_sink, "ROWS", 64)
    monkeypatch.setattr(tiff_sink.TiffSink, "rows", 64)
    monkeypatch.setattr(tiff_sink, "WIDTH", 128)
    monkeypatch.setattr(zarr_sink, "CHUNK", 64)
    monkeypatch.setattr(zarr_sink.ZarrSink, "rows", 64)


@pytest.fixture
def interrupted(monkeypatch):
    """Run a command line that is interrupted before it puts another band into its file; how many it may put is the second argument."""
    put = writing.Output.put

    def run(words, bands=3):
        left = [bands]

        def dies(output, rows):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            put(output, rows)

        with monkeypatch.context() as patch:
            patch.setattr(writing.Output, "put", dies)
            assert main(words) == 130

    return run


@pytest.fixture
def picture(tmp_path):
    """A small picture file."""
    path = tmp_path / "in.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (20, 24, 3), dtype=np.uint8)).save(path)
    return path


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """512×512 RGB."""
    from skimage import data  # missing where SciPy is

    return data.astronaut()


@pytest.fixture(scope="session")
def chelsea() -> np.ndarray:
    """A cat, 300×451 RGB."""
    from skimage import data  # missing where SciPy is

    return data.chelsea()


@pytest.fixture(scope="session")
def small(astronaut) -> np.ndarray:
    """The astronaut as 128×128 RGB."""
    return shrink(astronaut, 4)


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """Three pictures of bars and rings."""
    folder = tmp_path_factory.mktemp("photos")
    y, x = np.mgrid[:160, :200]
    for i in range(3):
        rings = np.sin((x**2 + y**2) / (300 + 90 * i)) > 0
        Image.fromarray((255 * rings).astype(np.uint8)).save(folder / f"{i}.png")
    (folder / "notes.txt").write_text("not a picture")
    return folder


@pytest.fixture(scope="session")
def filters(tmp_path_factory):
    """VGG-16's shapes with random filters of the right gain."""
    from export.losses.vgg import LAYERS  # needs torch

    random = np.random.default_rng(1)
    shapes = dict(zip(LAYERS.values(), [(64, 3), (64, 64), (128, 64), (128, 128), (256, 128), (256, 256), (256, 256)], strict=True))
    path = tmp_path_factory.mktemp("vgg") / "vgg.npz"
    np.savez(path, **{f"{name}.weight": random.normal(0, math.sqrt(2 / (9 * i)), (o, i, 3, 3)).astype(np.float32)
                      for name, (o, i) in shapes.items()}, **{f"{name}.bias": np.zeros(o, np.float32) for name, (o, _) in shapes.items()})
    return path


@pytest.fixture
def setting(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    index = Index(folder)
    threading.Thread(target=index.serve_forever, daemon=True).start()
    yield Setting(tmp_path, index)
    index.shutdown()
    index.server_close()
