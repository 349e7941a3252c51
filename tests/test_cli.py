"""The command as a user calls it: in a process of its own."""

import argparse
import importlib.util
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import smssr_infer
from smssr_infer.checks import doctor
from smssr_infer.cli import main
from smssr_infer.commands.style_options import style
from smssr_infer.networks import manifest
from smssr_infer.networks.places import learnt, shipped


def hear_ctrl_c():
    """In a child: undo what a shell does that runs the tests in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def smssr(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "smssr_infer.cli", *map(str, arguments)], capture_output=True, text=True, **options)


@pytest.fixture
def picture(tmp_path, small):
    Image.fromarray(small).save(tmp_path / "in.png")
    return tmp_path / "in.png"


def test_upscale(picture, tmp_path, small):
    done = smssr("upscale", picture, tmp_path / "out.png", "--scale", "x2.5", "--bands", "1.5,1,0.5")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    expected = smssr_infer.upscale(small, 2.5, bands=(1.5, 1, 0.5))
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), expected)


def test_upscale_to_a_width_or_a_height(picture, tmp_path, small, capsys):
    answer = tmp_path / "out.png"
    for side, size in (("--width", (333, 333)), ("--height", (301, 301))):
        assert main(["upscale", str(picture), str(answer), side, str(size[0])]) == 0
        assert Image.open(answer).size == size
    cropped = tmp_path / "wide.png"
    Image.fromarray(small[:50]).save(cropped)
    assert main(["upscale", str(cropped), str(answer), "--width", "300"]) == 0
    assert Image.open(answer).size == (300, round(300 * 50 / 128))
    assert main(["upscale", str(cropped), str(answer), "--width", "64"]) == 0  # what is larger is reduced
    assert Image.open(answer).size == (64, 25)
    answer.unlink()
    for wrong, words in ((["--width", "300", "--scale", "2"], "leave out"),
                         (["--width", "300", "--height", "90"], "leave out"), (["--height", "100000"], "more than 64 times"),
                         ([str(picture)], "smssr batch")):
        assert main(["upscale", str(cropped), str(answer), *wrong]) == 2
        assert words in capsys.readouterr().err
        assert not answer.exists()


def test_models_lists_every_model():
    done = smssr("models")
    assert done.returncode == 0
    for card in smssr_infer.models():
        assert card.name in done.stdout
        assert str(getattr(card, "params", card.title)) in done.stdout


def test_doctor():
    done = smssr("doctor")
    assert done.returncode == 0, done.stderr
    assert "no problems found" in done.stdout
    assert "onnxruntime" in done.stdout


def test_doctor_finds_damaged_weights(tmp_path, monkeypatch, capsys):
    for path in shipped().iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(manifest, "shipped", lambda: tmp_path)
    monkeypatch.setattr(doctor, "shipped", lambda: tmp_path)
    for count, name in ((1, "smssr-x4"), (2, "gravel")):
        weights = tmp_path / f"{name}.onnx"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
        assert main(["doctor"]) == 2
        said = capsys.readouterr()
        assert ("damaged" if count == 1 else "2 things are wrong") in said.err
        assert said.out.count("WRONG") == count
        assert "smssr-x3        weights OK" in said.out


@pytest.mark.parametrize("arguments", [
    [], ["nonsense"], ["upscale"], ["upscale", "IN", "OUT", "--scale", "1"], ["upscale", "IN", "OUT", "--scale", "nan"],
    ["upscale", "IN", "OUT", "--scale", "1e9"], ["upscale", "IN", "OUT", "--scale", "big"], ["upscale", "IN", "OUT", "--model", "nope"],
    ["upscale", "IN", "OUT", "--bands", "1,2"], ["upscale", "IN", "OUT", "--bands", "a,b,c"],
    ["stylize", "IN", "OUT", "--style", "fur", "--best"], ["upscale", "IN", "OUT", "--best", "--model", "restore-noise"],
    ["upscale", "IN", "OUT", "--bands", "1,2,nan"], ["upscale", "IN", "OUT", "--scale", "-2"], ["upscale", "IN", "OUT", "--unknown"],
])
def test_wrong_arguments_are_one_line(arguments, picture, tmp_path):
    refused(arguments, picture, tmp_path)


def refused(arguments, picture, tmp_path):
    """The command ends with status 2 and one line, and nothing is written."""
    places = {"IN": picture, "OUT": tmp_path / "out.png"}
    done = smssr(*(places.get(a, a) for a in arguments))
    assert done.returncode == 2
    assert done.stderr.startswith("smssr: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_a_wrong_strength_is_said_to_be_one(tmp_path, astronaut, capsys):
    Image.fromarray(astronaut[:40, :40]).save(tmp_path / "in.png")
    percent = f"fur={tmp_path / 'in.png'}:80%"
    for text, words in (("fur:-0.1", "must lie in 0"), ("fur:1.5", "must lie in 0"), (percent, "must be a strength")):
        assert main(["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--style", text]) == 2
        assert words in capsys.readouterr().err


def test_stylize_paints_where_the_mask_is_white(tmp_path, astronaut):
    Image.fromarray(astronaut[:200, :240]).save(tmp_path / "in.png", dpi=(300, 300))
    mask = np.zeros((100, 120), np.uint8)
    mask[:, 60:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    done = smssr("stylize", tmp_path / "in.png", tmp_path / "out.png", "--style", f"gravel={tmp_path / 'mask.png'}:0.5",
                 "--style", "bark:0")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with Image.open(tmp_path / "out.png") as picture:
        styled = np.asarray(picture)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert np.array_equal(styled[:, :110], astronaut[:200, :110])
    assert np.abs(styled[:, 130:].astype(int) - astronaut[:200, 130:240]).mean() > 1
    half = (np.asarray(Image.fromarray(mask).resize((240, 200), Image.Resampling.BICUBIC)) / 255 * 0.5).astype(np.float32)
    expected = smssr_infer.stylize(astronaut[:200, :240], {"gravel": half})
    assert np.abs(styled.astype(int) - expected).max() <= 2


def test_stylize_enlarges_first_when_asked(tmp_path, small):
    Image.fromarray(small).save(tmp_path / "in.png")
    done = smssr("stylize", tmp_path / "in.png", tmp_path / "out.png", "--style", "gravel", "--scale", "2", "--seed", "7")
    assert done.returncode == 0, done.stderr
    strength = next(card.strength for card in smssr_infer.models() if card.name == "gravel")
    expected = smssr_infer.stylize(smssr_infer.upscale(small, 2), {"gravel": strength}, seed=7)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), expected)


def test_a_mask_of_other_proportions_is_told_of(tmp_path, small):
    Image.fromarray(small).save(tmp_path / "in.png")
    Image.new("LA", (20, 100), (255, 0)).save(tmp_path / "mask.png")
    done = smssr("stylize", tmp_path / "in.png", tmp_path / "out.png", "--style", f"gravel={tmp_path / 'mask.png'}")
    assert done.returncode == 0
    assert "stretched to fit" in done.stderr
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), small)  # white, but wholly transparent


@pytest.mark.parametrize("arguments", [
    ["IN", "OUT"], ["IN", "OUT", "--style", "nope"], ["IN", "OUT", "--style", "gravel:2"], ["IN", "OUT", "--style", "gravel=missing.png"],
    ["IN", "OUT", "--style", "="], ["IN", "IN", "--style", "gravel"],
    ["IN", "OUT", "--style", "gravel", "--model", "smssr-x4"], ["IN", "OUT", "--style", "gravel", "--seed", "-1"],
    ["IN", "OUT", "--style", "gravel", "--scale", "0.5"], ["IN", "OUT.jpeg2", "--style", "gravel"],
])
def test_wrong_stylize_arguments_are_one_line(arguments, picture, tmp_path):
    refused(["stylize", *arguments], picture, tmp_path)


@pytest.mark.parametrize(("text", "parts"), [
    ("grass", ("grass", None, None)), ("grass:0.5", ("grass", None, 0.5)), ("grass=m.png", ("grass", "m.png", None)),
    ("grass=m.png:.5", ("grass", "m.png", 0.5)), ("grass=C:\\a b.png:1", ("grass", "C:\\a b.png", 1.0)),
    ("my-own=a=b:c.png", ("my-own", "a=b:c.png", None)),
])
def test_what_a_style_argument_says(text, parts):
    wish = style(text)
    assert (wish.name, wish.mask and str(wish.mask), wish.strength) == parts
    assert wish == style(text)._replace(size=None, direction=None, seed=None, sharpness=None)


def test_what_follows_a_style():
    wish = style("fur=a,b.png:0.5,size=2.5,direction=follow,seed=7,sharpness=off")
    assert (wish.name, str(wish.mask), wish.strength) == ("fur", "a,b.png", 0.5)
    assert (wish.size, wish.direction, wish.seed, wish.sharpness) == (2.5, "follow", 7, False)
    assert style("grass,direction=-30").direction == -30
    for text, words in (("fur,gloss=red", "no option 'gloss'"), ("fur,colour=red", "colour is a number"),
                        ("fur,size=large", "size is a number"), ("fur,sharpness=1", "on or off"),
                        ("fur,size=1,size=2", "given twice"), ("fur,direction=0,180", "is not NAME")):
        with pytest.raises(argparse.ArgumentTypeError, match=words):
            style(text)


def test_learn_style_says_what_it_needs(tmp_path, picture):
    if importlib.util.find_spec("torch"):
        pytest.skip("PyTorch is installed here")
    done = smssr("learn-style", picture, "--name", "mine", "--network")
    assert done.returncode == 2
    assert "-m pip install torch" in done.stderr


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing(tmp_path, astronaut, stop):
    Image.fromarray(np.tile(astronaut, (3, 3, 1))).save(tmp_path / "in.png")
    running = subprocess.Popen([sys.executable, "-m", "smssr_infer.cli", "upscale", tmp_path / "in.png", tmp_path / "out.png"],
                               stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c)
    while running.poll() is None and "onnxruntime" not in Path(f"/proc/{running.pid}/maps").read_text():  # until it is at work
        time.sleep(0.01)
    os.kill(running.pid, stop)
    if stop == signal.SIGINT:  # an impatient user
        for _ in range(5):
            time.sleep(0.03)
            running.send_signal(stop)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == (130 if stop == signal.SIGINT else 143)
    assert errors == ("smssr: cancelled; nothing was written\n" if stop == signal.SIGINT else "")
    assert [p.name for p in tmp_path.iterdir()] == ["in.png"]


def test_importing_the_package_is_light():
    """Neither torch nor scipy, nor onnxruntime, is loaded before it is needed."""
    code = ("import sys, smssr_infer, smssr_infer.cli, smssr_infer.io.reading, smssr_infer.io.writing; "
            "print({'torch', 'scipy', 'onnxruntime'} & set(sys.modules))")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"


@pytest.fixture
def broken_list_of_ones_own():
    """A list of the user's own styles that cannot be read."""
    learnt().mkdir(parents=True, exist_ok=True)
    (learnt() / "manifest.json").write_text('[{"name": "mine", "task": "style"}]')
    yield learnt() / "manifest.json"
    (learnt() / "manifest.json").unlink()


