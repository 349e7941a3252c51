"""The plug-in in real GIMPs: fields of dialogs as a hand fills them, and what dialogs hand to each other."""

from talking import told

FIELDS = """
begin_gtk()
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, Gtk
GimpUi.init("test")
"""


def test_a_folder_can_be_typed(gimp):
    """GIMP 3.0's own field took no notice of it, and OK could never be pressed."""
    (gimp.exchange / "typed").mkdir(exist_ok=True)
    facts = told(gimp, FIELDS + """
from smssr_gimp.dialogs.folder_row import folder_row, path_of
config = pdb.lookup_procedure("smssr-batch").create_config()

def entry_of(row):
    return row.get_children()[1].get_children()[0]

source, target = folder_row(config, "input"), folder_row(config, "output", new=True, near="input")
entry_of(source).set_text(HERE + "/typed/")
entry_of(target).set_text(HERE + "/not there yet")
tell(input=path_of(config, "input"), output=path_of(config, "output"), kept=entry_of(source).get_text())
entry_of(source).set_text(HERE + "/not there")
entry_of(target).set_text("not absolute")
tell(none=[path_of(config, "input"), path_of(config, "output")])
config.set_property("input", Gio.File.new_for_path(HERE))
tell(shown=entry_of(source).get_text())
config.set_property("output", Gio.File.new_for_uri("file:///" + HERE + "/kept"))  # as GIMP writes it down for the next time
opened = folder_row(config, "output", new=True)
tell(kept_by_gimp=entry_of(opened).get_text())
""", window=True)
    assert facts["input"] == "/opt/exchange/typed" and facts["kept"] == "/opt/exchange/typed/"
    assert facts["output"] == "/opt/exchange/not there yet"
    assert facts["none"] == [None, None]
    assert facts["shown"] == "/opt/exchange"
    assert facts["kept_by_gimp"] == "/opt/exchange/kept"


def test_a_resolution_keeps_the_size_on_paper(gimp):
    """30 cm, then 300 pixels per inch: it is still 30 cm; where pixels are shown, these stay."""
    facts = told(gimp, FIELDS + """
from smssr_gimp.dialogs.sizes import SizeFields
class Config(GObject.Object):  # that of the plug-in's own process has one more than the PDB's
    factor, width, height = GObject.Property(type=float), GObject.Property(type=int), GObject.Property(type=int)
    resolution, last_factor = GObject.Property(type=float), GObject.Property(type=float)
config = Config(factor=2.0)
fields = SizeFields(config, lambda: (600, 400), (72.0, 72.0))
fields.width.set_value(700)
fields.ppi.set_value(100)
tell(pixels=fields.size())
fields.ppi.set_value(72)
fields.show_on_paper()
fields.width.set_value(300)
tell(first=fields.size())
fields.ppi.set_value(300)
tell(then=fields.size(), width=fields.width.get_value(), resolution=config.get_property("resolution"))
fields.chain.set_active(False)
fields.ppi.set_value(150)
tell(free=fields.size())
""", window=True)
    assert facts["pixels"] == [700, 467]
    assert facts["first"] == [850, 567]
    assert facts["then"] == [3543, 2362] and facts["resolution"] == 300
    assert abs(facts["width"] - 300) < 0.001
    assert abs(facts["free"][0] - 1772) <= 1 and abs(facts["free"][1] - 1181) <= 1


def test_a_size_stays_as_it_was_typed(gimp):
    """30 cm are no whole number of pixels, and were shown as 29.997; pixels themselves have no decimals."""
    facts = told(gimp, FIELDS + """
from smssr_gimp.dialogs.sizes import SizeFields
class Config(GObject.Object):
    factor, width, height = GObject.Property(type=float), GObject.Property(type=int), GObject.Property(type=int)
    resolution, last_factor = GObject.Property(type=float), GObject.Property(type=float)
fields = SizeFields(Config(factor=2.0), lambda: (600, 400), (300.0, 300.0))
def shown():
    return [field.get_text().rstrip() for field in (fields.width, fields.height)]
def typed(field, text):
    field.set_text(text)
    field.update()
fields.show_on_paper()
tell(paper=shown())
typed(fields.width, "300")
tell(typed=shown(), size=fields.size())
typed(fields.height, "100")
tell(height=shown())
fields.entry.set_unit(Gimp.Unit.pixel())
tell(pixels=shown(), same=fields.size())
typed(fields.width, "1001")
tell(odd=shown())
""", window=True)
    assert [float(text) for text in facts["typed"]] == [300, 200]
    assert facts["size"] == [3543, 2362]
    assert [float(text) for text in facts["height"]] == [150, 100]
    assert facts["pixels"] == ["1772", "1181"] and facts["same"] == [1772, 1181]
    assert facts["odd"] == ["1001", "667"]


