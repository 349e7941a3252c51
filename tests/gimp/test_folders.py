"""The plug-in in real GIMPs: Batch Upscale."""

import shutil

import numpy as np
from talking import forget, told

import smssr_infer as smssr


def test_batch_through_the_pdb(gimp, astronaut):
    from PIL import Image

    folder = gimp.exchange / "pictures"
    folder.mkdir()
    Image.fromarray(astronaut[:30, :40]).save(folder / "a.png")
    (folder / "b.png").write_bytes(b"broken")
    facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers")]
worked, why, counts = call("smssr-batch", input=files[0], output=files[1], factor=2.0, names="{name}-large")
worked, why, _ = call("smssr-batch", input=files[0], output=files[1], size="long-edge", amount=64.0) if worked else (worked, why, 0)
tell(worked=worked, why=why, counts=counts)
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [1, 0, 1]
    assert Image.open(gimp.exchange / "answers/a-64px.png").size == (64, 48)
    assert np.array_equal(np.asarray(Image.open(gimp.exchange / "answers/a-large.png")), smssr.upscale(astronaut[:30, :40], 2))


SEEN = """
import subprocess, threading, time

def sh(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout.strip()

def seen(title, *steps):
    '''Press keys in a dialog, or wait for that many seconds, in a thread.'''
    def work():
        for _ in range(240):
            found = sh(f"xdotool search --onlyvisible --name '^{title}$' | tail -1")
            if found:
                break
            time.sleep(0.5)
        time.sleep(3)
        for step in steps:
            if isinstance(step, str):
                sh(f"xdotool windowfocus {found} key {step}")
            time.sleep(0.3 if isinstance(step, str) else step)
    thread = threading.Thread(target=work)
    thread.start()
    return thread

files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers")]
asked = {"run_mode": Gimp.RunMode.INTERACTIVE, "input": files[0], "output": files[1], "factor": 2.0, "names": "{name}-x{scale}"}
"""


def two_pictures(gimp, astronaut):
    from PIL import Image

    folder = gimp.exchange / "pictures"
    for name in ("pictures", "answers"):
        shutil.rmtree(gimp.exchange / name, ignore_errors=True)
    folder.mkdir()
    Image.fromarray(astronaut[:30, :40]).save(folder / "a.png")
    Image.fromarray(np.dstack([astronaut[:30, :40], astronaut[:30, :40, 0]])).save(folder / "b.png")


def test_sizes_quality_and_background(gimp, astronaut):
    """What the command has, the procedure has."""
    from PIL import Image

    two_pictures(gimp, astronaut)
    facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers")]
worked, why, counts = call("smssr-batch", input=files[0], output=files[1], size="long-edge", amount=64.0, format="jpg", quality=30,
                           transparency="white", names="{n:03}-{name}-{width}")
tell(worked=worked, why=why, counts=counts)
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [2, 0, 0]
    answers = gimp.exchange / "answers"
    assert sorted(path.name for path in answers.iterdir()) == ["001-a-64.jpg", "002-b-64.jpg"]
    with Image.open(answers / "001-a-64.jpg") as picture:
        assert picture.size == (64, 48) and sum(picture.quantization[0]) > 4000  # quality 30's; 3688 is 50's


def test_jpeg_and_transparency_and_a_size_that_a_picture_has_already(gimp, astronaut):
    """As the dialog begins: transparency goes onto white where JPEG cannot hold it, and what is larger than it should be is reduced."""
    from PIL import Image

    two_pictures(gimp, astronaut)
    Image.new("RGBA", (100, 60)).save(gimp.exchange / "pictures/hole.png")
    facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers")]
worked, why, counts = call("smssr-batch", input=files[0], output=files[1], size="long-edge", amount=50.0, format="jpg", names="{name}")
tell(worked=worked, why=why, counts=counts)
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [3, 0, 0]
    with Image.open(gimp.exchange / "answers/hole.jpg") as picture:
        assert picture.size == (50, 30) and picture.getpixel((20, 20)) == (255, 255, 255)


def test_a_recipe(gimp, astronaut):
    two_pictures(gimp, astronaut)
    (gimp.exchange / "recipe.toml").write_text('[[step]]\ndo = "enlarge"\nscale = 3\n')
    facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers", "recipe.toml")]
worked, why, counts = call("smssr-batch", input=files[0], output=files[1], recipe=files[2])
tell(worked=worked, why=why, there=sorted(os.listdir(HERE + "/answers")))
tell(nothing=call("smssr-batch", input=files[0], output=files[1], factor=1.0)[1])
""")
    assert facts["worked"], facts["why"]
    assert facts["there"] == ["a-x3.png", "b-x3.png"]
    assert "nothing to do" in facts["nothing"]


def test_the_dialog_counts_keeps_what_was_cancelled_and_shows_results(gimp, astronaut):
    """Cancelled with another factor, it opens with that; a second run has nothing to do, and OK is off."""
    two_pictures(gimp, astronaut)
    forget(gimp, "smssr-batch")
    facts = told(gimp, SEEN + """
thread = seen("Batch Upscale", "alt+a", "ctrl+a", "3", "Tab", "Escape")
tell(first=call("smssr-batch", **asked)[0])
thread.join()
threads = [seen("Batch Upscale", 4, "alt+o"), seen("Batch Upscale: Results", "Escape")]
worked, why, counts = call("smssr-batch", **asked)
[thread.join() for thread in threads]
tell(worked=worked, why=why, counts=counts, there=sorted(os.listdir(HERE + "/answers")))
thread = seen("Batch Upscale", "alt+a", "ctrl+a", "3", "Tab", 8, "alt+o", 3, "Escape")
tell(again=call("smssr-batch", **asked)[0])
thread.join()
""", manager="openbox")
    assert facts["first"] is False and facts["worked"], facts["why"]
    assert facts["there"] == ["a-x3.png", "b-x3.png"] and facts["counts"] == [2, 0, 0]
    assert facts["again"] is False  # Escape, since alt+o found OK off


def test_all_open_images(gimp, astronaut):
    from PIL import Image

    Image.fromarray(astronaut[:30, :40]).save(gimp.exchange / "face.png")
    facts = told(gimp, """
face = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/face.png"))
face.set_file(Gio.File.new_for_path(HERE + "/face.xcf"))
drawn = new(20, 10)
layer(drawn, "below", 20, 10)
layer(drawn, "above", 20, 10).fill(Gimp.FillType.WHITE)
out = Gio.File.new_for_path(HERE + "/from-open")
worked, why, counts = call("smssr-batch", run_mode=Gimp.RunMode.NONINTERACTIVE, open_images=True, output=out, factor=2.0, format="png")
tell(worked=worked, why=why, counts=counts, there=sorted(os.listdir(HERE + "/from-open")), images=len(Gimp.get_images()),
     layers=len(drawn.get_layers()))
face.delete()
drawn.delete()
tell(none=call("smssr-batch", run_mode=Gimp.RunMode.NONINTERACTIVE, open_images=True, output=out, factor=2.0)[1])
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [2, 0, 0]
    assert facts["there"] == ["Untitled-x2.png", "face-x2.png"]
    assert (facts["images"], facts["layers"]) == (2, 2)
    large = np.asarray(Image.open(gimp.exchange / "from-open/face-x2.png").convert("RGB"))
    assert np.array_equal(large, smssr.upscale(astronaut[:30, :40], 2))
    assert Image.open(gimp.exchange / "from-open/Untitled-x2.png").size == (40, 20)
    assert "No image is open" in facts["none"]
