"""The rows that are proofs: what was written so fast is right, and always the same."""

import hashlib
import os
import re
import secrets
import shutil
from bisect import bisect
from collections import Counter
from pathlib import Path

import drawn
from contenders import TABLE, Lab, process
from rival import session
from speed import lab_on, quarter_gigabyte


def seeds(bench):
    """tables from random seeds, read back by five readers with equal hashes of whole rows"""
    draws = [(3, 200_000), (5, 120_000), (40, 15_000)] * 2
    first = bench.seed if bench.seed is not None else secrets.randbelow(10**6)
    for seed, (columns, rows) in enumerate(draws, first):
        table = drawn.draw_table(seed, columns, bench.size(rows))
        prove(bench, f"seed {seed}, {columns} columns{', every value' if table.dialect.all_values else ''}", table)


def shapes(bench):
    """tables of odd shapes, the same way"""
    prove(bench, "columns of NULL, of `\"\"`, long, binary, all equal, and cells of 100 kB", drawn.draw_values(1, bench.size(5_000)))
    prove(bench, "one row", drawn.draw_values(2, 1))
    prove(bench, "no row", drawn.draw_values(3, 0))
    prove(bench, "10,000 columns", drawn.draw_wide(4, 10_000, 20))


def prove(bench, what, table):
    """The lab loads the table's files; each reader's rows, and those that Python
    and Spark find in the files themselves, must be the drawn ones."""
    import answers
    landing = bench.folder / "drawn"
    shutil.rmtree(landing, ignore_errors=True)
    drawn.write(table, landing / TABLE)
    lab = lab_on(bench, landing)
    sample = lab.first_load(*(f"{name}={value}" for name, value in table.dialect.options.items()))

    want = answers.fingerprint((*row, None) for row in table.rows)
    columns = [*table.header, "_rescued_data"]
    failures = [f"{reader} {got}" for reader, read in answers.readers(spark(bench), lab.table).items()
                if (got := answers.fingerprint(answers.rows_of(read(), columns))) != want]
    itself = answers.rows_of(in_spark(bench, landing, table.header, table.dialect.options), table.header)
    if (got := answers.fingerprint((*row, None) for row in itself)) != want:
        failures.append(f"Spark's reading of the CSV {got}")
    blurred = answers.fingerprint(tuple(cell or None for cell in row) for row in table.rows)
    if (got := answers.fingerprint(drawn.read_csv(landing / TABLE))) != blurred:
        failures.append(f"Python's reading of the CSV {got}, not {blurred}")
    failures += [f"statistics of {wrong}" for wrong in answers.wrong_statistics(lab.table)]
    bench.table.proof(what, failures[:5], want, chunks(sample))
    shutil.rmtree(lab.folder)
    shutil.rmtree(landing)


def soup(bench):
    """files of any bytes that could upset a parser: every row as the real Spark reads it"""
    import answers
    first = bench.seed if bench.seed is not None else secrets.randbelow(10**6)
    header = ["a", "b", "c"]
    for seed in range(first, first + 6):
        landing = bench.folder / "drawn"
        shutil.rmtree(landing, ignore_errors=True)
        drawn.write_soup(seed, landing / TABLE, header, bench.size(40_000))
        lab = lab_on(bench, landing)
        sample = lab.first_load()
        ours = Counter(answers.rows_of(spark(bench).read.format("delta").load(str(lab.table)).toArrow(), header))
        theirs = Counter(answers.rows_of(in_spark(bench, landing, header, {}), header))
        bench.table.proof(f"seed {seed}", [f"only in the lab: {row}" for row in ours - theirs][:3] +
                          [f"only in Spark: {row}" for row in theirs - ours][:3],
                          f"{sum(theirs.values()):,} rows, {len(theirs):,} different", chunks(sample))
        shutil.rmtree(lab.folder)
        shutil.rmtree(landing)


def in_spark(bench, landing, header, options):
    """What Spark finds in the files themselves."""
    return (spark(bench).read.schema(", ".join(f"`{name}` string" for name in header)).option("header", "true")
            .options(**options).csv(str(landing / TABLE)).toArrow())


def chunks(sample):
    """How many chunks of text took each way, as the load's last event tells."""
    end = sample.events[-1]
    return f"{end['trozos_rapidos']:,} chunks the fast way, {end['trozos_exactos']:,} the exact way"


def spark(bench):
    """One session for all proofs."""
    if not hasattr(bench, "spark"):
        os.environ["TZ"] = "UTC"
        bench.spark = bench.closing.enter_context(session(bench.folder))
    return bench.spark


def output(bench):
    """the same files give the same bytes, and rows stay in their order"""
    for kind in ("plain", "quoted"):
        landing = quarter_gigabyte(bench, kind)
        lab, other = lab_on(bench, landing), Lab(bench.programs / "lab", landing, bench.folder / "other")
        files = lab.first_load().files
        want = combined(files)
        others = [combined(other.first_load().files), combined(other.first_load(GOMAXPROCS="1").files)]
        bench.table.proof(f"{kind}: the bytes of three loads, the last on one core", [got for got in others if got != want],
                          f"{len(files)} files, {want}")
        bench.table.proof(f"{kind}: the order within each source file", out_of_order(landing / TABLE, files)[:3],
                          "account_feature_id ascends in each")
        shutil.rmtree(lab.folder)
        shutil.rmtree(other.folder)


def combined(files):
    """One hash of the bytes of data files, in their order."""
    hash = hashlib.blake2b(digest_size=8)
    for file in files:
        hash.update(Path(file).read_bytes())
    return hash.hexdigest()


def out_of_order(source, files):
    """Ids that come after a later one of the same source file, the data files taken in their order."""
    from pyarrow import parquet
    firsts = [first_id(file) for file in sorted(source.iterdir())]
    latest, wrong = [0] * (len(firsts) + 1), []
    for file in files:
        for id in map(int, parquet.read_table(file, columns=["account_feature_id"]).column(0).to_pylist()):
            of = bisect(firsts, id)
            if id <= latest[of]:
                wrong.append(f"{id} after {latest[of]}")
            latest[of] = id
    return wrong


def first_id(file):
    with open(file) as text:
        next(text)
        return int(next(text).split(",")[0])


def allocations(bench):
    """allocations per row over the whole way of a million rows, by the benchmark of `engine`"""
    _, _, printed = process(["go", "test", "-C", bench.repository, "-run", "^$", "-bench", "^BenchmarkLoad$", "-benchmem", "./engine"])
    for kind in ("plain", "quoted"):
        figure = re.search(rf"^BenchmarkLoad/{kind}.* ([\d.e-]+) allocs/row", printed, re.MULTILINE)[1]
        bench.table.at_most(kind, float(figure), 0.1, "{:.3f} allocations a row".format)


ROWS = {row.__name__: row for row in (seeds, shapes, soup, output, allocations)}
