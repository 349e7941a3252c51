"""The plug-in in real GIMPs: sizes and places as GIMP's own Scale Image gives, one layer alone, undo."""

from talking import give, told


def test_geometry_is_that_of_scale_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
def build():
    image = new(100, 70)
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    layer(image, "inside", 80, 60, parent=group, x=-7, y=13, raw="picture")
    layer(image, "small", 80, 60, x=33, y=-21, raw="picture")
    big = layer(image, "big", 80, 60, raw="picture")
    big.resize(200, 150, 50, 40)
    mask = big.create_mask(Gimp.AddMaskType.ALPHA)
    big.add_mask(mask)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 60, 50)
    image.insert_channel(Gimp.Selection.save(image), None, 0)
    image.add_hguide(20)
    image.set_resolution(150, 150)
    return image
ours, theirs = build(), build()
every = [l for l in ours.get_layers()] + ours.get_layers()[-1].get_children()
worked, why, _ = call("smssr-upscale", ours, [ours.get_layers()[0]], factor=2.3)
theirs.scale(230, 161)
tell(worked=worked, why=why)
for name, image in (("ours", ours), ("theirs", theirs)):
    layers = image.get_layers()
    tell(**{name: [image.get_width(), image.get_height(), layers_of(layers), layers_of(layers[-1].get_children()),
        layers_of([layers[0].get_mask()]), layers_of(image.get_channels()), list(image.get_resolution()),
        image.get_guide_position(image.find_next_guide(0)),
        [v for v in Gimp.Selection.bounds(image)]]})
""")
    assert facts["worked"], facts["why"]
    assert facts["ours"] == facts["theirs"]


def test_text_layers_stay_text_at_the_new_size(gimp, picture):
    """Set anew in a larger type, at their place, with their box, mask and looks; sharp, where scaling would make soft pixels."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(200, 120)
layer(image, "one", 200, 120).fill(Gimp.FillType.WHITE)
group = Gimp.GroupLayer.new(image, "group")
image.insert_layer(group, None, 0)
font = Gimp.Font.get_by_name("Sans-serif") or Gimp.fonts_get_list("")[0]
words = Gimp.TextLayer.new(image, "Words", font, 24, Gimp.Unit.pixel())
image.insert_layer(words, group, 0)
words.set_offsets(9, 21)
words.set_opacity(50)
words.add_mask(words.create_mask(Gimp.AddMaskType.WHITE))
boxed = Gimp.TextLayer.new(image, "Words that wrap in a box", font, 12, Gimp.Unit.pixel())
image.insert_layer(boxed, None, 0)
boxed.resize(70, 50)
boxed.set_offsets(100, 60)
boxed.set_line_spacing(2.0)
path = Gimp.Path.new(image, "path")
path.stroke_new_from_points(Gimp.PathStrokeType.BEZIER, [float(n) for n in range(10, 22)], False)
image.insert_path(path, None, 0)
before = [words.get_width(), words.get_height()]
worked, why, _ = call("smssr-upscale", image, [image.get_layers()[-1]], factor=2.0)
top = image.get_layers()
words = [l for l in top if l.is_group()][0].get_children()[0]
boxed = top[0]
tell(worked=worked, why=why, names=[l.get_name() for l in top], before=before, words=layers_of([words])[0], boxed=layers_of([boxed])[0],
     sizes=[words.get_font_size()[0], boxed.get_font_size()[0]], spacing=boxed.get_line_spacing(),
     text=[words.get_text(), boxed.get_text()],
     is_text=[words.is_text_layer(), boxed.is_text_layer()], rasterized=[getattr(l, "is_rasterized", bool)() for l in (words, boxed)],
     opacity=words.get_opacity(), mask=layers_of([words.get_mask()])[0][1:3], path=list(image.get_paths()[0].stroke_get_points(1)[1])[:2])
