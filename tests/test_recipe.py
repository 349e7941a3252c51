"""Recipes: steps that follow each other, their fingerprints, their files, and every door that runs them."""

import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer import Coarse, Enlarge, Fill, Recipe, Restore, Style, Stylize, recipe
from smssr_infer.arrays.large import in_memory
from smssr_infer.cli import main
from smssr_infer.io.masks import MaskFile
from smssr_infer.io.recipe_file import load, save
from smssr_infer.networks.places import shipped
from smssr_infer.nodes import held
from smssr_infer.runtime import Runtime

BETA = np.linspace(0, 1, 96 * 2, dtype=np.float32) * np.ones((96 * 2, 1), np.float32)


@pytest.fixture(scope="module")
def noisy(astronaut):
    x = astronaut[100:196, 160:256]
    return np.clip(x + np.random.default_rng(0).normal(0, 12, x.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path, noisy):
    (tmp_path / "in").mkdir()
    Image.fromarray(noisy).save(tmp_path / "in" / "a.png")
    Image.fromarray(noisy[::-1]).save(tmp_path / "in" / "b.png")
    Image.fromarray((255 * BETA).astype(np.uint8)).save(tmp_path / "mask.png")
    return tmp_path


def pixels(path):
    return np.asarray(Image.open(path))


def test_a_style_that_is_given_again_is_painted_again(folder, noisy):
    """Each with settings of its own, one after the other."""
    half = np.zeros(noisy.shape[:2], np.uint8)
    half[:, :48] = 255
    for name, mask in (("left", half), ("right", 255 - half)):
        Image.fromarray(mask).save(folder / f"{name}.png")
    for option, step, name in (("--style", Stylize, "gravel"), ("--painting", Coarse, "starry-night")):
        words = [word for side, size in (("left", 1), ("right", 2)) for word in (option, f"{name}={folder / side}.png:1,size={size}")]
        assert main(["stylize", str(folder / "in" / "a.png"), str(folder / "out.png"), *words]) == 0
        steps = [step({name: Style((mask > 0).astype(np.float32), size=size)}) for mask, size in ((half, 1), (255 - half, 2))]
        assert np.array_equal(pixels(folder / "out.png"), smssr.process(noisy, Recipe(*steps)))


@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
def test_steps_in_one_recipe_are_the_steps_one_after_the_other(noisy, depth):
    x = noisy if depth == np.uint8 else noisy.astype(np.uint16) * 257 if depth == np.uint16 else noisy / np.float32(255)
    steps = Restore(clean=1, sharpen=0.4), Enlarge(2, picture="clean"), Coarse({"starry-night": 0.3}), Stylize({"fur": BETA})
    found = smssr.process(x, Recipe(*steps))
    one = smssr.upscale(smssr.restore(x, clean=1, sharpen=0.4), 2, picture="clean")
    assert found.dtype == depth
    assert np.array_equal(found, smssr.stylize(one, {"fur": BETA}, coarse={"starry-night": 0.3}))


def test_a_picture_that_was_cleaned_is_enlarged_as_a_clean_one(noisy):
    cleaned = smssr.restore(noisy, clean=1)
    assert np.array_equal(smssr.process(noisy, Recipe(Restore(clean=1), Enlarge(2))), smssr.upscale(cleaned, 2, picture="clean"))
    assert not np.array_equal(smssr.process(noisy, Recipe(Enlarge(2))), smssr.process(noisy, Recipe(Enlarge(2, picture="clean"))))


def test_steps_may_come_in_any_order(noisy):
    textured = smssr.stylize(noisy, {"canvas": 0.5})
    assert np.array_equal(smssr.process(noisy, Recipe(Stylize({"canvas": 0.5}), Enlarge(1.5, picture="clean"), Restore(sharpen=1))),
                          smssr.restore(smssr.upscale(textured, 1.5, picture="clean"), sharpen=1))


def test_what_is_held_in_a_file_is_the_same_and_leaves_nothing(noisy, monkeypatch, tmp_path):
    wanted = Recipe(Restore(clean=1), Enlarge(2), Stylize({"fur": 0.7}))
    expected = smssr.process(noisy, wanted)
    monkeypatch.setattr(held, "HELD", 1)
    assert np.array_equal(wanted.run(in_memory(noisy), Runtime(scratch=tmp_path)), expected)
    assert not list(tmp_path.iterdir())


def test_progress_goes_from_0_to_1_over_all_steps(noisy):
    told = []
    smssr.process(noisy, Recipe(Restore(clean=1), Enlarge(2), Stylize({"fur": 0.7})), told.append, tile=50)
    assert told[0] == 0 and told[-1] == 1
    assert all(0 <= share <= 1 for share in told)
    assert any(0.3 < share < 0.37 for share in told) and any(0.6 < share < 0.7 for share in told)


@pytest.mark.parametrize(("last", "words"), [
    (lambda: Stylize({"furr": 0.5}), r"did you mean 'fur'\? There are: .{60,160}, … \(smssr models\)\Z"),
    (lambda: Stylize({"fur": 2.0}), "fur: β must lie in 0 … 1"),
    (lambda: Enlarge(3, bands=(1, 2)), "3 bands"), (lambda: Fill(np.zeros((5, 90))), "not the shape"),
    (lambda: Fill(np.ones((192, 192))), "everything is marked"), (lambda: Stylize({"canvas": Style(direction=30.0)}), "cannot be turned"),
    (lambda: Coarse({"scream-network": Style(direction=30.0)}), "knows no direction"),
    (lambda: Stylize({"fur": Style(colour=0.5)}), "colour is for materials"),
    (lambda: Stylize({"fur": Style(seed=-1)}), "seed"), (lambda: Restore(clean=1, noise=5, model="restore-jpeg"), "is not told how much"),
])
def test_whatever_does_not_fit_is_said_before_any_work(noisy, last, words, monkeypatch):
    monkeypatch.setattr(recipe, "held", lambda _: pytest.fail("a step was done"))
    with pytest.raises(ValueError, match=words) as caught:
        smssr.process(noisy, Recipe(Enlarge(2), last()))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("make", "words"), [
    (lambda: Recipe("enlarge"), "a recipe is made of steps"), (lambda: Restore(clean=1, model="nope"), "no model 'nope'"),
    (lambda: Restore(noise=20), "nothing is to be cleaned"),
    (lambda: Restore(sharpen=1, model="restore-noise"), "nothing is to be cleaned"),
    (lambda: Enlarge(picture="drawing"), "auto, clean or photo"), (lambda: Enlarge(model="smssr-x4", picture="photo"), "leave out one"),
    (lambda: Enlarge(best=1), "best is True or False"), (lambda: Stylize(0.5), "must be a dictionary"),
    (lambda: Coarse(None), "coarse must be a dictionary"), (lambda: Stylize({"fur": None}), "not None"),
    (lambda: smssr.process(np.zeros((4, 4), np.uint8), Recipe()), "the recipe is empty"),
    (lambda: smssr.process(np.zeros((4, 4), np.uint8), [Enlarge(2)]), "recipe is a Recipe"),
    (lambda: smssr.process(np.zeros((40, 40), np.uint8), Recipe(Enlarge(width=30, height=90))), "it only becomes larger"),
    (lambda: Enlarge(65), "at most 64"), (lambda: Enlarge(float("nan")), "the scale must be"),
    (lambda: Enlarge(width="60"), "whole numbers"),
    (lambda: smssr.process(np.zeros((4000, 4000), np.uint8), Recipe(Enlarge(64))), "over 1024 Mpx"),
])
def test_what_cannot_be_is_one_line(make, words):
    with pytest.raises(ValueError, match=words) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_a_side_may_be_given_instead_of_a_scale(noisy):
    assert smssr.process(noisy[:, :60], Recipe(Enlarge(width=133))).shape == (round(96 * 133 / 60), 133, 3)
    assert smssr.process(noisy[:, :60], Recipe(Enlarge(height=97))).shape == (97, 61, 3)


