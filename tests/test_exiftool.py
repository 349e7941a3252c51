"""What belongs to a picture, for every pair of formats, by the eyes of exiftool: kept, scaled, or said to be lost."""

import json
import os
import shutil
import struct
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageCms

from smssr_infer.io import formats
from smssr_infer.io.reading import read_large
from smssr_infer.io.writing import left_out, write

pytestmark = pytest.mark.skipif(not shutil.which("exiftool") and "SMSSR_NEED_EXIFTOOL" not in os.environ,
                                reason="exiftool is not installed")

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
WIDE, HIGH, SCALE = 20, 24, 2

READ = ("jpg", "mpo", "png", "tif", "webp", "avif", "heic", "jxl", "gif", "jp2", "bmp", "ppm", "tga", "psd")
WRITTEN = ("jpg", "png", "tif", "webp", "avif", "heic", "jxl", "gif", "jp2", "bmp", "ppm", "tga", "pdf", "ico", "qoi")

KEPT = {
    "EXIF": {"IFD0:Artist": "Ada Ärmel", "IFD0:Copyright": "© 2026 Ada", "IFD0:ImageDescription": "a cat on a wall", "IFD0:Make": "Maker",
             "IFD0:Model": "Model 5", "IFD0:Software": "Camera 1.0", "IFD0:ModifyDate": "2020:01:02 03:04:05",
             "ExifIFD:DateTimeOriginal": "2020:01:02 03:04:06", "ExifIFD:OffsetTimeOriginal": "+02:00", "ExifIFD:ExposureTime": 0.008,
             "ExifIFD:FNumber": 2.8, "ExifIFD:ISO": 400, "ExifIFD:FocalLength": 35, "ExifIFD:LensModel": "35mm f/2",
             "ExifIFD:SerialNumber": "12345", "ExifIFD:UserComment": "seen by Ada", "InteropIFD:InteropIndex": "R03",
             "GPS:GPSLatitudeRef": "N", "GPS:GPSLatitude": 52.5, "GPS:GPSAltitude": 34.5},
    "XMP": {"XMP-dc:Title": "Die “Katze”", "XMP-dc:Subject": ["cat", "wall"], "XMP-xmp:Rating": 4, "XMP-xmpRights:Marked": True,
            "XMP-photoshop:City": "Köln"},
    "IPTC": {"IPTC:Keywords": ["cat", "wall"], "IPTC:By-line": "Ada", "IPTC:Caption-Abstract": "a cat on a wall", "IPTC:City": "Köln"},
    "comment": {"File:Comment": "a comment"},
    "colour profile": {"ICC-header:ColorSpaceData": "RGB "},
}
"""What goes over as it is, by what is said of it where a format cannot hold it; names and groups are exiftool's."""
SCALED = {"EXIF": {"ExifIFD:ExifImageWidth": WIDE, "ExifIFD:ExifImageHeight": HIGH, "ExifIFD:FocalPlaneXResolution": 1000},
          "XMP": {"XMP-tiff:ImageWidth": WIDE, "XMP-exif:ExifImageHeight": HIGH, "XMP-mwg-rs:RegionAppliedToDimensionsW": WIDE},
          "resolution": {"XResolution": 300}}
"""What is so many times as large, or as fine."""
GONE = {"ExifIFD:CompressedBitsPerPixel": 2, "XMP-xmp:ThumbnailsFormat": "JPEG", "XMP-hdrgm:Version": "1.0", "IFD1:Compression": 6}
"""What holds for the old file alone."""

ALSO = {"File:Comment": ("PNG:Comment", "GIF:Comment", "Jpeg2000:Comment"), "XResolution": (
    "PNG-pHYs:PixelsPerUnitX", "JFIF:XResolution", "File:PixelsPerMeterX", "Photoshop:XResolution", "IFD0:XResolution")}
"""Under which names formats have the same."""
UNSEEN = {("jp2", "File:Comment"), ("pdf", "XResolution")}
"""Where exiftool does not look: into the code of JPEG 2000, and for what a PDF's page measures."""
INCH = 0.0254


def exiftool(*words):
    """What it prints."""
    done = subprocess.run(["exiftool", "-q", "-m", *map(str, words)], capture_output=True, text=True, check=False)
    return done.stdout


def found(paths):
    """All tags of files, by file, with the family that they are in."""
    listed = exiftool("-json", "-n", "-G1", "-a", "-charset", "iptc=utf8", *paths)
    return {os.path.basename(row["SourceFile"]): row for row in json.loads(listed)}


def of(tags, name):
    """A tag's value, wherever its format has it."""
    for key in (name, *ALSO.get(name, ())):
        if key in tags:
            value = tags[key]
            return value * INCH if "Pixels" in key else value
    return None


