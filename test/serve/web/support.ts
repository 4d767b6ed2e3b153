import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {onTestFinished} from 'vitest';
import type {SandboxOptions} from '../../../src/sandbox/server/server.js';
import {storeSiteFacts} from '../../support/setup/earlier-run.js';
import {sentMessages, withSandbox} from '../../support/harness.js';

/** Runs `poe serve --via web` in this process against a sandbox, until the test ends. */
export async function servingWeb(options: SandboxOptions = {}) {
  const {sandbox, run, runWith, configDir} = await withSandbox({pace: 0, ...options});
  storeSiteFacts(configDir, sandbox);
  const {out} = await run('serve', 'token', 'add', 'editor');
  const token = out.trim();

  /** Starts a server, which runs until the test ends or it is stopped. */
  const start = async (env: Record<string, string | undefined> = {}) => {
    const controller = new AbortController();
    const {url, ended} = await new Promise<{url: string; ended: Promise<unknown>}>((resolve, reject) => {
      const outcome = runWith(
        {
          signal: controller.signal,
          env,
          onOut: (text) => resolve({url: String(JSON.parse(text).url), ended: outcome}),
        },
        'serve',
        '--via',
        'web',
        '--json',
      );
      void outcome.then(({err}) => reject(new Error(err)));
    });
    const stop = async () => {
      controller.abort();
      await ended;
    };
    onTestFinished(stop);
    return {url, stop};
  };
  const server = await start();
  return {
    sandbox,
    configDir,
    run,
    token,
    ...server,
    start,
    /** The official clients, which do not repeat requests. */
    openai: new OpenAI({apiKey: token, baseURL: `${server.url}/v1`, maxRetries: 0}),
    anthropic: new Anthropic({apiKey: token, baseURL: server.url, maxRetries: 0}),
    /** The messages that Poe has received, and whether each one started a chat. */
    sent: () =>
      sentMessages(sandbox).map((variables) => {
        // The variables of the operation: their types are those of the site.
        const {query, chatId, bot} = variables as {query: string; chatId: number | null; bot: string};
        return {text: query, isNew: chatId === null, bot};
      }),
  };
}
