"""Styles of one's own by example: made in a second from any picture, renamed, removed, handed on in one file."""

import io
import json
import time
import zipfile

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer import own_styles
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.cli import main
from smssr_infer.networks import manifest
from smssr_infer.networks.places import learnt
from smssr_infer.textures import learning


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))


@pytest.fixture
def fur(chelsea):
    """300² of a cat's coat."""
    return np.ascontiguousarray(chelsea[0:300, 150:450])


@pytest.fixture
def fur_file(tmp_path, fur):
    Image.fromarray(fur).save(tmp_path / "coat.png")
    return tmp_path / "coat.png"


def made(picture, title="Mine", kind=own_styles.material, **options):
    card, data = kind(picture, title, own_styles.folder())
    own_styles.keep(card, data, **options)
    return card


def test_a_material_from_300_pixels_in_a_second_and_a_half_of_work(fur_file, capsys):
    began = time.process_time()
    assert main(["learn-style", str(fur_file), "--name", "Chelsea's coat"]) == 0
    assert time.process_time() - began < 1.5
    assert "--style Chelsea-s-coat" in capsys.readouterr().out
    card = manifest.find("Chelsea-s-coat", smssr.MaterialCard)
    assert card.title == "Chelsea's coat"
    residual = smssr.style_residual(np.full((200, 200, 3), 128, np.uint8), card.name)
    assert (residual @ LUMA).std() == pytest.approx(card.contrast, rel=0.2)
    assert Image.open(card.path.with_suffix(".png")).size == (96, 96)


def test_a_painting_of_ones_own(tmp_path, astronaut, capsys):
    Image.fromarray(astronaut).save(tmp_path / "painting.png")
    assert main(["learn-style", str(tmp_path / "painting.png"), "--name", "eileen", "--painting"]) == 0
    assert isinstance(manifest.find("eileen"), smssr.PaintingCard)
    assert main(["stylize", str(tmp_path / "painting.png"), str(tmp_path / "out.png"), "--painting", "eileen:0.9,detail=0.8,colour=1"]) == 0
    assert Image.open(tmp_path / "out.png").size == (512, 512)


def test_small_and_uneven_pieces(fur_file, fur, capsys):
    assert main(["learn-style", str(fur_file), "--name", "small", "--crop", "20,30,64,90"]) == 0
    assert "64×90" in capsys.readouterr().err
    lit = np.clip(fur * np.linspace(0.3, 1.4, 300)[None, :, None], 0, 255).astype(np.uint8)
    card = made(lit, "lit")
    found = smssr.style_residual(np.full((300, 300, 3), 128, np.uint8), "lit")
    assert abs(found[:, :100].mean() - found[:, 200:].mean()) < 0.1 * card.contrast  # no side is brighter


def test_a_name_that_is_taken_is_refused_and_replaced_when_asked(fur):
    made(fur)
    with pytest.raises(ValueError, match="you have a style Mine already"):
        made(fur)
    before = manifest.find("Mine").sha256
    made(255 - fur, replace=True)
    assert manifest.find("Mine").sha256 != before
    assert len([path for path in learnt().iterdir() if path.suffix == ".webp"]) == 1
    with pytest.raises(ValueError, match="ships with smssr"):
        made(fur, "brick-wall")


def test_rename_remove_export_import(tmp_path, fur, capsys):
    made(fur, "Katzenfell")
    assert main(["style", "list"]) == 0
    assert "Katzenfell" in capsys.readouterr().out
    assert main(["style", "rename", "Katzenfell", "Fourrure d'été"]) == 0
    assert main(["style", "export", "Fourrure-d-été", str(tmp_path / "one.smssr")]) == 0
    flat = np.full((80, 90, 3), 128, np.uint8)
    before = smssr.style_residual(flat, "Fourrure-d-été")
    assert main(["style", "remove", "Fourrure-d-été"]) == 0
    assert not [path for path in learnt().iterdir() if path.suffix in (".webp", ".png")]
    assert main(["style", "import", str(tmp_path / "one.smssr")]) == 0
    assert np.array_equal(smssr.style_residual(flat, "Fourrure-d-été"), before)
    capsys.readouterr()
    for order, words in ((["remove", "nobody"], "you have no style 'nobody'"), (["import", str(tmp_path / "one.smssr")], "already"),
                         (["export", "Fourrure-d-été", str(tmp_path / "one.zip")], "ends in .smssr"),
                         (["rename", "Fourrure-d-été", "!!"], "letters or digits"),
                         (["import", str(tmp_path / "none.smssr")], "cannot read")):
        assert main(["style", *order]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1


def archive(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made_of:
        for name, data in parts.items():
            made_of.writestr(name.replace("_", "."), data)
    return stream.getvalue()


def test_a_file_that_holds_no_style_is_refused(fur):
    card, data = own_styles.material(fur, "mine", own_styles.folder())
    row = card.row()
    for content in (b"", b"no archive", archive(card_json="{}"), archive(card_json="[1]", style=b"x"),
                    archive(card_json=json.dumps(row), style=b"other"), archive(card_json=json.dumps(row | {"name": "../x"}), style=data),
                    archive(card_json=json.dumps(row | {"cell": -1}), style=data), archive(card_json="{" * 50, style=data)):
        with pytest.raises(ValueError, match="not a style that can be taken in") as caught:
            own_styles.take(content)
        assert "\n" not in str(caught.value)
    assert not manifest.own()


@pytest.mark.parametrize(("options", "words"), [
    (["--crop", "0,0,900,10"], "inside the picture of 300×300"), (["--crop", "0,0,40,40"], "at least 64×64 pixels, not 40×40"),
    (["--reduce", "0.5"], "--reduce must lie in 1 … 64"), (["--minutes", "3"], "--minutes is for a network that learns"),
    (["--reduce", "6"], "at least 64×64")])
def test_what_does_not_fit_is_one_line(fur_file, capsys, options, words):
    assert main(["learn-style", str(fur_file), "--name", "mine", *options]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_flat_piece_has_no_texture():
    with pytest.raises(ValueError, match="no texture here"):
        own_styles.material(np.full((100, 100, 3), 90, np.uint8), "x", own_styles.folder())


def test_a_style_is_tried_before_it_is_kept(fur, tmp_path):
    card, data = own_styles.material(fur, "try", tmp_path, "tried-1")
    card.path.write_bytes(data)
    with manifest.tried(card):
        assert smssr.style_residual(fur, "tried-1").shape == fur.shape
    with pytest.raises(ValueError, match="there is no style"):
        smssr.style_residual(fur, "tried-1")


@pytest.mark.parametrize("kept", [False, True])
def test_what_fetches_vggs_weights_is_missing_unless_they_are_kept(tmp_path, monkeypatch, kept):
    """GIMP offers a command that installs what is missing; with PyTorch alone learning went no further than these weights."""
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path))
    monkeypatch.setattr(learning.importlib.util, "find_spec", lambda package: None if package == learning.FETCHES else package)
    if kept:
        (tmp_path / learning.VGG_FILE).touch()
    assert learning.missing(weights=learning.weights_kept()) == ([] if kept else [learning.FETCHES])
    assert learning.missing(weights=True) == []
