"""What belongs to a picture beside its pixels: for every pair of formats kept, scaled, or said to be lost; by the eyes of Pillow."""

import dataclasses
import json
import shutil
import struct
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from smssr_infer.cli import main
from smssr_infer.io import formats, gif_xmp, jp2_boxes, jpeg_xl
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read_large
from smssr_infer.io.writing import left_out, write

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
IPTC = b"\x1c\x02\x00\x00\x02\x00\x04\x1c\x02\x50\x00\x0eA. Photograph\xe9\x1c\x02\x19\x00\x03cat"
MAKER = b"Maker\0\1\2\3" * 5
XMP = ("<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
       "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
       "xmlns:t='http://ns.adobe.com/tiff/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/' "
       "xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/' hdrgm:Version='1.0' t:Orientation='6' t:ImageWidth='20'>"
       "<exif:PixelYDimension>24</exif:PixelYDimension><dc:title>A \u201ctitle\u201d</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
       "<?xpacket end='w'?>").encode()
EXIF, GPS, INTEROPERABILITY = 0x8769, 0x8825, 0xA005

HOLDS = {"jpg": "icc exif dpi xmp iptc comment", "mpo": "icc exif dpi xmp comment", "png": "icc exif dpi xmp iptc text",
         "tif": "icc exif dpi xmp iptc", "webp": "icc exif xmp", "avif": "icc exif xmp", "gif": "comment", "jp2": "comment", "bmp": "dpi",
         "ppm": "", "tga": "", "heic": "icc exif xmp", "jxl": "exif xmp"}
"""What a source of each format is given here."""
KEEPS = HOLDS | {"mpo": HOLDS["jpg"], "png": "icc exif dpi xmp iptc comment text", "webp": "icc exif dpi xmp", "avif": "icc exif dpi xmp",
                 "heic": "icc exif dpi xmp", "jxl": "exif dpi xmp", "gif": "comment xmp", "jp2": "exif dpi xmp iptc comment"}
"""What an answer of each can hold."""
SAID = {"icc": "colour profile", "exif": "EXIF", "dpi": "resolution", "xmp": "XMP", "iptc": "IPTC", "comment": "comment", "text": "texts"}


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[TiffImagePlugin.ARTIST], tags[0x8298], tags[0x010E] = "somebody", "CC0", "a cat"
    below = tags.get_ifd(EXIF)
    below[0x9003], below[0x927C], below[0xA002], below[0xA003] = "2020:01:02 03:04:05", MAKER, 20, 24
    below[INTEROPERABILITY] = {1: "R98"}
    tags.get_ifd(GPS).update({1: "N", 2: (52.0, 30.0, 15.5)})
    return tags


def block() -> bytes:
    """The same, its maker note of the type that it ought to have; Pillow makes it bytes."""
    return exif().tobytes().replace(struct.pack(">HHI", 0x927C, 1, len(MAKER)), struct.pack(">HHI", 0x927C, 7, len(MAKER)))


def resources(data: bytes) -> bytes:
    """Photoshop's resources with IPTC's among them."""
    parts = ((0x03E8, b"x"), (0x0404, data))
    return b"".join(struct.pack(">4sHxxI", b"8BIM", number, len(part)) + part + bytes(len(part) % 2) for number, part in parts)


def app13(data: bytes) -> bytes:
    payload = b"Photoshop 3.0\0" + resources(data)
    return b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload


def source(folder, ending: str):
    """A picture with all that its format holds."""
    path = folder / f"in.{ending}"
    picture = Image.effect_mandelbrot((20, 24), (-2, -1, 1, 1), 20).convert("RGB")
    held = HOLDS[ending].split()
    options: dict = {key: value for key, value in {"icc_profile": SRGB, "exif": block(), "xmp": XMP, "dpi": (300, 300)}.items()
                     if key.split("_")[0] in held}
    if ending in ("jpg", "mpo"):
        options |= {"comment": b"a comment", "extra": app13(IPTC)}
    if ending in ("gif", "jp2"):
        options["comment"] = b"a comment"
    if ending == "png":
        options["pnginfo"] = texts = PngImagePlugin.PngInfo()
        texts.add_itxt("Title", "Katze", "de", "Titel")
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        texts.add_text("Raw profile type iptc", f"\niptc\n {len(resources(IPTC))}\n{resources(IPTC).hex()}\n", zip=True)
    if ending == "tif":
        options["tiffinfo"] = tags = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, value in {**exif(), EXIF: exif().get_ifd(EXIF), GPS: exif().get_ifd(GPS), 33723: IPTC, 700: XMP}.items():
            tags[tag] = value
        del options["exif"]
    if ending == "mpo":
        options |= {"save_all": True, "append_images": [picture.resize((10, 12))]}
    formats.install(formats.named(path.suffix))
    picture.save(path, **options, **({"use_container": True} if ending == "jxl" else {}))
    return path


