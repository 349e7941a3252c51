"""What sizes of picture a network takes: at least so many pixels a side, a multiple of so many, square or not."""

from __future__ import annotations

import dataclasses

Range = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class SizeRequirements:
    """Of a picture that a graph is given, in its pixels."""

    minimum: int = 1
    multiple_of: int = 1
    """Windows that it looks at one by one begin at such multiples, too, so tiles are laid on them."""
    square: bool = False

    @property
    def least(self) -> int:
        """The least side that it takes."""
        return -(-self.minimum // self.multiple_of) * self.multiple_of

    def around(self, rows: Range, columns: Range) -> tuple[Range, Range]:
        """The smallest window of a size that it takes which holds rows × columns, from multiples on."""
        step = self.multiple_of
        begins = [lo // step * step for lo, _ in (rows, columns)]
        sides = [max(self.least, -(-(hi - begin) // step) * step) for begin, (_, hi) in zip(begins, (rows, columns), strict=True)]
        if self.square:
            sides = [max(sides)] * 2
        (top, bottom), (left, right) = ((begin, begin + side) for begin, side in zip(begins, sides, strict=True))
        return (top, bottom), (left, right)
