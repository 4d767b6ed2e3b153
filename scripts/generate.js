import {writeFileSync} from 'node:fs';
import process from 'node:process';
import {createViteServer} from 'vitest/node';

/*
 * node scripts/generate.js distFiles   writes the help page and the command tree that bin/poe.js reads
 * node scripts/generate.js docsFiles   writes docs/commands.md, the manual page, and the schema of bot.yaml
 *
 * Both are made from the commands in src. Vite runs the TypeScript.
 */

const [, , kind = ''] = process.argv;
const vite = await createViteServer({
  configFile: false,
  logLevel: 'error',
  server: {middlewareMode: true, ws: false},
  optimizeDeps: {noDiscovery: true},
});
try {
  const {[kind]: files} = await vite.ssrLoadModule('/scripts/generated-files.ts');
  for (const [path, text] of Object.entries(await files())) writeFileSync(path, text);
} finally {
  await vite.close();
}
