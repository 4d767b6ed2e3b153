import {withoutContent} from '../format/url.js';
import {sanitize, Sanitizer} from '../terminal/sanitize.js';
import type {OutputStream} from '../terminal/writer.js';
import {PipedText} from './piped-text.js';
import type {ReplyView} from './reply-view.js';
import {sourceLines} from './sources.js';

interface PipedReplyOptions {
  isTerminal: boolean;
  note: (text: string) => void;
}

/** Prints the exact text; on a terminal without cursor movement, the sanitized text. */
export function pipedReply(stdout: OutputStream, {isTerminal, note}: PipedReplyOptions): ReplyView {
  const write = (text: string) => {
    for (const part of partsOf(text)) stdout.write(part);
  };
  let piped = new PipedText(write);
  let sanitizer = new Sanitizer();
  let sanitized = '';
  return {
    // Only in Poe's own protocol and on poe.com can a bot replace its text.
    start({protocol}) {
      piped = new PipedText(write, {isAppendOnly: protocol !== undefined && protocol !== 'native'});
    },
    event(event, text) {
      if (event.type !== 'append' && event.type !== 'replace') return;
      if (!isTerminal) return piped.update(event, text);
      if (event.type === 'replace') [sanitizer, sanitized] = [new Sanitizer(), ''];
      const added = sanitizer.more(event.text);
      sanitized += added;
      piped.update({type: event.type, text: added}, sanitized);
    },
    done(reply) {
      const {isExact} = piped.finish(isTerminal ? sanitize(reply.text) : reply.text);
      if (!isExact) note('The bot changed text that was already printed. The complete reply is printed last.');
      for (const line of sourceLines(reply)) note(line);
      for (const {name, url} of reply.attachments) {
        if (url !== null && !reply.text.includes(url)) note([name, withoutContent(url)].filter(Boolean).join('  '));
      }
    },
    failed: () => piped.stop(),
  };
}

/** Node converts all of a text to bytes before it writes them. A very long one would take twice the memory. */
const maxPartLength = 1024 * 1024;

function* partsOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + maxPartLength;
    // Not between the two code units of a character.
    const isSplit = /[\ud800-\udbff]/.test(text.charAt(end - 1)) && end < text.length;
    yield text.slice(start, isSplit ? end - 1 : end);
    start = isSplit ? end - 1 : end;
  }
}
