import {botNode, chatNode, messageNode} from '../answers/nodes.js';
import {channelSettings} from '../live/channel.js';
import type {Chat, Message} from '../world/chat.js';
import type {SharedChat} from '../world/links.js';
import {seededName} from '../world/seeded.js';
import {buildId, chunkPath, keyScript, manifestPath, signatureScript} from './scripts.js';
import type {SandboxSite} from './site.js';

/** The home page of a logged-in user. A browser finds the form key in it by running its scripts. */
export function homePage(site: SandboxSite): string {
  const {isKeySeeded, hasChannelOnPage, keyLocation, chunkListSource} = site.facts;
  const src = (path: string) => `<script src="${site.cdnUrl}${path}" defer=""></script>`;
  const channel = hasChannelOnPage ? channelSettings(site.channels.open(), site.baseHost).tchannelData : undefined;
  const keyScripts = `<script>${keyScript(site)}</script>\n<script>${signatureScript(site)}</script>`;
  const nextData = {
    props: {
      pageProps: {
        data: {mainQuery: {viewer: {uid: site.world.viewer.uid}}},
        note: 'no function here',
        tchannelData: channel,
      },
    },
    page: '/',
    query: {},
    buildId,
    isFallback: false,
    gip: true,
  };
  return `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>Poe</title>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<script>(function(){var t=document.documentElement;t.classList.add("js");t.dataset.theme=localStorage.getItem("theme")||"light"})();</script>
<link rel="preload" href="${site.cdnUrl}${chunkPath('pages/_app')}" as="script"/>
<script>window.${seededName('flags', 12)}={canaries:["web_push","canvas"],locale:"en"};</script>
${keyLocation === 'head' ? keyScripts : ''}${keyLocation === 'file' ? src(chunkPath('formkey')) : ''}${src(chunkPath('webpack'))}${src(chunkPath('framework'))}${src(chunkPath('main'))}${src(chunkPath('pages/_app'))}
${isKeySeeded || chunkListSource === 'runtime' ? '' : src(chunkPath('7151'))}${src(chunkPath('pages/index'))}${src(manifestPath)}
</head><body><div id="__next"><main><h1>Poe</h1><p>This is the sandbox of poe-cli, a simulated poe.com.</p></main></div>
${keyLocation === 'end' ? keyScripts : ''}
<script></script><script>(function(w){w.__loaded=(w.__loaded||0)+1})(window);</script>
<script>document.body.addEventListener("click",function(e){window.lastClick=e.target.id});</script>
<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(nextData)}</script>
</body></html>`;
}

/** The page of a chat, for its owner. */
export const chatPage = (chat: Chat, site: SandboxSite): string =>
  messagesPage('/chat/[chatCode]', chat.title, chat.messages, {
    chatOfCode: {...chatNode(chat), messages: chat.messages.map((message) => messageNode(message, site))},
  });

/** The public page of shared messages. It is the only page that contains the internal name of the chat's bot. */
export const sharedChatPage = ({code, title, bot, messages}: SharedChat, site: SandboxSite): string =>
  messagesPage('/s/[shareCode]', title, messages, {
    chatShare: {shareCode: code, bot: botNode(bot), messages: messages.map((message) => messageNode(message, site))},
  });

function messagesPage(path: string, title: string | null, messages: readonly Message[], mainQuery: object): string {
  const nextData = {props: {pageProps: {data: {mainQuery}}}, page: path, query: {}, isFallback: false, gip: true};
  const lines = messages.map(
    ({bot, text}) => `<p><b>${escapeHtml(bot?.displayName ?? 'User')}</b> ${escapeHtml(text)}</p>`,
  );
  return `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>${escapeHtml(title ?? 'New chat')} - Poe</title></head>
<body><div id="__next"><main>
${lines.join('\n')}
</main></div>
<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(nextData).replaceAll('<', String.raw`\u003c`)}</script>
</body></html>`;
}

/** Where requests without a session are redirected. */
export const loginPage = `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>Login - Poe</title></head>
<body><h1>Log in to Poe</h1><p>This is the sandbox of poe-cli: set the cookies p-b and p-lat that it printed when it started.</p></body></html>`;

export const notFoundPage = `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>404 - Poe</title></head>
<body><h1>Oops! We can't find that page.</h1></body></html>`;

/** Cloudflare's page for clients that do not look like browsers. */
export const challengePage = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
