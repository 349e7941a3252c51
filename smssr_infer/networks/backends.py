"""A convolution graph, run by onnxruntime, or by plain NumPy where onnxruntime is missing.

Both are called with planes `[1, C, H, W]` float32 (luma, first of all) and give maps `[1, n, H', W']` float32. Each call uses one
thread and may be made from several threads at once: the tiles of a picture are what runs in parallel. Each ends soon, with
`stopping.Stopped`, when the scope that it is made in is stopped, however long the graph would run.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

import numpy as np

from ..arrays import numbers, stopping

NAMES = ("onnxruntime", "numpy")


class Graph(Protocol):
    """A convolution graph ready to run."""

    channels: int
    """How many planes it takes."""
    least: int
    """Of a small picture that it takes: pixels a side."""

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """`[1, C, H, W]` → `[1, n, H', W']`, float32."""

    def release(self) -> None:
        """Give the memory of past calls back to the system."""


SILENT = 4
"""onnxruntime's severity for fatal errors alone: what fails is raised, and need not be printed as well."""
def checked_input(inputs: Sequence[tuple[str, Sequence[object]]]) -> int:
    """How many planes a graph takes, by the kind and shape of each of its inputs. Raises ValueError for a graph that takes no picture."""
    if len(inputs) != 1:
        raise ValueError(f"has {len(inputs)} inputs, where one was expected")
    kind, shape = inputs[0]
    if kind != "tensor(float)":
        raise ValueError(f"takes {kind}, where float32 was expected")
    if len(shape) != 4:
        raise ValueError(f"takes {len(shape)} dimensions, where 4 were expected: 1, channels, height and width")
    channels, height, width = shape[1:]
    if not isinstance(channels, int) or channels < 1:
        raise ValueError("does not say how many channels it takes: 1 (luma) or 3 (RGB) must be written into it")
    if any(isinstance(side, int) and side > 0 for side in (height, width)):
        raise ValueError(f"takes pictures of {width}×{height} alone, where any size was expected; export it with free height and width")
    return channels


