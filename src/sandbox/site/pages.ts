import {channelSettings} from '../live/sockets.js';
import {seededCode, seededHex, seededName} from '../world/seeded.js';
import type {SandboxSite} from './site.js';
import {salt} from './tag-id.js';

const buildId = seededCode('build', 21);
const assets = '/assets/_next/static';

const chunkNames = ['framework', 'main', 'pages/_app', 'webpack', '7151', 'pages/index', 'formkey'] as const;
type ChunkName = (typeof chunkNames)[number];

const chunkPath = (name: ChunkName): string =>
  name === '7151'
    ? `${assets}/chunks/7151.${seededHex('7151').slice(0, 16)}.js`
    : `${assets}/chunks/${name}-${seededHex(`chunk ${name}`).slice(0, 16)}.js`;
const manifestPath = `${assets}/${buildId}/_buildManifest.js`;

/** The home page of a session, as Next.js renders it. The form key is in it for a browser, and for nobody else. */
export function homePage(site: SandboxSite): string {
  const src = (path: string) => `<script src="${site.cdnUrl}${path}" defer=""></script>`;
  const channel = site.form.namesChannel ? channelSettings(site.channels.open(), site).tchannelData : undefined;
  const {keyPlace, chunkList} = site.rules;
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
${keyPlace === 'head' ? keyScripts : ''}${keyPlace === 'file' ? src(chunkPath('formkey')) : ''}${src(chunkPath('webpack'))}${src(chunkPath('framework'))}${src(chunkPath('main'))}${src(chunkPath('pages/_app'))}
${site.form.isSeeded || chunkList === 'runtime' ? '' : src(chunkPath('7151'))}${src(chunkPath('pages/index'))}${src(manifestPath)}
</head><body><div id="__next"><main><h1>Poe</h1><p>This is the sandbox: a stand-in of poe.com.</p></main></div>
${keyPlace === 'end' ? keyScripts : ''}
<script></script><script>(function(w){w.__loaded=(w.__loaded||0)+1})(window);</script>
<script>document.body.addEventListener("click",function(e){window.lastClick=e.target.id});</script>
<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(nextData)}</script>
</body></html>`;
}

const keyScript = ({formKey, rules}: SandboxSite): string => formKey.script(rules.keyFunction);

/** The function that makes tag ids: of a digest function, the form key and the body. */
function signatureScript({rules: {signatureFunction, tagPlaces}}: SandboxSite): string {
  const places = JSON.stringify(tagPlaces);
  return `window.${signatureFunction}=function(m,k,b){var d=m(b+k+"${salt}"),p=${places};return p?p.map(function(i){return d.charAt(i)}).join(""):d};`;
}

/** The log-in page, where strangers are sent. */
export const loginPage = `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>Login - Poe</title></head>
<body><h1>Log in to Poe</h1><p>This is the sandbox: set the cookies p-b and p-lat that it told you.</p></body></html>`;

export const notFoundPage = `<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>404 - Poe</title></head>
<body><h1>Oops! We can't find that page.</h1></body></html>`;

export const challengePage = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>`;

/** The script at a path of the CDN, or nothing. */
export function bundleAt(path: string, site: SandboxSite): string | undefined {
  if (path === manifestPath) return manifest(site);
  const name = chunkNames.find((chunk) => chunkPath(chunk) === path);
  return name && chunk(name, site);
}

function chunk(name: ChunkName, site: SandboxSite): string {
  switch (name) {
    case 'framework':
    case 'main':
    case 'pages/index':
      return `"use strict";(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([["${name}"],{101:function(e,t,n){t.Z=n(7294)}}]);`;
    case 'webpack':
      return site.rules.chunkList === 'runtime' ? newerRuntime : runtime;
    case 'formkey':
      return `${keyScript(site)}${signatureScript(site)}`;
    case 'pages/_app':
      return appBundle(site);
    case '7151':
      return queryBundle(site);
  }
}

/** The marker stands behind `useFormkeyDecode`; other constants stand before and after it. */
const appBundle = (site: SandboxSite): string =>
  `(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[2888],{4821:function(e,t,n){"use strict";window.${seededName('before', 17)}="${seededCode('before', 20)}";` +
  `let useFormkey=()=>(0,r.useContext)(c);let useFormkeyDecode=e=>{let[t,n]=(0,r.useState)(null);return(0,r.useEffect)(()=>{n(window.${site.rules.keyFunction}().slice(0,32))},[e]),t};` +
  `let getAPISig=(e,t,n)=>window.${site.rules.signatureFunction}(e,t,n);` +
  (site.form.revision === null ? '' : `let headersOf=e=>({"poe-revision":"${site.form.revision}","poegraphql":e});`) +
  `${site.formKey.marker};window.${seededName('after', 17)}="${seededCode('after', 20)}";}}]);`;

/** The persisted queries, as Relay compiles them into a bundle. */
function queryBundle(site: SandboxSite): string {
  const variables = site.rules.sendTakes.map((name) => `{defaultValue:null,kind:"LocalArgument",name:"${name}"}`);
  const definitions = `let r=[${variables.join(',')}];`;
  const modules = site.hashes
    .published()
    .map(
      ({name, kind, hash}, index) =>
        `${9000 + index}:function(e,t,n){"use strict";n.r(t);${/^sendMessageMutation$/i.test(name) ? definitions : ''}let a={kind:"Request",params:{id:"${hash}",metadata:{},name:"${name}",operationKind:"${kind}",text:null}};t.default=a}`,
    );
  return `(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[7151],{${modules.join(',')}}]);`;
}

const hashOfQueries = seededHex('7151').slice(0, 16);

const runtime = `!function(){"use strict";var f={};f.u=function(e){return"static/chunks/"+e+"."+({7151:"${hashOfQueries}"})[e]+".js"}}();`;

/** As webpack writes it since: some chunks by name, one apart, and their hashes in a table outside of the function. */
const newerRuntime =
  `!function(){"use strict";var e={},r={};function t(n){var o=r[n];if(void 0!==o)return o.exports;var i=r[n]={exports:{}};return e[n](i,i.exports,t),i.exports}t.m=e;` +
  `var n={7151:"${hashOfQueries}",8042:"${seededHex('8042').slice(0, 16)}"};t.u=e=>4242===e?"static/chunks/4242-${seededHex('4242').slice(0, 16)}.js":"static/chunks/"+(({2888:"pages/_app"})[e]||e)+"."+n[e]+".js";` +
  `t.miniCssF=e=>"static/css/"+e+".css";document.currentScript.src}();`;

const manifest = ({rules}: SandboxSite) =>
  `self.__BUILD_MANIFEST=function(a){return{__rewrites:{beforeFiles:[],afterFiles:[],fallback:[]},"/":[a,"static/chunks/pages/index-${seededHex('chunk pages/index').slice(0, 16)}.js"],sortedPages:["/","/_app"]}}` +
  `(${rules.chunkList === 'runtime' ? '"static/css/a.css"' : `"static/chunks/7151.${hashOfQueries}.js"`}),self.__BUILD_MANIFEST_CB&&self.__BUILD_MANIFEST_CB();`;
