import {seededCode, seededHex, seededName} from '../world/seeded.js';
import type {SandboxSite} from './site.js';
import {salt} from './tag-id.js';

/*
 * The scripts of the site, in the shape in which Next.js, webpack and Relay write them.
 */

export const buildId = seededCode('build', 21);
const assets = '/assets/_next/static';

const chunkNames = ['framework', 'main', 'pages/_app', 'webpack', '7151', 'pages/index', 'formkey'] as const;
type ChunkName = (typeof chunkNames)[number];

/** The path of a script on the CDN. */
export const chunkPath = (name: ChunkName): string =>
  name === '7151'
    ? `${assets}/chunks/7151.${queryBundleHash}.js`
    : `${assets}/chunks/${name}-${seededHex(`chunk ${name}`).slice(0, 16)}.js`;

export const manifestPath = `${assets}/${buildId}/_buildManifest.js`;

/** The text of the script at a path of the CDN. */
export function scriptAt(path: string, site: SandboxSite): string | undefined {
  if (path === manifestPath) return manifest(site);
  const name = chunkNames.find((chunk) => chunkPath(chunk) === path);
  return name && chunk(name, site);
}

/** The script that defines the form key's decoder. */
export const keyScript = ({formKey, facts}: SandboxSite): string => formKey.script(facts.keyFunction);

/** The script that defines the function for tag ids, which takes a digest function, the form key and the body. */
export function signatureScript({facts: {signatureFunction, tagPositions}}: SandboxSite): string {
  const positions = JSON.stringify(tagPositions);
  return `window.${signatureFunction}=function(m,k,b){var d=m(b+k+"${salt}"),p=${positions};return p?p.map(function(i){return d.charAt(i)}).join(""):d};`;
}

function chunk(name: ChunkName, site: SandboxSite): string {
  switch (name) {
    case 'framework':
    case 'main':
    case 'pages/index':
      return `"use strict";(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([["${name}"],{101:function(e,t,n){t.Z=n(7294)}}]);`;
    case 'webpack':
      return site.facts.chunkListSource === 'runtime' ? newRuntime : runtime;
    case 'formkey':
      return `${keyScript(site)}${signatureScript(site)}`;
    case 'pages/_app':
      return appBundle(site);
    case '7151':
      return queryBundle(site);
  }
}

/** The marker follows `useFormkeyDecode`; other string constants precede and follow it. */
const appBundle = ({facts, formKey}: SandboxSite): string =>
  `(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[2888],{4821:function(e,t,n){"use strict";window.${seededName('before', 17)}="${seededCode('before', 20)}";` +
  `let useFormkey=()=>(0,r.useContext)(c);let useFormkeyDecode=e=>{let[t,n]=(0,r.useState)(null);return(0,r.useEffect)(()=>{n(window.${facts.keyFunction}().slice(0,32))},[e]),t};` +
  `let getAPISig=(e,t,n)=>window.${facts.signatureFunction}(e,t,n);` +
  (facts.revision === null ? '' : `let headersOf=e=>({"poe-revision":"${facts.revision}","poegraphql":e});`) +
  `${formKey.marker};window.${seededName('after', 17)}="${seededCode('after', 20)}";}}]);`;

/** The persisted queries as Relay compiles them. */
function queryBundle({facts, hashes}: SandboxSite): string {
  const variables = facts.sendVariables.map((name) => `{defaultValue:null,kind:"LocalArgument",name:"${name}"}`);
  const definitions = `let r=[${variables.join(',')}];`;
  const modules = hashes
    .published()
    .map(
      ({name, kind, hash}, index) =>
        `${9000 + index}:function(e,t,n){"use strict";n.r(t);${/^sendMessageMutation$/i.test(name) ? definitions : ''}let a={kind:"Request",params:{id:"${hash}",metadata:{},name:"${name}",operationKind:"${kind}",text:null}};t.default=a}`,
    );
  return `(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[7151],{${modules.join(',')}}]);`;
}

const queryBundleHash = seededHex('7151').slice(0, 16);

const runtime = `!function(){"use strict";var f={};f.u=function(e){return"static/chunks/"+e+"."+({7151:"${queryBundleHash}"})[e]+".js"}}();`;

/** As newer webpack versions write it: some chunks by name, one on its own, and the hashes in a table outside the function. */
const newRuntime =
  `!function(){"use strict";var e={},r={};function t(n){var o=r[n];if(void 0!==o)return o.exports;var i=r[n]={exports:{}};return e[n](i,i.exports,t),i.exports}t.m=e;` +
  `var n={7151:"${queryBundleHash}",8042:"${seededHex('8042').slice(0, 16)}"};t.u=e=>4242===e?"static/chunks/4242-${seededHex('4242').slice(0, 16)}.js":"static/chunks/"+(({2888:"pages/_app"})[e]||e)+"."+n[e]+".js";` +
  `t.miniCssF=e=>"static/css/"+e+".css";document.currentScript.src}();`;

const manifest = ({facts}: SandboxSite) =>
  `self.__BUILD_MANIFEST=function(a){return{__rewrites:{beforeFiles:[],afterFiles:[],fallback:[]},"/":[a,"static/chunks/pages/index-${seededHex('chunk pages/index').slice(0, 16)}.js"],sortedPages:["/","/_app"]}}` +
  `(${facts.chunkListSource === 'runtime' ? '"static/css/a.css"' : `"static/chunks/7151.${queryBundleHash}.js"`}),self.__BUILD_MANIFEST_CB&&self.__BUILD_MANIFEST_CB();`;
