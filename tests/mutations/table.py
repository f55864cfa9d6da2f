"""Which guard each test of races and deaths is about: what takes it out, and which test fails then.

`MUTATIONS` are run by `python3 scripts/test.py mutations`. `CONTROLS` (controls.py) are tests that take the guard out themselves;
they run wherever the tests that they are for do.
"""

from __future__ import annotations

from . import after_sale, deaths, papers, people, races
from .controls import CONTROLS
from .mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *races.MUTATIONS,
    *deaths.MUTATIONS,
    *after_sale.MUTATIONS,
    *papers.MUTATIONS,
    *people.MUTATIONS,
)

__all__ = ["CONTROLS", "MUTATIONS", "Mutation"]
