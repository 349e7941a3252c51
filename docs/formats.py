"""Write the table of formats in docs/files-and-models.md, from the rows of smssr_infer/io/formats.py.

    python docs/formats.py
"""

from __future__ import annotations

from pathlib import Path

from smssr_infer.io.formats import FORMATS, RAW, ZARR, Format

PAGE = Path(__file__).parent / "files-and-models.md"
BEGIN, END = "<!-- formats: python docs/formats.py -->\n", "<!-- end of formats -->\n"
USUAL = {"PNG": ".png", "TIFF": ".tif", ZARR: ".zarr", "JPEG": ".jpg", "WEBP": ".webp", "AVIF": ".avif", "GIF": ".gif", "JPEG2000": ".jp2",
         "BMP": ".bmp", "PDF": ".pdf", "PPM": ".ppm .pgm", "PCX": ".pcx", "EPS": ".eps", "ICO": ".ico", "QOI": ".qoi", "FLI": ".fli"}
"""The endings that the page names of formats that Pillow knows."""
LEFT_OUT = {"DIB", "WMF", "MPEG", "BUFR", "GRIB", "HDF5", "BLP", "ICNS", "MSP", "PALM", "SPIDER", "XBM"}


def line(row: Format) -> str:
    """A format's line."""
    if row.unread:
        return f"| {row.called} ({' '.join(row.endings)}) | no: {row.unread} | | | | | |"
    endings = "such as .nef .cr3 .dng" if row.name == RAW else USUAL.get(row.name) or " ".join(row.endings)
    name = f"{row.called} ({endings})" + (f", with `smssr[{row.extra}]`" if row.extra else "")
    does = "read and written" if row.encoder and row.name not in ("PDF",) else "written" if row.encoder else "read"
    bits = "float" if row.floats else "16" if row.deep else "16 read" if row.name == RAW else "8"
    if row.name in ("HEIF", "JXL", "JPEG2000"):
        bits = "16 read, 8 written"
    options = [word for word, can in (("`--quality`", row.quality), ("`--subsampling`", row.subsampling), ("`--compression`", row.packed),
                                      ("`--lossless`", row.without_loss)) if can]
    largest = "64 Gpx" if row.large else f"{row.longest_side} px a side" if row.longest_side else ""
    cells = [name, does, bits, "yes" if row.alpha and row.encoder else "", row.frames, " ".join(options), largest]
    return f"| {' | '.join(cells)} |"


def table() -> str:
    """All lines."""
    head = ["| format | | bits a channel | transparency | several pictures | options | largest |",
            "| --- | --- | --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(line(row) for row in FORMATS.values() if row.name not in LEFT_OUT)]) + "\n"


def page() -> str:
    """The page with the table as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
