/* The secrets in use, to remove them from messages: some services quote the request in an error. */

const secrets = new Set<string>();
/** Older ones are dropped: a long-lived client gets new secrets all the time. */
const maxSecrets = 500;
/** Shorter texts may be any word. */
const minLength = 6;

/** Adds secrets for `redact` to remove, as they are and URL-decoded. */
export function registerSecret(...added: readonly (string | undefined)[]): void {
  for (const secret of added) {
    for (const form of secret === undefined ? [] : [secret, decoded(secret)]) {
      // Moves a known secret to the end of the set.
      secrets.delete(form);
      if (form.length >= minLength) secrets.add(form);
    }
  }
  for (const oldest of secrets) {
    if (secrets.size <= maxSecrets) break;
    secrets.delete(oldest);
  }
}

/** The text without registered secrets. */
export function redact(text: string): string {
  let redacted = text;
  for (const secret of secrets) redacted = redacted.replaceAll(secret, '…');
  return redacted;
}

/** The beginning of a text from a service, without secrets. */
export const quote = (text: string, maxLength: number): string => redact(text).slice(0, maxLength);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
