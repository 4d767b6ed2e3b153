import {getBuiltinModule} from 'node:process';

/** Modules of Node that take half a millisecond to load and that most requests do not need, or not before they are sent. */
export const slowModules = {
  zlib: () => getBuiltinModule('node:zlib'),
  v8: () => getBuiltinModule('node:v8'),
};
