import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {Agent, request} from 'node:http';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';

/* Programs that serve, and clients that ask them. CPU time and memory are read from /proc, so this runs on Linux only. */

/** Starts a program whose first line is JSON. */
export async function startServer(argv, env) {
  const child = spawn(process.execPath, argv, {env, stdio: ['ignore', 'pipe', 'ignore']});
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    ...JSON.parse(line),
    cpuMs: () => cpuMs(child.pid),
    rssMiB: () => rssMiB(child.pid),
    files: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async stop() {
      child.kill('SIGINT');
      await once(child, 'close');
    },
  };
}

const status = (pid) => readFileSync(`/proc/${pid}/status`, 'utf8');
const rssMiB = (pid) => Number(/^VmRSS:\s*(\d+)/m.exec(status(pid))?.[1]) / 1024;

/** User and system time. A tick of Linux is 10 ms. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

// A server closes idle connections after five seconds.
const agent = new Agent({keepAlive: true, timeout: 4_000, maxSockets: Infinity});

/**
 * Asks a bot to repeat a text, as a stream.
 * @returns the time until the first byte of its body, and whether exactly the text came back
 */
export async function askStream(url, key, text) {
  try {
    return await askOnce(url, key, text);
  } catch (error) {
    console.error(`${url}: ${error.message}`);
    return {firstMs: Infinity, isRight: false};
  }
}

async function askOnce(url, key, text) {
  const startedAt = performance.now();
  const call = request(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent,
    headers: {Authorization: `Bearer ${key}`, 'Content-Type': 'application/json'},
  });
  call.end(JSON.stringify({model: 'Sandbox-Echo', stream: true, messages: [{role: 'user', content: text}]}));
  const [response] = await once(call, 'response');
  let firstMs;
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) {
    firstMs ??= performance.now() - startedAt;
    body += chunk;
  }
  const deltas = [...body.matchAll(/^data: (\{.*\})\r?$/gm)].map(
    ([, json]) => JSON.parse(json).choices[0]?.delta.content ?? '',
  );
  const isRight = response.statusCode === 200 && deltas.join('') === text && body.includes('data: [DONE]');
  return {firstMs, isRight};
}

/** A text of words that no other stream has. */
export const textOf = (stream, words) => Array.from({length: words}, (_, index) => `s${stream}w${index} `).join('');

/** Starts streams one after the other, fast enough that all of them run at the same time. */
export async function askMany(url, key, {streams, words, apartMs}) {
  const answers = [];
  for (let stream = 0; stream < streams; stream += 1) {
    answers.push(askStream(url, key, textOf(stream, words)));
    await pause(apartMs);
  }
  return Promise.all(answers);
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
