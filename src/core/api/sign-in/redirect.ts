import {PoeError} from '../../errors.js';
import {quote} from '../../redact.js';

/* What comes back from Poe with the browser: in the address that it is sent to. */

/** The code in an address. @throws PoeError `refused` where Poe or the user said no, `usage` where there is none */
export function codeIn({searchParams}: URL): string {
  const error = searchParams.get('error');
  if (error === 'access_denied') {
    throw new PoeError('refused', 'Poe was told not to let poe in', {
      hint: 'Try again, and agree: poe login --api-key',
    });
  }
  if (error !== null) {
    const why = searchParams.get('error_description') ?? error;
    throw new PoeError('refused', `Poe did not let poe in (${quote(why, 300)})`, {
      hint: 'Check the client id (POE_CLIENT_ID), or make a key at https://poe.com/api/keys.',
    });
  }
  const code = searchParams.get('code');
  if (code) return code;
  throw new PoeError('usage', 'There is no code in the address', {
    hint: 'Paste the whole address that the browser was sent to, which begins with http://127.0.0.1.',
  });
}

/** Whether a text is an address, as one pastes it from the browser. */
const isAddress = (text: string): boolean => /^https?:\/\//i.test(text.trim()) && URL.canParse(text.trim());

/**
 * The code that somebody has copied from the browser: the whole address, or the code alone.
 * @throws PoeError `usage` for the answer to another question, and as `codeIn`
 */
export function pastedCode(pasted: string, state: string): string {
  const text = pasted.trim();
  if (!isAddress(text)) {
    if (/^[\x21-\x7e]+$/.test(text)) return text;
    throw new PoeError('usage', 'What was pasted is neither an address nor a code', {
      hint: 'Paste the whole address that the browser was sent to, which begins with http://127.0.0.1.',
    });
  }
  const address = new URL(text);
  if (address.searchParams.get('state') === state) return codeIn(address);
  throw new PoeError('usage', 'The address that was pasted belongs to another login', {
    hint: 'Open the address that poe has just shown, and paste the one that it leads to.',
  });
}
