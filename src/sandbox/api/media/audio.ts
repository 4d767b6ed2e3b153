/* The sound that bots for audio reply with: half a second of a tone. */

export const soundPathOf = (voice: string): string => `/base/audio/sandbox-${voice}.wav`;

export const isSoundPath = (path: string): boolean => /^\/base\/audio\/sandbox-[a-z]+\.wav$/.test(path);

const rate = 8_000;

/** A WAV file with one channel of eight bits. */
export function sound(): Buffer {
  const samples = Buffer.from(
    Array.from({length: rate / 2}, (_, index) => Math.round(128 + 60 * Math.sin((2 * Math.PI * 440 * index) / rate))),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
