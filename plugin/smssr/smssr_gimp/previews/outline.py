"""The selection's edge, drawn into the pixels of a preview without NumPy: what is selected differs from its neighbour there."""

DASH = 4
"""Pixels of a dash, black and white in turn."""

THRESHOLD = bytes(n > 127 for n in range(256))


def edges(mask, width, height):
    """Where a mask, bytes of width × height, passes the middle: an iterator of (x, y)."""
    above = None
    for y in range(height):
        row = mask[y * width:(y + 1) * width].translate(THRESHOLD)
        changes = int.from_bytes(row, "big") ^ int.from_bytes(row[:1] + row[:-1], "big")
        if above is not None:
            changes |= int.from_bytes(row, "big") ^ int.from_bytes(above, "big")
        above = row
        found = changes.to_bytes(width, "big")
        x = found.find(1)
        while x >= 0:
            yield x, y
            x = found.find(1, x + 1)


def draw(pixels, stride, channels, mask, width, height):
    """Draw the edge into `pixels`, a bytearray of rows `stride` bytes apart, red, green and blue first of a pixel's `channels`."""
    for x, y in edges(mask, width, height):
        at = y * stride + channels * x
        pixels[at:at + 3] = b"\xff\xff\xff" if (x + y) // DASH % 2 else b"\0\0\0"
