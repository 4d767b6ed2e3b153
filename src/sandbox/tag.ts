import {createHash} from 'node:crypto';

const salt = '4LxgHM6KpFqokX0Ox';

/**
 * The `poe-tag-id` that belongs to a request: the MD5 of what is signed, the form key and a salt, in hex.
 * @param signed the JSON body, or the `queryInfo` part of a multipart one, byte for byte
 * @param swap two places whose characters change places (seen in 2026-08)
 */
export function tagIdOf(
  signed: Buffer | string,
  formKey: string,
  swap: readonly [number, number] | null = null,
): string {
  const digest = createHash('md5').update(signed).update(formKey).update(salt).digest('hex');
  if (!swap) return digest;
  const [one, other] = swap;
  const characters = [...digest];
  characters[one] = digest.charAt(other);
  characters[other] = digest.charAt(one);
  return characters.join('');
}
