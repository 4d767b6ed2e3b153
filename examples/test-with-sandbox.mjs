// Tests programs that use Poe against the sandbox. It needs no account and no network.
//
//   node --test examples/test-with-sandbox.mjs
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, beforeEach, test} from 'node:test';
import {promisify} from 'node:util';
import {connect} from 'poe-cli';
import {startSandbox} from 'poe-cli/sandbox';

// With pace 0 the bots reply without delays.
const sandbox = await startSandbox({pace: 0});
const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
after(async () => {
  poe.close();
  await sandbox.close();
});

/** The function to test: translates a text and falls back to the original if the bot fails. */
async function translate(client, text, bot) {
  try {
    const reply = await client.send(`Translate to French: ${text}`, {bot});
    return (await reply.result()).text;
  } catch (error) {
    if (error.code === 'bot_failed') return text;
    throw error;
  }
}

let before = 0;
beforeEach(() => (before = sandbox.requests.length));

/** The messages that the test has sent. */
const sentMessages = () =>
  sandbox.requests.slice(before).flatMap(({variables}) => (variables?.query === undefined ? [] : variables.query));

test('a function sends its prompt', async () => {
  assert.equal(await translate(poe, 'Hello', 'Sandbox-Echo'), 'Translate to French: Hello');
  assert.deepEqual(sentMessages(), ['Translate to French: Hello']);
});

test('a function handles a bot that fails', async () => {
  assert.equal(await translate(poe, 'Hello', 'Sandbox-Fails'), 'Hello');
});

test('a program finds the sandbox in its environment', async () => {
  const env = {...process.env, ...sandbox.env};
  const {stdout} = await promisify(execFile)('node', ['examples/ask.mjs', 'count to 3', 'Sandbox-Count'], {env});
  assert.equal(stdout, '1 2 3\n');
  assert.deepEqual(sentMessages(), ['count to 3']);
});
