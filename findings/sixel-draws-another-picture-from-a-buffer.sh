#!/usr/bin/env bash
# sixel 0.16.0 (npm): image2sixel() changes the pixels that it is given, and draws another picture from a Buffer.
#
# The function dithers in the caller's array: afterwards the pixels are different, and a second call with them encodes
# another picture. To find the palette, it takes a copy with data.slice() and sorts it. For a Uint8Array that is a copy,
# but Buffer.slice() returns a view of the same memory, so the sort rearranges the picture itself. Image decoders such
# as pngjs and jpeg-js return Buffers, and a Buffer is a Uint8Array for TypeScript. Pass `Uint8Array.from(buffer)`.
#
# The test picture has a black left half and a white right half, with noise. Decoded again, each half should have the
# brightness of the original.
# Expected output: "40 | 216" for the original, nearly the same for the Uint8Array, "119 | 119" for the Buffer; both
# inputs changed. The script fails when the Buffer gives the same picture as the Uint8Array, or when an input is kept.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund sixel@0.16.0

cat >draw.mjs <<'EOF'
import sixel from 'sixel';

const width = 64;
const height = 60;
const original = new Uint8Array(width * height * 4);
for (let pixel = 0; pixel < width * height; pixel++) {
	const isLeft = pixel % width < width / 2;
	for (let channel = 0; channel < 3; channel++) {
		const noise = (pixel * 31 + channel * 17) % 80;
		original[pixel * 4 + channel] = isLeft ? noise : 255 - noise;
	}
	original[pixel * 4 + 3] = 255;
}

const halves = pixels => {
	const sums = [0, 0];
	for (let pixel = 0; pixel < width * height; pixel++) {
		const isRight = pixel % width >= width / 2;
		sums[Number(isRight)] += pixels[pixel * 4];
	}
	return sums.map(sum => Math.round(sum / ((width * height) / 2))).join(' | ');
};

const draw = (name, pixels) => {
	pixels.set(original);
	const text = sixel.image2sixel(pixels, width, height, 16);
	const decoded = sixel.decode(Buffer.from(text));
	const isSame = Buffer.compare(pixels, original) === 0;
	console.log(`${name}: ${halves(new Uint8Array(decoded.data32.buffer))}, input ${isSame ? 'kept' : 'changed'}`);
};
console.log(`original: ${halves(original)}`);
draw('Uint8Array', new Uint8Array(original.length));
draw('Buffer', Buffer.alloc(original.length));
EOF

actual=$(node draw.mjs)
echo "$actual"
[ "$actual" = "original: 40 | 216
Uint8Array: 39 | 214, input changed
Buffer: 119 | 119, input changed" ]
