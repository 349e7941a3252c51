"""Which way a texture lies: the flow of pictures, and angles that users give."""

import numpy as np
import pytest

from smssr_infer.analysis import cell_sums
from smssr_infer.analysis.drawn_lines import Along
from smssr_infer.analysis.flow import Flow, Given, Headed, Turned, cosine_and_sine, unit
from smssr_infer.arrays.pixels import Picture


def stripes(degrees, side=240):
    """Lines that lie `degrees` counter-clockwise from level."""
    rows, columns = np.mgrid[:side, :side]
    across = rows * np.cos(np.radians(degrees)) + columns * np.sin(np.radians(degrees))
    return (0.5 + 0.3 * np.sin(across / 1.7)).astype(np.float32)


def angles(field, rows, columns):
    """Degrees, -90 … 90."""
    cosine, sine = field.planes(np.arange(*rows), np.arange(*columns))
    assert np.abs(np.hypot(cosine, sine) - 1).max() < 1e-3
    return np.degrees(np.arctan2(sine, cosine)) / 2


def off(found, wanted):
    """How far angles of lines are apart, degrees."""
    return np.abs((np.asarray(found) - wanted + 90) % 180 - 90)


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_flow_is_that_of_the_lines(degrees):
    assert off(angles(Flow(Picture(stripes(degrees))), (20, 220), (20, 220)), degrees).max() < 3


def test_flow_turns_with_the_picture():
    rows, columns = np.mgrid[-200:200, -200:200]
    rings = (0.5 + 0.3 * np.sin(np.hypot(rows, columns) / 1.7)).astype(np.float32)
    found = angles(Flow(Picture(rings)), (0, 400), (0, 400))
    wanted = np.degrees(np.arctan2(columns, rows))  # along the ring: across the radius, rows counting downwards
    far = np.hypot(rows, columns) > 60
    assert np.quantile(off(found, wanted)[far], 0.9) < 10


def test_places_that_cannot_say_ask_their_neighbours():
    picture = np.full((240, 400), 0.5, np.float32)
    picture[:, :240] = stripes(30)
    found = angles(Flow(Picture(picture)), (20, 220), (20, 380))
    assert np.quantile(off(found, 30), 0.9) < 12  # the border of the stripes has a way of its own


def test_a_flat_picture_is_level():
    assert off(angles(Flow(Picture(np.full((90, 70, 3), 90, np.uint8))), (0, 90), (0, 70)), 0).max() == 0


def test_threads_do_not_matter():
    picture = Picture(stripes(40, 700))
    assert np.array_equal(Flow(picture, 1).planes(np.arange(700), np.arange(700)), Flow(picture, 3).planes(np.arange(700), np.arange(700)))


def test_given_angles():
    assert off(angles(Given(30, 50, 60, "fur", 2), (3, 9), (5, 8)), 30).max() < 1e-3
    field = np.array([[10.0, 100.0]])
    found = angles(Given(field, 50, 60, "fur", 2), (0, 50), (0, 60))
    assert off(found[:, :30], 10).max() < 1e-3
    assert off(found[:, 30:], 100).max() < 1e-3
    Given(np.zeros((3, 5)), 64, 96, "fur", 2)  # coarse, as near to the picture's proportions as whole numbers allow
    for wrong, words in (("up", "degrees, an array"), (np.zeros((2, 2, 2)), "degrees, an array"), (None, "degrees, an array"),
                         (np.nan, "finite"),
                         (np.full((5, 6), np.nan), "finite")):
        with pytest.raises(ValueError, match=f"fur: a direction is {words}"):
            Given(wrong, 50, 60, "fur", 2)
    with pytest.raises(ValueError, match="fur: angles of 60×20 do not have the proportions of a picture of 60×50"):
        Given(np.zeros((20, 60)), 50, 60, "fur", 2)


def test_turned_by_a_constant():
    assert off(angles(Turned(Given(20, 9, 9, "fur", 2), 75, 2), (0, 9), (0, 9)), -55).max() < 1e-3
    assert np.allclose(cosine_and_sine(90, 2), (-1, 0), atol=1e-6)


def test_along_a_line_and_between_two():
    level, steep = [(0, 20), (200, 20)], [(0, 180), (100, 120), (200, 60)]
    assert np.abs(angles(Along([level]).field((200, 200), (200, 200), 2), (0, 200), (0, 200))).max() < 1e-3
    field = Along([level, steep]).field((200, 200), (200, 200), 2)
    assert abs(angles(field, (20, 21), (90, 110)).mean()) < 6
    assert abs(angles(field, (119, 121), (95, 105)).mean() - np.degrees(np.arctan2(60, 100))) < 6
    between = angles(field, (60, 100), (60, 140))
    assert 0 < between.min() < between.max() < 31


