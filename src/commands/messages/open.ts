import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {isUserMessage} from '../../core/message.js';
import type {Message} from '../../core/model.js';
import {shownUrl} from '../../output/format/url.js';
import type {Diagram, Openable, Page} from '../../output/markdown/openables.js';
import {readChat} from '../chats/history-show.js';
import {addExamples} from '../shared/options/examples.js';
import {openExternally} from '../shared/open-externally.js';

export const open = (context: Context) =>
  addExamples(
    new Command('open')
      .summary('Open a diagram, file or link of a reply')
      .description(
        "Open a diagram, file or link of the newest reply that has any, in your browser or your system's program. " +
          'Diagrams are numbered first, then files and images, then links. An SVG picture is shown on a page where it ' +
          'can neither run scripts nor load anything. The source of a Mermaid diagram is opened as a file.',
      )
      .argument('<chat>', 'Chat ID, code, URL, or "last"')
      .argument('[number]', 'What to open, starting at 1 (default: the first)'),
    [
      ['poe open last', 'The first diagram, file or link of the last reply'],
      ['poe open last 2', 'The second one'],
    ],
  ).action(async (name: string, number = '1') => {
    const {messages} = await readChat(context, name, 20);
    const found = await newestOpenables(messages.filter((message) => !isUserMessage(message)));
    if (found.length === 0)
      throw new PoeError('message_not_found', 'No reply in this chat has a diagram, a file or a link', {
        remedy: 'list_messages',
        chat: name,
      });
    const chosen = found[Number(number) - 1];
    if (!chosen)
      throw new PoeError('usage', `The reply has nothing with the number ${JSON.stringify(number)}`, {
        hint: `It has: ${found.map((each, index) => `${index + 1} ${nameOf(each)}`).join(', ')}`,
      });
    const target = 'url' in chosen ? await openableUrl(chosen, context) : await writeDiagram(chosen);
    if (!(await openExternally(target, context.io.env)))
      throw new PoeError('file', 'No program could be started to open it', {hint: `Open it yourself: ${target}`});
    const more = found.flatMap((each, index) => (each === chosen ? [] : [`${index + 1} ${nameOf(each)}`]));
    context.output.result({opened: target, type: chosen.type}, () =>
      [`Opened ${shownUrl(target)}`, ...viewerNote(chosen), ...moreNote(more)].join('\n'),
    );
  });

async function newestOpenables(replies: readonly Message[]): Promise<Openable[]> {
  const {openablesIn} = await import('../../output/markdown/openables.js');
  for (const reply of replies.toReversed()) {
    const found = await openablesIn(reply);
    if (found.length > 0) return found;
  }
  return [];
}

/** The URL of a file, or the path of a copy if other programs cannot open its URL. */
async function openableUrl({name, url}: Page, context: Context): Promise<string> {
  if (!(await context.isPrivate(url))) return url;
  const {mkdtemp} = await import('node:fs/promises');
  const path = join(await mkdtemp(join(tmpdir(), 'poe-')), name);
  await context.saveFile(url, path, {mayReplace: false, signal: context.signal});
  return path;
}

/** Writes a diagram to a file that only this user can read. @returns its path */
async function writeDiagram({type, source}: Diagram): Promise<string> {
  const {mkdtemp} = await import('node:fs/promises');
  const folder = await mkdtemp(join(tmpdir(), 'poe-'));
  if (type === 'mermaid') return write(join(folder, 'diagram.mmd'), `${source}\n`);
  const {svgPage} = await import('../../output/format/svg-page.js');
  return write(join(folder, 'picture.html'), svgPage(source));
}

async function write(path: string, text: string): Promise<string> {
  const {writeFile} = await import('node:fs/promises');
  await writeFile(path, text, {mode: 0o600, flag: 'wx'});
  return path;
}

const nameOf = (each: Openable): string =>
  'url' in each ? each.name || each.url : each.type === 'svg' ? 'SVG picture' : 'Mermaid diagram';

const viewerNote = ({type}: Openable): string[] =>
  type === 'mermaid' ? ['If your system shows only its source: a Mermaid viewer draws it.'] : [];

const moreNote = (more: readonly string[]): string[] => (more.length === 0 ? [] : [`Others: ${more.join(', ')}`]);