def test_a_broken_list_of_ones_own_styles_troubles_only_who_asks_for_them(broken_list_of_ones_own, picture, tmp_path, small, capsys):
    assert main(["upscale", str(picture), str(tmp_path / "out.png"), "--scale", "2"]) == 0
    assert main(["stylize", str(picture), str(tmp_path / "out.png"), "--style", "gravel"]) == 0
    assert np.array_equal(smssr_infer.stylize(small, {"gravel": 0.0}), small)
    capsys.readouterr()
    for arguments in (["models"], ["doctor"], ["stylize", str(picture), str(tmp_path / "out.png"), "--style", "mine"]):
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert str(broken_list_of_ones_own) in said.err
        assert "'file' is missing" in said.err
        assert said.err.count("\n") == 1
        if arguments[0] in ("models", "doctor"):
            assert "gravel" in said.out


def test_a_fault_of_ours_is_one_line(monkeypatch, picture, tmp_path, capsys):
    def fault(*_, **__):
        raise KeyError("what nobody thought of")

    monkeypatch.setattr(manifest, "defaults", fault)
    assert main(["upscale", str(picture), str(tmp_path / "out.png")]) == 2
    said = capsys.readouterr().err
    assert "internal error" in said
    assert said.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
def test_a_terminal_that_does_not_know_its_size_shows_progress(monkeypatch):
    """As one has that a serial line, an editor or a script opens: it says that it has 0 rows and columns."""
    from smssr_infer.commands.arguments import progress_bar

    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
    leader, follower = os.openpty()
    with open(follower, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        with progress_bar("a.png") as told:
            time.sleep(1.1)
            told(0.5)
        assert "a.png  50% |" in os.read(leader, 4096).decode()
    os.close(leader)


@pytest.mark.parametrize(("words", "said"), [
    (["upscale", "IN", "OUT", "--sclae", "2"], "unrecognized arguments: --sclae 2; did you mean --scale?"),
    (["upscale", "IN", "OUT", "--scal", "2"], "did you mean --scale?"),
    (["restore", "--clean", "IN", "OUT"], "place them after IN and OUT"),
    (["restore", "IN", "OUT", "--match-grain"], "add --fill or --clean"),
    (["upscale", "IN", "OUT", "--scale", "1"], "'smssr restore' cleans at the picture's size"),
    (["upscale", "FOLDER", "OUT"], "for a folder of pictures there is 'smssr batch'")])
def test_what_is_wrong_with_a_command_and_what_is_right(tmp_path, picture, capsys, words, said):
    names = {"IN": str(picture), "OUT": str(tmp_path / "out.png"), "FOLDER": str(tmp_path)}
    assert main([names.get(word, word) for word in words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_half_a_picture_is_cut_off(tmp_path, picture, capsys):
    stream = io.BytesIO()
    Image.open(picture).convert("RGB").save(stream, "JPEG")
    (tmp_path / "half.jpg").write_bytes(stream.getvalue()[:len(stream.getvalue()) // 2])
    assert main(["restore", str(tmp_path / "half.jpg"), str(tmp_path / "out.png")]) == 2
    assert "half.jpg: it is incomplete" in capsys.readouterr().err
