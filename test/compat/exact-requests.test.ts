import {describe, expect, test} from 'vitest';
import {type OperationKey, versionOf} from '../../src/core/web/protocol/operations.js';
import {operationName, withSandbox} from '../support/harness.js';

/* The exact text of every operation on both site versions. Poe checks the signature of each, and variables in another order differ from a browser's. */

/** Replaces the numbers and nonces that differ from run to run. */
const withPlaceholders = (body: string): string =>
  body
    .replaceAll(/"clientNonce":"[a-zA-Z0-9]{16}"/g, '"clientNonce":"NONCE"')
    .replaceAll(/("(?:chatId|messageId)":)\d+/g, '$1NUMBER')
    .replaceAll(/"messageIds":\[[\d,]+\]/g, (list) => list.replaceAll(/\d+/g, 'NUMBER'));

describe.each(['2026-08', '2025-03'] as const)('on site version %s', (site) => {
  const hasPrices = site === '2025-03';
  const operation = (key: OperationKey, variables: string): string => {
    const {name, hash} = versionOf(key, site);
    return `{"queryName":"${name}","variables":${variables},"extensions":{"hash":"${hash}"}}`;
  };

  test('each command sends its operations with the site’s variables, in order', async () => {
    const {run, sandbox} = await withSandbox({site});
    const bodies = async (...argv: string[]) => {
      const before = sandbox.requests.length;
      const {code, err} = await run(...argv);
      expect({argv, code, err}).toEqual({argv, code: 0, err: ''});
      return sandbox.requests
        .slice(before)
        .filter(({path}) => path === '/api/gql_POST')
        .map(({body}) => withPlaceholders(body));
    };
    await run('send', '-q', '-b', 'Sandbox-App', 'an app');
    const chat = JSON.parse((await run('history', '-n', '1', '--json')).out);
    const {chatCode, chatId} = chat;
    const messages = (await run('history', 'show', chatCode, '--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [question, answer] = messages;

    expect(await bodies('history', '-n', '7')).toEqual([operation('history', '{"count":7}')]);
    expect(await bodies('history', 'show', chatCode)).toEqual([operation('chatPage', `{"chatCode":"${chatCode}"}`)]);
    expect(await bodies('history', '--bot', 'sandbox-app', '-n', '5')).toEqual([
      operation('botInfo', '{"botHandle":"sandbox-app"}'),
      operation('historyOfBot', '{"count":5,"handle":"Sandbox-App","cursor":null}'),
    ]);
    expect(await bodies('cost', answer.messageCode)).toEqual([
      operation('messageInfo', `{"messageCode":"${answer.messageCode}"}`),
    ]);
    const both = `${question.messageId} ${answer.messageId}`.split(' ');
    expect(await bodies('share', String(chatId), ...both)).toEqual([
      operation('shareMessages', '{"chatId":NUMBER,"messageIds":[NUMBER,NUMBER]}'),
    ]);
    const previews = await bodies('previews', String(answer.messageId));
    expect(previews).toEqual(
      previews.map((_, index) => operation('sharePreview', `{"index":${index},"messageId":NUMBER}`)),
    );
    expect((await bodies('title', String(chatId), 'Grüße 👋 "q"')).slice(-1)).toEqual([
      operation('setChatTitle', '{"chatId":NUMBER,"title":"Grüße 👋 \\"q\\""}'),
    ]);
    expect(await bodies('context-optimization', String(chatId), 'off')).toEqual([
      operation('setContextOptimization', '{"chatId":NUMBER,"isContextOptimizationOn":false}'),
    ]);
    expect(await bodies('cancel', String(chatId), '--json')).toEqual([operation('cancelJobs', '{"chatId":NUMBER}')]);
    expect((await bodies('retry', chatCode)).filter((body) => body.includes('regenerate'))).toEqual([
      operation(
        'retryMessage',
        hasPrices ? '{"messageId":NUMBER,"messagePointsDisplayPrice":2}' : '{"messageId":NUMBER}',
      ),
    ]);
    expect(await bodies('clear-context', String(chatId))).toEqual([
      operation('breakChat', '{"chatId":NUMBER,"clientNonce":"NONCE"}'),
    ]);
    expect(await bodies('explore', '--bot', 'tea', '-n', '3')).toEqual([
      operation('search', '{"query":"tea","entityType":"bot","count":3}'),
    ]);
    expect(await bodies('explore', '--user', 'a', '-n', '2')).toEqual([
      operation('search', '{"query":"a","entityType":"user","count":2}'),
    ]);
    expect(await bodies('explore', '--category', 'Search', '-n', '2')).toEqual([
      operation('exploreBots', '{"categoryName":"Search","count":2}'),
    ]);
    expect(await bodies('categories')).toEqual([operation('exploreIndex', '{"categoryName":"defaultCategory"}')]);
    expect(await bodies('user-info', 'openai')).toEqual([operation('userInfo', '{"handle":"openai"}')]);
    const {uid} = JSON.parse((await run('user-info', 'openai', '--json')).out);
    expect(await bodies('unfollow', String(uid))).toEqual([
      operation('setFollow', `{"shouldFollow":false,"targetUid":${uid}}`),
    ]);
    expect((await bodies('settings', 'default-bot', '3002'))[0]).toEqual(operation('setDefaultBot', '{"botId":3002}'));
    expect((await bodies('settings', 'point-limit', '500'))[0]).toEqual(
      operation('setPointLimit', '{"priceThresholdInPoints":"500"}'),
    );
    expect(await bodies('delete-messages', chatCode, String(answer.messageId), '--yes')).toEqual([
      operation(
        'deleteMessages',
        `{"connections":"client:${chatCode}:__ChatMessagesView_chat_messagesConnection_connection","messageIds":[NUMBER]}`,
      ),
    ]);
    expect(await bodies('delete-chat', String(chatId), '--yes')).toEqual([
      operation('deleteChat', '{"chatId":NUMBER}'),
    ]);
    expect(await bodies('purge', '--yes')).toEqual([operation('deleteAllChats', '{}')]);
  });

  test('each request has exactly the site’s headers', async () => {
    const {run, sandbox} = await withSandbox({site});
    await run('send', '-q', '-b', 'Sandbox-Count', '-f', new URL(import.meta.url).pathname, 'count to 2');
    const always = 'accept,accept-language,cookie,sec-ch-ua,sec-ch-ua-mobile,sec-ch-ua-platform,user-agent'.split(',');
    const signed = 'content-type,origin,poe-formkey,poe-tag-id,referer'.split(',');
    const newer = site === '2026-08' ? ['poe-queryname', 'poe-revision', 'poegraphql'] : [];
    // Headers that Node's HTTP client adds.
    const addedByNode = new Set(
      'accept-encoding,connection,content-length,host,sec-fetch-mode,transfer-encoding'.split(','),
    );
    const requests = sandbox.requests
      .filter(({path}) => path.startsWith('/api/gql'))
      .map(({path, queryName, headers}) => ({
        path,
        queryName,
        names: Object.keys(headers)
          .filter((name) => !addedByNode.has(name))
          .toSorted(),
      }));
    const withHeaders = (...more: string[]) => [...always, ...signed, ...newer, ...more].toSorted();
    expect(requests).toContainEqual({
      path: '/api/gql_POST',
      queryName: operationName('subscribe', site),
      names: withHeaders('poe-tchannel'),
    });
    expect(requests).toContainEqual({
      path: '/api/gql_upload_POST',
      queryName: operationName('sendMessage', site),
      names: withHeaders('poe-tchannel'),
    });
    for (const {headers, queryName} of sandbox.requests.filter(({path}) => path.startsWith('/api/gql'))) {
      expect(headers['poe-queryname']).toBe(site === '2026-08' ? queryName : undefined);
      expect(headers.accept).toBe('*/*');
      expect(headers['accept-language']).toBe('en-US,en;q=0.5');
      expect(headers.origin).toBe(new URL(sandbox.url).origin);
      expect(headers.referer).toBe(`${new URL(sandbox.url).origin}/`);
    }
    const live = sandbox.requests.find(({path}) => path.startsWith('/up/'));
    expect(live?.path).toMatch(
      site === '2026-08'
        ? /^\/up\/[\w-]+\/updates\?min_seq=\d+&channel=[\w-]+&hash=\d+&generation=1$/
        : /^\/up\/[\w-]+\/updates\?min_seq=\d+&channel=[\w-]+&hash=\d+$/,
    );
    expect(live?.host).toMatch(/^tch\d{1,7}\.tch\./);
  });
});
