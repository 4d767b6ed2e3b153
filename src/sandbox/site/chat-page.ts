import type {Chat, Message} from '../world/chat.js';
import type {SharedChat} from '../world/links.js';
import {botNode, chatNode, messageNode} from '../answers/nodes.js';
import type {World} from '../world/world.js';

/** The page of a chat, for the account it belongs to. */
export const chatPage = (chat: Chat, world: World): string =>
  page('/chat/[chatCode]', chat.title, chat.messages, {
    chatOfCode: {...chatNode(chat), messages: chat.messages.map((message) => messageNode(message, world))},
  });

/** The page of shared messages, for everybody. Nothing else tells the internal name of the bot that was talked with. */
export const sharedPage = ({code, title, bot, messages}: SharedChat, world: World): string =>
  page('/s/[shareCode]', title, messages, {
    chatShare: {shareCode: code, bot: botNode(bot), messages: messages.map((message) => messageNode(message, world))},
  });

function page(path: string, title: string | null, messages: readonly Message[], mainQuery: object): string {
  const nextData = {props: {pageProps: {data: {mainQuery}}}, page: path, query: {}, isFallback: false, gip: true};
  const lines = messages.map(({bot, text}) => `<p><b>${escaped(bot?.displayName ?? 'User')}</b> ${escaped(text)}</p>`);
  return `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>${escaped(title ?? 'New chat')} - Poe</title></head>
<body><div id="__next"><main>
${lines.join('\n')}
</main></div>
<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(nextData).replaceAll('<', String.raw`\u003c`)}</script>
</body></html>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
