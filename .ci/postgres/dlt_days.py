"""Lands two days with dlt's filesystem destination, as its users do: CSV, packed
or not, under dlt's own names.

    dlt_days.py BUCKET packed|plain DAY.csv…
"""

import csv
import sys

import dlt
from dlt.destinations import filesystem

bucket, form, *days = sys.argv[1:]
dlt.config["normalize.data_writer.disable_compression"] = form == "plain"
pipeline = dlt.pipeline(
    "extract",
    destination=filesystem(bucket_url="file://" + bucket),
    dataset_name="landing",
    pipelines_dir=bucket + ".state",
)
for day in days:
    with open(day, newline="") as file:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    info = pipeline.run(rows, table_name="account_premium_features", loader_file_format="csv")
    info.raise_on_failed_jobs()
