import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'vitest';
import {type WebSocket, WebSocketServer} from 'ws';
import {runMain, type RunOptions, temporaryFolder} from '../harness.js';

/*
 * A second simulation of poe.com, written from the description of the protocol only, without code of the sandbox. It answers every
 * operation that commands use and checks the form key, tag id and cookies of each request. Tests vary what the protocol leaves
 * open: the order of events and fields, additional fields, and the encoding of responses and frames.
 */

// Each operation below knows its own variables.
// oxlint-disable-next-line typescript/no-explicit-any
type Variables = any;
export type Json = Record<string, unknown>;

export interface SiteVariation {
  /** Changes the `data` of a response or an event. @param name the operation or subscription */
  transform?: (value: unknown, name: string) => unknown;
  /** Changes a whole response. */
  wrapResponse?: (response: Json) => unknown;
  /** Writes a response. Default: all at once, with `Content-Length`. */
  writeResponse?: (response: ServerResponse, text: string, type: string, request: IncomingMessage) => void;
  /** Puts events into frames. Default: one frame for each. @param seq the position of the last event */
  toFrames?: (events: readonly Json[], seq: number) => (string | Buffer)[];
  /** Sends one frame. */
  sendFrame?: (socket: WebSocket, frame: string | Buffer) => void;
  onConnect?: (socket: WebSocket, connection: number, url: URL) => void;
  /** Reorders, changes or adds the events of a reply. */
  orderEvents?: (events: Event[]) => Event[];
  deflate?: boolean;
  /** Whether tag ids are plain digests, as on site version 2025-03. */
  hasPlainTagIds?: boolean;
  /** Refuses the first sockets with this status. */
  refuseSockets?: {sockets: number; status: number};
  /** Creates the home page and its script files. */
  createPage?: (secret: {seed: string; permutation: readonly number[]}) => Page;
  /** Fields that are added to the channel data or replace them. */
  channel?: Json;
  /** Where the settings are: in the JSON response, in the page, or both. */
  placeSettings?: (settings: Json) => {json?: string | undefined; page?: string};
  /** Makes the site receive files before their message, and returns the status and text of the response. */
  receiveFile?: (request: IncomingMessage, body: string) => [status: number, text: string];
}

export interface Page {
  html: string;
  files: Record<string, string>;
}

export interface Event {
  name: string;
  id: string;
  data: Json;
}

interface Message {
  messageId: number;
  text: string;
  isOwn: boolean;
  isBreak?: boolean;
  nonce: string | null;
  state: string;
}

interface Chat {
  chatId: number;
  code: string;
  title: string | null;
  messages: Message[];
}

const uid = 4242;
const salt = '4LxgHM6KpFqokX0Ox';
const swapped = Array.from({length: 32}, (_, index) => (index === 20 ? 24 : index === 24 ? 20 : index));
const node64 = (type: string, number: number) => Buffer.from(`${type}:${number}`).toString('base64');
export const seed = 'd681ac3daa0c03d0577012da1f41716cf663dea5bdc83789144cfdfc9c5513f9';
const permutation: readonly number[] = [
  27, 53, 47, 48, 52, 14, 63, 7, 38, 28, 60, 30, 51, 42, 15, 40, 19, 16, 58, 11, 17, 36, 59, 50, 1, 26, 46, 62, 55, 20,
  56, 49, 9, 43,
];
const formKey = '1d91fd9da716cc0b055c7d54648fc194';

/** The page of site version 2026-08: a decoder that checks its marker, called with a seed. */
const defaultPage = ({seed: text, permutation: positions}: {seed: string; permutation: readonly number[]}): Page => ({
  html:
    `<script>window.De8coder=function(s){var ok=window.document&&window.navigator&&typeof process==="undefined"` +
    `&&window.qX71==="here";return ${JSON.stringify(positions)}.map(function(p){return s[ok?p:63-p]}).join("")};` +
    `window.ereNdsRqhp2Rd3LEW=function(){return window.De8coder("${text}")}</script>` +
    '<script src="/_next/static/chunks/pages/_app-77.js" defer></script>',
  files: {'/_next/static/chunks/pages/_app-77.js': 'let useFormkeyDecode=()=>{window.qX71="here";return 1}'},
});

