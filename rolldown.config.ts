import {rmSync} from 'node:fs';
import {defineConfig} from 'rolldown';

rmSync('dist', {recursive: true, force: true});

export default defineConfig({
  input: {cli: 'src/cli.ts', index: 'src/index.ts'},
  platform: 'node',
  // Optional native speed-ups of ws: absent, and ws does without them.
  external: ['bufferutil', 'utf-8-validate'],
  transform: {define: {'process.env.NODE_ENV': '"production"'}},
  output: {dir: 'dist', format: 'esm', minify: true, chunkFileNames: 'chunks/[name]-[hash].js'},
});
