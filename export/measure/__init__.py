"""Measuring what was trained: quality on benchmarks, styles on unseen pictures, parity with PyTorch, ours beside the baselines."""
