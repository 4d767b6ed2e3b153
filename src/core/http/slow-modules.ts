import {createRequire} from 'node:module';
import type * as v8 from 'node:v8';
import type * as zlib from 'node:zlib';

/** Modules of Node that take half a millisecond to load and that most requests do not need, or not before they are sent. */
export const slowModules = {
  zlib: () => load('node:zlib') as typeof zlib,
  v8: () => load('node:v8') as typeof v8,
};

/** Node loads each module once. */
const load = (name: string): unknown => createRequire(import.meta.url)(name);
