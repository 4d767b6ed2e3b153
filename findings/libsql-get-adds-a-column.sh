#!/usr/bin/env bash
# libsql 0.5.29 (npm): the row that get() returns has a property `_metadata` that is not in the query.
#
# The property is enumerable and holds the time that the query took. So the same row is different on each call: it never
# equals the same row from all() or iterate(), it ends up in JSON, and code that builds an INSERT from the keys of a row
# names a column that does not exist. pluck().get() and pragma(..., {simple: true}) return a single value in
# better-sqlite3, the library with the same API; here they return such a row too.
#
# Expected output: get(), pluck().get() and the simple pragma have a key _metadata, all() and iterate() do not. The
# script fails when one of them differs.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >rows.mjs <<'EOF'
import Database from 'libsql';

const database = new Database(':memory:');
database.exec('CREATE TABLE chats (id INTEGER); INSERT INTO chats VALUES (1)');
const select = () => database.prepare('SELECT id FROM chats');
const [fromIterate] = select().iterate();
const show = (name, row) => console.log(`${name}:`, typeof row === 'object' ? Object.keys(row).join(', ') : 'a value');
show('all()', select().all()[0]);
show('iterate()', fromIterate);
show('get()', select().get());
show('pluck().all()', select().pluck().all()[0]);
show('pluck().get()', select().pluck().get());
show('simple pragma', database.pragma('user_version', {simple: true}));
EOF

actual=$(node rows.mjs)
echo "$actual"
[ "$actual" = 'all(): id
iterate(): id
get(): id, _metadata
pluck().all(): a value
pluck().get(): id, _metadata
simple pragma: user_version, _metadata' ]
