import process from 'node:process';
import ky from 'ky';
import {WebSocket} from 'ws';

/* A minimal client with ky and ws: makes the requests of a send, listens, and prints the reply. Checks nothing. */

const [url, socketUrl] = process.argv.slice(2);
const post = (queryName) => ky.post(`${url}/api/gql_POST`, {json: {queryName, variables: {}}}).json();
const open = () => {
  const socket = new WebSocket(socketUrl);
  /** @param {Buffer} frame */
  const onFrame = (frame) => {
    const [message] = JSON.parse(frame.toString()).messages;
    process.stdout.write(JSON.parse(message).payload.data.messageAdded.text);
    socket.close();
  };
  socket.on('message', onFrame);
  return new Promise((resolve) => socket.once('open', resolve));
};

await Promise.all([ky(`${url}/api/settings`).json(), post('HandleBotLandingPageQuery')]);
await Promise.all([post('SubscriptionsMutation'), open()]);
await post('SendMessageMutation');
