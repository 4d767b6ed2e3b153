import type {Context} from '../../context/context.js';
import type {OwnBot} from '../../core/own-bots.js';
import type {Column} from '../../output/list/columns.js';

/** A bot of the account in a list. What Poe does not tell is null. */
interface Row {
  handle: string;
  botId: OwnBot['botId'];
  name: string | null;
  category: string | null;
  isPrivate: boolean | null;
  description: string | null;
  url: string;
}

const columns: readonly Column<Row>[] = [
  {title: 'Bot', value: ({handle}) => handle},
  {title: 'Name', value: ({name}) => name},
  {title: 'Category', value: ({category}) => category},
  {
    title: 'Visibility',
    value: ({isPrivate}) => (isPrivate === null ? null : isPrivate ? 'private' : 'public'),
  },
  {title: 'Description', value: ({description}) => description, flex: true},
];

/** Lists the bots of the account, and offers their handles for completion. */
export async function listOwnBots(context: Context, {limit}: {limit?: number | undefined} = {}): Promise<void> {
  const {client, output, signal} = context;
  const bots = client.ownBots.list({signal, ...(limit !== undefined && {limit})});
  await output.list(rows(bots, context), columns, {empty: 'You have no bots. Create one with: poe bot init <folder>'});
}

async function* rows(bots: AsyncIterable<OwnBot>, context: Context): AsyncGenerator<Row, void, undefined> {
  const cache = await context.cache();
  for await (const {handle, botId, settings} of bots) {
    const {name = null, category = null, isPrivate = null, description = null} = settings;
    cache.addBots([{handle, name}]);
    yield {handle, botId, name, category, isPrivate, description, url: await context.webProfile.botUrl(handle)};
  }
}
