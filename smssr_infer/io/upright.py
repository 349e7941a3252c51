"""Pictures that were taken turned, as EXIF's orientation says, set upright: whole, or window by window."""

from __future__ import annotations

import numpy as np

from .block_reader import Blocks

SIDEWAYS, ROWS_BACK, COLUMNS_BACK = (5, 6, 7, 8), (3, 4, 7, 8), (2, 3, 6, 7)
"""Orientations of which rows become columns, and then the order of rows, of columns, is turned round."""


def upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Pixels turned as EXIF's orientation (1 … 8) says."""
    if orientation in SIDEWAYS:
        pixels = pixels.swapaxes(0, 1)
    if orientation in ROWS_BACK:
        pixels = pixels[::-1]
    if orientation in COLUMNS_BACK:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


class Upright(Blocks):
    """Blocks of another file, turned as EXIF's orientation says."""

    def __init__(self, blocks: Blocks, orientation: int):
        self._blocks, self._orientation = blocks, orientation
        (height, width, channels), (tall, wide) = blocks.shape, blocks.block
        if orientation in SIDEWAYS:
            height, width, tall, wide = width, height, wide, tall
        super().__init__(blocks.path, (height, width, channels), blocks.dtype, (tall, wide))

    def load(self, row: int, column: int) -> np.ndarray:
        """A block as large as the file's own, which may lie across four of those."""
        (height, width, _), (tall, wide) = self.shape, self.block
        rows, columns = (row * tall, min(height, (row + 1) * tall)), (column * wide, min(width, (column + 1) * wide))
        if self._orientation in COLUMNS_BACK:
            columns = width - columns[1], width - columns[0]
        if self._orientation in ROWS_BACK:
            rows = height - rows[1], height - rows[0]
        if self._orientation in SIDEWAYS:
            rows, columns = columns, rows
        pixels = upright(self._blocks[slice(*rows), slice(*columns)], self._orientation)
        self.numberless |= self._blocks.numberless
        return pixels
