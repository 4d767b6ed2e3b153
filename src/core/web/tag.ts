import {createHash} from 'node:crypto';

/** The salt of every client from 2024-06 to 2026-08. */
const salt = '4LxgHM6KpFqokX0Ox';

/**
 * The `poe-tag-id` of a request: lower-case hex MD5 of the body's exact bytes, the form key and the salt, in this order.
 * For a multipart request the body is the text of its `queryInfo` part.
 */
export function tagId(body: string, formKey: string): string {
  return createHash('md5').update(body, 'utf8').update(formKey).update(salt).digest('hex');
}
