import {checkAuth, createOAuthClient, exchangeOAuthCode, generateCodeVerifier} from 'poe-oauth';
import {expect, test} from 'vitest';
import {openSandbox} from '../support/raw-client.js';

/* The sandbox as Poe's own library for signing in uses it. */

test('Poe’s library signs in and checks the key', async () => {
  const sandbox = await openSandbox();
  const client = createOAuthClient({
    clientId: sandbox.clientId,
    authorizationEndpoint: `${sandbox.url}/oauth/authorize`,
    tokenEndpoint: `${sandbox.apiUrl}/token`,
    // The user's browser: it follows the redirect to the program.
    openBrowser: async (url) => void (await fetch(url)),
  });
  const authorization = await client.authorize();
  const {apiKey, expiresIn} = await authorization.waitForResult();
  expect({apiKey, expiresIn}).toEqual({apiKey: sandbox.apiKey, expiresIn: null});
  expect(await checkAuth({apiKey, baseUrl: sandbox.apiUrl})).toMatchObject({balance: 2640});
  expect(await checkAuth({apiKey: 'wrong', baseUrl: sandbox.apiUrl})).toBeNull();
});

test('Poe’s library reports a refusal and a wrong code', async () => {
  const sandbox = await openSandbox();
  const endpoints = {tokenEndpoint: `${sandbox.apiUrl}/token`, clientId: sandbox.clientId};
  await expect(
    exchangeOAuthCode({
      ...endpoints,
      code: 'wrong',
      codeVerifier: generateCodeVerifier(),
      redirectUri: 'http://127.0.0.1:1/callback',
    }),
  ).rejects.toThrow(/invalid_grant|unknown, expired/);
  sandbox.faults.denySignIn();
  const client = createOAuthClient({
    ...endpoints,
    authorizationEndpoint: `${sandbox.url}/oauth/authorize`,
    openBrowser: async (url) => void (await fetch(url)),
  });
  const authorization = await client.authorize();
  await expect(authorization.waitForResult()).rejects.toThrow(/denied/);
});