def test_lines_are_those_of_the_picture_in_every_size():
    lines = Along([[(0, 0), (150, 90)], [(10, 80), (60, 10)]])
    whole, half = lines.field((100, 160), (100, 160), 2), lines.field((100, 160), (50, 80), 2)
    apart = np.abs(angles(whole, (0, 100), (0, 160))[1::2, 1::2] - angles(half, (0, 50), (0, 80)))
    assert np.quantile(np.minimum(apart, 180 - apart), 0.95) < 3  # between two that cross, a step is large


@pytest.mark.parametrize("lines", [[], [[(1, 2)]], [[(1, 1), (1, 1)]], [[(1, 2, 3)]], [["a", "b"]], [[(0, 0), (np.nan, 1)]]])
def test_what_is_no_line(lines):
    with pytest.raises(ValueError, match="line"):
        Along(lines)


def heads(field, rows, columns):
    """Degrees, -180 … 180."""
    cosine, sine = field.planes(np.arange(*rows), np.arange(*columns))
    assert np.abs(np.hypot(cosine, sine) - 1).max() < 1e-3
    return np.degrees(np.arctan2(sine, cosine))


def turned(found, wanted):
    """How far angles of what has a head are apart, degrees."""
    return np.abs((np.asarray(found) - wanted + 180) % 360 - 180)


@pytest.mark.parametrize(("degrees", "wanted"), [(45, -135), (70, -110), (100, -80), (150, -30)])
def test_heads_hang_down(degrees, wanted):
    flow = Flow(Picture(stripes(degrees)))
    assert turned(heads(flow.headed, (20, 220), (20, 220)), wanted).max() < 3


def test_heads_agree_with_their_neighbours_past_the_vertical():
    """On the right of rings the angle of lines jumps from 90 to -90; the heads do not."""
    rows, columns = np.mgrid[-320:320, 120:440]
    flow = Flow(Picture((0.5 + 0.3 * np.sin(np.hypot(rows, columns) / 1.7)).astype(np.float32)))
    lines, found = (asked(field, (40, 600), (40, 280)) for asked, field in ((angles, flow), (heads, flow.headed)))
    assert np.abs(lines[1:] - lines[:-1]).max() > 150
    assert turned(found[1:], found[:-1]).max() < 20
    assert off(found, lines).max() < 1


def test_a_large_grid_agrees_as_a_small_one_does():
    angle = np.radians(np.linspace(-80, 260, 700))
    doubled = np.stack([np.cos(2 * angle), np.sin(2 * angle)]).astype(np.float32)[:, None].repeat(40, 1)
    found = Headed(doubled)._grid
    assert (found[:, :, 1:] * found[:, :, :-1]).sum(0).min() > 0.99


def test_along_a_line_from_its_first_point_to_its_last():
    for points in ([(0, 20), (200, 60)], [(200, 60), (0, 20)]):
        (left, top), (right, bottom) = points
        wanted = np.degrees(np.arctan2(top - bottom, right - left))
        assert turned(heads(Along([points]).field((200, 200), (200, 200), 1), (0, 200), (0, 200)), wanted).max() < 1


def test_given_heads():
    assert turned(heads(Turned(Given(200, 9, 9, "fur", 1), 20, 1), (0, 9), (0, 9)), 180).max() < 1e-3


def test_where_heads_turn_round_the_lines_go_on():
    side = 24 * cell_sums.CELL
    for centre in (11.5, 30.0):  # lines that bend round a point where they end, as in a fingerprint's loop: heads cannot agree all round it
        down, across = np.mgrid[:24, :24] - centre
        doubled = unit(np.stack([across, -down])).astype(np.float32)
        planes = Headed(doubled).planes(np.arange(side), np.arange(side))
        assert np.allclose(np.hypot(*planes), 1, atol=1e-4)
        lines = cell_sums.read(doubled, np.arange(side), np.arange(side))
        sure = np.hypot(*lines) > 0.5  # all but where they end
        assert sure.mean() > 0.98
        assert off(np.degrees(np.arctan2(planes[1], planes[0])), np.degrees(np.arctan2(lines[1], lines[0])) / 2)[sure].max() < 0.1
        turned = (planes[:, 1:] * planes[:, :-1]).sum(0) < 0, (planes[:, :, 1:] * planes[:, :, :-1]).sum(0) < 0
        assert (turned[0].sum() + turned[1].sum() > 0) == (centre < 24)


def test_at_large_a_flow_does_not_bend_after_a_scratch():
    picture = stripes(20, 640)
    picture[272:368, 272:368] = stripes(110, 640)[272:368, 272:368]
    flow = Flow(Picture(picture))
    inside = (312, 328), (312, 328)
    assert off(angles(flow, *inside), 110).max() < 5
    assert off(angles(flow.at_large, *inside), 20).max() < 5
    assert off(angles(flow.at_large, (100, 540), (100, 540)), 20).max() < 5
