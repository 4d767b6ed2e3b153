import {writeFileSync} from 'node:fs';
import {createViteServer} from 'vitest/node';

/* npm run docs: writes docs/commands.md and the manual page from the commands in src. Vite runs the TypeScript. */

const vite = await createViteServer({configFile: false, logLevel: 'error', server: {middlewareMode: true, ws: false}});
try {
  const {docs} = await vite.ssrLoadModule('/scripts/manual/docs.ts');
  for (const [path, text] of Object.entries(docs())) writeFileSync(path, text);
} finally {
  await vite.close();
}