def test_recipes_are_equal_where_they_do_the_same(tmp_path):
    mask = np.eye(9, dtype=np.float32)
    one = Recipe(Restore(clean=mask), Enlarge(2), Stylize({"fur": Style(0.5, size=2)}))
    assert one == Recipe(Restore(clean=mask.copy()), Enlarge(2), Stylize({"fur": Style(0.5, size=2)}))
    assert hash(one) == hash(Recipe(*one.steps))
    for other in (Recipe(Restore(clean=mask.T[::-1]), *one.steps[1:]), Recipe(one.steps[0], Enlarge(3), one.steps[2]),
                  Recipe(*one.steps[:2], Stylize({"fur": Style(0.5, size=2, seed=1)})), Recipe(*one.steps[:2]),
                  Recipe(*one.steps[:2], Stylize({"bark": Style(0.5, size=2)})), Recipe(*one.steps[:2], Coarse({"starry-night": 1}))):
        assert one != other


def test_a_fingerprint_knows_what_a_file_of_ones_own_holds(tmp_path):
    model, beside = tmp_path / "own.onnx", tmp_path / "own.json"
    shutil.copy(shipped() / "smssr-x4-quick.onnx", model)
    with pytest.raises(ValueError, match="own"):  # our own graph gives bands, no picture
        _ = Recipe(Enlarge(model=str(model))).fingerprint
    shutil.copy(_enlarger(tmp_path), model)
    first = Recipe(Enlarge(model=str(model))).fingerprint
    beside.write_text(json.dumps({"range": 255}))
    assert Recipe(Enlarge(model=str(model))).fingerprint != first


