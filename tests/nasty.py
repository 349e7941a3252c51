"""A folder of files as the world has them: what a press or an archive would stumble over.

    python tests/nasty.py FOLDER

makes it, and `smssr batch FOLDER OUT --recursive --report report.csv` must name every one.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path

import fuzz_seeds as seeds
import numpy as np
import tifffile
from PIL import Image, ImageCms

from smssr_infer.io import formats

WRITTEN = {
    "all.jpg": "", "grey.png": "", "sixteen.png": "", "alpha.png": "", "grey-alpha.png": "", "palette.png": "", "bits.tif": "",
    "cmyk.jpg": "CMYK", "cmyk.tif": "CMYK", "lab.tif": "", "float.tif": "", "no-numbers.tif": "", "white-is-0.tif": "",
    "premultiplied.tif": "", "planar.tif": "", "near-infrared.tif": "", "geo.tif": "", "pages.tif": "", "moving.gif": "", "moving.png": "",
    "moving.webp": "", "two.mpo": "", "new.heic": "", "new.avif": "", "new.jxl": "", "really-a-jpeg.png": "is JPEG by what it holds",
    "one.png": "", "line.png": "", "a.jpg": "", "a.png": "", "A.JPG": "", "wrong-types.jpg": "", "long-xmp.tif": "", "hdr.png": "",
    "old.bmp": "", "small.ico": "", "with space & 'quotes' \"#$.jpg": "", "zwei\nZeilen.jpg": "", "猫.jpg": "", "sub/deep/er.jpg": "",
    os.fsdecode(b"caf\xe9.jpg"): "", "without-ending": "", "layers.psd": "", "ordner.jpg/in.jpg": ""}
"""What becomes a picture, and what has to be said of it."""
FAILED = {
    "camera.nef": "raw", "gimp.xcf": "GIMP's own format", "drawing.svg": "lines", "light.exr": "OpenEXR", "empty.png": "", "cut.jpg": "",
    "text.png": "", "signed.tif": "", "bands.tif": "", "bomb.png": "Mpx", "gone.jpg": "link to nothing", "round.png": "",
    "pipe.jpg": "not a file"}
"""What cannot be read, and in which words."""
NOT_LOOKED_INTO = (".thumbnails/x.png", "@eaDir/x.jpg", ".Trash-1000/files/x.png", ".hidden.jpg", "notes.txt", "all.xmp", "a.jpg~",
                   "README")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def scene(height: int = 24, width: int = 20) -> np.ndarray:
    """A soft picture in colours."""
    y, x = np.mgrid[:height, :width]
    return np.stack([127 + 100 * np.sin(x / (3 + c) + y / (4 + 2 * c)) for c in range(3)], -1).astype(np.uint8)


def bomb() -> bytes:
    """A PNG of 3.6 Gpx."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(10))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
                                           for kind, data in chunks)


def wide_colours() -> bytes:
    """A PNG that says by cICP that it is HDR."""
    whole = seeds.saved("PNG")
    said = b"cICP" + bytes([9, 16, 0, 1])
    return whole[:33] + struct.pack(">I", 4) + said + struct.pack(">I", zlib.crc32(said)) + whole[33:]