""")
    assert facts["worked"], facts["why"]
    assert facts["names"] == ["Words that wrap in a box", "group", "one"]
    assert facts["is_text"] == [True, True]
    assert facts["rasterized"] == [False, False]
    assert facts["sizes"] == [48, 24]
    assert facts["spacing"] == 4
    assert facts["text"] == ["Words", "Words that wrap in a box"]
    assert facts["words"][3:] == [18, 42]
    assert [abs(a - 2 * b) <= 3 for a, b in zip(facts["words"][1:3], facts["before"], strict=True)] == [True, True]
    assert facts["boxed"][1:] == [140, 100, 200, 120]
    assert facts["opacity"] == 50
    assert facts["mask"] == facts["words"][1:3]
    assert facts["path"] == [20, 22]


def test_one_layer_into_a_new_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70, precision=Gimp.Precision.U16_NON_LINEAR)
one = layer(image, "one", 80, 60, x=30, raw="picture")
worked, why, made = call("smssr-upscale", image, [one], factor=0.0, width=200, into="new-image")
best, why_not, better = call("smssr-upscale", image, [one], factor=0.0, width=200, into="new-image", best=True)
tell(worked=worked, why=why, size=[made[0].get_width(), made[0].get_height()], best=best, why_not=why_not,
     differ=len({pixels(image.get_layers()[0]) for image in (made[0], better[0])}),
     precision=made[0].get_precision() == Gimp.Precision.U16_NON_LINEAR, untouched=[image.get_width(), one.get_width()],
     name=made[0].get_file().get_basename())
""")
    assert facts["worked"], facts["why"]
    assert facts["size"] == [200, 150]
    assert facts["name"] == "one-x2.5.xcf"
    assert facts["best"], facts["why_not"]
    assert facts["differ"] == 2
    assert facts["precision"]
    assert facts["untouched"] == [100, 80]


def test_one_layer_into_a_new_layer(gimp, picture):
    """Over the one that it was made of, about the same middle; the image keeps its size."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70)
one = layer(image, "one", 80, 60, x=30, y=-10, raw="picture")
one.set_opacity(40)
before = pixels(one)
worked, why, made = call("smssr-upscale", image, [one], factor=1.5, into="new-layer")
again, why_not, other = call("smssr-upscale", image, [one], factor=1.5, into="new-layer")
tell(worked=worked, why=why, layers=layers_of(image.get_layers()), image=[image.get_width(), image.get_height()],
     opacity=made[1].get_opacity(), untouched=pixels(one) == before, selected=[l.get_name() for l in image.get_selected_layers()],
     same=pixels(made[1]) == pixels(other[1]), small=call("smssr-upscale", image, [one], factor=1.0, into="new-layer")[1])
""")
    assert facts["worked"], facts["why"]
    assert facts["layers"] == [["enlarged · one", 120, 90, 10, -25], ["enlarged 2 · one", 120, 90, 10, -25], ["one", 80, 60, 30, -10]]
    assert facts["image"] == [100, 70]
    assert facts["opacity"] == 40
    assert facts["untouched"]
    assert facts["same"]
    assert facts["selected"] == ["enlarged 2 · one"]
    assert facts["small"] == "The layer has 80 × 60 pixels; choose a size above that."


def test_undo_is_one_step_and_redo_works(gimp, picture):
    """There is no undo for scripts, so the window gets the keys."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
import subprocess, time
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
image.undo_disable()
image.undo_enable()
display = Gimp.Display.new(image)
time.sleep(3)

def press(key):
    subprocess.run(["xdotool", "mousemove", "360", "300", "key", "--clearmodifiers", key], env={**os.environ})
    time.sleep(2)

def state():
    return [image.get_width(), [l.get_name() for l in image.get_layers()], hash(pixels(one))]

image.clean_all()
start = state()
tell(upscaled=call("smssr-upscale", image, [one], factor=2.0)[0])
large = state()
press("ctrl+z")
tell(undone=state() == start, changed=large != start, undone_to=state()[:2], start=start[:2])
press("ctrl+y")
tell(redone=state() == large)
press("ctrl+z")
tell(stylized=call("smssr-stylize", image, [one], style="gravel")[0])
styled = state()
press("ctrl+z")
tell(unstyled=state() == start, layers=styled[1])
press("ctrl+y")
tell(restyled=state() == styled)
""", window=True)
    assert facts["upscaled"]
    assert facts["changed"]
    assert facts["undone"], facts
    assert facts["redone"]
    assert facts["stylized"]
    assert facts["layers"] == ["styles · one", "one"]
    assert facts["unstyled"]
    assert facts["restyled"]