def _enlarger(folder):
    """A network that repeats pixels, as an ONNX file."""
    from onnx import TensorProto, helper, save_model

    resize = helper.make_node("Resize", ["x", "", "scales"], ["y"], mode="nearest")
    graph = helper.make_graph([resize], "double", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, "h", "w"])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
                              [helper.make_tensor("scales", TensorProto.FLOAT, [4], [1, 1, 2, 2])])
    save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "double.onnx")
    return folder / "double.onnx"


def test_a_recipe_lies_in_a_file_and_comes_back(folder):
    wanted = Recipe(Fill(MaskFile(folder / "mask.png")), Restore(clean=MaskFile(folder / "mask.png", 0.6), noise=12.5),
                    Enlarge(3, bands=(1.0, 1.0, 0.5), best=True), Coarse({"starry-night": 0.4}, seed=2),
                    Stylize({"fur": Style(MaskFile(folder / "mask.png"), size=2.0, direction="follow", sharpness=False),
                              "canvas": Style(0.3)}))
    save(wanted, folder / "r.toml")
    found = load(folder / "r.toml")
    assert [repr(step) for step in found.steps] == [repr(step) for step in wanted.steps]
    (folder / "r.toml").write_text('[[step]]\ndo = "stylize"\nstyles.fur = {mask = "mask.png", strength = 0.5}\nstyles.canvas = 0.3\n')
    assert load(folder / "r.toml").steps[0].styles["fur"] == MaskFile(folder / "mask.png", 0.5)


def test_a_mask_in_memory_cannot_be_saved(folder):
    with pytest.raises(ValueError, match="masks that lie in files"):
        save(Recipe(Restore(clean=BETA)), folder / "r.toml")
    assert not (folder / "r.toml").exists()