def make(folder: Path) -> None:
    """Make it."""
    for name in (*WRITTEN, *FAILED, *NOT_LOOKED_INTO):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    colours = scene()
    picture, grey = Image.fromarray(colours), Image.fromarray(colours[..., 0])
    plain = seeds.saved("JPEG", quality=90)
    for name in ("a.jpg", "A.JPG", "really-a-jpeg.png", "with space & 'quotes' \"#$.jpg", "zwei\nZeilen.jpg", "猫.jpg", "sub/deep/er.jpg",
                 os.fsdecode(b"caf\xe9.jpg"), "without-ending", "ordner.jpg/in.jpg", *NOT_LOOKED_INTO):
        (folder / name).write_bytes(plain)
    (folder / "README").write_text("no picture")
    picture.save(folder / "all.jpg", exif=seeds.exif(), icc_profile=SRGB, xmp=seeds.xmp(), comment=b"a comment", dpi=(300, 300))
    grey.save(folder / "grey.png")
    Image.fromarray(colours[..., 0].astype(np.uint16) * 257).save(folder / "sixteen.png")
    Image.fromarray(np.dstack([colours, colours[..., 0]])).save(folder / "alpha.png")
    Image.fromarray(colours[..., :2].copy(), "LA").save(folder / "grey-alpha.png")
    picture.quantize(16).save(folder / "palette.png", transparency=3)
    grey.convert("1").save(folder / "bits.tif", compression="group4")
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    picture.convert("CMYK").save(folder / "cmyk.tif")
    ImageCms.applyTransform(picture, ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
                            ).save(folder / "lab.tif")
    light = colours.astype(np.float32) * 16
    tifffile.imwrite(folder / "float.tif", light, photometric="rgb", metadata=None)
    light[3, 4] = np.nan
    tifffile.imwrite(folder / "no-numbers.tif", light, photometric="rgb", metadata=None)
    tifffile.imwrite(folder / "white-is-0.tif", 65535 - colours[..., 0].astype(np.uint16) * 257, photometric="miniswhite", metadata=None)
    four = np.dstack([colours, colours[..., 0]]).astype(np.uint16) * 200
    tifffile.imwrite(folder / "premultiplied.tif", four, photometric="rgb", extrasamples=["assocalpha"], metadata=None)
    tifffile.imwrite(folder / "near-infrared.tif", four, photometric="rgb", extrasamples=["unspecified"], metadata=None)
    tifffile.imwrite(folder / "planar.tif", colours.transpose(2, 0, 1), photometric="rgb", planarconfig="separate", metadata=None)
    tifffile.imwrite(folder / "geo.tif", colours, photometric="rgb", metadata=None, extratags=[
        (33550, 12, 3, (10.0, 10.0, 0.0), True), (33922, 12, 6, (0.0, 0.0, 0.0, 5e5, 54e5, 0.0), True)])
    tifffile.imwrite(folder / "long-xmp.tif", colours, photometric="rgb", metadata=None,
                     extratags=[(700, 1, 100_000, seeds.xmp().ljust(100_000), True)])
    tifffile.imwrite(folder / "signed.tif", colours[..., 0].astype(np.int16) - 99, photometric="minisblack", metadata=None)
    tifffile.imwrite(folder / "bands.tif", np.dstack([colours, colours[..., :2]]), photometric="minisblack", planarconfig="contig",
                     metadata=None)
    frames = [Image.fromarray(np.roll(colours, 3 * n, 1)) for n in range(3)]
    frames[0].save(folder / "pages.tif", save_all=True, append_images=frames[1:])
    for ending in ("gif", "png", "webp"):
        frames[0].save(folder / f"moving.{ending}", save_all=True, append_images=frames[1:], duration=[40, 70, 200], loop=0)
    frames[0].save(folder / "two.mpo", "MPO", save_all=True, append_images=frames[1:2])
    for ending in ("heic", "avif", "jxl"):
        formats.install(formats.named(f".{ending}") or formats.of(ending))
        picture.save(folder / f"new.{ending}", quality=90)
    grey.resize((1, 1)).save(folder / "one.png")
    grey.resize((2000, 1)).save(folder / "line.png")
    picture.save(folder / "a.png")
    picture.save(folder / "old.bmp")
    picture.save(folder / "small.ico", sizes=[(16, 16)])
    (folder / "hdr.png").write_bytes(wide_colours())
    wrong = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8298, 99, 3, 7) + bytes(8)
    picture.save(folder / "wrong-types.jpg", exif=b"Exif\0\0" + wrong)
    (folder / "layers.psd").write_bytes(b"8BPS" + struct.pack(">HxxxxxxHIIHH", 1, 3, 24, 20, 8, 3) + bytes(14)
                                        + colours.transpose(2, 0, 1).tobytes())
    tifffile.imwrite(folder / "camera.nef", colours, photometric="rgb", subfiletype=1, metadata=None)
    (folder / "gimp.xcf").write_bytes(b"gimp xcf v011\0" + bytes(50))
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "light.exr").write_bytes(b"\x76\x2f\x31\x01" + bytes(50))
    (folder / "empty.png").touch()
    (folder / "cut.jpg").write_bytes(plain[:len(plain) // 2])
    (folder / "text.png").write_text("no picture")
    (folder / "bomb.png").write_bytes(bomb())
    (folder / "gone.jpg").symlink_to("nowhere.jpg")
    (folder / "round.png").symlink_to("round.png")
    os.mkfifo(folder / "pipe.jpg")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
