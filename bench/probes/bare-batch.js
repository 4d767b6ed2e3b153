import {appendFileSync, readFileSync} from 'node:fs';
import {Agent, request} from 'node:http';
import process from 'node:process';

/* A minimal client that sends the prompts of a file to an OpenAI-compatible API, several at once, and appends each result to a file. */

const {POE_API_URL: url, POE_API_KEY: key} = process.env;
const [prompts, results, concurrency] = process.argv.slice(2);
const rows = readFileSync(prompts, 'utf8').trimEnd().split('\n');
const agent = new Agent({keepAlive: true, maxSockets: Number(concurrency)});

/** @returns {Promise<string>} */
const ask = (prompt) =>
  new Promise((resolve, reject) => {
    const headers = {'Content-Type': 'application/json', Authorization: `Bearer ${key}`};
    const call = request(`${url}/v1/chat/completions`, {method: 'POST', headers, agent});
    call.on('error', reject);
    call.on('response', (response) => {
      let [text, rest] = ['', ''];
      response.setEncoding('utf8').on('data', (chunk) => {
        const events = (rest + chunk).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          const data = event.slice('data: '.length);
          if (event.startsWith('data: ') && data !== '[DONE]') text += JSON.parse(data).choices[0]?.delta.content ?? '';
        }
      });
      response.on('end', () => resolve(text));
    });
    call.end(JSON.stringify({model: 'Sandbox-Echo', stream: true, messages: [{role: 'user', content: prompt}]}));
  });

async function work() {
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    const {id, prompt} = JSON.parse(row);
    appendFileSync(results, `${JSON.stringify({id, text: await ask(prompt)})}\n`);
  }
}
await Promise.all(Array.from({length: Number(concurrency)}, work));
agent.destroy();
