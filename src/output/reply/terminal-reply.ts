import {hostNote} from '../format/url.js';
import {LiveRows} from '../terminal/live-rows.js';
import {sanitizeLine} from '../terminal/sanitize.js';
import type {OutputStream} from '../terminal/writer.js';
import {ReplyRenderer} from './reply-renderer.js';
import type {ReplyView} from './reply-view.js';

interface TerminalReplyOptions {
  color: boolean;
  /** Called when the reply takes up the terminal: other lines must wait. */
  onDraw: () => void;
  /** Called when it is completely drawn. */
  onEnd: () => void;
}

const frameMs = 1000 / 30;

/** Renders a reply on a terminal while it arrives. */
export function terminalReply(stdout: OutputStream, {color, onDraw, onEnd}: TerminalReplyOptions): ReplyView {
  const renderer = new ReplyRenderer(new LiveRows(stdout), {color, frameMs});
  stdout.on('resize', renderer.refresh);
  const finish = async () => {
    await renderer.finish();
    stdout.off('resize', renderer.refresh);
  };
  return {
    start() {},
    event(event, text) {
      onDraw();
      renderer.handle(event, text);
    },
    async done({attachments}) {
      await finish();
      for (const {name, url} of attachments) {
        stdout.write(`${sanitizeLine([name, url].filter(Boolean).join('  '))}${hostNote(url ?? '')}\n`);
      }
      onEnd();
    },
    async failed() {
      await finish();
      onEnd();
    },
  };
}
