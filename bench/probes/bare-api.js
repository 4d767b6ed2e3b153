import {request} from 'node:http';
import process from 'node:process';

/* A minimal client of an OpenAI-compatible API: parses the events and prints what each adds. */

const [url] = process.argv.slice(2);
const call = request(`${url}/v1/chat/completions`, {method: 'POST', headers: {'Content-Type': 'application/json'}});
call.end(JSON.stringify({model: 'Capy', stream: true, messages: [{role: 'user', content: 'hi'}]}));
call.on('response', (response) => {
  let rest = '';
  response.setEncoding('utf8').on('data', (text) => {
    const events = (rest + text).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.slice('data: '.length);
      if (data !== '[DONE]') process.stdout.write(JSON.parse(data).choices[0].delta.content ?? '');
    }
  });
});