def test_a_suggestion_is_taken_once(gimp):
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.image import kept_settings
kept_settings.suggest("smssr-restore", what="fill")
tell(other=kept_settings.suggested("smssr-stylize"), first=kept_settings.suggested("smssr-restore"),
     again=kept_settings.suggested("smssr-restore"))
""", window=True)
    assert facts == {"other": {}, "first": {"what": "fill"}, "again": {}}


def test_sizes_stay_as_they_are_from_right_to_left(gimp):
    """In Hebrew, 451 × 300 would be seen as 300 × 451. (GIMP 3.2.6 lays dialogs out from left to right in Hebrew, too.)"""
    facts = told(gimp, FIELDS + """
from smssr_gimp.dialogs.widgets import subject
image = new(451, 300)
one = layer(image, "one", 451, 300)
words = subject(image, one).get_children()[1]
line = words.get_layout().get_text().splitlines()[1]
layout = words.get_layout()
text = layout.get_text().encode()
places = [layout.index_to_pos(text.index(number)).x for number in (b"451", b"300")]
tell(line=line, right=places[0] < places[1], rtl=Gtk.Widget.get_default_direction() == Gtk.TextDirection.RTL)
""", window=True, **gimp.speak("he"))
    assert facts["rtl"] or gimp.release != "trixie"
    assert facts["line"] == ("\u2066451 × 300\u2069" if facts["rtl"] else "451 × 300")
    assert facts["right"]


def test_a_grid_of_styles_opens_on_the_chosen_one(gimp):
    """Whatever was sought or looked at the last time; Return without a search keeps it, and a search leaves it as wide as it was."""
    facts = told(gimp, FIELDS + """
import time
from smssr_gimp.dialogs.style_chooser import StyleChooser
config = pdb.lookup_procedure("smssr-stylize").create_config()
names = [f"style{i}" for i in range(40)]
cards = [{"name": name, "title": f"{name}: one of many", "thumbnail": "", "task": "style"} for name in names]
config.set_property("style", "style30")
chooser = StyleChooser(cards, config, "style")
window = Gtk.Window(default_width=900, default_height=700)
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
box.pack_start(chooser, False, False, 0)
window.add(box)
window.show_all()

def wait(seconds=1.5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        Gtk.main_iteration_do(False)
        time.sleep(0.01)

def opened():
    wait()
    chooser.get_popover().popup()
    wait()
    place = chooser._grid.get_selected_children()[0]
    room = chooser._scrolled.get_vadjustment()
    top = room.get_value()
    return [place.get_name(), top <= place.get_allocation().y < top + room.get_page_size(), chooser._search.get_text(),
            chooser._scrolled.get_allocated_width()]

first = opened()
chooser._search.set_text("no such")
wait()
nothing = chooser._none.get_visible(), chooser._scrolled.get_allocated_width()
chooser.get_popover().popdown()
again = opened()
found = chooser._none.get_visible()
chooser._grid.select_child(chooser._grid.get_children()[3])  # as an arrow key does
chooser._search.emit("activate")
kept = config.get_property("style")
third = opened()
chooser._search.set_text("style7")
chooser._search.emit("activate")
tell(first=first, nothing=nothing, again=again, found=found, kept=kept, third=third, chosen=config.get_property("style"))
""", window=True)
    name, seen, sought, width = facts["first"]
    assert (name, seen, sought) == ("style30", True, "")
    assert facts["nothing"] == [True, width]
    assert facts["again"] == facts["third"] == facts["first"]
    assert not facts["found"]
    assert facts["kept"] == "style30" and facts["chosen"] == "style7"


def test_a_painting_by_network_is_told_from_that_by_strokes(gimp):
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.dialogs.style_chooser import called, titled
cards = [{"title": "Irises: green blades", "task": task} for task in ("painting", "coarse")]
tell(called=[called(card) for card in cards], titled=[titled(card) for card in cards])
""", window=True)
    assert facts == {"called": ["Irises", "Irises, by network"], "titled": ["Irises: green blades", "Irises: green blades, by network"]}
