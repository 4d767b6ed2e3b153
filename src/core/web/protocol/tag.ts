import {createHash} from 'node:crypto';
import {builtIn, type TagRecipe} from './facts.js';

/**
 * The `poe-tag-id` of a request: lower-case hex MD5 of the body's exact bytes, the form key and a salt, whose characters may
 * then change places. For a multipart request the body is the text of its part `queryInfo` or `operations`.
 */
export function tagId(body: string, formKey: string, {parts, places}: TagRecipe = builtIn('2025-03').tag): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part === 'body' ? body : part === 'key' ? formKey : part.salt, 'utf8');
  const digest = md5.digest('hex');
  return places ? places.map((place) => digest.charAt(place)).join('') : digest;
}
