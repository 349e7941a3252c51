"""Pixels and layers: from GIMP to the engine and back. Everything is computed first; the image is touched in one undo group at the end."""

import struct

import gi

gi.require_version("Babl", "0.1")
gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from engine import EngineError  # noqa: E402
from gi.repository import Babl, Gegl, Gimp  # noqa: E402
from words import _  # noqa: E402

STRIP = 1 << 22
"""Pixels that are held here at once on their way."""

PARASITE = "smssr-styles"
"""Marks the group that holds a layer's styles; its data is the layer's tattoo."""


def own_space(encoding, drawable):
    """The name of a format in a drawable's own colour space. A plain name would mean sRGB, and bend or clip colours beyond it."""
    return Babl.get_name(Babl.format_with_space(encoding, Babl.format_get_space(drawable.get_format())))


def format_of(drawable):
    """The float format in which a drawable's pixels travel, and its channels: non-linear, in its own profile, whatever its precision."""
    name = "Y'" if drawable.is_gray() else "R'G'B'"
    channels = 1 if drawable.is_gray() else 3
    alpha = drawable.has_alpha()
    return own_space(f"{name}A float" if alpha else f"{name} float", drawable), channels + alpha


def rectangle(top, bottom, left, right):
    """A GEGL rectangle from a tile."""
    return Gegl.Rectangle.new(left, top, right - left, bottom - top)


