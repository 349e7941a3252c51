"""The soft rim of a scratch that was marked too tightly."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

import smssr_infer as smssr
from smssr_infer.analysis.rims import MOST, with_rims
from smssr_infer.arrays.large import in_memory
from smssr_infer.engine import handlers, protocol


@pytest.fixture
def scratched(chelsea):
    """A photograph 160 × 160, the same with two soft scratches, and how opaque those are."""
    truth = (chelsea[60:220, 180:340] / 255).astype(np.float32)
    drawn = Image.new("L", (160, 160))
    draw = ImageDraw.Draw(drawn)
    draw.line([(20, 10), (70, 150)], fill=255, width=4)
    draw.line([(90, 140), (150, 20)], fill=255, width=3)
    alpha = np.asarray(drawn.filter(ImageFilter.GaussianBlur(0.9)), np.float32) / 255
    return truth, truth * (1 - alpha[..., None]) + 0.95 * alpha[..., None], alpha


def psnr(a, b, where):
    return -10 * np.log10(np.mean((a - b)[where] ** 2))


def test_what_is_marked_too_tightly_leaves_no_ghost(scratched):
    """Its core alone is marked: filled with its rim, it is 5 dB nearer to what was there."""
    truth, x, alpha = scratched
    tight, whole = alpha > 0.6, alpha > 0.02
    filled = [psnr(smssr.restore(x, fill=mask), truth, whole) for mask in (tight, with_rims(in_memory(x), tight), whole)]
    assert filled[1] > filled[0] + 5
    assert filled[2] > filled[1]  # all of it, known beforehand


def test_a_mark_with_room_around_it_hardly_grows(scratched):
    _truth, x, alpha = scratched
    from scipy import ndimage

    roomy = ndimage.binary_dilation(alpha > 0.02, np.ones((3, 3)), 2)
    most = ndimage.binary_dilation(roomy, np.ones((3, 3)), MOST) & ~roomy
    grown = with_rims(in_memory(x), roomy)
    assert (grown & ~roomy).sum() < 0.01 * most.sum()
    assert grown[roomy].all()


def test_tiles_change_nothing(scratched, monkeypatch):
    _truth, x, alpha = scratched
    once = with_rims(in_memory(x), alpha > 0.6)
    monkeypatch.setattr("smssr_infer.analysis.rims.TILE", 50)
    assert (with_rims(in_memory(x), alpha > 0.6) != once).mean() < 1e-3  # a margin ends where a Gaussian is cut off


def test_the_engine_grows_what_it_fills(scratched):
    """`Rims` is what `Restore(rims=True)` fills; one that would be too wide to be filled stays as it was."""
    _truth, x, alpha = scratched
    engine, answers = handlers.Engine(io.BytesIO()), []
    engine.answer = lambda number, header, payload=b"": answers.append((header, bytes(payload)))

    def asked(*requests):
        answers.clear()
        for request in requests:
            payload = request[1] if isinstance(request, tuple) else b""
            engine.serve({"id": 1, **(request[0] if isinstance(request, tuple) else request).header()}, payload)
        tiles = sorted(((header["tile"], payload) for header, payload in answers if "tile" in header), key=lambda one: one[0])
        return np.frombuffer(b"".join(payload for _tile, payload in tiles), np.float32)

    tight = (alpha > 0.6).astype(np.float32)
    put = (protocol.Put(1, 160, 160, 3, 0, 160), x.tobytes())
    grown = asked(put, (protocol.Put(2, 160, 160, 1, 0, 160), tight.tobytes()), protocol.Rims(1, 2)).reshape(160, 160)
    assert np.array_equal(grown > 0, with_rims(in_memory(x), tight > 0))
    by_itself = asked(protocol.Restore(1, fill=2, rims=True))
    marked = asked((protocol.Put(2, 160, 160, 1, 0, 160), np.ascontiguousarray(grown).tobytes()), protocol.Restore(1, fill=2))
    assert np.array_equal(by_itself, marked)
    wide = np.zeros((160, 160), np.float32)
    wide[60:90, 60:90] = 1
    white = x.copy()
    white[58:92, 58:92] = 1
    same = asked((put[0], white.tobytes()), (protocol.Put(2, 160, 160, 1, 0, 160), wide.tobytes()), protocol.Rims(1, 2))
    assert np.array_equal(same.reshape(160, 160), wide)
