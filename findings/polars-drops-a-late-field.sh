#!/usr/bin/env bash
# polars 2.1.0, duckdb 2.0.1 (pip): a field that first appears late in a file of JSON lines is left out without a word.
#
# Logs and exports of chats have one message per line, and rare fields, such as an error or a file, only where they
# apply. Polars takes the columns from the first 100 lines, DuckDB from the first 20,480. A field that appears only
# after them is not read: no column, no error, no warning. "Which messages have failed?" then has no answer, or a
# smaller one, as soon as the file is long enough. For the same data as a JSON array, Polars raises an error. Pass
# `infer_schema_length=None` to Polars and `sample_size=-1` to DuckDB.
#
# Expected output: with the field in the last line, Polars has it in 100 lines but not in 101, as an array "error";
# DuckDB has it in 20,480 lines but not in 20,481. The script fails when one of them finds it in the longer file.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check polars==2.1.0 duckdb==2.0.1

cat >test.py <<'END'
import json

import duckdb
import polars


def found(read):
    try:
        columns = read()
    except polars.exceptions.ComputeError:
        return "error"
    return "found" if "error" in columns else "left out"


def lines(**options):
    return polars.read_ndjson("log.jsonl", **options).columns


def table(options=""):
    return duckdb.sql(f"FROM read_json('log.jsonl'{options})").columns


for length in 100, 101, 20_480, 20_481:
    messages = [{"id": number, "text": "Hello"} for number in range(length - 1)]
    messages.append({"id": length, "text": "Hello", "error": "overloaded"})
    with open("log.jsonl", "w") as file:
        file.writelines(json.dumps(message) + "\n" for message in messages)
    with open("log.json", "w") as file:
        json.dump(messages, file)
    print(
        f"{length} lines: polars {found(lines)}, as an array {found(lambda: polars.read_json('log.json').columns)},",
        f"all lines {found(lambda: lines(infer_schema_length=None))};",
        f"duckdb {found(table)}, all lines {found(lambda: table(', sample_size=-1'))}",
    )
END

actual=$(venv/bin/python test.py)
echo "$actual"
[ "$actual" = "100 lines: polars found, as an array found, all lines found; duckdb found, all lines found
101 lines: polars left out, as an array error, all lines found; duckdb found, all lines found
20480 lines: polars left out, as an array error, all lines found; duckdb found, all lines found
20481 lines: polars left out, as an array error, all lines found; duckdb left out, all lines found" ]
