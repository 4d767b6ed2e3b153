import {chatPage, sharedPage} from '../site/chat-page.js';
import {answerFile, answerQuery, answerUpload, type GraphqlAnswer} from './graphql.js';
import {type Asked, hasSession, html, type HttpAnswer, json} from './http.js';
import {channelSettings} from '../live/sockets.js';
import {bundleAt, homePage, loginPage, notFoundPage} from '../site/pages.js';
import type {SandboxSite} from '../site/site.js';

/** Answers a request: the site under its own host, the scripts and files under the CDN's. */
export async function route(asked: Asked, site: SandboxSite): Promise<GraphqlAnswer> {
  const host = `http://${asked.host}`;
  if (host === site.cdnUrl) return {answer: cdnAnswer(asked, site)};
  if (host !== site.url) return {answer: notFound};
  const handler = siteRoutes[asked.url.pathname] ?? namedPage(asked.url.pathname);
  if (!handler) return {answer: notFound};
  if (handler.method !== asked.method) return {answer: {status: 405, headers: {Allow: handler.method}}};
  return handler.answer(asked, site);
}

interface Route {
  method: 'GET' | 'POST';
  answer: (asked: Asked, site: SandboxSite) => GraphqlAnswer | Promise<GraphqlAnswer>;
}

const siteRoutes: Readonly<Record<string, Route>> = {
  '/': {
    method: 'GET',
    answer: (asked, site) => ({
      answer: hasSession(asked, site) ? html(200, homePage(site), renewedCookie) : toLogin('%2F'),
    }),
  },
  '/login': {method: 'GET', answer: () => ({answer: html(200, loginPage)})},
  '/oauth/authorize': {method: 'GET', answer: (asked, site) => ({answer: site.signIns.authorize(asked)})},
  '/api/settings': {
    method: 'GET',
    answer: (asked, site) => ({
      answer: hasSession(asked, site)
        ? json(200, channelSettings(site.channels.open(), site))
        : toLogin('%2Fapi%2Fsettings'),
    }),
  },
  '/api/gql_POST': {method: 'POST', answer: answerQuery},
  '/api/gql_upload_POST': {method: 'POST', answer: answerUpload},
  '/api/finish_upload_POST': {method: 'POST', answer: answerFile},
};

/** The page of a chat, of a shared chat or of a shared app. */
function namedPage(path: string): Route | undefined {
  const [, folder, code] = /^\/(chat|s|preview)\/([A-Za-z0-9]+)$/.exec(path) ?? [];
  if (code === undefined) return undefined;
  return {method: 'GET', answer: (asked, site) => ({answer: pageOf(folder, code, asked, site)})};
}

function pageOf(folder: string | undefined, code: string, asked: Asked, {tokens, world}: SandboxSite): HttpAnswer {
  switch (folder) {
    case 'chat': {
      if (!hasSession(asked, {tokens})) return toLogin(encodeURIComponent(asked.url.pathname));
      const chat = world.chatOfCode(code);
      return chat ? html(200, chatPage(chat, world)) : notFound;
    }
    case 's': {
      const share = world.links.sharedChat(code);
      return share ? html(200, sharedPage(share, world)) : notFound;
    }
    default: {
      const app = world.links.preview(code);
      return app === undefined ? notFound : html(200, app);
    }
  }
}

const notFound = html(404, notFoundPage);
const renewedCookie = {'Set-Cookie': '__cf_bm=sandbox-renewed; path=/; HttpOnly'};

const toLogin = (from: string): HttpAnswer => ({status: 307, headers: {Location: `/login?redirect_url=${from}`}});

/** The CDN is another host: whoever shows it the session's secrets made a mistake. */
function cdnAnswer({method, headers, url}: Asked, site: SandboxSite): HttpAnswer {
  const secrets = ['cookie', 'poe-formkey', 'poe-tchannel', 'poe-tag-id'];
  if (secrets.some((name) => headers[name] !== undefined)) {
    return {status: 400, headers: {'Content-Type': 'text/plain'}, body: 'This host must not be sent cookies or keys.'};
  }
  if (method !== 'GET') return notFound;
  const bundle = bundleAt(url.pathname, site);
  if (bundle !== undefined)
    return {status: 200, headers: {'Content-Type': 'application/javascript; charset=utf-8'}, body: bundle};
  const file = site.world.uploads.find((upload) => upload.url === `${site.cdnUrl}${url.pathname}`);
  return file ? {status: 200, headers: {'Content-Type': file.mimeType}, body: file.bytes} : notFound;
}
