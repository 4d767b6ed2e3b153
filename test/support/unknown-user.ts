import process from 'node:process';

export const isRoot = process.getuid?.() === 0;

/**
 * A module for `node --import`, to run as a user without an account, a home and the permissions of root. Without root, the
 * account of the current user is hidden instead.
 */
export const unknownUser = `data:text/javascript,${encodeURIComponent(
  isRoot
    ? 'process.setgid(12345); process.setuid(12345);'
    : `import os from 'node:os';
       import {syncBuiltinESMExports} from 'node:module';
       const homedir = os.homedir;
       os.userInfo = () => { throw new Error('no such user'); };
       os.homedir = () => (process.env.HOME === undefined ? os.userInfo().homedir : homedir());
       syncBuiltinESMExports();`,
)}`;
