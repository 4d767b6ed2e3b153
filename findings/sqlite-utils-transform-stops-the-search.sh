#!/usr/bin/env bash
# sqlite-utils 4.2.1 (pip): `transform` deletes all triggers of the table, so that a search no longer finds new rows.
#
# SQLite can change little in a table, so `transform` copies the rows into a new one, deletes the old one and renames
# the new one. It creates the indexes and foreign keys again, but not the triggers, and SQLite deletes those with the
# old table. The search of `enable-fts --create-triggers` lives on triggers: rows that come later are not found, deleted
# ones stay in the index, with status 0 and without a warning. Triggers of the user are gone, too. A change of a default
# or the order of columns is enough. Run `rebuild-fts` afterwards and create the triggers again.
#
# Expected output: 4 triggers, then 0 after `transform --default`, while the index is still there; a later row is stored
# but not found. The script fails when a trigger is left, or when the later row is found.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check sqlite-utils==4.2.1

value() {
	venv/bin/sqlite-utils query chat.db "$1" --csv --no-headers | tr -d '\r'
}
schema() {
	for type in trigger index; do
		echo "$1: $(value "select count(*) from sqlite_master where type = '$type' and tbl_name = 'messages'") of type $type"
	done
}
search() {
	found=$(venv/bin/sqlite-utils search chat.db messages "$1" --column text --csv --no-headers | tr -d '\r')
	echo "$1: $(value "select count(*) from messages where text = '$1'") stored, search finds ${found:-nothing}"
}

{
	echo '{"id": 1, "text": "first"}' | venv/bin/sqlite-utils insert chat.db messages - --pk id
	venv/bin/sqlite-utils enable-fts chat.db messages text --create-triggers
	venv/bin/sqlite-utils create-index chat.db messages text
	value "create trigger keep before delete on messages begin select raise(abort, 'Messages are kept'); end" >/dev/null
	echo '{"id": 2, "text": "second"}' | venv/bin/sqlite-utils insert chat.db messages -
	schema before
	venv/bin/sqlite-utils transform chat.db messages --default text ''
	schema after
	echo '{"id": 3, "text": "third"}' | venv/bin/sqlite-utils insert chat.db messages -
	search second
	search third
} >output
cat output
[ "$(cat output)" = "before: 4 of type trigger
before: 1 of type index
after: 0 of type trigger
after: 1 of type index
second: 1 stored, search finds second
third: 1 stored, search finds nothing" ]
