"""What the user does while the plug-in works is never lost, and never breaks the image: random edits at random moments."""

import numpy as np
import pytest
from talking import give, told

TRIALS = 100

CODE = """
import random
begin_gtk()
from smssr_gimp.engine import Engine, EngineError
from smssr_gimp.operations import repainting
from smssr_gimp.operations import restoring
from smssr_gimp.operations.repainting import repaint_layer
from smssr_gimp.operations.restoring import restore_layer
from smssr_gimp.operations.styling import Wish, stylize_layer
from smssr_gimp.operations.upscaling import upscale_image

W, H = 80, 60
INK = (1.0, 0.0, 1.0, 1.0)

def stroke(image, one, other):
    # a blot of ink, as a brush would leave it
    import struct
    x, y = random.randrange(W - 12), random.randrange(H - 12)
    one.get_buffer().set(Gegl.Rectangle.new(x, y, 12, 12), "R'G'B'A float", struct.pack("4f", *INK) * 144)
    one.get_buffer().flush()
    one.update(x, y, 12, 12)
    return (x, y)

def add(image, one, other): layer(image, "added", 20, 20, x=5, y=5)
def drop(image, one, other): image.remove_layer(other)
def drop_it(image, one, other): image.remove_layer(one)
def move(image, one, other): other.set_offsets(17, -3)
def crop(image, one, other): image.crop(50, 40, 10, 10)
def canvas(image, one, other): image.resize(120, 100, 5, 5)
def grey(image, one, other): image.convert_grayscale()
def mask(image, one, other): one.add_mask(one.create_mask(Gimp.AddMaskType.WHITE))
def turn(image, one, other): image.rotate(Gimp.RotationType.DEGREES90)
def select(image, one, other): image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 20, 20)
def hide(image, one, other): other.set_visible(False)
def close(image, one, other): image.delete()
EDITS = [stroke] * 6 + [add, drop, drop_it, move, crop, canvas, grey, mask, turn, select, hide, close]

def blot(drawable, place, factor):
    # whether the middle of a blot has the colour of ink
    x, y = (int(factor * (n + 6)) for n in place)
    seen = drawable.get_buffer().get(Gegl.Rectangle.new(x, y, 1, 1), 1.0, "R'G'B'A float", Gegl.AbyssPolicy.CLAMP)
    import struct
    return max(abs(a - b) for a, b in zip(struct.unpack("4f", seen), INK)) < 0.1

def state(image):
    if not image.is_valid():
        return "closed"
    return [image.get_width(), image.get_height(), str(image.get_base_type()), layers_of(image.get_layers()),
            [hash(pixels(l)) for l in image.get_layers()]]

random.seed(SEED)
outcomes, faults = {}, []
with Engine() as engine:
    for trial in range(TRIALS):
        image = new(W, H)
        one = layer(image, "one", W, H, raw="picture")
        other = layer(image, "other", 40, 30, x=3, y=4, raw="picture-small")
        edit, moment, left = random.choice(EDITS), random.randrange(3), {}

        def happen():
            if not left:
                left["place"] = edit(image, one, other)
                left["state"] = state(image)

        def progress(share, words):
            if moment == 0 or share == 1:
                happen()

        send = engine.send
        def sent(request, payload=b""):
            if moment == 1 and request.do != "put":
                happen()
            number = send(request, payload)
            if moment == 2 and request.do == "put":
                happen()
            return number
        engine.send = sent
        try:
            if WHAT == "upscale":
                upscale_image(engine, image, 2 * W, 2 * H, {"model": "smssr-x4-quick", "kind": "clean"}, progress)
            elif WHAT == "stylize":
                fresh = stylize_layer(engine, image, one, Wish("gravel", 0.8, 1), progress)
            elif WHAT == "repaint":
                fresh = repaint_layer(engine, image, one, repainting.Wish("starry-night", 0.8), progress)
            else:
                fresh = restore_layer(engine, image, one, restoring.Wish("clean", 0.8), progress)
            said = None
        except EngineError as error:
            said = str(error)
        except Exception as error:
            faults.append([edit.__name__, moment, "raised", repr(error)])
            continue
        finally:
            engine.send = send
        outcomes.setdefault(edit.__name__, set()).add("refused" if said else "done")
        happened = [edit.__name__, moment, said]
        if said:
            if state(image) != left.get("state") or chr(10) in said or not said.endswith("."):
                faults.append([*happened, "was refused, but the image is not as the user left it"])
        elif WHAT == "upscale":
            if [image.get_width(), image.get_height(), one.get_width(), one.get_height()] != [2 * W, 2 * H, 2 * W, 2 * H]:
                faults.append([*happened, "geometry", state(image)[:4]])
            if edit is stroke and not blot(one, left["place"], 2):
                faults.append([*happened, "the stroke is lost"])
        else:
            if fresh.get_width() != one.get_width() or fresh.get_mask() is None:
                faults.append([*happened, "geometry"])
            if edit is stroke and not blot(one, left["place"], 1):
                faults.append([*happened, "the stroke is lost"])
        if image.is_valid():
            image.delete()
tell(outcomes={name: sorted(found) for name, found in outcomes.items()}, faults=faults, trials=TRIALS)
"""


