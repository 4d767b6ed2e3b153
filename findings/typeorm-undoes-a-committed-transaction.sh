#!/usr/bin/env bash
# typeorm 1.1.1 with sql.js 1.14.1 (npm): a transaction that was committed is undone when another one fails.
#
# For SQLite, TypeORM has one connection, and gives it to all callers. If a transaction begins while another is open,
# for example in two requests of a server, the second becomes a savepoint inside the first. Its commit only releases the
# savepoint: transaction() resolves, the caller reports success, and all queries return the row. If the first one then
# fails, its rollback takes the row of the second with it. Queries without a transaction that run meanwhile are undone
# in the same way. Nobody gets an error except the one whose own transaction failed. Let transactions wait for each
# other, with a queue or a mutex. sql.js is quick to install; better-sqlite3 12.11.1 gives the same output.
#
# Expected output: "Bob's transaction: committed", "stored: Ada, Bob, Eve", "Ada's transaction: fails", "stored:
# nothing". The script fails when Bob's row is stored at the end.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund typeorm@1.1.1 sql.js@1.14.1 reflect-metadata@0.2.2

cat >test.mjs <<'EOF'
import 'reflect-metadata';
import {DataSource, EntitySchema} from 'typeorm';

const Message = new EntitySchema({
	name: 'Message',
	columns: {id: {type: Number, primary: true, generated: true}, author: {type: String}},
});
const source = new DataSource({type: 'sqljs', entities: [Message], synchronize: true});
await source.initialize();
const stored = async () => {
	const messages = await source.manager.find(Message);
	return messages.map(({author}) => author).join(', ') || 'nothing';
};

let fail;
let adaIsOpen;
const open = new Promise(resolve => {
	adaIsOpen = resolve;
});
const ada = source.transaction(async manager => {
	await manager.save(Message, {author: 'Ada'});
	adaIsOpen();
	await new Promise((_, reject) => {
		fail = reject;
	});
});
await open;
await source.transaction(manager => manager.save(Message, {author: 'Bob'}));
console.log("Bob's transaction: committed");
await source.manager.insert(Message, {author: 'Eve'});
console.log('stored:', await stored());
fail(new Error('fails'));
await ada.catch(error => console.log("Ada's transaction:", error.message));
console.log('stored:', await stored());
EOF

actual=$(node test.mjs)
echo "$actual"
[ "$actual" = "Bob's transaction: committed
stored: Ada, Bob, Eve
Ada's transaction: fails
stored: nothing" ]
