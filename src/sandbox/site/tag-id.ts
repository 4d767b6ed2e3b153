import {createHash} from 'node:crypto';

export const salt = '4LxgHM6KpFqokX0Ox';

/**
 * The `poe-tag-id` that belongs to a request: the MD5 of what is signed, the form key and a salt, in hex.
 * @param signed the JSON body, or the `queryInfo` part of a multipart one, byte for byte
 * @param places which character of the digest stands where (seen since 2026-08)
 */
export function tagIdOf(signed: Buffer | string, formKey: string, places: readonly number[] | null = null): string {
  const digest = createHash('md5').update(signed).update(formKey).update(salt).digest('hex');
  return places ? places.map((place) => digest.charAt(place)).join('') : digest;
}
