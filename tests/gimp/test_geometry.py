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


def test_text_layers_stay_text_and_everything_else_is_where_scale_image_puts_it(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
def build():
    image = new(80, 60)
    layer(image, "one", 80, 60, raw="picture")
    text = Gimp.TextLayer.new(image, "words", Gimp.Font.get_by_name("Sans-serif") or Gimp.fonts_get_list("")[0], 12, Gimp.Unit.pixel())
    image.insert_layer(text, None, 0)
    text.set_offsets(9, 21)
    path = Gimp.Path.new(image, "path")
    path.stroke_new_from_points(Gimp.PathStrokeType.BEZIER, [float(n) for n in range(10, 22)], False)
    image.insert_path(path, None, 0)
    return image
ours, theirs = build(), build()
worked, why, _ = call("smssr-upscale", ours, [ours.get_layers()[-1]], factor=2.0)
theirs.scale(160, 120)
for name, image in (("ours", ours), ("theirs", theirs)):
    layers = image.get_layers()
    tell(**{name: [layers_of(layers), layers[0].is_text_layer(), list(image.get_paths()[0].stroke_get_points(1)[1])]})
tell(worked=worked, why=why, same=pixels(ours.get_layers()[0]) == pixels(theirs.get_layers()[0]))
""")
    assert facts["worked"], facts["why"]
    assert facts["ours"] == facts["theirs"]
    assert facts["same"]


def test_one_layer_into_a_new_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70, precision=Gimp.Precision.U16_NON_LINEAR)
one = layer(image, "one", 80, 60, x=30, raw="picture")
worked, why, made = call("smssr-upscale", image, [one], factor=0.0, width=200, layer_only=True)
tell(worked=worked, why=why, size=[made[0].get_width(), made[0].get_height()],
     precision=made[0].get_precision() == Gimp.Precision.U16_NON_LINEAR, untouched=[image.get_width(), one.get_width()])
""")
    assert facts["worked"], facts["why"]
    assert facts["size"] == [200, 150]
    assert facts["precision"]
    assert facts["untouched"] == [100, 80]


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
    assert facts["layers"] == ["one: styles", "one"]
    assert facts["unstyled"]
    assert facts["restyled"]
