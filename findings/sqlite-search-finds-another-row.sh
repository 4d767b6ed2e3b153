#!/usr/bin/env bash
# sqlite-utils 4.2.1 (pip) with SQLite 3.40.1 (Python 3.11): after a VACUUM, a full-text search finds the wrong rows.
#
# An FTS index with `content=` stores only the words, and the number of the row that has them. If a table has no primary
# key, such as the lines of a log, these numbers are not fixed: VACUUM counts the rows again from 1, but the index keeps
# the old numbers. As soon as a row was deleted before, a search returns rows without the word, and for the last ones
# none. Triggers do not help, and integrity_check says "ok". All three commands are in one tool, which does not warn.
# Give the table an INTEGER PRIMARY KEY, or run `rebuild-fts` after each `vacuum`. (Today's SQLite keeps the numbers of
# a table with a TEXT PRIMARY KEY, but does not promise that.)
#
# Expected output: before "banana" finds banana and "cherry" cherry; after VACUUM "banana" finds cherry and "cherry"
# nothing, with integrity_check "ok"; after rebuild-fts as before. The script fails when the search is right.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check sqlite-utils==4.2.1

search() {
	for word in banana cherry; do
		found=$(venv/bin/sqlite-utils search log.db lines "$word" --column text --csv --no-headers | tr -d '\r')
		echo "$1: $word finds ${found:-nothing}"
	done
}

python3 -c 'import sqlite3; print("SQLite", sqlite3.sqlite_version)'
{
	printf '%s\n' '{"text": "apple"}' '{"text": "banana"}' '{"text": "cherry"}' |
		venv/bin/sqlite-utils insert log.db lines - --nl
	venv/bin/sqlite-utils enable-fts log.db lines text --create-triggers
	venv/bin/sqlite-utils query log.db "delete from lines where text = 'apple'" >/dev/null
	search before
	venv/bin/sqlite-utils vacuum log.db
	search after
	venv/bin/sqlite-utils query log.db 'pragma integrity_check' --csv --no-headers | tr -d '\r'
	venv/bin/sqlite-utils rebuild-fts log.db lines
	search rebuilt
} >output
cat output
[ "$(cat output)" = "before: banana finds banana
before: cherry finds cherry
after: banana finds cherry
after: cherry finds nothing
ok
rebuilt: banana finds banana
rebuilt: cherry finds cherry" ]