class OnnxRuntimeGraph:
    """The graph of an ONNX file as an onnxruntime session on the CPU.

    Its arena is on: tiles have nearly one shape, so it stays as large as the tiles under way, half of what the C library's
    allocator came to with the arena off, and faster. `release` shrinks it.
    """

    least = 16

    def __init__(self, model: bytes):
        from .onnx_runtime import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what it would print it raises as well
        providers = [("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})]
        self._session = onnxruntime.InferenceSession(model, options, providers=providers)
        inputs = self._session.get_inputs()
        self.channels = checked_input([(given.type, given.shape) for given in inputs])
        self._input = inputs[0].name
        self._options = onnxruntime.RunOptions
        self._stopped = False

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self._run(x)

    def release(self) -> None:
        if not self._stopped:  # what did not end in time may not end now
            with contextlib.suppress(Exception):  # memory alone is at stake, and the work is done
                self._run(np.zeros((1, self.channels, self.least, self.least), np.float32),
                          {"memory.enable_memory_arena_shrinkage": "cpu:0"})

    def _run(self, x: np.ndarray, entries: Mapping[str, str] = MappingProxyType({})) -> np.ndarray:
        """The graph's result; raises Stopped, after the operator under way, once the scope around is stopped."""
        options = self._options()
        options.log_severity_level = SILENT
        for entry in entries.items():
            options.add_run_config_entry(*entry)

        def end() -> None:
            self._stopped = options.terminate = True

        def run() -> np.ndarray:
            with stopping.ended_by(end):
                return self._session.run(None, {self._input: x}, options)[0]

        out = stopping.interruptible(run)
        self._stopped = False
        return out


STRIP = 1 << 21
"""How many numbers of an unfolded picture the NumPy convolution holds at once."""


def _convolve(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, *, pads: Sequence[int] = (0, 0, 0, 0),
              dilations: Sequence[int] = (1, 1), strides: Sequence[int] = (1, 1)) -> np.ndarray:
    """A convolution by im2col, strip by strip, and one matrix product for each strip."""
    top, left, bottom, right = pads
    down, across = dilations
    step, stride = strides
    outputs, inputs, kh, kw = weight.shape
    x = np.pad(x[0], ((0, 0), (top, bottom), (left, right)))
    reach, span = down * (kh - 1), across * (kw - 1)
    height, width = (x.shape[1] - reach - 1) // step + 1, (x.shape[2] - span - 1) // stride + 1
    out = np.empty((outputs, height, width), np.float32)
    rows = max(1, STRIP // (inputs * kh * kw * width))
    for a in range(0, height, rows):
        stopping.check()
        b = min(height, a + rows)
        part = x[:, a * step:(b - 1) * step + reach + 1]
        windows = np.lib.stride_tricks.sliding_window_view(part, (reach + 1, span + 1), axis=(1, 2))[:, ::step, ::stride, ::down, ::across]
        unfolded = windows.transpose(0, 3, 4, 1, 2).reshape(inputs * kh * kw, -1)
        out[:, a:b] = (weight.reshape(outputs, -1) @ unfolded).reshape(outputs, b - a, width)
    if bias is not None:
        out += bias[:, None, None]
    return out[None]


def _depth_to_space(x: np.ndarray, *, blocksize: int) -> np.ndarray:
    """Pixel shuffle: channel c·b² + b·i + j goes to row i, column j of its b×b block (ONNX mode CRD)."""
    _, channels, height, width = x.shape
    b = blocksize
    x = x.reshape(channels // (b * b), b, b, height, width).transpose(0, 3, 1, 4, 2)
    return np.ascontiguousarray(x).reshape(1, channels // (b * b), height * b, width * b)


def _quantize(x: np.ndarray, scale: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Floats as the integers of `zero`'s type, `scale` apart."""
    limits = np.iinfo(zero.dtype)
    return np.clip(np.rint(x / scale) + np.float32(zero), limits.min, limits.max).astype(zero.dtype)


def _dequantize(x: np.ndarray, scale: np.ndarray, zero: np.ndarray, *, axis: int = 1) -> np.ndarray:
    """Such integers as floats; `scale` and `zero` may differ along `axis`."""
    shape = (-1,) + (1,) * (x.ndim - axis - 1) if scale.ndim else ()
    return (x.astype(np.float32) - zero.astype(np.float32).reshape(shape)) * scale.reshape(shape)


OPERATORS: dict[str, Callable[..., np.ndarray]] = {
    "Conv": _convolve,
    "Relu": lambda x: np.maximum(x, 0),
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Sigmoid": lambda x: (np.float32(0.5) * np.tanh(np.float32(0.5) * x) + np.float32(0.5)).astype(np.float32),
    "Concat": lambda *parts: np.concatenate(parts, axis=1),
    "DepthToSpace": _depth_to_space,
    "QuantizeLinear": _quantize,
    "DequantizeLinear": _dequantize,
}

READ_ATTRIBUTES = {"Conv": {"pads", "dilations", "strides"}, "DepthToSpace": {"blocksize"}, "DequantizeLinear": {"axis"}}
"""Attributes that the operators above act on; the others may only say what those operators do anyway."""

FIXED_ATTRIBUTES: dict[str, dict[str, object]] = {"Conv": {"group": 1, "auto_pad": b"NOTSET", "kernel_shape": None},
                    "DepthToSpace": {"mode": b"CRD"}, "Concat": {"axis": 1}}


class NumPyGraph:
    """The graph of an ONNX file in plain NumPy; needs the package `onnx` to read it, nothing to run it."""

    least = 16

    def __init__(self, model: bytes):
        """Raises ValueError without `onnx`, or for an operator, or an option of one, that it does not know."""
        try:
            import onnx
        except ImportError as error:
            raise ValueError("the NumPy backend needs the package onnx to read the weights: pip install onnx") from error

        graph = onnx.load_from_string(model).graph
        constants = {tensor.name for tensor in graph.initializer}
        inputs = [value for value in graph.input if value.name not in constants]
        tensors = [value.type.tensor_type for value in inputs]
        self.channels = checked_input([("tensor(float)" if tensor.elem_type == onnx.TensorProto.FLOAT else "other numbers",
                                        [side.dim_value or side.dim_param for side in tensor.shape.dim]) for tensor in tensors])
        self._input, self._output = inputs[0].name, graph.output[0].name
        self._constants = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
        self._steps: list[tuple[Callable[..., np.ndarray], list[str], str, dict[str, object]]] = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant" and set(attributes) == {"value"}:
                self._constants[node.output[0]] = onnx.numpy_helper.to_array(attributes["value"])
                continue
            fixed = FIXED_ATTRIBUTES.get(node.op_type, {})
            read = READ_ATTRIBUTES.get(node.op_type, set())
            strange = [name for name, value in attributes.items()
                       if name not in read and (name not in fixed or fixed[name] not in (None, value))]
            if node.op_type not in OPERATORS or strange:
                raise ValueError(f"the NumPy backend cannot run {node.op_type} {' '.join(strange)}".rstrip())
            options = {name: value for name, value in attributes.items() if name in read}
            self._steps.append((OPERATORS[node.op_type], list(node.input), node.output[0], options))
        self._last_use = {name: i for i, (_, inputs, _, _) in enumerate(self._steps) for name in inputs}

    def __call__(self, x: np.ndarray) -> np.ndarray:
        values: dict[str, np.ndarray] = {**self._constants, self._input: x}
        for i, (operator, inputs, output, options) in enumerate(self._steps):
            values[output] = operator(*(values[name] for name in inputs), **options)
            for name in inputs:
                if self._last_use[name] == i:
                    values.pop(name, None)
        return values[self._output]

    def release(self) -> None:
        """Nothing is kept between calls."""


def choose(name: str | None = None) -> str:
    """The backend to use: `name`, else the environment's SMSSR_BACKEND, else onnxruntime where it is installed, else NumPy.

    Raises ValueError for a name that is not one of NAMES.
    """
    if name is None:
        name = os.environ.get("SMSSR_BACKEND") or NAMES[importlib.util.find_spec("onnxruntime") is None]
    if not isinstance(name, str) or name not in NAMES:
        raise ValueError(f"there is no backend {numbers.shown(name)}; choose from: {', '.join(NAMES)}")
    return name


def graph(model: bytes, name: str | None = None) -> Graph:
    """The graph of an ONNX file on the chosen backend."""
    return OnnxRuntimeGraph(model) if choose(name) == "onnxruntime" else NumPyGraph(model)
