#!/usr/bin/env bash
# pandas 3.1.1 (pip): read_json() rounds IDs although the JSON has them as strings, so that messages share an ID.
#
# Programs write large IDs as strings because a JSON number is usually read as a double, which has only 53 bits.
# read_json() takes a column of strings for numbers if they all look like numbers. If one of them is null, such as the
# parent of the first message of a chat, the column becomes double, and IDs that are near to each other become the same,
# without a warning. A join of replies with their parents then finds all replies for each message. Pass `dtype=False`.
#
# Expected output: 1 parent and 12 pairs by default, 3 parents and the pairs ab, bc, cd with `dtype=False`. The script
# fails when the default keeps the parents apart.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check pandas==3.1.1

# Each message but the first is a reply to the one before.
cat >chat.jsonl <<'EOF'
{"id": "1790000000000000001", "parent": null, "text": "a"}
{"id": "1790000000000000002", "parent": "1790000000000000001", "text": "b"}
{"id": "1790000000000000003", "parent": "1790000000000000002", "text": "c"}
{"id": "1790000000000000004", "parent": "1790000000000000003", "text": "d"}
EOF

cat >check.py <<'EOF'
import pandas

for options in {}, {"dtype": False}:
    chat = pandas.read_json("chat.jsonl", lines=True, **options)
    pairs = chat.merge(chat, left_on="id", right_on="parent")
    print(chat["parent"].dtype, chat["parent"].nunique(), *(pairs["text_x"] + pairs["text_y"]))
EOF

actual=$(venv/bin/python check.py)
echo "$actual"
[ "$actual" = "float64 1 ab ac ad bb bc bd cb cc cd db dc dd
str 3 ab bc cd" ]
