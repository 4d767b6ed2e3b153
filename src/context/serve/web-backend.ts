import type {ServeBackend} from '../../serve/serve-backend.js';
import type {WebProfile} from '../clients/web-profile.js';
import type {Invocation} from '../invocation.js';

interface WebServingDeps {
  invocation: Invocation;
  webProfile: WebProfile;
}

/** What answers the requests of programs with the session of the profile. @throws PoeError `not_logged_in` */
export async function openWebBackend({invocation, webProfile}: WebServingDeps): Promise<ServeBackend> {
  await webProfile.requireTokens();
  const {WebBackend} = await import('../../serve/web/web-backend.js');
  const {exchange, settings} = invocation;
  return new WebBackend({
    client: () => webProfile.client(),
    onRejected: () => webProfile.reopen(),
    chats: await invocation.servedChats(),
    knownBots: async () => (await invocation.cache()).bots(),
    onStoreFailure: ({message}) => exchange.log({what: 'store', status: message}),
    maxPoints: settings.get('max-points'),
    async openUrl(url, signal) {
      const {downloadPublicFile} = await import('../../core/files/receive/public-file.js');
      const {name, content} = await downloadPublicFile(new URL(url), {...exchange, signal});
      return {name, label: name || url, content: inOnePiece(content)};
    },
  });
}

async function* inOnePiece(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}
