import {hash} from 'node:crypto';

/** How the site derives the header `poe-tag-id` of a request. */
export interface TagRecipe {
  /** The input of the MD5, in order: the signed text, the form key, and fixed characters (the salt). */
  parts: readonly ('body' | 'key' | {salt: string})[];
  /** For each character of the tag id, its place in the digest; null if the tag id is the digest itself. */
  places: readonly number[] | null;
}

/**
 * The `poe-tag-id` of a request: the lower-case hex MD5 of the signed text, the form key and a salt, with its characters reordered.
 * @param body the exact request body; for a multipart request, the text of its part `queryInfo` or `operations`
 */
export function tagId(body: string, formKey: string, {parts, places}: TagRecipe): string {
  const text = parts.map((part) => (part === 'body' ? body : part === 'key' ? formKey : part.salt)).join('');
  const digest = hash('md5', text);
  return places ? places.map((place) => digest.charAt(place)).join('') : digest;
}
