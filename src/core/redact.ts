/*
 * The secrets that clients of this process hold, so that no message has them: some services quote in an error what they were sent.
 */

const held = new Set<string>();
/** Of those held last; a client that lives for long is given new ones. */
const mostHeld = 500;
/** What is shorter may be any word. */
const shortest = 6;

/** Keeps a secret from all messages from now on. */
export function registerSecret(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    for (const form of secret === undefined ? [] : [secret, decoded(secret)]) {
      // Those held anew are the last to go.
      held.delete(form);
      if (form.length >= shortest) held.add(form);
    }
  }
  for (const oldest of held) {
    if (held.size <= mostHeld) break;
    held.delete(oldest);
  }
}

/** A text without the secrets. */
export function redact(text: string): string {
  let left = text;
  for (const secret of held) left = left.replaceAll(secret, '…');
  return left;
}

/** The beginning of what a service said, fit to be quoted. */
export const quote = (said: string, most: number): string => redact(said).slice(0, most);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
