"""Video through standard input and output: each frame as it comes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from ..recipe import Recipe


def comes(arguments: argparse.Namespace) -> BinaryIO | None:
    """Standard input, if that is a command's input and a video; else None, and nothing was read. Raises ValueError as `pipes.opened`."""
    from ..io import pipes, y4m

    if str(arguments.input) != pipes.STANDARD:
        return None
    stream = pipes.opened(arguments.input)
    return stream if stream.peek(len(y4m.MAGIC)).startswith(y4m.MAGIC) else None  # type: ignore[attr-defined]


def run_video(stream: BinaryIO, arguments: argparse.Namespace, recipe: Recipe) -> None:
    """Run a recipe on every frame that comes, and send what becomes of it on. Raises ValueError, in one line, where that cannot be."""
    from ..io import masks, pipes, y4m
    from ..io.moving import Moving
    from ..runtime import Runtime
    from .recipe_options import say

    if str(arguments.output) != pipes.STANDARD:
        raise ValueError("a video goes on through standard output: ffmpeg … | smssr upscale - - | ffmpeg …")
    if sys.stdout is None or sys.stdout.isatty():
        raise ValueError("standard output is a terminal; send the video on: smssr upscale - - | ffmpeg -i - OUT")
    video = y4m.read_header(stream)
    larger = video.sized(*recipe.size((video.height, video.width)))
    moving = Moving(masks.read_for(recipe, Path(pipes.STANDARD), (video.height, video.width), say), Runtime(),
                    lively=arguments.lively)
    out, frames = sys.stdout.buffer, 0
    while (pixels := y4m.read_frame(stream, video)) is not None:
        made = moving.next(pixels)
        if not frames:
            for words in moving.remarks:
                say(f"the first frame {words}")
            out.write(larger.header())
        y4m.write_frame(out, larger, made)
        frames += 1
    sys.stdout.flush()
    if not frames:
        raise ValueError("the video has no frames")