const bot = (botId: number, handle: string, more: Json = {}): Json => ({
  __typename: 'Bot',
  id: node64('Bot', botId),
  botId,
  handle,
  displayName: handle,
  nickname: handle.toLowerCase(),
  model: 'wordy_1',
  picture: {url: `https://x.example/${botId}.png`},
  description: `Says words (${botId})`,
  poweredBy: 'words',
  translatedBotTags: ['OFFICIAL'],
  messagePointLimit: {displayMessagePointPrice: 20},
  introduction: 'Hi',
  isCreatedByPoeUserAccount: false,
  ...more,
});
const wordy = bot(901, 'Wordy');
const person = {__typename: 'PoeUser', id: node64('PoeUser', 77), uid: 77, fullName: 'Ann', followerCount: 3};

/** Serves the site until the test ends. @param context the test's context, which concurrent tests need */
export async function variedSite({onTestFinished}: Pick<TestContext, 'onTestFinished'>, variation: SiteVariation = {}) {
  const {transform = (value) => value, orderEvents = (events) => events, createPage = defaultPage} = variation;
  const operations: {name: string; variables: Variables; headers: IncomingMessage['headers']; body: string}[] = [];
  const refused: string[] = [];
  const chats: Chat[] = [];
  const log: {seq: number; frame: string | Buffer}[] = [];
  const sockets = new Set<WebSocket>();
  let lastId = 457_234_370_000;
  let seq = 4_807_332_353;
  let connections = 0;
  const state = {following: false, limit: 500, default: 901};
  const {html, files} = createPage({seed, permutation});

  const oneFrameEach = (events: readonly Json[], at: number) =>
    events.map((event, index) =>
      JSON.stringify({messages: [JSON.stringify(event)], min_seq: at - (events.length - 1) + index}),
    );
  const sendFrame = variation.sendFrame ?? ((socket, frame) => socket.send(frame));
  /** Sends events, and stores them for clients that reconnect. */
  function emit(...events: Event[]) {
    const messages = events.map(({name, id, data}) => ({
      message_type: 'subscriptionUpdate',
      payload: {unique_id: id, subscription_name: name, data: {[name]: transform(data, name)}},
    }));
    seq += messages.length;
    for (const frame of (variation.toFrames ?? oneFrameEach)(messages, seq)) {
      log.push({seq, frame});
      for (const socket of sockets) sendFrame(socket, frame);
    }
  }

  const chatNode = ({chatId, code, title}: Chat): Json => ({
    __typename: 'Chat',
    id: node64('Chat', chatId),
    chatId,
    chatCode: code,
    title,
    lastInteractionTime: 1_765_347_330_113_000,
    creationTime: 1_765_347_330_113_000,
    defaultBotObject: wordy,
    isDeleted: false,
  });
  const messageNode = ({messageId, text, isOwn, isBreak, nonce, state: messageState}: Message): Json => ({
    __typename: 'Message',
    id: node64('Message', messageId),
    messageId,
    creationTime: 1_765_347_330_113_000,
    text,
    state: messageState,
    clientNonce: nonce,
    author: isBreak ? 'chat_break' : isOwn ? 'human' : 'wordy',
    authorUser: isOwn ? {uid, id: node64('PoeUser', uid), handle: 'me', fullName: 'Me'} : null,
    bot: isOwn ? null : wordy,
    contentType: 'text_markdown',
    sourceType: 'chat_input',
    messageStateText: null,
    messageCode: `code${messageId}`,
    textLengthOnCancellation: 0,
    uid: isOwn ? uid : null,
    attachments: [],
    followupActions: [],
    suggestedReplies: [],
  });
  const edge = (node: Json, cursor: unknown = null) => ({__typename: 'Edge', cursor, node});
  const connection = (nodes: Json[], pageInfo: Json = {hasNextPage: false, endCursor: null}) => ({
    edges: nodes.map((each) => edge(each)),
    pageInfo,
  });
  const chatOf = ({chatId}: {chatId: unknown}) => chats.find((chat) => chat.chatId === chatId);
  const messageEvent = (chat: Chat, message: Message): Event => ({
    name: 'messageAdded',
    id: `messageAdded:${chat.chatId}`,
    data: messageNode(message),
  });

  /** Streams the bot's reply word by word, with the events that accompany it. */
  function answer(chat: Chat, message: Message, question: string, isNew: boolean) {
    const words = `Grüße 👋 says Wordy to ${question}`.split(/(?<= )/);
    const growing = words.map((_, index) => words.slice(0, index + 1).join(''));
    const events: Event[] = [
      ...growing.map((text) => messageEvent(chat, {...message, text, state: 'incomplete'})),
      messageEvent(chat, {...message, text: growing.at(-1) ?? '', state: 'complete'}),
      {name: 'jobUpdated', id: `jobUpdated:${chat.chatId}`, data: {id: 'Sm9iOjk5', jobId: 99, state: 'complete'}},
      {
        name: 'jobCostUpdated',
        id: 'jobCostUpdated:99',
        data: {totalCostPoints: 20, trigger: {message: {chat: {chatId: chat.chatId}}}},
      },
    ];
    if (isNew) {
      chat.title = 'A talk';
      const id = `chatTitleUpdated:${chat.chatId}`;
      events.push({name: 'chatTitleUpdated', id, data: {title: 'A talk', id: node64('Chat', chat.chatId)}});
    }
    Object.assign(message, {text: growing.at(-1), state: 'complete'});
    const remaining = orderEvents(events);
    const next = () => {
      const event = remaining.shift();
      if (!event) return;
      emit(event);
      setImmediate(next);
    };
    setImmediate(next);
  }

  const responses: Record<string, (variables: Variables) => Json> = {
    subscriptionsmutation: () => ({autoSubscribe: {viewer: {id: 'Vmlld2VyOjA='}}}),
    sendmessagemutation({chatId, query, clientNonce}) {
      const existing = chatOf({chatId});
      const chat = existing ?? {chatId: ++lastId % 1e10, code: `c0de${lastId}`, title: null, messages: []};
      if (!existing) chats.unshift(chat);
      const own: Message = {messageId: ++lastId, text: query, isOwn: true, nonce: clientNonce, state: 'complete'};
      const reply: Message = {messageId: ++lastId, text: '', isOwn: false, nonce: null, state: 'incomplete'};
      chat.messages.push(own, reply);
      emit(messageEvent(chat, own));
      const messageEdgeCreate = {
        status: 'success',
        statusMessage: '',
        message: edge(messageNode(own)),
        chat: chatNode(chat),
        botMessage: edge(messageNode(reply)),
        bot: wordy,
        job: {jobId: 99},
        chatBreak: null,
        viewer: {id: 'Vmlld2VyOjA='},
      };
      answer(chat, reply, query, !existing);
      return {messageEdgeCreate};
    },
    regeneratemessagemutation({messageId}) {
      const chat = chats.find(({messages}) => messages.some((each) => each.messageId === messageId));
      const old = chat?.messages.at(-1);
      if (!chat || !old) return {messageRegenerate: null};
      Object.assign(old, {text: '', state: 'incomplete'});
      emit(messageEvent(chat, old));
      answer(chat, old, 'you again', false);
      return {messageRegenerate: {status: 'success', statusMessage: '', message: edge(messageNode(old))}};
    },
    handlebotlandingpagequery: ({botHandle}) => ({
      bot: String(botHandle).toLowerCase() === 'wordy' ? wordy : null,
      viewer: {
        shouldUseFinishUploadEndpoint: variation.receiveFile !== undefined,
        shouldUsePresignedUrl: false,
        fileUploadSizeLimits: '{}',
      },
    }),
    handleprofilepagequery: ({handle}) => ({user: handle === 'ann' ? {...person, handle: 'ann', bio: ''} : null}),
    messageinfopagequery: ({messageCode}) => ({
      messageOfCode: String(messageCode).startsWith('code') ? {responsibleJob: {totalCostPoints: 20}} : null,
    }),
    messagesharing_sharemessagesmutation_mutation: () => ({messagesShare: {shareCode: 'sh4re'}}),
    messagedeleteconfirmationmodal_deletemessagemutation_mutation({messageIds}) {
      for (const chat of chats) chat.messages = chat.messages.filter((each) => !messageIds.includes(each.messageId));
      return {messagesDelete: {edgeIds: []}};
    },
    settingsdeleteallmessagesbutton_deleteusermessagesmutation_mutation() {
      chats.length = 0;
      return {deleteUserMessages: {viewer: {uid, id: 'x'}}};
    },
    settingsdefaultbotsectionmutation({botId}) {
      state.default = botId;
      return {poeSetDefaultBot: {status: 'success'}};
    },
    settingsdefaultmessagepointlimitmodal_setallchatdefaultmessagepointpricethreshold_mutation(variables) {
      state.limit = Number(variables.priceThresholdInPoints);
      return {setAllChatDefaultMessagePointPriceThreshold: {viewer: {id: 'x'}}};
    },
    continuechatctabutton_continuechatfrompoeshare_mutation({botName}) {
      const chat = {chatId: ++lastId % 1e10, code: `c0de${lastId}`, title: `Of ${botName}`, messages: []};
      chats.unshift(chat);
      const node = {...messageNode({messageId: ++lastId, text: '', isOwn: true, nonce: null, state: 'complete'})};
      const messages = [edge({...node, chat: chatNode(chat)})];
      return {continueChatFromPoeShare: {status: 'success', statusMessage: '', messages}};
    },
    chatsettingsmodal_chatsettitle_mutation({chatId, title}) {
      const chat = chatOf({chatId});
      if (chat) chat.title = title;
      return {chatSetTitle: chat ? {status: 'success', statusMessage: ''} : null};
    },
    chatsettingsmodal_chatsetcontextoptimization_mutation: ({chatId}) => ({
      chatSetContextOptimization: chatOf({chatId}) ? {id: 'x'} : null,
    }),
    usedeletechat_deletechat_mutation({chatId}) {
      const at = chats.findIndex((chat) => chat.chatId === chatId);
      if (at >= 0) chats.splice(at, 1);
      return {deleteChat: at < 0 ? null : {viewer: {id: 'x'}}};
    },
    searchresultslistpaginationquery: ({entityType}) => ({
      searchEntityConnection: connection(
        entityType === 'user'
          ? [
              {...person, nullableHandle: 'ann'},
              {__typename: 'Other', id: '1'},
            ]
          : [wordy],
      ),
    }),
    explorebotsindexpagequery: () => ({
      exploreBotsCategoryObjects: [{categoryName: 'Official', translatedCategoryName: 'Official'}],
      exploreBotsConnection: connection([wordy]),
    }),
    explorebotslistpaginationquery: ({cursor}) => ({
      exploreBotsConnection: cursor
        ? connection([bot(903, 'Third')])
        : connection([wordy, bot(902, 'Other')], {hasNextPage: true, endCursor: '2'}),
    }),
    chathistorylistpaginationquery: () => ({chats: connection(chats.map(chatNode))}),
    chathistoryfilteredlistpaginationquery: () => ({filteredChats: connection(chats.map(chatNode))}),
    userfollowstatebutton_poeusersetfollow_mutation({shouldFollow}) {
      state.following = shouldFollow;
      return {poeUserSetFollow: {status: 'success'}};
    },
    settingspagequery: () => ({
      viewer: {
        uid,
        defaultBot: {displayName: 'Wordy', botId: state.default, id: node64('Bot', 901)},
        messagePointInfo: {
          messagePointResetTime: 1_742_861_079_000_000,
          messagePointBalance: 2980,
          totalMessagePointAllotment: 3000,
          allChatDefaultPointPriceThresholdPerMessage: state.limit,
        },
        primaryPhoneNumber: null,
        primaryEmail: 'me@example.com',
        confirmedEmails: ['me@example.com'],
        hasActiveSubscription: false,
        enableGTMEventSending: true,
        viewerCountryCode: 'DE',
        globalContextOptimizationStatus: true,
        enableGlobalContextOptimization: true,
        hasUnreadMessage: false,
        poeUser: {id: node64('PoeUser', uid)},
      },
    }),
    chatpagequery({chatCode}) {
      const chat = chats.find(({code}) => code === chatCode);
      const nodes = chat?.messages.map((each) => edge(messageNode(each), String(each.messageId)));
      const pageInfo = {hasPreviousPage: false, startCursor: null};
      return {
        chatOfCode: chat && {...chatNode(chat), messagesConnection: {edges: nodes, pageInfo}},
        viewer: {uid},
      };
    },
    chatlistpaginationquery: () => ({node: {messagesConnection: connection([], {hasPreviousPage: false})}}),
    cancelvieweractivejobs_cancelvieweractivejobs_mutation: () => ({cancelViewerActiveJobs: {viewer: {id: 'x'}}}),
    sendchatbreakmutation({chatId, clientNonce}) {
      const chat = chatOf({chatId});
      const line = {messageId: ++lastId, text: '', isOwn: true, isBreak: true, nonce: clientNonce, state: 'complete'};
      chat?.messages.push(line);
      return {messageBreakEdgeCreate: chat ? {message: edge(messageNode(line))} : null};
    },
    usesharepreviewfrommessage_mutation: ({index}) => ({
      sharePreviewFromMessage: {
        sharedPreview: index === 0 ? {shareUrl: 'https://poe.com/preview/p0'} : null,
      },
    }),
  };

  /** Returns the reason why a request is invalid, for the message of a failed test. */
  function problemOf({headers}: IncomingMessage, signed: string): string | undefined {
    const key = String(headers['poe-formkey']);
    const digest = createHash('md5').update(`${signed}${key}${salt}`).digest('hex');
    const tag = variation.hasPlainTagIds ? digest : swapped.map((position) => digest[position]).join('');
    const cookie = headers.cookie ?? '';
    if (!cookie.includes('p-b=some%3Dpb') || !cookie.includes('p-lat=some-plat')) return `cookies: ${cookie}`;
    if (key !== formKey) return `form key: ${key}`;
    if (headers['poe-tag-id'] !== tag) return 'tag id';
    return undefined;
  }

  const plain = (response: ServerResponse, text: string, type: string) =>
    void response.writeHead(200, {'Content-Type': type, 'Content-Length': Buffer.byteLength(text)}).end(text);
  const writeResponse = variation.writeResponse ?? plain;

  function operation(request: IncomingMessage, response: ServerResponse, signed: string) {
    const problem = problemOf(request, signed);
    if (problem !== undefined) {
      refused.push(problem);
      response.writeHead(400).end('{"success":false,"message":"Bad Request"}');
      return;
    }
    const {queryName, variables}: {queryName: string; variables: Variables} = JSON.parse(signed);
    operations.push({name: queryName, variables, headers: request.headers, body: signed});
    const data = responses[queryName.toLowerCase()]?.(variables);
    const body: Json = data
      ? {data: transform(data, queryName), extensions: {is_final: true}}
      : {data: null, errors: [{message: 'Server Error'}], extensions: {is_final: true}};
    writeResponse(response, JSON.stringify(variation.wrapResponse?.(body) ?? body), 'application/json', request);
  }

  function settings() {
    const {port} = server.address() as AddressInfo;
    const tchannelData = {
      minSeq: String(seq),
      channel: 'poe-chan109-8888-abcd',
      channelHash: '17789837973223261609',
      boxName: 'chan109-8888',
      baseHost: `localhost:${port}`,
      targetUrl: 'tch.poe.com',
      enableWebsocket: true,
      ...variation.channel,
    };
    const values = {tchannelData, more: {}};
    return variation.placeSettings?.(values) ?? {json: JSON.stringify(values)};
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    const path = (request.url ?? '').replace(/\?.*/, '');
    const file = files[path];
    if (file !== undefined) return writeResponse(response, file, 'text/javascript', request);
    if (path === '/')
      return writeResponse(response, html + (settings().page ?? ''), 'text/html; charset=utf-8', request);
    if (path === '/s/sh4red') {
      const data = {props: {share: {messages: [{bot: {__typename: 'Bot', botId: 901, nickname: 'wordy'}}]}}};
      const block = `<script type="application/json">${JSON.stringify(data)}</script>`;
      return writeResponse(response, block, 'text/html', request);
    }
    if (path === '/api/settings') {
      const {json} = settings();
      if (json !== undefined) return writeResponse(response, json, 'application/json', request);
    }
    if (path === '/api/gql_POST') return operation(request, response, body);
    if (path === '/api/gql_upload_POST') {
      return operation(request, response, /name="(?:operations|queryInfo)"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? '');
    }
    if (path === '/api/finish_upload_POST' && variation.receiveFile) {
      const [status, text] = variation.receiveFile(request, body);
      response.writeHead(status).end(text);
      return;
    }
    response.writeHead(404).end();
  }

  const server = createServer((request, response) => void serve(request, response));
  let refusals = variation.refuseSockets?.sockets ?? 0;
  const live = new WebSocketServer({
    server,
    perMessageDeflate: variation.deflate ?? false,
    verifyClient: (_info, done) => done(--refusals < 0, variation.refuseSockets?.status),
  });
  live.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '', 'http://x');
    const from = Number(url.searchParams.get('min_seq'));
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connections++;
    variation.onConnect?.(socket, connections, url);
    for (const {seq: at, frame} of log) if (at > from) sendFrame(socket, frame);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  const env = {
    POE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    POE_P_B: 'some%3Dpb',
    POE_P_LAT: 'some-plat',
    POE_CONFIG_DIR: temporaryFolder(onTestFinished),
  };
  return {
    operations,
    /** What was wrong with each request that was refused. */
    refused,
    chats,
    env,
    sockets,
    get connections() {
      return connections;
    },
    run: (...argv: string[]) => runMain(argv, {env}),
    runWith: (options: RunOptions, ...argv: string[]) => runMain(argv, {...options, env: {...env, ...options.env}}),
  };
}
