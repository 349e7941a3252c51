"""All baselines by name, and how large their papers say they are."""

from __future__ import annotations

from torch import nn

from .deep import EDSR, RDN, SPAN, MemNet, SRResNet
from .shallow import ESPCN, FSRCNN, SRCNN, LapSRN

COUNTS: dict[str, tuple[int, str]] = {
    "srcnn": (57_184, "weights alone, as in the paper (9-5-5, TPAMI 2016, table 1)"),
    "fsrcnn": (12_464, "weights alone, as in the paper (d = 56, s = 12, m = 4; ECCV 2016, §3.3)"),
    "espcn": (24_640, "weights alone, from the paper's layers 5-3-3 with 64 and 32 maps (CVPR 2016, §3.2)"),
    "lapsrn": (812_000, "the paper's 812k (CVPR 2017, figure 1); by its layers with 4×4 transposed convolutions 870k"),
    "srresnet": (1_550_000, "1.5 million in the authors' words (CVPR 2017)"),
    "edsr-baseline": (1_518_000, "the authors' code: 1.5 million (CVPRW 2017)"),
    "rdn": (22_300_000, "22.3 million (CVPR 2018, D = 16, C = 8, G = 64)"),
    "memnet": (677_000, "677k (ICCV 2017, M6R6)"),
    "span": (148_288, "exactly, as entered in a challenge of 2025: 0.148 million, 9.69 G multiply-adds for 256×256"),
}
"""Parameters as the papers (or their authors' code) give them; a test holds the modules to it."""

BASELINES: dict[str, type[nn.Module]] = {
    "srcnn": SRCNN, "fsrcnn": FSRCNN, "espcn": ESPCN, "lapsrn": LapSRN, "srresnet": SRResNet, "edsr-baseline": EDSR, "rdn": RDN,
    "memnet": MemNet, "span": SPAN}