def put(engine, drawable, part=None):
    """Send a drawable's pixels, or those of a part (x, y, width, height), to the engine as its picture 1, strip by strip."""
    x, y, width, height = part or (0, 0, drawable.get_width(), drawable.get_height())
    format_, channels = format_of(drawable)
    buffer = drawable.get_buffer()
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        count = min(rows, height - top)
        pixels = buffer.get(rectangle(y + top, y + top + count, x, x + width), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
        engine.send(pixels, do="put", picture=1, height=height, width=width, channels=channels, top=top, rows=count)


def raster_layers(layers):
    """All layers that hold pixels of their own, those in groups too. Text, link and vector layers are GIMP's to scale."""
    found = []
    for layer in layers:
        if layer.is_group():
            found += raster_layers(layer.get_children())
        elif not is_rendered(layer):
            found.append(layer)
    return found


def is_rendered(layer):
    """Whether a layer's pixels are drawn by GIMP from text, a link or a path."""
    kinds = [getattr(Gimp, name) for name in ("TextLayer", "LinkLayer", "VectorLayer") if hasattr(Gimp, name)]
    if not isinstance(layer, tuple(kinds)):
        return False
    return not (hasattr(layer, "is_rasterized") and layer.is_rasterized())


def nearest(number):
    """Rounded as GIMP rounds: halves away from zero."""
    return int(number + 0.5) if number >= 0 else -int(-number + 0.5)


def scaled_size(layer, across, down):
    """The size that GIMP's Scale Image gives a layer."""
    x, y = layer.get_offsets()[1:]
    return (nearest(across * (x + layer.get_width())) - nearest(across * x), nearest(down * (y + layer.get_height())) - nearest(down * y))


def image_like(image, width, height):
    """A new, empty image with an image's mode, precision and profile; it keeps no undo steps."""
    new = Gimp.Image.new_with_precision(width, height, image.get_base_type(), image.get_precision())
    new.undo_disable()
    profile = image.get_color_profile()
    if profile:
        new.set_color_profile(profile)
    return new


def scratch(image, name, width, height, kind):
    """A layer that is in no image yet: GIMP holds its pixels, and nothing of it is seen or undone."""
    return Gimp.Layer.new(image, name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)


def counted(progress):
    """Progress in tiles as GIMP's share and words."""
    return lambda done, tiles: progress(done / tiles, _("tile {done} of {tiles}").format(done=done, tiles=tiles))


def tiles_into(drawable, format_, answers, progress):
    """Write the tiles of an answer into a drawable; `progress(done, tiles)`."""
    buffer = drawable.get_buffer()
    for header, pixels in answers:
        if "tile" in header:
            buffer.set(rectangle(*header["tile"]), format_, pixels)
            progress(header["done"], header["tiles"])
    buffer.flush()


def copy(original, drawable, format_):
    """Copy a drawable's pixels into another of its size."""
    width, height = drawable.get_width(), drawable.get_height()
    source, target = original.get_buffer(), drawable.get_buffer()
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        part = rectangle(top, min(height, top + rows), 0, width)
        target.set(part, format_, source.get(part, 1.0, format_, Gegl.AbyssPolicy.CLAMP))
    target.flush()
    drawable.update(0, 0, width, height)


def check_mode(image):
    """Raises EngineError for an image that cannot be worked on."""
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        raise EngineError(_("The image is in indexed colours. Choose Image ▸ Mode ▸ RGB first."))


def upscale_image(engine, image, width, height, model, progress):
    """Scale the whole image as GIMP does, with every raster layer's pixels from the network."""
    check_mode(image)
    across, down = width / image.get_width(), height / image.get_height()
    if width < image.get_width() or height < image.get_height() or (across == 1 and down == 1):
        raise EngineError(_("The image has {0} × {1} pixels; choose a size above that.").format(image.get_width(), image.get_height()))
    layers = raster_layers(image.get_layers())
    if not layers:
        raise EngineError(_("The image has no layer with pixels of its own to enlarge."))
    total = sum(layer.get_width() * layer.get_height() for layer in layers)
    behind, answers = 0, []
    for layer in layers:
        share = layer.get_width() * layer.get_height() / total
        new_width, new_height = scaled_size(layer, across, down)
        if new_width < 1 or new_height < 1:
            continue
        format_ = format_of(layer)[0]
        enlarged = scratch(image, layer.get_name(), new_width, new_height, layer.type())
        answers.append((layer, enlarged, format_))
        put(engine, layer)
        number = engine.send(do="upscale", picture=1, height=new_height, width=new_width, model=model or None)

        def tell(done, tiles, layer=layer, behind=behind, share=share):
            words = _("{layer}: tile {done} of {tiles}").format(layer=layer.get_name(), done=done, tiles=tiles)
            progress(behind + share * done / tiles, words)

        tiles_into(enlarged, format_, engine.answers(number), tell)
        behind += share
    image.undo_group_start()
    try:
        image.scale(width, height)
        for layer, enlarged, format_ in answers:
            copy(enlarged, layer, format_)
    finally:
        image.undo_group_end()


def upscale_layer(engine, image, layer, width, height, model, progress):
    """The active layer alone, enlarged, as a new image. Returns it."""
    check_mode(image)
    refuse_rendered(layer)
    if width < layer.get_width() or height < layer.get_height() or (width, height) == (layer.get_width(), layer.get_height()):
        raise EngineError(_("The layer has {0} × {1} pixels; choose a size above that.").format(layer.get_width(), layer.get_height()))
    format_ = format_of(layer)[0]
    put(engine, layer)
    number = engine.send(do="upscale", picture=1, height=height, width=width, model=model or None)
    new = image_like(image, width, height)
    across, down = image.get_resolution()[1:]
    new.set_resolution(across * width / layer.get_width(), down * height / layer.get_height())
    fresh = scratch(new, layer.get_name(), width, height, layer.type())
    new.insert_layer(fresh, None, 0)
    try:
        tiles_into(fresh, format_, engine.answers(number), counted(progress))
    except EngineError:
        new.delete()
        raise
    new.undo_enable()
    return new


def refuse_rendered(layer):
    """Raises EngineError for a layer whose pixels are not its own."""
    if layer.is_group():
        raise EngineError(_("A layer group has no pixels of its own. Choose a layer in it, or merge the group."))
    if is_rendered(layer):
        raise EngineError(_("This layer is drawn from text, a link or a path. "
                            "Choose Layer ▸ Rasterize (or Discard Text Information) first."))
    if layer.is_layer_mask():
        raise EngineError(_("A mask is active. Click the layer itself first."))


def base_of(image, layer):
    """The layer to stylise: the one given or, for a style's layer or group, the one that it belongs to."""
    while layer:
        mark = layer.get_parasite(PARASITE) if layer.is_group() else None
        if mark:
            tattoo, = struct.unpack("<I", bytes(mark.get_data()))
            base = image.get_layer_by_tattoo(tattoo) if hasattr(image, "get_layer_by_tattoo") else None
            if base:
                return base
        layer = layer.get_parent()
    return None


def styles_group(image, base):
    """The group of a layer's styles, if there is one."""
    def search(layers):
        for layer in layers:
            if layer.is_group():
                mark = layer.get_parasite(PARASITE)
                if mark and struct.unpack("<I", bytes(mark.get_data()))[0] == base.get_tattoo():
                    return layer
                found = search(layer.get_children())
                if found:
                    return found
        return None
    return search(image.get_layers())


def stylize_layer(engine, image, layer, style, title, strength, seed, progress):
    """A style as a grain-merge layer with an editable mask, in the group of the layer's styles. Returns the new layer."""
    check_mode(image)
    layer = base_of(image, layer) or layer
    refuse_rendered(layer)
    selected = not Gimp.Selection.is_empty(image)
    if selected and not layer.mask_intersect()[0]:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))
    width, height = layer.get_width(), layer.get_height()
    fresh = scratch(image, title, width, height, Gimp.ImageType.GRAY_IMAGE if layer.is_gray() else Gimp.ImageType.RGB_IMAGE)
    put(engine, layer)
    number = engine.send(do="style", picture=1, style=style, seed=seed, offset=0.5)  # grain merge adds a layer less a half
    tiles_into(fresh, own_space("Y' float", fresh), engine.answers(number), counted(progress))

    x, y = layer.get_offsets()[1:]
    image.undo_group_start()
    try:
        group = styles_group(image, layer)
        if not group:
            group = Gimp.GroupLayer.new(image, _("{layer}: styles").format(layer=layer.get_name()))
            image.insert_layer(group, layer.get_parent(), image.get_item_position(layer))
            group.set_mode(Gimp.LayerMode.PASS_THROUGH)
            group.attach_parasite(Gimp.Parasite.new(PARASITE, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE,
                                                    struct.pack("<I", layer.get_tattoo())))
        fresh.set_opacity(100 * strength)
        fresh.set_mode(Gimp.LayerMode.GRAIN_MERGE)
        fresh.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        fresh.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        image.insert_layer(fresh, group, 0)
        fresh.set_offsets(x, y)
        own = layer.get_mask()
        mask = fresh.create_mask(Gimp.AddMaskType.SELECTION if selected else Gimp.AddMaskType.WHITE)
        fresh.add_mask(mask)
        if own and not selected:
            copy(own, mask, "Y float")
        image.set_selected_layers([layer])
    finally:
        image.undo_group_end()
    return fresh
