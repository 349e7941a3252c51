"""The plug-in in real GIMPs: Batch Upscale."""

import numpy as np
from talking import told

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
tell(worked=worked, why=why, counts=counts)
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [1, 0, 1]
    assert np.array_equal(np.asarray(Image.open(gimp.exchange / "answers/a-large.png")), smssr.upscale(astronaut[:30, :40], 2))


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
