#!/usr/bin/env bash
# libsql 0.5.29 (npm): a parameter without a value is stored as NULL, and values without a parameter are ignored.
#
# The package offers the API of better-sqlite3, where both mistakes throw a RangeError before anything is written. In
# libsql a misspelled key, a forgotten argument or one argument too many pass without an error. An UPDATE then erases
# the column, and a WHERE with NULL matches nothing. Only NOT NULL in the schema catches it.
#
# Expected output: the insert and the update succeed, and the stored values are null. The script fails when libsql
# throws.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >bind.mjs <<'EOF'
import Database from 'libsql';

const database = new Database(':memory:');
database.exec('CREATE TABLE chats (id INTEGER, title TEXT)');
const attempt = (name, action) => {
	try {
		const {changes} = action();
		const rows = database.prepare('SELECT id, title FROM chats').raw().all();
		console.log(`${name}: ${changes} changed, ${JSON.stringify(rows)}`);
	} catch (error) {
		console.log(`${name}: ${error.name}`);
	}
};
attempt('correct', () => database.prepare('INSERT INTO chats VALUES (:id, :title)').run({id: 1, title: 'old'}));
attempt('misspelled', () => database.prepare('UPDATE chats SET title = :title').run({tilte: 'new'}));
attempt('too few', () => database.prepare('UPDATE chats SET id = ?, title = ?').run(2));
attempt('too many', () => database.prepare('UPDATE chats SET id = ?').run(3, 'new'));
EOF

actual=$(node bind.mjs)
echo "$actual"
[ "$actual" = 'correct: 1 changed, [[1,"old"]]
misspelled: 1 changed, [[1,null]]
too few: 1 changed, [[2,null]]
too many: 1 changed, [[3,null]]' ]
