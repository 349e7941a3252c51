"""XMP of a picture that has become larger: what it says of the old grid is scaled, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.dom import Node, minidom
from xml.dom.expatbuilder import parseString
from xml.parsers.expat import ExpatError

KNOWN = {"tiff": "http://ns.adobe.com/tiff/1.0/", "exif": "http://ns.adobe.com/exif/1.0/",
         "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/", "stArea": "http://ns.adobe.com/xmp/sType/Area#",
         "stDim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#", "GPano": "http://ns.google.com/photos/1.0/panorama/",
         "xmp": "http://ns.adobe.com/xap/1.0/", "xmpNote": "http://ns.adobe.com/xmp/note/", "photoshop": "http://ns.adobe.com/photoshop/1.0/",
         "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/", "Container": "http://ns.google.com/photos/1.0/container/"}
"""Namespaces by their usual prefixes, which some programs do not declare."""
TIFF, EXIF, REGIONS, AREA, DIMENSIONS, PANORAMA = (KNOWN[key] for key in ("tiff", "exif", "mwg-rs", "stArea", "stDim", "GPano"))

GAIN_MAPS = {KNOWN["hdrgm"], "http://ns.apple.com/HDRGainMap/1.0/"}
BESIDE = {*GAIN_MAPS, "http://ns.apple.com/pixeldatainfo/1.0/", *(f"http://ns.google.com/photos/1.0/{name}/" for name in (
    "container", "container/item", "camera", "depthmap", "image", "audio", "focus", "vrlens"))}
"""What these describe are further pictures, maps and sounds in the old file."""
OF_FILE = {(TIFF, name) for name in (
    "BitsPerSample", "Compression", "PhotometricInterpretation", "SamplesPerPixel", "PlanarConfiguration", "YCbCrSubSampling",
    "YCbCrPositioning", "XResolution", "YResolution", "ResolutionUnit", "NativeDigest")}
GONE = OF_FILE | {(EXIF, "NativeDigest"), (EXIF, "CompressedBitsPerPixel"), (KNOWN["xmp"], "Thumbnails"),
                  (KNOWN["xmpNote"], "HasExtendedXMP"), (KNOWN["photoshop"], "TextLayers"), (KNOWN["photoshop"], "DocumentAncestors")}
SIDES = {(TIFF, "ImageWidth"): 0, (TIFF, "ImageLength"): 1, (EXIF, "PixelXDimension"): 0, (EXIF, "PixelYDimension"): 1,
         (DIMENSIONS, "w"): 0, (DIMENSIONS, "h"): 1}
"""Lengths in pixels, across and down; so are a panorama's, which say it in their names."""

DEEPEST = 100
Name = tuple[str, str]


def _named(name: str, scope: dict[str, str], default: str) -> Name:
    prefix, _, local = name.rpartition(":")
    return (scope.get(prefix, KNOWN.get(prefix, prefix)) if prefix else default), local


