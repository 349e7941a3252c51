"""The plug-in in real GIMPs: marks of others, engines that do not stop, what is left behind."""

from talking import give, told

MODULES = """
import sys
sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
"""


def test_marks_that_are_not_ours_are_none(gimp, picture):
    """An XCF from elsewhere may have parasites of any name and length; tattoos are of any size."""
    give(gimp, "picture", picture)
    facts = told(gimp, MODULES + """
from smssr_gimp.image import parasites as marks
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
one.set_tattoo(200)
for name, data in [("smssr-styles", b""), ("smssr-styles", b"abc"), ("smssr-styles", b"abcdefgh"), ("smssr-styles", b"\\xff" * 4)]:
    group = Gimp.GroupLayer.new(image, name)
    image.insert_layer(group, None, 0)
    group.attach_parasite(marks.mark_of(name, data or b"\\0"))
for data in (b"{}", b"[]", b"\\xff", b"[" * 100000, b"null", b'{"gain": 1, "pixels": "x"}'):
    other = layer(image, "other", 80, 60, raw="picture")
    other.attach_parasite(marks.mark_of("smssr-style", data))
tell(stylize=call("smssr-stylize", image, [one], style="gravel")[:2], restore=call("smssr-restore", image, [one])[:2],
     other=call("smssr-stylize", image, [other], style="gravel")[:2], again=call("smssr-stylize", image, [one], style="fur")[:2],
     groups=[marks.styles_group(image, one) is not None, None], upscale=call("smssr-upscale", image, [one], factor=2.0)[:2])
""")
    for name, (worked, why) in facts.items():
        assert worked, (name, why)


def test_an_engine_that_goes_on_with_the_preview_is_replaced(gimp, picture):
    """Two threads must never read one pipe."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.previews import preview as module
from smssr_gimp.engine import Engine
from smssr_gimp.previews.upscale_preview import UpscalePreview
image = new(80, 60)
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
module.PATIENCE = 0.5
said = []
with Engine() as engine:
    command, engine._command = engine._command, ["/bin/sh", "-c", "exec sleep 1000"]
    engine.kill()
    engine.start()
    engine._command = command
    stuck = engine._child
    preview = UpscalePreview(engine, image, one, lambda: (160, 120, {}))
    preview.told = said.append
    preview.close()
    while GLib.MainContext.default().iteration(False):
        pass
    tell(gone=stuck.poll(), reading=preview._reader.is_alive(), version=engine.hello()["version"], said=said)
""", window=True)
    assert facts["gone"] == -9
    assert not facts["reading"]
    assert facts["version"]
    assert not facts["said"]


def test_an_upscale_that_fails_leaves_no_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, MODULES + """
from smssr_gimp.operations import upscaling
from smssr_gimp.engine import Engine
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
way = {"model": None, "kind": "clean", "best": False}

def fails(share, words):
    raise RuntimeError("whatever")

found = []
with Engine() as engine:
    for name in (None, "_free_file"):
        if name:
            setattr(upscaling, name, fails)
        try:
            upscaling.upscale_layer(engine, image, one, 160, 120, way, (lambda *_: None) if name else fails)
        except Exception as error:
            found.append(type(error).__name__)
tell(found=found, images=len(Gimp.get_images()))
""")
    assert facts == {"found": ["RuntimeError", "RuntimeError"], "images": 1}


def test_specks_are_looked_for_again_where_the_layer_was_painted_on(gimp, picture):
    give(gimp, "picture", picture)
    give(gimp, "other", picture[::-1])
    facts = told(gimp, MODULES + """
from smssr_gimp.engine import Engine, EngineError
from smssr_gimp.operations.restoring import select_specks
from smssr_gimp.protocol import Specks
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")

class Painted(Engine):
    changes = 0
    asked = 0

    def answers(self, number):
        self.asked += 1
        yield from super().answers(number)
        if self.changes:
            self.changes -= 1
            fill(one, ("other", "picture")[self.changes % 2])

with Painted() as engine:
    select_specks(engine, image, one, Specks(1, 0.5, 6))
    once = engine.asked
    engine.changes = 1
    select_specks(engine, image, one, Specks(1, 0.5, 6))
    twice = engine.asked - once
    engine.changes = 10
    try:
        select_specks(engine, image, one, Specks(1, 0.5, 6))
        why = None
    except EngineError as error:
        why = str(error)
tell(once=once, twice=twice, why=why, channels=len(image.get_channels()))
""")
    assert (facts["once"], facts["twice"], facts["channels"]) == (1, 2, 0)
    assert "kept changing while it was being processed" in facts["why"]


def test_copies_of_the_selection_do_not_stay(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, MODULES + """
from smssr_gimp.image import result_layer as above
from smssr_gimp.operations import growing
from smssr_gimp.engine import Engine
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
made = []
new_channel = Gimp.Channel.new
Gimp.Channel.new = lambda *arguments: made.append(new_channel(*arguments)) or made[-1]
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 30, 30)
with above.selection_over(image, one) as chosen:
    during = chosen.is_valid()
growing.check_strokes(image, one, "selection")
with Engine() as engine:
    growing.grow(engine, image, one, growing.Wish("selection"))
tell(during=during, made=len(made), left=[channel.is_valid() for channel in made if channel.get_id() > 0 and channel.is_valid()])
""")
    assert facts["during"]
    assert facts["made"] >= 3
    assert facts["left"] == []
