"""all-MiniLM-L6-v2 as an ONNX graph with whole numbers, made from the weights that the PyPI package carries.

    graph()  the model as bytes, 23 MB: token ids in, the mean of the last layer's states out

The package holds the weights as fractions (90 MB) and no graph. Here each matrix is rounded to eight bits with a scale
for each of its columns; the activations are rounded as they come. That takes a second, and embeds three times as fast as
fractions do. One text goes through at a time: batches gain nothing on a processor, and a vector that depends on nothing but
its own text can be kept.
"""

from __future__ import annotations

import json
import platform
import struct
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

PACKAGE = "all_minilm_l6_v2"
DIMENSIONS, HEADS, LAYERS = 384, 12, 6
CONTRIB = "com.microsoft"
OPSET, IR_VERSION = 18, 10
EPSILON = 1e-12
# The greatest weight becomes this.
GREATEST = 127
# Where a processor says what it can do.
PROCESSOR = Path("/proc/cpuinfo")


def archive() -> Path:
    """The file that the package brings. Raises FileNotFoundError where the package is not there, or not what it was."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    path = Path(spec.origin).parent / "model.zip"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: the package carries another model than it did")
    return path


def tokenizer() -> str:
    """The tokenizer's definition, as the library `tokenizers` reads it."""
    with zipfile.ZipFile(archive()) as held:
        return held.read("tokenizer.json").decode()


def weights() -> dict[str, ndarray]:
    """Every matrix of the model by its name. The file is safetensors: a length, JSON that says what lies where, numbers."""
    import numpy

    with zipfile.ZipFile(archive()) as held:
        raw = held.read("model.safetensors")
    (length,) = struct.unpack("<Q", raw[:8])
    start = 8 + length
    found = {}
    for name, at in json.loads(raw[8:start]).items():
        if name != "__metadata__" and at["dtype"] == "F32":
            first, end = at["data_offsets"]
            values = numpy.frombuffer(raw, numpy.float32, (end - first) // 4, start + first)
            found[name] = values.reshape(at["shape"])
    return found


def graph() -> bytes:
    """The model: `ids` (one row of tokens) and `places` (0, 1, 2, …) in, `mean` (one row of DIMENSIONS) out."""
    from onnx import TensorProto, helper

    draft = _Draft(weights())
    state = draft.embeddings()
    for layer in range(LAYERS):
        state = draft.layer(layer, state)
    mean = draft.node("ReduceMean", [state, draft.constant("axes", [1])], "mean", keepdims=0)
    made = helper.make_graph(
        draft.nodes,
        "all-minilm-l6-v2",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"]),
            helper.make_tensor_value_info("places", TensorProto.INT64, ["tokens"]),
        ],
        [helper.make_tensor_value_info(mean, TensorProto.FLOAT, [1, DIMENSIONS])],
        draft.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    model: bytes = helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION).SerializeToString()
    return model


def multiplies_signed() -> bool:
    """Whether this processor multiplies signed weights without a slip: ARM's do, and Intel's and AMD's with VNNI.

    Others add two products in sixteen bits, where they may not fit; unsigned weights give the same vectors there, and take
    half as long again.
    """
    if platform.machine().lower() in {"arm64", "aarch64"}:
        return True
    try:
        return "vnni" in PROCESSOR.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


class _Draft:
    """Nodes and constants of the graph under way."""

    def __init__(self, held: dict[str, ndarray]) -> None:
        self.held = held
        self.signed = multiplies_signed()
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: list[str], output: str, *more: str, domain: str = "", **how: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output, *more], domain=domain, **how))
        return output

    def constant(self, name: str, values: Any) -> str:
        import numpy
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(values), name))
        return name

    def embeddings(self) -> str:
        """Words and places, added and normalised. The table of words is rounded too, each row with its own scale."""
        import numpy
        from onnx import TensorProto

        table = self.held["embeddings.word_embeddings.weight"]
        scales = numpy.maximum(numpy.abs(table).max(1, keepdims=True), 1e-9) / 127
        rounded = self.constant("words", numpy.rint(table / scales).astype(numpy.int8))
        whole = self.node("Gather", [rounded, "ids"], "words.whole")
        scale = self.node("Gather", [self.constant("words.scale", scales), "ids"], "words.by")
        word = self.node("Mul", [self.node("Cast", [whole], "words.cast", to=TensorProto.FLOAT), scale], "word")
        # There is one text, so that the kind of token is always the first.
        kind = self.held["embeddings.token_type_embeddings.weight"][0]
        places = self.constant("places.all", self.held["embeddings.position_embeddings.weight"] + kind)
        place = self.node("Gather", [places, "places"], "place")
        norm = [self.constant(f"norm.{end}", self.held[f"embeddings.LayerNorm.{end}"]) for end in ("weight", "bias")]
        added = self.node("Add", [word, place], "added")
        return self.node("LayerNormalization", [added, *norm], "state", epsilon=EPSILON)

    def layer(self, number: int, state: str) -> str:
        """One of the layers: what the tokens have to do with one another, then each by itself."""
        name, own = f"{number}", f"encoder.layer.{number}."
        parts = [f"{own}attention.self.{part}" for part in ("query", "key", "value")]
        asked = self.linear(f"{name}.asked", state, parts)
        thirds = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self.node("Split", [asked], *thirds, axis=2, num_outputs=3)
        seen = self.node("MultiHeadAttention", thirds, f"{name}.seen", domain=CONTRIB, num_heads=HEADS)
        told = self.linear(f"{name}.told", seen, [f"{own}attention.output.dense"])
        state = self.sum(f"{name}.middle", state, told, f"{own}attention.output.LayerNorm")
        wide = self.linear(f"{name}.wide", state, [f"{own}intermediate.dense"])
        bent = self.node("Gelu", [wide], f"{name}.bent", domain=CONTRIB)
        narrow = self.linear(f"{name}.narrow", bent, [f"{own}output.dense"])
        return self.sum(f"{name}.state", state, narrow, f"{own}output.LayerNorm")

    def linear(self, name: str, state: str, parts: list[str]) -> str:
        """Times a matrix plus a row, several of them side by side."""
        import numpy

        matrix = numpy.concatenate([self.held[f"{part}.weight"] for part in parts]).T
        bias = numpy.concatenate([self.held[f"{part}.bias"] for part in parts])
        scales = numpy.abs(matrix).max(0) / GREATEST
        zero, kind = (0, numpy.int8) if self.signed else (128, numpy.uint8)
        inputs = [
            state,
            self.constant(f"{name}.weight", (numpy.rint(matrix / scales) + zero).astype(kind)),
            self.constant(f"{name}.scale", scales),
            self.constant(f"{name}.zero", numpy.full(scales.shape, zero, kind)),
            self.constant(f"{name}.bias", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=CONTRIB)

    def sum(self, name: str, state: str, more: str, norm: str) -> str:
        """Both added and normalised."""
        ends = [self.constant(f"{name}.{end}", self.held[f"{norm}.{end}"]) for end in ("weight", "bias")]
        return self.node("SkipLayerNormalization", [state, more, *ends], name, domain=CONTRIB, epsilon=EPSILON)
