"""The plug-in in real GIMPs: whatever state an image is in, each procedure does what is meant or says in one sentence why not."""

import numpy as np
from talking import give, told

PROCEDURES = """
PROCEDURES = {"smssr-upscale": {"factor": 2.0}, "smssr-restore": {}, "smssr-stylize": {"style": "gravel"}, "smssr-repaint": {"grow": 0},
              "smssr-grow": {}, "smssr-select-specks": {}}

def paint(channel, x, y, width, height):
    channel.get_buffer().set_color(Gegl.Rectangle.new(x, y, width, height), Gegl.Color.new("white"))
    channel.get_buffer().flush()
    channel.update(x, y, width, height)
"""


def test_the_quick_mask_is_what_is_selected(gimp, picture):
    """Painted in, then any of our entries chosen with it still on. A channel of its name is all that GIMP's button makes."""
    give(gimp, "picture", picture)
    facts = told(gimp, PROCEDURES + """
image = new(100, 80)
other = layer(image, "other", 100, 80)
one = layer(image, "one", 80, 60, x=7, y=9, raw="picture")
image.set_selected_layers([one])
answers = {}
for name, settings in PROCEDURES.items():
    mask = Gimp.Channel.new(image, "Qmask", image.get_width(), image.get_height(), 50.0, Gegl.Color.new("red"))
    image.insert_channel(mask, None, 0)
    paint(mask, 20, 30, 20, 10)
    worked, why, made = call(name, image, image.get_selected_drawables(), **settings)
    layers = image.get_selected_layers()
    answers[name] = [worked, why, bool(image.get_channels()), Gimp.Selection.is_empty(image), len(layers) == 1]
    if made and made[0] and worked:
        values = made[0].get_mask().get_buffer().get(rect(made[0]), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)
        answers[name] += [values.count(b"\\xff"), values.count(b"\\x00") + values.count(b"\\xff") == len(values)]
    Gimp.Selection.none(image)
    for channel in image.get_channels():
        image.remove_channel(channel)
    Gimp.Selection.none(image)
    image.set_selected_layers([one])
tell(**answers)
""")
    assert facts["smssr-upscale"][:2] == [True, None]
    assert facts["smssr-upscale"][2]  # the mask is scaled with the rest, and stays on
    area = 200 * 4  # twice as large by now
    for name in ("smssr-restore", "smssr-stylize", "smssr-repaint"):
        assert facts[name] == [True, None, False, False, True, area / 4, True], (name, facts[name])
    assert facts["smssr-grow"] == [True, None, False, False, True]
    assert facts["smssr-select-specks"][:3] == [True, None, False]
    assert facts["smssr-select-specks"][4]


STATES = """
def hide(image, one):
    one.set_visible(False)
    return one

def lock(image, one):
    one.set_lock_content(True)
    one.set_lock_position(True)
    return one

def lock_group(image, one):
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(one, group, 0)
    group.set_lock_content(True)
    return one

def float_it(image, one):
    Gimp.Selection.float(image, [one], 3, 3)
    return one

def group(image, one):
    made = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(made, None, 0)
    return made

def text(image, one):
    made = Gimp.TextLayer.new(image, "words", Gimp.Font.get_by_name("Sans-serif") or Gimp.fonts_get_list("")[0], 20, Gimp.Unit.pixel())
    image.insert_layer(made, None, 0)
    return made

def channel(image, one):
    made = Gimp.Channel.new(image, "c", 80, 60, 50.0, Gegl.Color.new("red"))
    image.insert_channel(made, None, 0)
    return made

def no_layer(image, one):
    image.remove_layer(one)

def foreign_mark(image, one):
    one.attach_parasite(Gimp.Parasite.new("smssr-style", Gimp.PARASITE_PERSISTENT, b'{"gain": "x", "pixels": 5, "size": []}'))
    made = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(made, None, 0)
    made.attach_parasite(Gimp.Parasite.new("smssr-styles", Gimp.PARASITE_PERSISTENT, b"abc"))
    return one

STATES = [hide, lock, lock_group, float_it, group, text, channel, no_layer, foreign_mark]
"""
REFUSED = {"float_it": "floating selection", "group": "layer group", "text": "drawn from text", "channel": "channel is active",
           "no_layer": ""}
OF_THE_WHOLE = ("group", "text", "channel")
"""With which Upscale has nothing to do."""


def test_each_procedure_in_each_state(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, PROCEDURES + STATES + """
for state in STATES:
    answers = {}
    for name, settings in PROCEDURES.items():
        image = new(80, 60)
        one = layer(image, "one", 80, 60, raw="picture")
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 20, 30, 20)
        chosen = state(image, one)
        before = layers_of(image.get_layers())
        worked, why, made = call(name, image, [chosen] if chosen else [], **settings)
        locks = [one.get_lock_content(), one.get_lock_position()] if one.is_valid() else None
        answers[name] = [worked, why, before == layers_of(image.get_layers()), locks]
        image.delete()
    tell(**{state.__name__: answers})
""", seconds=500)
    for state, answers in facts.items():
        for name, (worked, why, same, locks) in answers.items():
            refused = REFUSED.get(state)
            if refused is None or (name == "smssr-upscale" and state in OF_THE_WHOLE):
                assert worked, (state, name, why)
            else:
                assert not worked, (state, name)
                assert refused in why, (state, name, why)
                assert len(why.strip().splitlines()) == 1 and "Internal error" not in why, (state, name, why)
                assert same, (state, name)
            if state == "lock":
                assert locks == [True, True], name
    assert len(facts) == 9


