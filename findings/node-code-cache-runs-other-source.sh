#!/usr/bin/env bash
# Node.js 20.20.2: a code cache is accepted for a different source of the same length, and the old code runs.
#
# vm.Script takes `cachedData`, which was made from a source, and reports in `cachedDataRejected` whether it fits. V8
# checks its own version, its flags and the length of the source, but not the text. After an edit that does not change
# the number of characters, such as 10 to 99 or a fixed operator, the cache is accepted and the program runs the code
# from before the edit. A cache on disk needs a hash of the source in its name.
#
# Expected output: same length "accepted" with the old result 10, other length "rejected" with the new result 100. The
# script fails when the cache is rejected for another source of the same length.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >cache.mjs <<'EOF'
import vm from 'node:vm';

const cachedData = new vm.Script('(() => 10)()').createCachedData();
for (const source of ['(() => 10)()', '(() => 99)()', '(() => 100)()']) {
	const script = new vm.Script(source, {cachedData});
	const state = script.cachedDataRejected ? 'rejected' : 'accepted';
	console.log(`${source}: ${state}, result ${script.runInThisContext()}`);
}
EOF

node --version
actual=$(node cache.mjs)
echo "$actual"
[ "$actual" = "(() => 10)(): accepted, result 10
(() => 99)(): accepted, result 10
(() => 100)(): rejected, result 100" ]
