import type {Attachment} from '../../core/model.js';
import type {ReplyResult} from '../../core/reply.js';
import {fileSize} from '../format/file-size.js';
import {shownUrl} from '../format/url.js';
import type {Wrap} from '../markdown/wrap.js';
import {isInline} from '../markdown/inline-files.js';
import {LiveRows} from '../terminal/rows/live-rows.js';
import {sanitizeLine} from '../terminal/sanitize.js';
import type {OutputStream} from '../terminal/writer.js';
import {ReplyRenderer, type ReplySink} from './reply-renderer.js';
import type {ReplyView} from './reply-view.js';
import {sourceLines} from './sources.js';

interface TerminalReplyOptions {
  color: boolean;
  canStrike: boolean;
  wrap?: Wrap | undefined;
  note: (text: string) => void;
  /** Called when the reply takes up the terminal: other lines must wait. */
  onDraw: () => void;
  /** Called when it is completely drawn. */
  onEnd: () => void;
}

/** Renders a reply on a terminal while it arrives. */
export function terminalReply(
  stdout: OutputStream,
  {color, canStrike, wrap, note, onDraw, onEnd}: TerminalReplyOptions,
): ReplyView {
  const renderer = new ReplyRenderer(failSafe(new LiveRows(stdout), stdout), {
    color,
    canStrike,
    wrap,
    openCommand: 'poe open last',
    note,
  });
  stdout.on('resize', renderer.refresh);
  const finish = async (reply?: ReplyResult) => {
    await renderer.finish(reply?.text, reply);
    stdout.off('resize', renderer.refresh);
  };
  return {
    start() {},
    event(event, text, details) {
      if (event.type === 'progress') return;
      onDraw();
      renderer.handle(event, text, details);
    },
    async done(reply) {
      try {
        await finish(reply);
        for (const line of sourceLines(reply)) stdout.write(`${sanitizeLine(line)}\n`);
        for (const {name, url, size} of reply.attachments.filter((file) => !isShownIn(reply.text, file))) {
          const facts = [sanitizeLine(name ?? ''), fileSize({size, url: url ?? ''}), shownUrl(url ?? '')];
          stdout.write(`${facts.filter(Boolean).join('  ')}\n`);
        }
      } finally {
        onEnd();
      }
    },
    async failed() {
      await finish().finally(onEnd);
    },
  };
}

const isShownIn = (text: string, file: Attachment): boolean =>
  isInline(file, text) || (file.url !== null && text.includes(file.url));

/** If the rows cannot be drawn, the lines that never change are written one below the other. */
function failSafe(live: LiveRows, stdout: OutputStream): ReplySink {
  let hasFailed = false;
  return {
    get width() {
      return live.width;
    },
    draw(committed, pending) {
      try {
        if (!hasFailed) return live.draw(committed, pending);
      } catch {
        hasFailed = true;
      }
      stdout.write(committed);
    },
  };
}
