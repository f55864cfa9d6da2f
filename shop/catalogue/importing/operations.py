"""Import and export: read, check the whole file, then write what is good, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from shop.catalogue.models import Product, ProductAttribute, ProductRecommendation
from shop.partner.models import StockRecord
from shop.planner import analyze

from . import own_csv
from .files import Format, detect, read
from .images import attach_pictures, held_marks, missing_pictures
from .rare import AttributeCensus
from .records import Problem, ProductRecord, differs, drop_idle_compare_at
from .snapshot import all_records, category_paths, load_records
from .writing import Writer

BATCH = 250
Progress = Callable[[int], None]


@dataclass(slots=True)
class ImportResult:
    """What an import did, or with `dry_run` would do. Counts are products."""

    format: Format
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    pictures: int = 0
    # The first of them, where the caller wants no more; `problem_count` says how many there are.
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    keep_problems: int | None = None

    def note(self, problems: Iterable[Problem]) -> None:
        """Count problems, and keep as many as are wanted: a file can hold millions."""
        for problem in problems:
            self.problem_count += 1
            if self.keep_problems is None or len(self.problems) < self.keep_problems:
                self.problems.append(problem)


@dataclass(slots=True)
class _Checked:
    """What the first reading found: how many products are good, which are not, and how common attributes are."""

    total: int
    bad: set[str]
    census: AttributeCensus


def import_products(
    path: Path, *, format: Format | None = None, dry_run: bool = False, currency: str | None = None, progress: Progress | None = None,
    start: Callable[[int], None] | None = None, keep_problems: int | None = None, name: str = "",
) -> ImportResult:  # fmt: skip
    """Import `path`. Lines that are not good are reported and nothing of their product is written; the rest goes in.

    The file is read twice: once to check all of it, once to write, so that memory does not grow with the file.
    `start` is told how many products there are, `progress` how many more are done. Of problems the first
    `keep_problems` are kept, and all are counted. `name` is what messages call the file. Raises OSError for a file that
    cannot be read and UnknownFormatError for one of no known format.
    """
    format = format or detect(path, name=name)
    result = ImportResult(format=format, keep_problems=keep_problems)
    checked = _check(read(path, format=format), result)
    if start:
        start(checked.total)
    writer = None if dry_run else Writer(currency=currency)
    held_attributes = set(ProductAttribute.objects.values_list("product_class__name", "code"))
    good = (r for r in read(path, format=format) if isinstance(r, ProductRecord) and f"{r.line}" not in checked.bad)
    recommended: dict[int, list[str]] = {}
    while batch := list(islice(good, BATCH)):
        if format == "jsonl":
            for record in batch:
                checked.census.split(record, held=held_attributes)
        _import_batch(batch, result, writer, path, recommended)
        if progress:
            progress(len(batch))
    if writer:
        _recommend(recommended)
        if checked.total >= BATCH:
            analyze()
    result.problems.sort(key=lambda problem: problem.line)
    return result


def export_products(target: TextIO, *, progress: Progress | None = None) -> int:
    """Write every product to `target` as our own CSV. Returns how many products there were."""

    def counted() -> Iterator[ProductRecord]:
        for record in all_records():
            yield record
            if progress:
                progress(1)

    return own_csv.write(counted(), target)


def _check(records: Iterable[ProductRecord | Problem], result: ImportResult) -> _Checked:
    census, bad, total = AttributeCensus(), set(), 0
    rejected: set[int] = set()
    lines_by_sku: dict[str, int] = {}
    keys: dict[str, int] = {}
    for record in records:
        if isinstance(record, Problem):
            result.note([record])
            if record.rejects:
                rejected.add(record.line)
            continue
        total += 1
        problem = _twice(record, lines_by_sku, keys)
        if problem:
            result.note([problem])
            rejected.add(problem.line)
            bad.add(f"{record.line}")
            continue
        census.add(record.attributes or {})
    result.rejected = len(rejected)
    return _Checked(total=total - len(bad), bad=bad, census=census)


def _twice(record: ProductRecord, lines_by_sku: dict[str, int], keys: dict[str, int]) -> Problem | None:
    if record.key in keys:
        return Problem(
            record.line, record.key.partition(":")[2], f"this product came before, on line {keys[record.key]}"
        )
    own: dict[str, int] = {}
    for variant in record.variants:
        before = lines_by_sku.get(variant.sku) or own.get(variant.sku)
        if before:
            return Problem(
                variant.line, variant.sku, f"SKU {variant.sku!r} came before, on line {before}: each is used once"
            )
        own[variant.sku] = variant.line
    options = [tuple(sorted(variant.options.items())) for variant in record.variants]
    if len(set(options)) != len(options):
        return Problem(
            record.line, record.title, "two variants have the same options: nobody could choose between them"
        )
    keys[record.key] = record.line
    lines_by_sku.update(own)
    return None


def _import_batch(
    batch: list[ProductRecord],
    result: ImportResult,
    writer: Writer | None,
    path: Path,
    recommended: dict[int, list[str]],
) -> None:
    held = _held_ids(batch)
    batch = _unclaimed(batch, held, result)
    known = [held[record.key] for record in batch if record.key in held]
    snapshots, marks = load_records(known, paths=category_paths()), held_marks(known)
    todo: list[tuple[ProductRecord, int | None]] = []
    for record in batch:
        pk = held.get(record.key)
        snapshot = snapshots.get(pk or 0)
        result.note(drop_idle_compare_at(record, snapshot))
        if snapshot is None:
            result.created += 1
            todo.append((record, None))
            continue
        record.slug = snapshot.slug
        if differs(record, snapshot):
            result.updated += 1
            todo.append((record, pk))
        else:
            result.unchanged += 1
    if writer is None:
        return
    written = {record.key: pk for (record, _), pk in zip(todo, writer.write(todo), strict=True)}
    for record in batch:
        pk = written.get(record.key) or held[record.key]
        if pictures := missing_pictures(record, marks.get(pk, set())):
            added, problems = attach_pictures(pk, record, pictures, folder=path.parent)
            result.pictures += added
            result.note(problems)
        if record.recommended is not None and record.key in written:
            recommended[pk] = record.recommended


def _held_ids(batch: list[ProductRecord]) -> dict[str, int]:
    upcs = [record.upc for record in batch if record.upc]
    held = {f"upc:{upc}": pk for upc, pk in Product.objects.filter(upc__in=upcs).values_list("upc", "pk")}
    slugs = [record.slug for record in batch if not record.upc]
    held |= {f"slug:{slug}": pk for slug, pk in Product.objects.filter(slug__in=slugs).values_list("slug", "pk")}
    return held


def _unclaimed(batch: list[ProductRecord], held: dict[str, int], result: ImportResult) -> list[ProductRecord]:
    """Leave out, with a problem, records whose SKU belongs to another product of the shop."""
    skus = {variant.sku: (record, variant) for record in batch for variant in record.variants}
    claimed: set[int] = set()
    for sku, product_id, parent_id, title in StockRecord.objects.filter(partner_sku__in=skus).values_list(
        "partner_sku", "product_id", "product__parent_id", "product__title"
    ):
        record, variant = skus[sku]
        own = held.get(record.key)
        if (own is None or own not in {product_id, parent_id}) and id(record) not in claimed:
            claimed.add(id(record))
            reason = f"SKU {sku!r} belongs to another product, {title or parent_id!r}: each is used once"
            result.note([Problem(variant.line, sku, reason)])
            result.rejected += 1
    return [record for record in batch if id(record) not in claimed]


def _recommend(recommended: dict[int, list[str]]) -> None:
    if not recommended:
        return
    slugs = {slug for wanted in recommended.values() for slug in wanted}
    ids = dict(Product.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    ProductRecommendation.objects.filter(primary_id__in=recommended).delete()
    ProductRecommendation.objects.bulk_create(
        ProductRecommendation(primary_id=pk, recommendation_id=ids[slug], ranking=len(wanted) - place)
        for pk, wanted in recommended.items()
        for place, slug in enumerate(wanted)
        if slug in ids
    )
