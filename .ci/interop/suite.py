"""Runs the parts of the interop suite in one Spark session. See ./run."""

import os
import sys
from pathlib import Path

import checks
import lab
import spark

PARTS = ["readers", "handover", "comparison", "races"]


def main(repository, work, *wanted):
    lab.program, lab.fixtures = work / "lab", repository / "fixtures" / "days"
    os.environ["TZ"] = "UTC"
    jars = repository / ".interop" / "jars"
    one = spark.session(jars, work / "warehouse")
    versions(one)
    for part in wanted or PARTS:
        print(f"\n{part}", flush=True)
        folder = work / part
        folder.mkdir()
        __import__(part).run(one, folder, jars)
    print()
    return checks.close()


def versions(one):
    import deltalake
    delta = one._jvm.io.delta.package.VERSION()
    print(f"Spark {one.version} with Delta {delta}, delta-rs {deltalake.__version__}, "
          f"{lab.Lab('.').run('--version').stdout.strip()}", flush=True)


if __name__ == "__main__":
    repository, work, *wanted = sys.argv[1:]
    sys.exit(main(Path(repository), Path(work), *wanted))