@pytest.mark.parametrize(("text", "words"), [
    ("step = 5", r"a list of \[\[step\]\] tables"), ("[[step]]\ndo = 'dance'", "a step's do is one of fill, restore, enlarge"),
    ("[[step]]\ndo = 'enlarge'\nsize = 2", "enlarge has no size; there are scale"), ("[[step]]\ndo = 'fill'", "fill needs mask"),
    ("[[step]]\ndo = 'restore'\nclean = {mask = 'none.png'}", "there is no mask"), ("[[step]]\ndo = 'enlarge'\nscale = 'x'", "scale"),
    ("[[step]]\ndo = 'stylize'\nstyles.fur = {seize = 2}", "a style has no seize"), ("[[step", "cannot use the recipe"),
    ("[[step]]\ndo = 'restore'\nclean = {mask = 'mask.png', strength = 2}", "must lie in 0 … 1"), ("", "a list of"),
    ("[[step]]\ndo = ['enlarge']", "a step's do is one of"), ("[[step]]\ndo = 'enlarge'\nwidth = 25.5", "whole numbers"),
    (f"[[step]]\ndo = 'restore'\nclean = 1\nnoise = {10**400}", "noise is 'auto'"),
])
def test_a_broken_recipe_is_one_line(folder, capsys, text, words):
    (folder / "r.toml").write_text(text)
    assert main(["run", str(folder / "r.toml"), str(folder / "in" / "a.png"), str(folder / "out.png")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said
    assert re.search(words, said), said
    assert not (folder / "out.png").exists()


def test_a_command_cleans_enlarges_and_paints(folder, noisy):
    mask = str(folder / "mask.png")
    words = ["--scale", "2", "--clean", ":0.6", "--style", f"fur={mask}:0.8", "--style", "canvas:0.3",
             "--save-recipe", str(folder / "r.toml")]
    assert main(["upscale", str(folder / "in" / "a.png"), str(folder / "out.png"), *words]) == 0
    beta = pixels(mask) / np.float32(255) * np.float32(0.8)
    larger = smssr.upscale(smssr.restore(noisy, clean=0.6), 2, picture="clean")
    assert np.array_equal(pixels(folder / "out.png"), smssr.stylize(larger, {"fur": beta, "canvas": 0.3}))
    assert main(["run", str(folder / "r.toml"), str(folder / "in" / "a.png"), str(folder / "again.png")]) == 0
    assert np.array_equal(pixels(folder / "again.png"), pixels(folder / "out.png"))
    assert main(["run", str(folder / "r.toml"), str(folder / "in"), str(folder / "all")]) == 0
    assert sorted(path.name for path in (folder / "all").iterdir()) == ["a-x2.png", "b-x2.png"]
    assert np.array_equal(pixels(folder / "all" / "a-x2.png"), pixels(folder / "out.png"))


def test_a_folder_is_painted_on_with_masks_of_its_own(folder, noisy):
    (folder / "masks").mkdir()
    for name in ("a", "b"):
        Image.fromarray(np.full((96, 96), 255 if name == "a" else 0, np.uint8)).save(folder / "masks" / f"{name}.png")
    words = ["batch", str(folder / "in"), str(folder / "out"), "--scale", "1", "--style", f"canvas={folder / 'masks'}:0.5"]
    assert main([*words, "--names", "{name}"]) == 0
    assert np.array_equal(pixels(folder / "out" / "a.png"), smssr.stylize(noisy, {"canvas": 0.5}))
    assert np.array_equal(pixels(folder / "out" / "b.png"), noisy[::-1])


@pytest.mark.parametrize("make", [
    lambda: Recipe(Restore(clean=1, sharpen=0.5)), lambda: Recipe(Restore(clean=0.7), Enlarge(2)),
    lambda: Recipe(Enlarge(2), Stylize({"fur": 0.7})), lambda: Recipe(Coarse({"starry-night": 0.6}), Stylize({"canvas": 0.5})),
])
def test_lazily_the_same(noisy, make):
    import dask.array as da

    from smssr_infer import lazy

    x = np.tile(noisy, (2, 2, 1)) / np.float32(255)
    found = lazy.process(da.from_array(x, chunks=(70, 85, -1)), make()).compute()
    assert np.abs(found - smssr.process(x, make())).max() <= 2e-5


def test_a_lazy_mask_restores_block_by_block(noisy):
    import dask.array as da

    from smssr_infer import lazy

    x, beta = noisy / np.float32(255), BETA[::2, ::2]
    found = lazy.restore(da.from_array(x, chunks=(50, 40, -1)), clean=da.from_array(beta, chunks=30)).compute()
    assert np.abs(found - smssr.restore(x, clean=beta)).max() <= 1e-5
    with pytest.raises(ValueError, match="a mask of holes cannot be a Dask array"):
        lazy.restore(da.from_array(x), fill=da.from_array(beta))


@pytest.mark.parametrize("which", ["in/a.png", "mask.png", "out.png"])
def test_a_recipe_is_not_kept_in_the_place_of_a_picture(folder, capsys, which):
    before = {path: path.read_bytes() for path in folder.rglob("*.png")}
    words = ["upscale", str(folder / "in/a.png"), str(folder / "out.png"), "--scale", "2", "--clean", str(folder / "mask.png")]
    assert main([*words, "--save-recipe", str(folder / which)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    (folder / "link.toml").symlink_to(folder / "in/a.png")
    assert main([*words, "--save-recipe", str(folder / "link.toml")]) == 2
    assert "choose another name" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*.png")} == before


def test_one_picture_into_a_folder_gets_a_name_there(folder, noisy):
    """As a batch names it; a folder whose name is a picture's is refused as before."""
    save(Recipe(Enlarge(2, model="smssr-x4-quick")), folder / "r.toml")
    Image.fromarray(noisy[:24, :20]).save(folder / "a.png")
    (folder / "out").mkdir()
    (folder / "b.png").mkdir()
    assert main(["run", str(folder / "r.toml"), str(folder / "a.png"), str(folder / "out")]) == 0
    assert [path.name for path in (folder / "out").iterdir()] == ["a-x2.png"]
    assert main(["run", str(folder / "r.toml"), str(folder / "a.png"), str(folder / "b.png")]) == 2


@pytest.mark.parametrize("words", [["--format", "png"], ["--existing", "replace"], ["--recursive"], ["--names", "{name}"]])
def test_options_for_folders_are_refused_for_a_picture(folder, capsys, words):
    save(Recipe(Enlarge(2)), folder / "r.toml")
    assert main(["run", str(folder / "r.toml"), str(folder / "in/a.png"), str(folder / "out.png"), *words]) == 2
    assert f"{words[0]} is for a folder" in capsys.readouterr().err


@pytest.mark.parametrize("scale", ["0", "nan", "inf", "-2"])
@pytest.mark.parametrize("command", ["upscale", "batch"])
def test_scales_that_cannot_be(folder, capsys, command, scale):
    source = folder / "in" if command == "batch" else folder / "in/a.png"
    target = folder / ("out" if command == "batch" else "out.png")
    assert main([command, str(source), str(target), f"--scale={scale}"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "scale must be" in said
