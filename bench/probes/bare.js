import process from 'node:process';
import {WebSocket} from 'ws';

/* A minimal client of the live channel: parses the frames and prints the last text. With a third argument, it prints what each adds. */

const [url, messageUrl, isLive] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on('open', () => void fetch(messageUrl, {method: 'POST', body: '{"queryName":"sendMessage"}'}));
let written = 0;
/** @param {Buffer} frame */
function onFrame(frame) {
  for (const message of JSON.parse(frame.toString()).messages) {
    const {messageAdded} = JSON.parse(message).payload.data;
    if (!messageAdded || (messageAdded.state !== 'complete' && !isLive)) continue;
    const {state, text} = messageAdded;
    process.stdout.write(text.slice(written));
    written = text.length;
    if (state === 'complete') socket.close();
  }
}
socket.on('message', onFrame);