def held(path) -> set[str]:
    """What of it all a file holds, by Pillow; what is there but wrong is named as it is."""
    found = set()
    with Image.open(path) as picture:
        tags, info = picture.getexif(), picture.info
        boxes = jp2_boxes.read(path) if picture.format == "JPEG2000" else {}  # which Pillow does not look for
        if "exif" in boxes:
            tags.load(boxes["exif"])
        below = tags.get_ifd(EXIF)
        of_tiff = getattr(picture, "tag_v2", {})
        if tags:
            assert tags.get(0x0112, 1) == 1 and not tags.get_ifd(1)
        if tags.get(TiffImagePlugin.ARTIST):
            facts = (tags[0x8298], tags[0x010E], below[0x9003], below[0x927C], below[0xA002], below[0xA003], tags.get_ifd(GPS)[2],
                     tags.get_ifd(INTEROPERABILITY).get(1))
            assert facts == ("CC0", "a cat", "2020:01:02 03:04:05", MAKER, 40, 48, (52.0, 30.0, 15.5), "R98")
            found.add("exif")
        if info.get("icc_profile") and picture.format != "JXL":  # whose decoder always tells of one
            assert info["icc_profile"] == SRGB
            found.add("icc")
        dpi = [float(d) for d in info.get("dpi") or (tags.get(282, 1), tags.get(283, 1))]
        if dpi[0] > 97:  # less is what Pillow says, or writes, of none
            assert dpi == pytest.approx([600, 600], abs=0.1)
            found.add("dpi")
        own = {"GIF": gif_xmp.read, "JXL": lambda path: jpeg_xl.xmp_of(path.read_bytes())}.get(picture.format)
        xmp = of_tiff.get(700) or info.get("xmp") or boxes.get("xmp") or (own and own(path))
        if xmp:
            text = xmp.decode()
            assert "A \u201ctitle\u201d" in text and "hdrgm:" not in text.replace("xmlns:hdrgm", "")
            assert 't:Orientation="1"' in text and 't:ImageWidth="40"' in text and ">48</exif:PixelYDimension>" in text
            found.add("xmp")
        segments = [data for name, data in getattr(picture, "applist", []) if name == "APP13"]
        raw = getattr(picture, "text", {}).get("Raw profile type iptc", "\n\n\n").split("\n", 3)[3]
        iptc = (of_tiff.get(33723) or boxes.get("iptc") or (segments and segments[0][26:26 + len(IPTC)])
                or bytes.fromhex(raw.replace("\n", "")))
        if iptc:
            assert iptc == IPTC
            found.add("iptc")
        comment = info.get("comment") or getattr(picture, "text", {}).get("Comment")
        if comment and comment[:10] != b"Created by":
            assert comment in (b"a comment", "a comment")
            found.add("comment")
        if title := getattr(picture, "text", {}).get("Title"):
            assert (title, title.lang, title.tkey) == ("Katze", "de", "Titel")
            found.add("text")
    return found


@pytest.mark.parametrize("ending", HOLDS)
@pytest.mark.parametrize("target", KEEPS)
def test_kept_or_said(tmp_path, ending, target):
    picture = read_large(source(tmp_path, ending))
    answer = tmp_path / f"out.{'jpg' if target == 'mpo' else target}"
    if ending == "jxl":
        assert picture.icc  # its own, of sRGB, that a decoder tells of every such file
        picture = dataclasses.replace(picture, icc=None)
    given, kept = set(HOLDS[ending].split()), set(KEEPS[target].split())
    words = left_out(answer, picture, 48, 40) or ""
    write(answer, picture.with_pixels(np.tile(picture.pixels, (2, 2, 1))))
    assert held(answer) == given & kept
    for name in given - kept:
        assert SAID[name] in words
    for name in given & kept:
        assert SAID[name] not in words


@pytest.mark.skipif(not shutil.which("exiftool"), reason="the test above looks at the same through Pillow")
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "avif", "heic", "jxl"])
@pytest.mark.parametrize("target", ["jpg", "png", "tif", "webp", "avif", "heic", "jxl"])
def test_exiftool_finds_nothing_wrong(tmp_path, ending, target):
    picture = read_large(source(tmp_path, ending))
    answer = tmp_path / f"out.{target}"
    write(answer, picture.with_pixels(np.tile(picture.pixels, (2, 2, 1))))
    command = ["exiftool", "-j", "-G1", "-validate", "-warning", "-a", "-all:all"]
    before, after = json.loads(subprocess.run([*command, tmp_path / f"in.{ending}", answer], capture_output=True, check=True).stdout)
    for name, value in before.items():
        group, tag = name.split(":") if ":" in name else ("", name)
        if group.startswith("ICC") and target == "jxl":  # its encoder takes none, which is said
            continue
        if group in ("ExifIFD", "GPS", "InteropIFD", "ICC_Profile", "ICC-header") or tag in ("Artist", "Copyright", "ImageDescription"):
            wanted = {"ExifImageWidth": 40, "ExifImageHeight": 48}.get(tag, value)
            assert after.get(name) == wanted, name
    if not {ending, target} & {"webp", "avif", "heic", "jxl"}:
        assert after["IPTC:Keywords"] == "cat"
    assert "ExifTool:Error" not in after
    if ending != "tif":  # where Pillow has written wrong types
        assert not any(word in str(after) for word in (") for ExifIFD", ") for GPS", "Bad ", "orrupt"))