def psd(pixels):
    """A picture as Photoshop writes one without layers."""
    header = b"8BPS" + struct.pack(">HxxxxxxHIIHH", 1, 3, *pixels.shape[:2], 8, 3)
    return header + bytes(12) + b"\0\0" + pixels.transpose(2, 0, 1).tobytes()


def source(folder, ending):
    """A picture with all that exiftool can write into its format."""
    path = folder / f"in.{ending}"
    picture = Image.effect_mandelbrot((WIDE, HIGH), (-2, -1, 1, 1), 20).convert("RGB")
    options = {"dpi": (300, 300)}
    if ending in ("jpg", "png", "tif", "webp", "avif", "heic", "mpo"):
        options["icc_profile"] = SRGB
    if ending in ("gif", "jp2"):
        options["comment"] = b"a comment"
    if ending == "psd":
        path.write_bytes(psd(np.asarray(picture)))
    else:
        format_ = formats.named(path.suffix)
        formats.install(format_)
        picture.save(path, **options, **({"use_container": True} if ending == "jxl" else {}))
    with_exif = {} if ending in ("gif", "bmp", "ppm", "tga") else {"EXIF": {**KEPT["EXIF"], **SCALED["EXIF"]}, "IPTC": KEPT["IPTC"]}
    given = {**{name: value for group in (*with_exif.values(), KEPT["XMP"], SCALED["XMP"]) for name, value in group.items()}, **GONE}
    words = []
    for name, value in given.items():
        if "mwg-rs" in name:
            continue  # with its region, below
        words += [f"-{name}#={each}" for each in (value if isinstance(value, list) else [value])]
    if ending in ("jpg", "mpo"):
        words.append("-Comment=a comment")
    if ending == "png":
        words.append("-PNG:Comment=a comment")
    face = "{Name=Ada,Type=Face,Area={X=0.5,Y=0.5,W=0.2,H=0.1}}"
    exiftool("-overwrite_original", "-codedcharacterset=utf8", *words, "-struct",
             f"-RegionInfo={{AppliedToDimensions={{W={WIDE},H={HIGH},Unit=pixel}},RegionList=[{face}]}}", path)
    return path


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Tags of every source, and of every result with what was said of it."""
    folder = tmp_path_factory.mktemp("exiftool")
    results = {}
    sources = [source(folder, ending) for ending in READ]
    for path in sources:
        file = read_large(path)
        pixels = np.ascontiguousarray(np.kron(file.pixels, np.ones((SCALE, SCALE, 1), np.uint8)))
        for ending in WRITTEN:
            target = folder / f"{path.suffix[1:]}.{ending}"
            said = left_out(target, file, HIGH * SCALE, WIDE * SCALE) or ""
            write(target, file.with_pixels(pixels))
            results[target.name] = said
    tags = found([*sources, *(folder / name for name in results)])
    return {path.name: tags[path.name] for path in sources}, {name: (said, tags[name]) for name, said in results.items()}


def test_the_sources_have_what_is_looked_for(pairs):
    """Else nothing below could fail."""
    sources = pairs[0]
    counts = {name: sum(of(tags, tag) is not None for group in (*KEPT.values(), *SCALED.values(), GONE) for tag in group)
              for name, tags in sources.items()}
    assert counts["in.jpg"] == counts["in.png"] == 40
    assert min(counts[f"in.{ending}"] for ending in ("tif", "webp", "avif", "heic", "jxl", "jp2", "psd", "mpo")) >= 34
    assert counts["in.gif"] == 9


@pytest.mark.parametrize("ending", WRITTEN)
@pytest.mark.parametrize("start", READ)
def test_kept_scaled_or_said(pairs, start, ending):
    sources, results = pairs
    before, (said, after) = sources[f"in.{start}"], results[f"{start}.{ending}"]
    wrong = []
    for groups, factor in ((KEPT, 1), (SCALED, SCALE)):
        for words, group in groups.items():
            for name in group:
                old, new = of(before, name), of(after, name)
                if old is None:
                    continue
                if new is None:
                    if words not in said and (ending, name) not in UNSEEN and not ("Comment" in name and "texts" in said):
                        wrong.append(f"{name} is lost in silence")
                elif new != (pytest.approx(old * factor, rel=1e-3) if type(old) in (int, float) else old):
                    wrong.append(f"{name}: {old} became {new}")
    wrong += [f"{name} is of the old file" for name in GONE if name in after]
    if wrong:
        pytest.fail(f"{chr(10).join(wrong)}\nsaid: {said}")
