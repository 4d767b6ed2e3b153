#!/usr/bin/env bash
# Node.js 20.20.2, prompts 2.4.2, enquirer 2.4.1, @clack/prompts 1.9.0 (npm): asking without input ends with status 0.
#
# A program that asks "Delete the old chats?" or for a name waits for a promise. If its input is at the end, as in a CI
# job or behind a pipe, that promise is never settled. Nothing else keeps Node running, so the program ends in the
# middle of a function, with the status 0: neither the code behind the question nor a `catch` or `finally` runs. The
# script that called it goes on as if all was done. readline also loses answers: of two lines that arrive at once, the
# second is dropped, as nobody asks yet. @inquirer/prompts 8.7.5 rejects. Set `process.exitCode = 1` until the work is
# done.
#
# Expected output: "status 0, not done" for each but inquirer, which has status 1; two lines through a pipe are "not
# done" with readline, too. The script fails when one of them reports the missing answer.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund prompts@2.4.2 enquirer@2.4.1 @clack/prompts@1.9.0 @inquirer/prompts@8.7.5

cat >program.mjs <<'END'
import {writeFileSync} from 'node:fs';
import {createInterface} from 'node:readline/promises';
import {text} from '@clack/prompts';
import {input} from '@inquirer/prompts';
import enquirer from 'enquirer';
import prompts from 'prompts';

const libraries = {
	readline: () => {
		const lines = createInterface({input: process.stdin, output: process.stdout});
		return {ask: message => lines.question(message), close: () => lines.close()};
	},
	prompts: () => ({ask: message => prompts({type: 'text', name: 'answer', message})}),
	enquirer: () => ({ask: message => enquirer.prompt({type: 'input', name: 'answer', message})}),
	clack: () => ({ask: message => text({message})}),
	inquirer: () => ({ask: message => input({message})}),
};

const main = async () => {
	const {ask, close} = libraries[process.argv[2]]();
	try {
		await ask('First name?');
		await ask('Last name?');
		writeFileSync('result', 'done');
	} finally {
		writeFileSync('finally', '');
		close?.();
	}
};
main().catch(() => {
	process.exitCode = 1;
});
END

# Runs the program with what is on stdin.
run() {
	local status=0
	rm -f result finally
	timeout 60 node program.mjs "$1" >/dev/null 2>&1 || status=$?
	echo "$2: status $status, $(cat result 2>/dev/null || echo 'not done')$([ ! -e finally ] || echo ', finally')"
}
actual=$(
	for library in readline prompts enquirer clack inquirer; do run "$library" "$library" </dev/null; done
	printf 'Ada\nLovelace\n' | run readline 'readline, two lines at once'
	(echo Ada && sleep 3 && echo Lovelace) | run readline 'readline, one after the other'
)
echo "$actual"
[ "$actual" = "readline: status 0, not done
prompts: status 0, not done
enquirer: status 0, not done
clack: status 0, not done
inquirer: status 1, not done, finally
readline, two lines at once: status 0, not done
readline, one after the other: status 0, done, finally" ]
