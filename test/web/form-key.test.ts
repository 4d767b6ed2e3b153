import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {PoeError} from '../../src/core/errors.js';
import {Cookies} from '../../src/core/web/session/cookies.js';
import {Http} from '../../src/core/web/session/http.js';
import {scriptUrl} from '../../src/core/web/site/script-files.js';
import {readPage} from '../../src/core/web/site/home-page.js';

const key = '0123456789abcdef0123456789abcdef';

/** A decoder like the site's: outside a browser, it silently returns a wrong key. */
const decoder = (name: string, marker: string) => `window.${name}=function(){
  var wrong="ffffffffffffffffffffffffffffffffff";
  if(!window.document||!window.navigator||typeof process!=="undefined"||typeof QuickJS!=="undefined")return wrong;
  if(window.${marker}!=="m4rk")return wrong;
  return "zzfedcba9876543210fedcba9876543210".split("").reverse().join("");
};`;

const app = 'a();let useFormkeyDecode=()=>{let e=useContext(x);return e};var z=1;window.mArKeR="m4rk",b();';

/** Serves a page and its bundles, and records the requests. */
async function site(page: (origin: string) => string, files: Record<string, string> = {}) {
  const requests: {url: string; host: string; cookie: string | undefined}[] = [];
  const server = createServer((request, response) => {
    requests.push({url: request.url ?? '', host: request.headers.host ?? '', cookie: request.headers.cookie});
    const {port} = server.address() as AddressInfo;
    const body = request.url === '/' ? page(`http://cdn.localhost:${port}`) : files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, {'Content-Type': 'text/html'}).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new Http(new URL(origin), 'Test', new Cookies({pB: 'secret', pLat: 'secret2'}), 5_000, () => {});
  return {requests, read: async () => (await readPage(http)).key, readAll: () => readPage(http)};
}

const code = (error: unknown) => (error instanceof PoeError ? error.code : error);

test('the page’s own function returns the key once the marker of the app bundle is set', async () => {
  const {read, requests} = await site(
    (cdn) => `<html><script>document.title="x"</script><script type="application/json">{"function":1}</script>
      <script src="${cdn}/_next/static/chunks/main-1.js"></script><script src="${cdn}/_next/static/chunks/pages/_app-2.js"></script>
      <script>${decoder('dEcOdE', 'mArKeR')}</script><script>window.Xy12=function(){return window.dEcOdE()};</script></html>`,
    {'/_next/static/chunks/pages/_app-2.js': app},
  );
  expect(await read()).toBe(key);
  expect(requests.filter(({host}) => host.startsWith('cdn.')).map(({cookie}) => cookie)).toEqual([undefined]);
});

test('the marker may be in another bundle, and all names may differ', async () => {
  const {read} = await site(
    (
      cdn,
    ) => `<script>throw new Error("no function here: function")</script><script defer src='${cdn}/x/framework.js'></script>
      <script async src="/chunks/q.js"></script><script>var _f=1;${decoder('$d_1', 'mArKeR')}window.k_$ = function () { return window.$d_1() }</script>`,
    {'/x/framework.js': 'nothing', '/chunks/q.js': app},
  );
  expect(await read()).toBe(key);
});

test('the function may be in a file of its own, before or after the app bundle', async () => {
  const file = `${decoder('d', 'mArKeR')}window.k=function(){return window.d()};`;
  for (const order of [
    ['/k.js', '/_app-1.js'],
    ['/_app-1.js', '/k.js'],
  ]) {
    const {read, requests} = await site(
      (cdn) => `${order.map((path) => `<script src="${cdn}${path}"></script>`).join('')}<script>var a=1</script>`,
      {'/k.js': file, '/_app-1.js': app},
    );
    expect(await read()).toBe(key);
    expect(requests.filter(({url}) => url === '/k.js')).toHaveLength(1);
  }
});

test('if a bundle names the function, no other one is used', async () => {
  const named = `${app}let q="kEyFuNcTiOn1234",w=null,setClientFormkey=e=>{w=e};`;
  const {read} = await site(
    (cdn) =>
      `<script>window.old=function(){return "${'0'.repeat(34)}"}</script><script src="${cdn}/_app-1.js"></script><script src="${cdn}/k.js"></script>`,
    {'/_app-1.js': named, '/k.js': `${decoder('d', 'mArKeR')}window.kEyFuNcTiOn1234=function(){return window.d()};`},
  );
  expect(await read()).toBe(key);
});

test('a script that uses the document is run if no other one returns a key', async () => {
  const {read} = await site(
    () =>
      `<script>if(!window.document.hack)throw 1;${decoder('d', 'mArKeR')}window.mArKeR="m4rk";window.k=function(){return window.d()}</script>`,
  );
  expect(await read()).toBe(key);
});

test('a decoder that is called with a seed returns the key', async () => {
  const seed = 'abcdefghijklmnop';
  const {read} = await site(
    () =>
      `<script>window.dec=function(s){return s==="${seed}"?"${key}":"x"};window.w=function(){return window.dec("${seed}")}</script>`,
  );
  expect(await read()).toBe(key);
});

test('without the decoder, the key is derived from the seed as in 2026-08', async () => {
  // The example in the protocol reference.
  const seed = 'd681ac3daa0c03d0577012da1f41716cf663dea5bdc83789144cfdfc9c5513f9';
  const {read} = await site(() => `<script>window.w=function(){return window.dec("${seed}")}</script>`);
  expect(await read()).toBe('1d91fd9da716cc0b055c7d54648fc194');
});

test('a page without the function is an error', async () => {
  const {read} = await site(() => '<script>window.a=function(){return "short"}</script>');
  await expect(read()).rejects.toSatisfy((error) => code(error) === 'not_understood');
});

test('a page that allocates without end ends at the memory limit', async () => {
  const {read} = await site(() => '<script>var a=[];(function(){for(;;)a.push(new Array(1e5).fill(1))})()</script>');
  await expect(read()).rejects.toSatisfy((error) => code(error) === 'not_understood');
});

test('a page has no access to the host', async () => {
  const {read} = await site(
    () => `<script>window.k=function(){return window.q()};window.q=function(){
      return ["process","require","fetch","setTimeout","console","std","os"].every(function(n){return typeof globalThis[n]==="undefined"})
        && (function(){try{return Function("return typeof process")()==="undefined"}catch(e){return true}})() ? "${key}" : "no"}</script>`,
  );
  expect(await read()).toBe(key);
});

const signer = (body: string) =>
  `<script>${decoder('dEcOdE', 'mArKeR')}window.Xy=function(){return window.dEcOdE()};window.sIg=function(m,k,b){${body}}</script>`;
const appWithSigner = `${app}let getAPISig=(e,t,n)=>window.sIg(e,t,n);let h={"poe-revision":"0123456789abcdef0123456789abcdef01234567"};`;

async function pageWith(body: string) {
  const {readAll} = await site((cdn) => `<script src="${cdn}/_app-1.js"></script>${signer(body)}`, {
    '/_app-1.js': appWithSigner,
  });
  return readAll();
}

test('the page’s own signature function reveals salt, order and places', async () => {
  const tag = (await pageWith('return m("salt1"+k+b+"s+2").split("").reverse().join("")')).tag;
  expect(tag).toEqual({
    parts: [{salt: 'salt1'}, 'key', 'body', {salt: 's+2'}],
    places: Array.from({length: 32}, (_, place) => 31 - place),
  });
  expect((await pageWith('return m(b+k+"x")')).tag).toEqual({parts: ['body', 'key', {salt: 'x'}], places: null});
});

test('a signature function that is not understood is ignored', async () => {
  for (const body of ['return 5', 'throw 1', 'return m(k)', 'return m(b+k).slice(1)', 'return m(b+k)+"!"']) {
    expect((await pageWith(body)).tag).toBeUndefined();
  }
});

test('the revision in the app bundle identifies the site version', async () => {
  expect(await pageWith('return m(b+k)')).toMatchObject({
    siteVersion: '2026-08',
    revision: '0123456789abcdef0123456789abcdef01234567',
  });
});

test('scripts are fetched from the site and its content network only', () => {
  const poe = new URL('https://poe.com');
  const from = (src: string) => scriptUrl(src, poe)?.host;
  expect(['/a.js', 'https://psc2.cf2.poecdn.net/assets/a.js'].map(from)).toEqual(['poe.com', 'psc2.cf2.poecdn.net']);
  for (const src of ['https://evil.example/a.js', 'http://psc2.cf2.poecdn.net/a.js', 'https://poecdn.net.evil/a.js']) {
    expect(from(src)).toBeUndefined();
  }
});
