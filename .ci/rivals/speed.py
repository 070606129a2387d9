"""The rows that are times, memory and sizes."""

import shutil
from contextlib import ExitStack
from functools import partial

from contenders import TABLE, Lab, Rival, Sample, alternate, process, seconds, whole_process

MB = 1_000_000


def data(bench, name, *flags):
    """The landing folder with these files, made when it is not there yet."""
    landing = bench.folder / f"{name}{'-quick' if bench.quick else ''}"
    if not landing.exists():
        process([bench.programs / "data", *flags, landing / TABLE])
    return landing


def quarter_gigabyte(bench, kind):
    return data(bench, kind, "-kind", kind, "-files", 5, "-bytes", bench.size(50 * MB))


def lab_on(bench, landing):
    return Lab(bench.programs / "lab", landing, bench.folder / "lab")


def beside(bench, kind, names):
    """The lab and rivals load the same 250 MB: their runs, by name."""
    landing = quarter_gigabyte(bench, kind)
    lab, source = lab_on(bench, landing), landing / TABLE
    out = bench.folder / "out"
    with ExitStack() as started:
        contenders = {"lab": lab.first_load}
        for name in names:
            contenders[name] = started.enter_context(Rival(name, source, out)).load
            if not name.startswith("spark"):
                contenders[f"{name}, whole process"] = partial(whole_process, name, source, out)
        runs = alternate(bench.rounds, contenders)
    shutil.rmtree(lab.folder)
    same_rows(bench, runs)
    return runs


def same_rows(bench, runs):
    rows = {name: of.last.rows for name, of in runs.items()}
    wrong = [f"{name} {n}" for name, n in rows.items() if n != rows["lab"]]
    bench.table.proof("rows that each wrote", wrong, f"{rows['lab']:,}")


def tell(bench, runs):
    for name, of in runs.items():
        if "whole process" in name:
            bench.table.line(name, f"{runs['lab'].best / of.best:.2f} ×", f"{of}, {of.peak / MB:.0f} MB of memory")


def size(bench, runs):
    lab, rival = runs["lab"].last.bytes, runs["polars"].last.bytes
    bench.table.at_most("size on disk", lab / MB, rival / MB, "{:.1f} MB".format, "polars, zstd level 1")


def plain(bench):
    """250 MB in 5 files, the notebook's columns"""
    runs = beside(bench, "plain", ["polars", "duckdb"])
    bench.table.ratio("time", runs["lab"], runs["polars"], "polars", 0.7)
    bench.table.ratio("time", runs["lab"], runs["duckdb"], "DuckDB", 0.3)
    tell(bench, runs)
    size(bench, runs)
    bench.table.line("memory", f"{runs['lab'].peak / MB:.0f} MB")


def kinds(bench):
    """the same columns with other values: in order as a day's extract, and to the microsecond"""
    for kind in ("ordered", "micros"):
        runs = beside(bench, kind, ["polars"])
        bench.table.ratio(f"{kind}: time", runs["lab"], runs["polars"], "polars", 0.7)
        size(bench, runs)


def quoted(bench):
    """250 MB with quotes, accents, CRLF and `""` in every tenth row"""
    runs = beside(bench, "quoted", ["polars"])
    bench.table.ratio("time", runs["lab"], runs["polars"], "polars", 1.0)
    tell(bench, runs)
    size(bench, runs)


def spark(bench):
    """the 250 MB of plain, beside warm runs of one Spark session"""
    # An append to a Delta table is judged; the notebook's stream does more, and Parquet files promise less.
    for name, at_most in {"spark-delta": 1 / 12, "spark-stream": None, "spark-parquet": None}.items():
        runs = beside(bench, "plain", [name])
        bench.table.ratio("time", runs["lab"], runs[name], name, at_most)


