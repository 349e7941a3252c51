"""Sound files of every kind that is read, made by code, for `fuzz.py` to damage."""

from __future__ import annotations

import contextlib
import io
import json
import struct
from pathlib import Path

import numpy as np
import onnx
import tifffile
import zarr
from PIL import Image, PngImagePlugin, features

from smssr_infer.networks.places import shipped

WIDE, HIGH = 29, 23


def pixels(channels: int = 3, dtype: type = np.uint8) -> np.ndarray:
    """A soft picture, HIGH × WIDE."""
    y, x = np.mgrid[:HIGH, :WIDE]
    planes = np.stack([0.5 + 0.4 * np.sin(x / (3 + c) + y / (4 + 2 * c)) for c in range(channels)], axis=-1)
    return planes.astype(dtype) if dtype == np.float32 else (planes * np.iinfo(dtype).max).astype(dtype)


def saved(format_: str, mode: str = "RGB", **options: object) -> bytes:
    """What Pillow writes."""
    stream = io.BytesIO()
    Image.fromarray(pixels()).convert(mode).save(stream, format_, **options)
    return stream.getvalue()


def tiff(array: np.ndarray, **options: object) -> bytes:
    """What tifffile writes."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, metadata=None, **options)
    return stream.getvalue()


def exif() -> bytes:
    """EXIF with directories below it."""
    tags = Image.Exif()
    tags[274], tags[315], tags[282], tags[283] = 6, "somebody", 300.0, 300.0
    tags.get_ifd(0x8769).update({0x9003: "2020:01:02 03:04:05", 0x927C: b"maker" * 9, 0xA002: WIDE})
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 15.5)})
    return tags.tobytes()


def xmp() -> bytes:
    """XMP with a region."""
    return (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
            b"xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='6' xmlns:a='http://ns.adobe.com/xmp/sType/Area#'>"
            b"<a:Area a:x='.5' a:y='.2' a:w='.1' a:h='.3'/></rdf:Description></rdf:RDF></x:xmpmeta>")


def png() -> dict[str, bytes]:
    """PNGs with and without much beside the pixels."""
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("Title", "Katze", "de", "Titel", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", xmp().decode())
    texts.add_text("Comment", "words", zip=True)
    texts.add(b"gAMA", struct.pack(">I", 45455))
    texts.add(b"cICP", bytes([9, 16, 0, 1]))
    deep = io.BytesIO()
    Image.fromarray(pixels(1, np.uint16)[..., 0]).save(deep, "PNG")
    return {
        "texts": saved("PNG", exif=exif(), dpi=(300, 300), pnginfo=texts),
        "palette": saved("PNG", "P", transparency=3),
        "bits": saved("PNG", "1"),
        "alpha": saved("PNG", "LA"),
        "grey16": deep.getvalue(),
        "colour": saved("PNG", transparency=(1, 2, 3)),
        "moving": saved("PNG", save_all=True, append_images=[Image.new("RGB", (WIDE, HIGH))])}


def jpeg() -> dict[str, bytes]:
    """JPEGs of several kinds of colour, one with all there is beside them."""
    resources = b"Photoshop 3.0\0" + struct.pack(">4sHxxI", b"8BIM", 0x0404, 8) + b"\x1c\x02\x19\x00\x03cat"
    app13 = b"\xff\xed" + struct.pack(">H", len(resources) + 3) + resources + b"\0"
    return {"420": saved("JPEG", subsampling=2, exif=exif(), xmp=xmp(), comment=b"words", extra=app13), "444": saved("JPEG", subsampling=0),
            "cmyk": saved("JPEG", "CMYK"), "grey": saved("JPEG", "L"), "stages": saved("JPEG", progressive=True),
            "mpo": saved("MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])}


def tiffs() -> dict[str, bytes]:
    """TIFFs of many layouts and compressions."""
    grey, colour = {"photometric": "minisblack"}, {"photometric": "rgb"}
    geo = [(33550, 12, 3, (10.0, 10.0, 0.0), True), (34735, 3, 8, (1, 1, 0, 1, 1025, 0, 1, 2), True), (700, 1, len(xmp()), xmp(), True)]
    found = {
        "plain": tiff(pixels(), **colour, extratags=geo),
        "deep": tiff(pixels(3, np.uint16), **colour, byteorder=">"),
        "float": tiff(pixels(3, np.float32), **colour, rowsperstrip=5),
        "greyfloat": tiff(pixels(1, np.float32)[..., 0], **grey),
        "tiles": tiff(pixels(), **colour, tile=(16, 16), compression="zlib", predictor=2),
        "white": tiff(pixels(1)[..., 0], photometric="miniswhite"),
        "big": tiff(pixels(), **colour, bigtiff=True, rowsperstrip=4),
        "planes": tiff(pixels().transpose(2, 0, 1), **colour, planarconfig="separate"),
        "alpha": tiff(pixels(4), **colour, extrasamples=["assocalpha"]),
        "five": tiff(pixels(5), **colour, extrasamples=["unspecified"] * 2),
        "deepgrey": tiff(pixels(2, np.uint16), **grey, extrasamples=["unassalpha"])}
    for mode, packing in (
            ("RGB", "tiff_lzw"), ("RGB", "packbits"), ("RGB", "jpeg"), ("CMYK", "tiff_adobe_deflate"), ("1", "group4"), ("LAB", "raw"),
            ("P", "tiff_lzw"), ("YCbCr", "raw"), ("F", "tiff_lzw"), ("RGB", "zstd"), ("RGB", "lzma")):
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # not every libtiff has every compression
            found[f"{mode}-{packing}"] = saved("TIFF", mode, compression=packing)
    return found


def others() -> dict[str, dict[str, bytes]]:
    """What else Pillow reads."""
    more = [Image.new("RGB", (WIDE, HIGH))]
    found = {
        "gif": {"plain": saved("GIF", "P", transparency=0, comment=b"words"), "moving": saved("GIF", save_all=True, append_images=more)},
        "webp": {"lossy": saved("WEBP", exif=exif(), xmp=xmp()), "whole": saved("WEBP", "RGBA", lossless=True)},
        "bmp": {"plain": saved("BMP", dpi=(300, 300)), "palette": saved("BMP", "P")},
        "ppm": {"plain": saved("PPM"), "bits": saved("PPM", "1")},
        "tga": {"plain": saved("TGA"), "packed": saved("TGA", "RGBA", compression="tga_rle")},
        "ico": {"plain": saved("ICO", "RGBA", sizes=[(16, 16)])},
        "sgi": {"plain": saved("SGI")},
        "pcx": {"plain": saved("PCX")},
        "dds": {"plain": saved("DDS", "RGBA")},
        "icns": {"plain": saved("ICNS")},
        "im": {"plain": saved("IM")},
        "xbm": {"plain": saved("XBM", "1")}}
    for ending, codec, format_ in (("jp2", "jpg_2000", "JPEG2000"), ("avif", "avif", "AVIF")):
        if features.check(codec):
            found[ending] = {"plain": saved(format_)}
    return found


def network() -> bytes:
    """An ONNX file that repeats every pixel of a mean."""
    info, node = onnx.helper.make_tensor_value_info, onnx.helper.make_node
    kernel = onnx.numpy_helper.from_array(np.full((4, 1, 3, 3), 1 / 9, np.float32), "k")
    nodes = [node("Conv", ["x", "k"], ["m"], pads=[1, 1, 1, 1]), node("DepthToSpace", ["m"], ["y"], blocksize=2)]
    graph = onnx.helper.make_graph(nodes, "net", [info("x", 1, [1, 1, "h", "w"])], [info("y", 1, [1, 1, "H", "W"])], [kernel])
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def frames() -> bytes:
    """What the plug-in says to the engine."""
    def frame(payload: bytes = b"", **header: object) -> bytes:
        text = json.dumps(header).encode()
        return struct.pack("<IQ", len(text), len(payload)) + text + payload

    rows = pixels(3, np.float32)[:8, :8].tobytes()
    return (frame(id=1, do="models") + frame(rows, id=2, do="put", picture=1, height=8, width=8, channels=3, top=0, rows=8)
            + frame(id=3, do="upscale", picture=1, scale=2.0, model="smssr-x4-quick") + frame(do="cancel", id=3)
            + frame(id=4, do="drop", picture=1))


def zarrs(folder: Path) -> dict[str, dict[str, bytes]]:
    """A Zarr array as its files, by its kind."""
    found = {}
    for name, array, version in (("three", pixels(), 3), ("two", pixels(1, np.uint16)[..., 0], 2), ("float", pixels(4, np.float32), 3)):
        zarr.create_array(folder / name, data=array, chunks=(8, 16, *array.shape[2:]), zarr_format=version)
        files = (path for path in sorted((folder / name).rglob("*")) if path.is_file())
        found[name] = {str(path.relative_to(folder / name)): path.read_bytes() for path in files}
    return found


def own_style() -> dict[str, bytes]:
    """A learnt style's list and network, as its owner's folder has them."""
    row = next(row for row in json.loads((shipped() / "manifest.json").read_text()) if row["name"] == "canvas")
    return {"manifest.json": json.dumps([row | {"name": "own"}]).encode(), row["file"]: (shipped() / row["file"]).read_bytes()}
