"""The benchmark: this shop beside a stock Oscar, on one machine, in one run. `make bench`; README.md says how.

No room imports anything from here. All but the parts that run inside a shop (`ours_side.py`, `stock_oscar/`) use the
standard library only.
"""
