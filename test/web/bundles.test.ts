import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {readHashes} from '../../src/core/web/site/bundles.js';
import {chunksOfRuntime} from '../../src/core/web/site/chunk-names.js';
import {Cookies} from '../../src/core/web/session/cookies.js';
import {Http} from '../../src/core/web/session/http.js';

/* Reading the hashes of operations from the scripts of the site. */

const hash = (digit: string) => digit.repeat(64);
const prefix = '/assets/_next/static/chunks';

/** Reads the hashes from a site with the given scripts. @param scripts texts by path */
async function hashesOf(scripts: Record<string, string>, {inPage = Object.keys(scripts), isEnough = false} = {}) {
  const requests: string[] = [];
  const server = createServer(({url = ''}, response) => {
    requests.push(url);
    const text = scripts[url];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new Http(new URL(origin), 'Test', new Cookies({pB: 'b', pLat: 'l'}), 5_000, () => {});
  const html = inPage.map((path) => `<script src="${path}"></script>`).join('');
  const found = await readHashes(html, http, () => isEnough);
  return {found: Object.fromEntries([...found].map(([name, query]) => [name, query.hash])), requests};
}

test.each([
  ['as Relay writes it', `params:{id:"${hash('a')}",metadata:{},name:"X",operationKind:"query",text:null}`],
  [
    'with metadata in several layers',
    `params:{id:"${hash('a')}",metadata:{c:[{p:["v"],name:"no"}]},name:"X",text:null}`,
  ],
  ['of a subscription', `params:{id:"${hash('a')}",metadata:{subscriptionName:"no"},name:"X"}`],
  ['with its name first', `params:{name:"X",operationKind:"mutation",text:null,id:"${hash('a')}",metadata:{}}`],
  ['with another hash before', `params:{cacheID:"${'b'.repeat(32)}",id:"${hash('a')}",metadata:{},name:"X"}`],
  ['as JSON', `"params":{"id":"${hash('a')}","metadata":{},"name":"X","text":null}`],
  ['in other quotes, with space', `params: { id: '${hash('a')}', metadata: {}, name: 'X' }`],
])('an operation is found %s', async (_name, text) => {
  const {found} = await hashesOf({'/a.js': `x({${text},y:{name:"Z"}});params:{id:"short",name:"Q"}`});
  expect(found).toEqual({X: hash('a')});
});

test.each([
  [
    'a table',
    `a.u=function(e){return"static/chunks/"+e+"."+({12:"0123456789abcdef"})[e]+".js"}`,
    '12.0123456789abcdef.js',
  ],
  ['an arrow', `!function(){r.u=e=>"static/chunks/"+({12:"named"}[e]||e)+"-"+{12:"ab"}[e]+".js"}()`, 'named-ab.js'],
  ['a comparison', `var t=function(e){if(e===77)return"static/chunks/77-ff.js"}`, '77-ff.js'],
  [
    'a table in a variable',
    `!function(){var n={12:"ab"},r={};r.u=function(e){return"static/chunks/"+e+"."+n[e]+".js"};boom()}()`,
    '12.ab.js',
  ],
  [
    'a computed name',
    `o.u=function(e){return"static/chunks/"+[e,{12:"ab"}[e].toUpperCase()].join("~")+".js"}`,
    '12~AB.js',
  ],
  ['a template', 'r.u=e=>`static/chunks/${e}.${{12:"ab"}[e]}.js`', '12.ab.js'],
  ['no folder', `r.u=e=>e+"."+{12:"ab"}[e]+".js"`, '12.ab.js'],
])('the chunks of a webpack runtime are found in %s', async (_name, runtime, chunk) => {
  expect(await chunksOfRuntime(runtime)).toEqual([`static/chunks/${chunk}`]);
});

test('a webpack runtime that never returns has no chunks', async () => {
  expect(await chunksOfRuntime('r.u=function(e){for(;;);return {12:"ab"}[e]+".js"}', {timeLimitMs: 200})).toEqual([]);
});

test('the scripts of the manifest and the runtime are read until enough is found', async () => {
  const scripts = {
    [`${prefix}/webpack-1.js`]: `r.u=e=>"static/chunks/"+e+"."+{7:"aa",8:"bb"}[e]+".js"`,
    '/assets/_next/static/b/_buildManifest.js': `self.__BUILD_MANIFEST={"/[x]":["static/chunks/pages/[x]-1.js"]}`,
    [`${prefix}/7.aa.js`]: `params:{id:"${hash('a')}",metadata:{},name:"A"}`,
    [`${prefix}/8.bb.js`]: `params:{id:"${hash('b')}",metadata:{},name:"B"}`,
    [`${prefix}/pages/[x]-1.js`]: `params:{id:"${hash('c')}",metadata:{},name:"C"}`,
  };
  const inPage = Object.keys(scripts).slice(0, 2);
  expect((await hashesOf(scripts, {inPage})).found).toEqual({A: hash('a'), B: hash('b'), C: hash('c')});
  expect((await hashesOf(scripts, {inPage, isEnough: true})).requests).toHaveLength(2);
});

test('no more than 400 scripts are fetched, and none twice', async () => {
  const many = Array.from({length: 900}, (_, index) => `"static/chunks/${index}.js"`).join();
  const manifest = '/assets/_next/static/b/_buildManifest.js';
  const {requests} = await hashesOf({[manifest]: `self.__BUILD_MANIFEST=[${many}]`}, {inPage: [manifest, manifest]});
  expect([requests.length, new Set(requests).size]).toEqual([400, 400]);
});
