import process from 'node:process';
import {WebSocket} from 'ws';

/*
 * The floor of a client of the live channel: takes the frames, parses them, and prints the last text; with a third argument,
 * what each adds.
 */

const [url, poke, isLive] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on('open', () => void fetch(poke, {method: 'POST', body: '{"queryName":"sendMessage"}'}));
let written = 0;
/** @param {Buffer} frame */
function take(frame) {
  for (const message of JSON.parse(frame.toString()).messages) {
    const {state, text} = JSON.parse(message).payload.data.messageAdded;
    if (state !== 'complete' && !isLive) continue;
    process.stdout.write(text.slice(written));
    written = text.length;
    if (state === 'complete') socket.close();
  }
}
socket.on('message', take);
