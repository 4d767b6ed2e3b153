import {isSoundPath, sound} from '../api/media/audio.js';
import {isPicturePath, picture} from '../replies/picture.js';
import {channelSettings} from '../live/channel.js';
import {chatPage, homePage, loginPage, notFoundPage, sharedChatPage} from '../site/pages.js';
import {scriptAt} from '../site/scripts.js';
import type {SandboxSite} from '../site/site.js';
import {answerQuery, answerUpload, type GraphqlResult, storeUpload} from './graphql.js';
import {hasSession, html, type HttpResponse, json, type SandboxRequest} from './http.js';

/** Answers a request by its host and path. */
export async function route(request: SandboxRequest, site: SandboxSite): Promise<GraphqlResult> {
  const origin = `http://${request.host}`;
  if (origin === site.cdnUrl) return {response: cdnResponse(request, site)};
  if (origin !== site.url) return {response: notFound};
  const found = siteRoutes[request.url.pathname] ?? pageRoute(request.url.pathname);
  if (!found) return {response: notFound};
  if (found.method !== request.method) return {response: {status: 405, headers: {Allow: found.method}}};
  return found.answer(request, site);
}

interface Route {
  method: 'GET' | 'POST';
  answer: (request: SandboxRequest, site: SandboxSite) => GraphqlResult;
}

const siteRoutes: Readonly<Record<string, Route>> = {
  '/': {
    method: 'GET',
    answer: (request, site) => ({
      response: hasSession(request, site.tokens)
        ? html(200, homePage(site), {'Set-Cookie': '__cf_bm=sandbox-renewed; path=/; HttpOnly'})
        : redirectToLogin('%2F'),
    }),
  },
  '/login': {method: 'GET', answer: () => ({response: html(200, loginPage)})},
  '/oauth/authorize': {method: 'GET', answer: (request, site) => ({response: site.signIns.authorize(request)})},
  '/api/settings': {
    method: 'GET',
    answer: (request, site) => ({
      response: hasSession(request, site.tokens)
        ? json(200, channelSettings(site.channels.open(), site.baseHost))
        : redirectToLogin('%2Fapi%2Fsettings'),
    }),
  },
  '/api/gql_POST': {method: 'POST', answer: answerQuery},
  '/api/gql_upload_POST': {method: 'POST', answer: answerUpload},
  '/api/finish_upload_POST': {method: 'POST', answer: storeUpload},
};

/** The page of a chat, a shared chat or a shared app. */
function pageRoute(path: string): Route | undefined {
  const [, folder, code] = /^\/(chat|s|preview)\/([A-Za-z0-9]+)$/.exec(path) ?? [];
  if (code === undefined) return undefined;
  return {method: 'GET', answer: (request, site) => ({response: pageResponse(folder, code, request, site)})};
}

function pageResponse(
  folder: string | undefined,
  code: string,
  request: SandboxRequest,
  site: SandboxSite,
): HttpResponse {
  const {links} = site.world;
  switch (folder) {
    case 'chat': {
      if (!hasSession(request, site.tokens)) return redirectToLogin(encodeURIComponent(request.url.pathname));
      const chat = site.world.chatByCode(code);
      return chat ? html(200, chatPage(chat, site)) : notFound;
    }
    case 's': {
      const share = links.sharedChat(code);
      return share ? html(200, sharedChatPage(share, site)) : notFound;
    }
    default: {
      const app = links.preview(code);
      return app === undefined ? notFound : html(200, app);
    }
  }
}

/** The CDN is another host. It rejects requests with secrets of the session, which a client must not send there. */
function cdnResponse({method, headers, url}: SandboxRequest, site: SandboxSite): HttpResponse {
  const secrets = ['cookie', 'poe-formkey', 'poe-tchannel', 'poe-tag-id', 'authorization'];
  if (secrets.some((name) => headers[name] !== undefined)) {
    return {status: 400, headers: {'Content-Type': 'text/plain'}, body: 'Do not send cookies or keys to this host.'};
  }
  if (method !== 'GET') return notFound;
  const script = scriptAt(url.pathname, site);
  if (script !== undefined) {
    return {status: 200, headers: {'Content-Type': 'application/javascript; charset=utf-8'}, body: script};
  }
  if (isPicturePath(url.pathname)) return {status: 200, headers: {'Content-Type': 'image/png'}, body: picture()};
  if (isSoundPath(url.pathname)) return {status: 200, headers: {'Content-Type': 'audio/wav'}, body: sound()};
  const file = site.world.uploads.find((upload) => upload.url === `${site.cdnUrl}${url.pathname}`);
  return file ? {status: 200, headers: {'Content-Type': file.mimeType}, body: file.bytes} : notFound;
}

const notFound = html(404, notFoundPage);

const redirectToLogin = (from: string): HttpResponse => ({
  status: 307,
  headers: {Location: `/login?redirect_url=${from}`},
});
