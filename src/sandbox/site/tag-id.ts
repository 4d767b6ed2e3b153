import {createHash} from 'node:crypto';

export const salt = '4LxgHM6KpFqokX0Ox';

/**
 * The `poe-tag-id` of a request: the MD5 of the signed text, the form key and a salt, in hex.
 * @param signed the JSON body, or the part `queryInfo` or `operations` of a multipart body, byte for byte
 * @param positions the order of the digest's characters (since 2026-08)
 */
export function tagId(
  signed: Uint8Array | string,
  formKey: string,
  positions: readonly number[] | null = null,
): string {
  const digest = createHash('md5').update(signed).update(formKey).update(salt).digest('hex');
  return positions ? positions.map((position) => digest.charAt(position)).join('') : digest;
}

/** The positions of a digest's 32 characters in order, except that two are swapped. */
export function swappedPositions(first: number, second: number): number[] {
  return Array.from({length: 32}, (_, index) => (index === first ? second : index === second ? first : index));
}
