"""All baselines by name, and how large their papers say they are."""

from __future__ import annotations

import functools
from collections.abc import Callable

from torch import nn

from .any_scale import ASDN, MetaRDN
from .dense import DBDN, ESRGAN, RDN
from .recursive import DRCN, DRRN, VDSR, MemNet, MSLapSRN
from .reference import TTSR
from .residual import CSFM, EDSR, RCAN, SPAN, SRResNet
from .shallow import ESPCN, FSRCNN, SRCNN, LapSRN

COUNTS: dict[str, tuple[int, str]] = {
    "srcnn": (57_184, "weights alone, as in the paper (9-5-5, TPAMI 2016, table 1)"),
    "fsrcnn": (12_464, "weights alone, as in the paper (d = 56, s = 12, m = 4; ECCV 2016, §3.3)"),
    "espcn": (24_640, "weights alone, from the paper's layers 5-3-3 with 64 and 32 maps (CVPR 2016, §3.2)"),
    "vdsr": (665_000, "665k (CVPR 2016, 20 layers)"),
    "drcn": (1_775_000, "1,775k in DRRN's table 4 (CVPR 2017, d = 16, 256 maps)"),
    "drrn": (297_000, "297k (CVPR 2017, B1U25)"),
    "lapsrn": (812_000, "the paper's 812k (CVPR 2017, figure 1); by its layers with 4×4 transposed convolutions 870k"),
    "ms-lapsrn": (222_000, "222k (TPAMI 2018, D5R8); by its layers with a 4×4 transposed convolution 251k"),
    "memnet": (677_000, "677k (ICCV 2017, M6R6)"),
    "memnet-supervised": (677_000, "as memnet, and six numbers (ICCV 2017, §3.3)"),
    "memnet-m4": (435_000, "by the paper's layers (M4R6)"),
    "memnet-m3": (321_000, "by the paper's layers (M3R6)"),
    "srresnet": (1_550_000, "1.5 million in the authors' words (CVPR 2017)"),
    "edsr-baseline": (1_518_000, "the authors' code: 1.5 million (CVPRW 2017)"),
    "rcan": (15_592_000, "the authors' code: 15.59 million (ECCV 2018)"),
    "csfm": (12_220_000, "the authors' code, M = 8, B = 16 (TCSVT 2019)"),
    "rdn": (22_300_000, "22.3 million (CVPR 2018, D = 16, C = 8, G = 64)"),
    "dbdn": (27_290_000, "the authors' code and training script: 16 blocks of 8 convolutions, growth 64 (arXiv 1810.04873)"),
    "esrgan": (16_697_987, "exactly, as the authors' code (ECCVW 2018, 23 blocks)"),
    "meta-rdn": (22_420_000, "the authors' code: RDN without its enlargement, and 0.45 million that make filters (CVPR 2019)"),
    "asdn": (22_430_000, "by its layers: 16 dense attention blocks of 8 convolutions, growth 64, 11 levels (arXiv 2010.02414)"),
    "ttsr": (6_730_000, "the authors' code: 6.73 million with the texture extractor's 0.56 (CVPR 2020)"),
    "span": (148_288, "exactly, as entered in a challenge of 2025: 0.148 million, 9.69 G multiply-adds for 256×256"),
}
"""Parameters as the papers (or their authors' code) give them; a test holds the modules to it."""

BASELINES: dict[str, Callable[..., nn.Module]] = {
    "srcnn": SRCNN, "fsrcnn": FSRCNN, "espcn": ESPCN, "vdsr": VDSR, "drcn": DRCN, "drrn": DRRN, "lapsrn": LapSRN, "ms-lapsrn": MSLapSRN,
    "memnet": MemNet, "memnet-supervised": functools.partial(MemNet, supervised=True), "memnet-m4": functools.partial(MemNet, blocks=4),
    "memnet-m3": functools.partial(MemNet, blocks=3), "srresnet": SRResNet, "edsr-baseline": EDSR, "rcan": RCAN, "csfm": CSFM, "rdn": RDN,
    "dbdn": DBDN, "esrgan": ESRGAN, "meta-rdn": MetaRDN, "asdn": ASDN, "span": SPAN}
"""Those that enlarge a picture by itself."""

WITH_REFERENCE: dict[str, Callable[..., nn.Module]] = {"ttsr": TTSR}
"""Those that need a second picture."""