def large(bench):
    """4 GB in 80 files, time per byte beside that of 250 MB"""
    small, big = (lab_on(bench, quarter_gigabyte(bench, "plain")),
                  lab_on(bench, data(bench, "large", "-files", bench.size(80), "-bytes", 50 * MB)))
    runs = alternate(bench.rounds, {"small": small.first_load, "large": big.first_load}, warm=False)
    shutil.rmtree(big.folder)
    per_byte = {name: of.best / of.last.events[0]["bytes"] for name, of in runs.items()}
    ratio = per_byte["large"] / per_byte["small"]
    bench.table.measure("time per byte", f"{ratio:.2f} ×", f"{runs['large']} beside {runs['small']}", "≤ 1.15 ×",
                        ratio <= 1.15)
    bench.table.at_most("memory", runs["large"].peak / MB, 300, "{:.0f} MB".format)


def small(bench):
    """10,000 files of 10 rows"""
    landing = data(bench, "small", "-files", bench.size(10_000), "-rows", 10)
    lab = lab_on(bench, landing)
    with Rival("polars", landing / TABLE, bench.folder / "out") as rival:
        runs = alternate(bench.rounds, {"lab": lab.first_load, "polars": rival.load})
    same_rows(bench, runs)
    bench.table.ratio("first run", runs["lab"], runs["polars"], "polars", 0.5)
    again = alternate(bench.rounds, {"nothing": lab.load, "one": partial(one_more, lab)})
    bench.table.at_most("nothing new", again["nothing"].best, 0.1, seconds, str(again["nothing"]))
    bench.table.at_most("one new file", again["one"].best, 0.15, seconds, str(again["one"]))
    end_of_more(lab)


def known(bench):
    """1,000,000 known files beside `walk`: filepath.WalkDir without any stat, as a whole process"""
    landing = data(bench, "known", "-files", bench.size(1_000_000), "-rows", 1)
    lab = lab_on(bench, landing)
    first = lab.first_load("cloudFiles.includeExistingFiles=false")
    bench.table.line("they become known", seconds(first.seconds), f"{first.peak / MB:.0f} MB of memory")
    runs = alternate(bench.rounds, {"nothing": lab.load, "walk": partial(walk, bench, landing)})
    bench.table.ratio("nothing new", runs["nothing"], runs["walk"], "walk", 1.5)
    runs = alternate(max(bench.rounds, 10), {"one": partial(one_more, lab), "walk": partial(walk, bench, landing)})
    bench.table.ratio("one new file", runs["one"], runs["walk"], "walk", 1.5)
    slowest = max(sample.seconds for sample in runs["one"])
    bench.table.line("one new file, the slowest of ten", seconds(slowest), "its entry compacts the source log")
    bench.table.line("memory", f"{max(runs['one'].peak, first.peak) / MB:.0f} MB")
    end_of_more(lab)


def walk(bench, landing):
    took, peak, _ = process([bench.programs / "walk", landing])
    return Sample(took, peak=peak)


def one_more(lab):
    """Lands a file more than there were, and loads it."""
    more = lab.landing / TABLE / "more"
    more.mkdir(exist_ok=True)
    file = more / f"{len(list(more.iterdir()))}.csv"
    file.write_text("account_feature_id,account_id,feature_id,purchase_date,amount_paid\n99,1,1,2025-03-03 00:00:00,1.00\n")
    sample = lab.load()
    if sample.rows != 1:
        raise RuntimeError(f"{sample.rows} rows of one new file")
    return sample


def end_of_more(lab):
    shutil.rmtree(lab.landing / TABLE / "more")
    shutil.rmtree(lab.folder)


def cores(bench):
    """the 250 MB of plain on one core beside two"""
    lab = lab_on(bench, quarter_gigabyte(bench, "plain"))
    runs = alternate(bench.rounds, {"two": lab.first_load, "GOMAXPROCS=1": partial(lab.first_load, GOMAXPROCS="1"),
                                    "one core": partial(lab.first_load, before=["taskset", "--cpu-list", "0"])})
    shutil.rmtree(lab.folder)
    bench.table.ratio("with GOMAXPROCS=1", runs["GOMAXPROCS=1"], runs["two"], "two cores", 2.1)
    bench.table.ratio("pinned to one core", runs["one core"], runs["two"], "two cores", 2.1)


ROWS = {row.__name__: row for row in (plain, kinds, quoted, spark, large, small, known, cores)}
