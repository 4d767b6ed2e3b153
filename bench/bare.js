import process from 'node:process';
import {WebSocket} from 'ws';

/* The floor of a client of the live channel: takes the frames, parses them, and prints the last text. */

const [url, poke] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on('open', () => void fetch(poke, {method: 'POST', body: '{"queryName":"sendMessage"}'}));
/** @param {Buffer} frame */
function take(frame) {
  for (const message of JSON.parse(frame.toString()).messages) {
    const {state, text} = JSON.parse(message).payload.data.messageAdded;
    if (state !== 'complete') continue;
    process.stdout.write(text);
    socket.close();
  }
}
socket.on('message', take);
