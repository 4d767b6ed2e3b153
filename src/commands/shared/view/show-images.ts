import type {Context} from '../../../context/context.js';
import {PoeError} from '../../../core/errors.js';
import type {Message} from '../../../core/model.js';
import type * as ImageSources from '../../../output/images/image-source.js';
import type {FetchImage, ImageSource} from '../../../output/images/image-source.js';
import type {ImageViewer, MessageImages, ShowOptions} from '../../../output/images/image-viewer.js';
import type {AskTerminal} from '../../../output/images/terminal/detect-graphics.js';

/** The rows of an image that is sent: enough to recognize it. */
const previewRows = 8;

/** Shows the images of replies below them, on a terminal that can. @throws PoeError `interrupted` */
export async function showReplyImages(
  context: Context,
  ...replies: readonly Pick<Message, 'text' | 'attachments'>[]
): Promise<void> {
  if (!mayShow(context)) return;
  const candidates = replies.filter(({text, attachments}) => attachments.length > 0 || text.includes('!['));
  if (candidates.length === 0) return;
  const {replyImages} = await import('../../../output/images/image-source.js');
  const fetch: FetchImage = (url, signal) => context.fetchImage(url, signal);
  await show(
    context,
    candidates.flatMap((reply) => replyImages(reply, fetch)),
  );
}

/** Shows the images among the files that are sent, on a terminal that can. @throws PoeError `interrupted` */
export async function showSentImages(context: Context, paths: readonly string[]): Promise<void> {
  if (!mayShow(context) || paths.length === 0) return;
  const {sentImages} = await import('../../../output/images/image-source.js');
  await show(context, sentImages(paths), previewRows);
}

/** The images of a chat. They are loaded when there are any. @param ask asks the terminal of the chat */
export function chatImages(context: Context, ask: AskTerminal): MessageImages {
  let viewer: ImageViewer | undefined;
  async function* linesOf(find: (module: typeof ImageSources) => ImageSource[], options: ShowOptions) {
    const sources = find(await import('../../../output/images/image-source.js'));
    if (sources.length === 0) return;
    const {ImageViewer} = await import('../../../output/images/image-viewer.js');
    const {io, output} = context;
    viewer ??= new ImageViewer({env: io.env, color: output.hasColor, stdout: io.stdout, ask});
    yield* viewer.show(sources, options);
  }
  const fetch: FetchImage = (url, signal) => context.fetchImage(url, signal);
  return {
    ofReply: (reply, signal, {only} = {}) => linesOf(({replyImages}) => replyImages(reply, fetch, only), {signal}),
    ofFiles: (paths, signal) => linesOf(({sentImages}) => sentImages(paths), {signal, maxRows: previewRows}),
  };
}

function mayShow({io, output, showsImages}: Context): boolean {
  return showsImages && io.stdout.isTTY === true && io.env.TERM !== 'dumb' && !output.isJson;
}

async function show(context: Context, sources: readonly ImageSource[], maxRows?: number): Promise<void> {
  if (sources.length === 0) return;
  const {io, signal, output} = context;
  const [{ImageViewer}, {TerminalQuestions}] = await Promise.all([
    import('../../../output/images/image-viewer.js'),
    import('../../../output/images/terminal/ask-terminal.js'),
  ]);
  const questions = new TerminalQuestions(io.stdin, io.stdout);
  const ask = (await questions.canAsk()) ? questions.ask : undefined;
  const viewer = new ImageViewer({env: io.env, color: output.hasColor, stdout: io.stdout, ask});
  const spinner = await output.startSpinner(sources.length === 1 ? 'Loading the image' : 'Loading the images');
  try {
    for await (const lines of viewer.show(sources, {signal, maxRows})) {
      spinner.stop();
      io.stdout.write(lines);
    }
  } finally {
    spinner.stop();
    await questions.close();
  }
  if (signal.aborted) throw new PoeError('interrupted', 'Interrupted');
}