def test_an_image_that_is_closed_closes_its_dialog(gimp, astronaut):
    """With one sentence, whatever the preview is just about."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.dialogs.grow_dialog import grow_dialog
from smssr_gimp.dialogs.repaint_dialog import repaint_dialog
from smssr_gimp.dialogs.restore_dialog import restore_dialog
from smssr_gimp.dialogs.stylize_dialog import stylize_dialog
from smssr_gimp.dialogs.upscale_dialog import upscale_dialog
from smssr_gimp.engine import Engine, EngineError
answers = {}
for name, dialog in (("upscale", upscale_dialog), ("restore", restore_dialog), ("stylize", stylize_dialog), ("repaint", repaint_dialog),
                     ("grow", grow_dialog)):
    procedure = pdb.lookup_procedure(f"smssr-{name}")
    for after in (50, 1500, 4000):
        image = new(512, 512)
        one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 100, 300, 300)
        with Engine() as engine:
            GLib.timeout_add(after, lambda: image.delete() and False)
            try:
                dialog(procedure, procedure.create_config(), engine, image, [one] if name == "upscale" else one)
                said = "nothing"
            except EngineError as error:
                said = str(error)
            except Exception as error:
                said = repr(error)
        answers.setdefault(name, []).append(said)
tell(images=len(Gimp.get_images()), **answers)
""", window=True)
    assert facts.pop("images") == 0
    assert len(facts) == 5
    for name, said in facts.items():
        assert all("The image was closed" in words for words in said), (name, said)

def test_a_removed_layer_closes_the_dialog_that_would_change_it(gimp, astronaut):
    """As by undo, with one sentence."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.dialogs.stylize_dialog import stylize_dialog
from smssr_gimp.engine import Engine, EngineError
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
worked, why, made = call("smssr-stylize", image, [one], style="gravel")
styled, = image.get_selected_layers()
procedure = pdb.lookup_procedure("smssr-stylize")
with Engine() as engine:
    GLib.timeout_add(1500, lambda: image.remove_layer(styled) and False)
    try:
        said = stylize_dialog(procedure, procedure.create_config(), engine, image, styled)
    except EngineError as error:
        said = str(error)
tell(worked=worked, said=said)
""", window=True)
    assert facts == {"worked": True, "said": "The layer was removed, so nothing was done."}


def test_what_set_up_interrupts_goes_on_with_its_settings_alone(gimp):
    """What the first dialog connected to the settings changes them no more; a dialog whose image was closed ends without a word."""
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.dialogs import setup_dialog
from smssr_gimp.engine import Dismissed, NotSetUp
from smssr_gimp.procedures.common import guarded
setup_dialog.setup_dialog = lambda *what: True
procedure = pdb.lookup_procedure("smssr-stylize")
config = procedure.create_config()
begun, heard = [], []

@guarded
def work(procedure, run_mode, config):
    begun.append(1)
    if len(begun) == 1:
        config.set_property("strength", 1.5)
        config.connect("notify", lambda *what: heard.append(1))
        raise NotSetUp("SciPy", "masks")
    config.set_property("seed", 7)
    raise Dismissed("closed")

answer = work(procedure, Gimp.RunMode.WITH_LAST_VALS, config)
tell(begun=len(begun), heard=heard, strength=config.get_property("strength"), status=int(answer.index(0)),
     cancelled=int(Gimp.PDBStatusType.CANCEL))
""", window=True)
    assert facts["begun"] == 2 and facts["heard"] == [] and facts["strength"] == 1.5
    assert facts["status"] == facts["cancelled"]


def test_nobody_paints_while_an_answer_is_put_in(gimp, picture):
    """GIMP refuses to paint while no layer is chosen; those that were are chosen again, and what happens is one step without Cancel."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
import sys
sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
from smssr_gimp.engine import Engine
from smssr_gimp.image import result_layer, write_back
from smssr_gimp.operations import restoring, upscaling
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
other = layer(image, "other", 30, 20)
image.set_selected_layers([other, one])
events = []

def noted(name, work):
    def run(*arguments):
        events.append([name, sorted(l.get_name() for l in image.get_selected_layers())])
        return work(*arguments)
    return run

Gimp.progress_end = noted("no Cancel", Gimp.progress_end)
upscaling.copy, result_layer.give_mask = noted("pixels", upscaling.copy), noted("mask", result_layer.give_mask)
way = {"model": "smssr-x4-quick", "kind": "clean", "best": False}
with Engine() as engine:
    upscaling.upscale_image(engine, image, 160, 120, way, lambda *_: None)
    upscaled, events[:] = list(events), []
    chosen = sorted(l.get_name() for l in image.get_selected_layers())
    restoring.restore_layer(engine, image, one, restoring.Wish("clean", 1.0), lambda *_: None)
    restored, events[:] = list(events), []
    try:
        with write_back.held_still(image):
            raise RuntimeError
    except RuntimeError:
        pass
channel = [drawable.get_name() for drawable in image.get_channels()]
tell(channel=channel, upscaled=upscaled, restored=restored, chosen=chosen, after=[l.get_name() for l in image.get_selected_layers()])
""")
    assert facts["upscaled"] == [["no Cancel", ["one", "other"]], ["pixels", []], ["pixels", []]]
    assert facts["chosen"] == ["one", "other"]
    assert facts["restored"] == [["no Cancel", ["one", "other"]], ["mask", ["cleaned · one"]]]  # which is whole by then
    assert facts["after"] == ["cleaned · one"]
    assert facts["channel"] == []
