"""XMP of a picture that was turned upright and became larger."""

import pytest

from smssr_infer.io import xmp

SPACES = ("xmlns:tiff='http://ns.adobe.com/tiff/1.0/' xmlns:GPano='http://ns.google.com/photos/1.0/panorama/' "
          "xmlns:r='http://www.metadataworkinggroup.com/schemas/regions/' xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' "
          "xmlns:stDim='http://ns.adobe.com/xap/1.0/sType/Dimensions#' xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/' "
          "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:xmpNote='http://ns.adobe.com/xmp/note/' "
          "xmlns:C='http://ns.google.com/photos/1.0/container/' xmlns:dc='http://purl.org/dc/elements/1.1/'")


def packet(attributes: str = "", inside: str = "", spaces: str = SPACES) -> bytes:
    return (f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
            f"<rdf:Description rdf:about='' {spaces} {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>").encode()


@pytest.mark.parametrize("written", [packet("tiff:Orientation='6'"), packet('tiff:Orientation = "6"'),
                                     packet(inside="<tiff:Orientation>6</tiff:Orientation>"),
                                     packet(inside="<tiff:Orientation\n> 6 </tiff:Orientation >"),
                                     packet("t:Orientation='8'", spaces="xmlns:t='http://ns.adobe.com/tiff/1.0/'"),
                                     packet("tiff:Orientation='8'", spaces=""),
                                     packet(inside="<Orientation xmlns='http://ns.adobe.com/tiff/1.0/'>3</Orientation>")])
def test_orientation_however_it_is_written(written):
    said = xmp.upright(written, 6)
    assert said and (b'Orientation="1"' in said or b">1</" in said)
    assert not any(f"Orientation={quote}{number}".encode() in said or f">{number}<".encode() in said for quote in "'\"" for number in "368")


def test_what_only_looks_like_an_orientation_stays():
    said = xmp.upright(packet("o:Orientation='6'", "<dc:title>tiff:Orientation='6'</dc:title>", SPACES + " xmlns:o='http://other/'"), 6)
    assert said and b'o:Orientation="6"' in said and b"tiff:Orientation='6'" in said.replace(b"&apos;", b"'")


def test_what_was_beside_the_picture_is_not_claimed_any_more():
    thumbnails = "<xmp:Thumbnails><rdf:Alt><rdf:li>abcd</rdf:li></rdf:Alt></xmp:Thumbnails>"
    container = "<C:Directory><rdf:Seq><rdf:li C:Item='gain'/></rdf:Seq></C:Directory>"
    said = xmp.upright(packet("hdrgm:Version='1.0' xmpNote:HasExtendedXMP='0123' tiff:Compression='6' dc:format='image/jpeg'",
                              thumbnails + container + "<hdrgm:GainMapMax>3</hdrgm:GainMapMax>"), 1)
    assert said and xmp.has_gain_map(packet("hdrgm:Version='1.0'"))
    assert b'dc:format="image/jpeg"' in said
    assert not any(word in said for word in (b"Version", b"0123", b"abcd", b"gain\"", b"GainMapMax", b"Compression"))


def test_sizes_are_scaled():
    said = xmp.sized(packet("tiff:ImageWidth='30' tiff:ImageLength='20' GPano:CroppedAreaImageWidthPixels='30' "
                            "GPano:FullPanoHeightPixels='25' GPano:CroppedAreaTopPixels='5' GPano:PoseHeadingDegrees='90'",
                            "<r:AppliedToDimensions stDim:w='30' stDim:h='20' stDim:unit='pixel'/><dc:title>30</dc:title>"), 2, 3, 60, 60)
    assert said
    for words in (b'ImageWidth="60"', b'ImageLength="60"', b'CroppedAreaImageWidthPixels="60"', b'FullPanoHeightPixels="75"',
                  b'CroppedAreaTopPixels="15"', b'PoseHeadingDegrees="90"', b'stDim:w="60"', b'stDim:h="60"', b"<dc:title>30<"):
        assert words in said


@pytest.mark.parametrize(("turn", "x", "y", "w", "h"), [
    (1, 0.25, 0.1, 0.2, 0.4), (2, 0.75, 0.1, 0.2, 0.4), (3, 0.75, 0.9, 0.2, 0.4), (4, 0.25, 0.9, 0.2, 0.4), (5, 0.1, 0.25, 0.4, 0.2),
    (6, 0.9, 0.25, 0.4, 0.2), (7, 0.9, 0.75, 0.4, 0.2), (8, 0.1, 0.75, 0.4, 0.2)])
@pytest.mark.parametrize("attributes", [True, False])
def test_faces_turn_with_the_picture(turn, x, y, w, h, attributes):
    sides = dict(zip("xywh", ("0.25", "0.1", "0.2", "0.4"), strict=True))
    area = (f"<r:Area {' '.join(f'stArea:{k}={v!r}' for k, v in sides.items())}/>" if attributes else
            f"<r:Area>{''.join(f'<stArea:{k}>{v}</stArea:{k}>' for k, v in sides.items())}</r:Area>")
    said = (xmp.upright(packet(inside=area), turn) or b"").decode()
    for key, value in zip("xywh", (x, y, w, h), strict=True):
        assert (f'stArea:{key}="{value:g}"' if attributes else f"<stArea:{key}>{value:g}</") in said


@pytest.mark.parametrize("damaged", [b"", b"<x", b"\xff\xfe\0", packet()[:-20],
                                     b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + packet("dc:title='&a;'"),
                                     b"<a>" * 5000 + b"</a>" * 5000, b"<?xml version='1.0' encoding='no-such'?>" + packet()])
def test_what_is_no_xmp(damaged):
    assert xmp.upright(damaged, 6) is None
