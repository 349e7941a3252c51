"""Whether bfloat16 makes training faster on this machine."""

from __future__ import annotations

import functools

import torch


@functools.cache
def bfloat16_pays() -> bool:
    """Whether there is a GPU or a processor with AVX-512: with AVX2 alone bfloat16 is emulated, ten times slower than float32."""
    return torch.cuda.is_available() or torch.backends.cpu.get_cpu_capability().startswith("AVX512")
