"""The model: loaded once a process, by whoever needs it first.

    model.encode(text)    a text as bytes, waiting until the model is loaded; raises ModelError
    model.of_query(text)  the same for a visitor: None while it is loading, where it fails, and where vectors are off

A vector is DIMENSIONS numbers of one byte each, from -127 to 127: only its direction says something. Whatever fails is
logged once a process, and search goes on with words.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from threading import Lock, Thread
from typing import Any

from django.conf import settings

from . import minilm, needs

logger = logging.getLogger(__name__)

# The model was taught with texts of so many tokens; a question says what it wants in fewer.
MOST_TOKENS, MOST_ASKED = 128, 48
# Letters that so many tokens can be made of at the most, more or less.
MOST_LETTERS = 16 * MOST_TOKENS
# A change of how vectors are made changes this, and with it every digest.
VERSION = "1"
KEPT = 1000


class ModelError(Exception):
    """The model does not work here; the message says why."""


class Model:
    """A loaded model. Several threads may use it at once."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One text is small: more threads wait for one another. Whoever has many texts encodes several at once.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(minilm.graph(), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(minilm.tokenizer())
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, text: str, *, most: int = MOST_TOKENS) -> bytes:
        """The text's vector."""
        import numpy

        # A half of a pair of surrogates is no text to the tokenizer.
        whole = text[:MOST_LETTERS].encode("utf-8", "replace").decode()
        first, *tokens, last = self._tokenizer.encode(whole).ids
        ids = numpy.array([[first, *tokens[: most - 2], last]], numpy.int64)
        (mean,) = self._session.run(["mean"], {"ids": ids, "places": numpy.arange(ids.shape[1])})
        vector: bytes = numpy.rint(mean[0] * (127 / numpy.abs(mean[0]).max())).astype(numpy.int8).tobytes()
        return vector


class _Held:
    """This process's model, or why there is none."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew. A child of a process has neither its threads nor their locks: it loads a model of its own."""
        self.lock = Lock()
        self.model: Model | None = None
        self.error = ""
        self.loading: Thread | None = None


_held = _Held()
_left_out: ContextVar[bool] = ContextVar("left_out", default=False)
os.register_at_fork(after_in_child=_held.forget)


def is_on() -> bool:
    """Whether the shop has vectors switched on."""
    return bool(settings.SEARCH_VECTORS)


def is_asked() -> bool:
    """Whether visitors' words are put to the model: vectors are on, and nobody measures what search is worth without."""
    return is_on() and not _left_out.get()


@contextmanager
def left_out() -> Iterator[None]:
    """Search with words alone in here, whatever the shop has switched on."""
    token = _left_out.set(True)
    try:
        yield
    finally:
        _left_out.reset(token)


def encode(text: str) -> bytes:
    """The vector of a product's text. Raises ModelError."""
    model = load()
    try:
        return model.encode(text)
    except Exception as error:
        raise ModelError(_failed(f"The model does not take a text: {error!r}")) from error


def of_query(text: str) -> bytes | None:
    """The vector of a visitor's words, or None where there is none to be had at once."""
    if not is_asked() or not text.strip():
        return None
    model = _ready()
    if model is None:
        return None
    try:
        return _of_query(model, text)
    except Exception as error:
        _failed(f"The model does not take a question: {error!r}")
        return None


@lru_cache(maxsize=KEPT)
def _of_query(model: Model, text: str) -> bytes:
    return model.encode(text, most=MOST_ASKED)


def load() -> Model:
    """The model, loading it where this process has not. Raises ModelError, each time after it failed once."""
    with _held.lock:
        if _held.model:
            return _held.model
        if _held.error:
            raise ModelError(_held.error)
        try:
            if found := needs.faults(settings.SEARCH_VECTORS, settings.LANGUAGE_CODE):
                raise ModelError(" ".join(found))
            _held.model = Model()
        except Exception as error:
            reason = str(error) if isinstance(error, ModelError) else f"The model does not load: {error!r}"
            raise ModelError(_failed(reason)) from error
        return _held.model


def error() -> str:
    """What went wrong in this process since it began; empty where nothing did."""
    return _held.error


def forget() -> None:
    """Begin anew, as a new process would."""
    _held.forget()
    _of_query.cache_clear()


def _ready() -> Model | None:
    """The model where it is loaded; otherwise a thread begins to load it, so that no visitor waits."""
    if _held.model or _held.error:
        return _held.model
    if _held.lock.acquire(blocking=False):
        try:
            if not _held.loading:
                _held.loading = Thread(target=_load_quietly, name="search-vectors", daemon=True)
                _held.loading.start()
        finally:
            _held.lock.release()
    return None


def _load_quietly() -> None:
    try:
        load()
    except ModelError:
        # It is logged.
        return


def _failed(reason: str) -> str:
    if not _held.error:
        _held.error = reason[:500]
        logger.error("Search goes on with words alone, without sentence vectors. %s", reason)
    return reason


def describe() -> dict[str, Any]:
    """What digests of vectors hang on: the model and how texts are made into vectors."""
    return {"model": settings.SEARCH_VECTORS, "version": VERSION, "tokens": MOST_TOKENS}