def test_a_maker_note_keeps_its_type(tmp_path):
    main(["upscale", str(source(tmp_path, "jpg")), str(tmp_path / "b.tif"), "--scale", "2"])
    main(["upscale", str(tmp_path / "b.tif"), str(tmp_path / "c.jpg"), "--scale", "2"])
    for ending in ("b.tif", "c.jpg"):
        data = (tmp_path / ending).read_bytes()
        assert struct.pack("<HHI", 0x927C, 7, len(MAKER)) in data


def test_what_is_too_long_for_jpeg_is_said_before_the_work(tmp_path, capsys):
    tags = exif()
    tags.get_ifd(EXIF)[0x927C] = bytes(range(250)) * 300
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode().replace("title", "t" * 70000))
    Image.new("RGB", (20, 24), "red").save(tmp_path / "a.png", exif=tags, pnginfo=texts)
    assert main(["upscale", str(tmp_path / "a.png"), str(tmp_path / "b.jpg"), "--scale", "2"]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "maker note (too long" in said and "XMP (too long" in said
    with Image.open(tmp_path / "b.jpg") as answer:
        assert answer.getexif()[TiffImagePlugin.ARTIST] == "somebody"
        assert 0x927C not in answer.getexif().get_ifd(EXIF)


@pytest.mark.parametrize(("channels", "space", "target", "kept"), [
    (1, "GRAY", "png", True), (1, "RGB ", "png", False), (2, "GRAY", "png", True), (2, "GRAY", "tif", True), (2, "GRAY", "webp", False),
    (1, "GRAY", "webp", False), (3, "GRAY", "tif", False), (3, "RGB ", "jpg", True), (4, "RGB ", "tif", True), (1, "GRAY", "jpg", True),
    (3, "CMYK", "tif", False)])
def test_a_profile_fits_its_pixels(tmp_path, channels, space, target, kept):
    icc = SRGB[:16] + space.encode() + SRGB[20:]
    picture = PictureFile(np.full((20, 20, channels), 200, np.uint8), icc=icc)
    write(tmp_path / f"a.{target}", picture)
    words = left_out(tmp_path / f"a.{target}", picture, 20, 20)
    with Image.open(tmp_path / f"a.{target}") as answer:
        assert answer.info.get("icc_profile") == (icc if kept else None)
        assert (words is None) == kept
        if kept:
            assert (len(answer.getbands()) > 2) == (space == "RGB ")


@pytest.mark.parametrize("quality", [80, 91])
def test_a_jpeg_with_further_pictures_behind_it_is_a_jpeg(tmp_path, capsys, small, quality):
    Image.fromarray(small).save(tmp_path / "a.jpg", quality=quality)
    Image.fromarray(small).save(tmp_path / "b.jpg", "MPO", quality=quality, save_all=True, append_images=[Image.new("RGB", (32, 32))])
    with Image.open(tmp_path / "b.jpg") as picture:
        assert picture.format == "MPO" and picture.n_frames == 2
    answers = []
    for name in "ab":
        assert main(["upscale", str(tmp_path / f"{name}.jpg"), str(tmp_path / f"{name}.png"), "--scale", "2"]) == 0
        said = capsys.readouterr().err
        assert "frames" not in said and ("JPEG artefacts" in said or "noise of" in said)
        answers.append(np.asarray(Image.open(tmp_path / f"{name}.png")))
    assert np.array_equal(*answers)


def test_such_a_jpeg_is_found_in_a_folder(tmp_path):
    source(tmp_path, "mpo")
    assert main(["batch", str(tmp_path), str(tmp_path / "out"), "--scale", "2"]) == 0
    assert held(tmp_path / "out" / "in-x2.mpo") == set(HOLDS["mpo"].split())


def test_webp_has_a_resolution(tmp_path):
    """In its EXIF, where it has a place; and it is read there."""
    write(tmp_path / "a.webp", PictureFile(np.zeros((20, 20, 3), np.uint8), dpi=(300, 200)))
    assert read_large(tmp_path / "a.webp").dpi == (300, 200)


def test_a_batch_says_once_what_answers_cannot_hold(tmp_path, capsys):
    for name in "ab":
        shutil.move(source(tmp_path, "jpg"), tmp_path / f"{name}.jpg")
    assert main(["batch", str(tmp_path), str(tmp_path / "out"), "--scale", "2", "--format", "gif"]) == 0
    said = capsys.readouterr().err
    assert said.count("IPTC") == 1 and "1 more" in said
