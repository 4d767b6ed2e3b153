import {withoutContent} from '../format/url.js';
import {sanitize, Sanitizer} from '../terminal/sanitize.js';
import {drained, type OutputStream} from '../terminal/writer.js';
import {PipedText} from './piped-text.js';
import type {ReplyView} from './reply-view.js';
import {sourceLines} from './sources.js';

interface PipedReplyOptions {
  isTerminal: boolean;
  note: (text: string) => void;
}

/** Prints the exact text; on a terminal without cursor movement, the sanitized text. */
export function pipedReply(stdout: OutputStream, {isTerminal, note}: PipedReplyOptions): ReplyView {
  const write = (text: string) => (stdout.write(text) ? undefined : drained(stdout));
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
