"""The open images as files, for Batch Upscale."""

import os

from gi.repository import Gimp, Gio

from ..engine import EngineError
from ..i18n import _


def open_images():
    """The open images of which anything is visible. Raises EngineError where there is none."""
    images = [image for image in Gimp.get_images() if any(layer.get_visible() for layer in image.get_layers())]
    if not images:
        raise EngineError(_("No image is open."))
    return images


def save_open_images(folder):
    """What is visible of every open image, as a PNG of that name in `folder`; the images are left as they are. Raises EngineError."""
    for image in open_images():
        file = image.get_file() or image.get_imported_file()
        stem = os.path.splitext(file.get_basename())[0] if file else image.get_name().strip("[]")
        name, number = stem, 2
        while os.path.exists(os.path.join(folder, f"{name}.png")):
            name, number = f"{stem}-{number}", number + 1
        copy = image.duplicate()
        try:
            copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
            if not Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, copy, Gio.File.new_for_path(os.path.join(folder, f"{name}.png")), None):
                raise EngineError(_("{image} cannot be saved for enlarging.").format(image=image.get_name()))
        finally:
            copy.delete()