@pytest.mark.parametrize("what", ["upscale", "stylize", "repaint", "restore"])
def test_random_edits_at_random_moments(gimp, picture, what):
    give(gimp, "picture", picture)
    give(gimp, "picture-small", np.ascontiguousarray(picture[:30, :40]))
    facts = told(gimp, f"WHAT, TRIALS, SEED = {what!r}, {TRIALS}, 7\n" + CODE, window=True)
    assert facts["faults"] == []
    assert facts["outcomes"]["stroke"] == ["done"]  # computed again with the stroke in it
    assert facts["outcomes"]["close"] == ["refused"]
    assert facts["outcomes"]["crop"] == ["refused"]
    assert len(facts["outcomes"]) >= 10


def test_after_stylize_one_can_paint_on_its_mask_and_run_it_again(gimp, picture):
    """The new layer's mask is active; a further style knows from it which layer is meant."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
worked, why, made = call("smssr-stylize", image, [one], style="gravel")
active = image.get_selected_drawables()
again, why2, made2 = call("smssr-stylize", image, list(active), style="brick")
group = image.get_layers()[0]
tell(worked=worked, why=why, mask=[d.get_id() for d in active] == [made[0].get_mask().get_id()], edits=made[0].get_edit_mask(),
     again=again, why2=why2, names=[l.get_name() for l in group.get_children()])
""")
    assert facts["worked"], facts["why"]
    assert facts["mask"], facts
    assert facts["again"], facts["why2"]
    assert facts["names"] == ["brick · one", "gravel · one"]


def test_the_mask_is_the_selection_at_the_start(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.engine import Engine
from smssr_gimp.operations import restoring
from smssr_gimp.operations.restoring import restore_layer
from smssr_gimp.operations.styling import Wish, stylize_layer
image = new(100, 80)
one = layer(image, "one", 80, 60, x=7, y=9, raw="picture")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 17, 19, 20, 20)
def elsewhere(share, words):
    Gimp.Selection.none(image)
with Engine() as engine:
    made = stylize_layer(engine, image, one, Wish("gravel", 1.0, 1), elsewhere)
dump(made.get_mask(), "mask", "Y float")
tell(size=[made.get_mask().get_width(), made.get_mask().get_height()])
""", window=True)
    assert facts["size"] == [80, 60]
    mask = np.fromfile(gimp.exchange / "mask", np.float32).reshape(60, 80)
    expected = np.zeros((60, 80), np.float32)
    expected[10:30, 10:30] = 1
    assert np.array_equal(mask, expected)
