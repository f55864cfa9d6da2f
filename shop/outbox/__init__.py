"""Work that must not be lost: rows written with the change that causes them, drained by the worker."""
