"""Our networks as PyTorch modules, and the runtime's matrices as PyTorch's. `build` makes one from a configuration.

Every super-resolution network takes luma `[B, 1, H, W]` in 0 … 1 and returns the maps that enter the DoG bank, `[B, n, H', W']`; `n` is the
number of bands, and the maps are at the enlarged picture's size.
"""