def _walk(element: minidom.Element, scope: dict[str, str], depth: int = 0) -> Iterator[tuple[minidom.Element, Name, dict[str, str]]]:
    """Every element with its name and the prefixes that hold there; what is removed meanwhile is not gone into."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    scope = scope | {key.partition(":")[2]: value for key, value in element.attributes.items() if key.split(":")[0] == "xmlns"}
    yield element, _named(element.tagName, scope, scope.get("", "")), scope
    for child in list(element.childNodes):
        if child.nodeType == Node.ELEMENT_NODE and child.parentNode is element:
            yield from _walk(child, scope, depth + 1)


def _text(element: minidom.Element) -> str:
    return "".join(child.data for child in element.childNodes if child.nodeType == Node.TEXT_NODE)


def _set_text(element: minidom.Element, text: str) -> None:
    for child in list(element.childNodes):
        element.removeChild(child)
    node = minidom.Text()
    node.data = text
    element.appendChild(node)


def _remove(element: minidom.Element) -> None:
    if isinstance(parent := element.parentNode, minidom.Element):
        parent.removeChild(element)


def _edited(xmp: bytes, edit: Callable[[Name, str], str | None]) -> bytes | None:
    """XMP whose properties are what `edit(name, value)` makes of them, None taking them out; None for what is no XMP.

    The value of a property that has parts is empty, and stays what it is unless it is taken out.
    """
    try:
        document = parseString(xmp.strip(b"\0 \r\n\t"), namespaces=False)
        root = document.documentElement
        if document.doctype or not root:  # XMP never has the former, which could make a short text a very long one
            return None
        for element, name, scope in _walk(root, {}):
            whole = not any(child.nodeType == Node.ELEMENT_NODE for child in element.childNodes)
            text = _text(element) if whole else ""
            if (new := edit(name, text)) is None and element is not root:
                _remove(element)
                continue
            if whole and new is not None and new != text:
                _set_text(element, new)
            for key, value in list(element.attributes.items()):
                if key.split(":")[0] not in ("xmlns", "xml"):
                    changed = edit(_named(key, scope, ""), value)
                    if changed is None:
                        element.removeAttribute(key)
                    elif changed != value:
                        element.setAttribute(key, changed)
        return "".join(node.toxml() for node in document.childNodes).encode()
    except (ExpatError, ValueError, LookupError):  # not well-formed, too deep, in an unknown encoding
        return None


def has_gain_map(xmp: bytes) -> bool:
    """Whether XMP speaks of a gain map, by which the same file can be shown in high dynamic range."""
    return any(name.encode() in xmp for name in GAIN_MAPS)


def upright(xmp: bytes, turn: int) -> bytes | None:
    """XMP of a picture whose pixels have been turned from EXIF's orientation `turn`; None for what is no XMP.

    What describes parts of the old file beside the picture is left out.
    """
    def edit(name: Name, value: str) -> str | None:
        if name[0] in BESIDE or name in GONE or (turn != 1 and name[0] == PANORAMA):
            return None
        return "1" if name == (TIFF, "Orientation") else value

    plain = _edited(xmp, edit)
    return _turned(plain, turn) if plain and turn != 1 else plain


def sized(xmp: bytes, across: float, down: float, height: int, width: int) -> bytes | None:
    """XMP, as `upright` gives it, of a picture so many times as large, which now has that height and width."""
    def edit(name: Name, value: str) -> str | None:
        kind = SIDES.get(name)
        if name[0] == PANORAMA and re.search("(Width|Left|Right)(Pixels)?$|(Height|Top|Bottom)(Pixels)?$", name[1]):
            kind = 0 if re.search("Width|Left|Right", name[1].removesuffix("Pixels")[-6:]) else 1
        if kind is None or not re.fullmatch(r"\s*\d+(\.\d+)?\s*", value):
            return value
        if name[0] in (TIFF, EXIF):
            return str((width, height)[kind])
        return str(round(float(value) * (across, down)[kind]))

    return _edited(xmp, edit)


def _turned(xmp: bytes, turn: int) -> bytes | None:
    """XMP whose regions (faces, say), given in shares of the picture as it lay, lie on it as it stands."""
    document = parseString(xmp, namespaces=False)
    root = document.documentElement
    assert root
    for element, _, scope in _walk(root, {}):
        keys = {_named(key, scope, ""): key for key in dict(element.attributes.items())}
        children = {_named(child.tagName, scope, scope.get("", "")): child for child in element.childNodes
                    if child.nodeType == Node.ELEMENT_NODE}

        def get(name: Name, keys: dict = keys, children: dict = children, element: minidom.Element = element) -> str | None:
            return element.getAttribute(keys[name]) if name in keys else _text(children[name]) if name in children else None

        def put(name: Name, value: str, keys: dict = keys, children: dict = children, element: minidom.Element = element) -> None:
            if name in keys:
                element.setAttribute(keys[name], value)
            else:
                _set_text(children[name], value)

        for space, names in ((AREA, "xywh"), (DIMENSIONS, "wh")):
            values = [get((space, name)) for name in names]
            if None in values[-2:] and None in values[:2]:
                continue
            new = _lying(dict(zip(names, values, strict=True)), turn)
            for name, value in new.items():
                if value is not None and get((space, name)) is not None:
                    put((space, name), value)
    return "".join(node.toxml() for node in document.childNodes).encode()


def _lying(area: dict[str, str | None], turn: int) -> dict[str, str | None]:
    """A region's middle and size as they lie once the picture is turned upright."""
    def less(value: str | None) -> str | None:
        try:
            return None if value is None else f"{1 - float(value):.6g}"
        except ValueError:
            return value

    out = dict(area)
    if turn in (5, 6, 7, 8):
        out["w"], out["h"] = out["h"], out["w"]
        if "x" in out:
            out["x"], out["y"] = out["y"], out["x"]
    if turn in (3, 4, 7, 8) and "y" in out:
        out["y"] = less(out["y"])
    if turn in (2, 3, 6, 7) and "x" in out:
        out["x"] = less(out["x"])
    return out
