import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'vitest';
import {type WebSocket, WebSocketServer} from 'ws';
import {runMain, type RunOptions, temporaryFolder} from './harness.js';

/*
 * A third stand-in of poe.com, made from the description of its protocol alone, by other tastes than the sandbox's. It answers
 * everything that commands ask for, checks key, tag id and cookies of each request, and a test says how it is dressed: in what
 * order and with what besides things are told, and how they are written to the wire.
 */

// What operations are asked with; each answer below knows its own.
// oxlint-disable-next-line typescript/no-explicit-any
type Variables = any;
export type Json = Record<string, unknown>;

export interface Taste {
  /** What is made of the `data` of an answer, or of an event, before it is written. */
  dress?: (value: unknown, name: string) => unknown;
  /** What is made of a whole answer. */
  envelope?: (answer: Json) => unknown;
  /** Writes an answer; default: at once, with its length. */
  write?: (response: ServerResponse, text: string, type: string, request: IncomingMessage) => void;
  /** The frames that tell some events; default: one each. */
  frames?: (events: readonly Json[], seq: number) => (string | Buffer)[];
  /** Sends one frame. */
  send?: (socket: WebSocket, frame: string | Buffer) => void;
  onConnect?: (socket: WebSocket, connection: number, url: URL) => void;
  /** Puts the events of a reply into another order. */
  order?: (events: Event[]) => Event[];
  deflate?: boolean;
  /** Whether it is as it was in 2025: tag ids are plain digests, and files go behind `queryInfo`. */
  isOld?: boolean;
  /** How many sockets are refused before one is opened, and by which status. */
  refuses?: {sockets: number; status: number};
  /** The home page's scripts, and the files they name. */
  page?: (secret: {seed: string; permutation: readonly number[]}) => Page;
  channel?: Json;
  /** How the settings are told: as JSON, or on the page. */
  settings?: (settings: Json) => {json?: string | undefined; page?: string};
  /** Takes files ahead of their message, and answers with status and text. */
  takesFile?: (request: IncomingMessage, body: string) => [status: number, text: string];
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
const swapped = Array.from({length: 32}, (_, place) => (place === 20 ? 24 : place === 24 ? 20 : place));
const node64 = (type: string, number: number) => Buffer.from(`${type}:${number}`).toString('base64');
export const seed = 'd681ac3daa0c03d0577012da1f41716cf663dea5bdc83789144cfdfc9c5513f9';
const permutation: readonly number[] = [
  27, 53, 47, 48, 52, 14, 63, 7, 38, 28, 60, 30, 51, 42, 15, 40, 19, 16, 58, 11, 17, 36, 59, 50, 1, 26, 46, 62, 55, 20,
  56, 49, 9, 43,
];
const formKey = '1d91fd9da716cc0b055c7d54648fc194';

/** The page as it was in 2026: a decoder that looks for its marker, called with a seed. */
const usualPage = ({seed: text, permutation: places}: {seed: string; permutation: readonly number[]}): Page => ({
  html:
    `<script>window.De8coder=function(s){var ok=window.document&&window.navigator&&typeof process==="undefined"` +
    `&&window.qX71==="here";return ${JSON.stringify(places)}.map(function(p){return s[ok?p:63-p]}).join("")};` +
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

/** Serves the site until the test ends; which of several that run at a time, only its own context says. */
export async function strangeSite({onTestFinished}: Pick<TestContext, 'onTestFinished'>, taste: Taste = {}) {
  const {dress = (value) => value, order = (events) => events, page = usualPage} = taste;
  const asked: {name: string; variables: Variables; headers: IncomingMessage['headers']; body: string}[] = [];
  const refused: string[] = [];
  const chats: Chat[] = [];
  const log: {seq: number; frame: string | Buffer}[] = [];
  const sockets = new Set<WebSocket>();
  let numbers = 457_234_370_000;
  let seq = 4_807_332_353;
  let connections = 0;
  const state = {following: false, limit: 500, default: 901};
  const {html, files} = page({seed, permutation});

  const oneFrameEach = (events: readonly Json[], at: number) =>
    events.map((event, index) =>
      JSON.stringify({messages: [JSON.stringify(event)], min_seq: at - (events.length - 1) + index}),
    );
  const send = taste.send ?? ((socket, frame) => socket.send(frame));
  /** Tells events, which then are kept for whoever comes back. */
  function tell(...events: Event[]) {
    const told = events.map(({name, id, data}) => ({
      message_type: 'subscriptionUpdate',
      payload: {unique_id: id, subscription_name: name, data: {[name]: dress(data, name)}},
    }));
    seq += told.length;
    for (const frame of (taste.frames ?? oneFrameEach)(told, seq)) {
      log.push({seq, frame});
      for (const socket of sockets) send(socket, frame);
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
  const messageNode = ({messageId, text, isOwn, isBreak, nonce, state: told}: Message): Json => ({
    __typename: 'Message',
    id: node64('Message', messageId),
    messageId,
    creationTime: 1_765_347_330_113_000,
    text,
    state: told,
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
  const edge = (told: Json, cursor: unknown = null) => ({__typename: 'Edge', cursor, node: told});
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

  /** The bot's words come one after the other, and what belongs to them. */
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
    const left = order(events);
    const next = () => {
      const event = left.shift();
      if (!event) return;
      tell(event);
      setImmediate(next);
    };
    setImmediate(next);
  }

  const operations: Record<string, (variables: Variables) => Json> = {
    subscriptionsmutation: () => ({autoSubscribe: {viewer: {id: 'Vmlld2VyOjA='}}}),
    sendmessagemutation({chatId, query, clientNonce}) {
      const known = chatOf({chatId});
      const chat = known ?? {chatId: ++numbers % 1e10, code: `c0de${numbers}`, title: null, messages: []};
      if (!known) chats.unshift(chat);
      const own: Message = {messageId: ++numbers, text: query, isOwn: true, nonce: clientNonce, state: 'complete'};
      const its: Message = {messageId: ++numbers, text: '', isOwn: false, nonce: null, state: 'incomplete'};
      chat.messages.push(own, its);
      tell(messageEvent(chat, own));
      const told = {
        status: 'success',
        statusMessage: '',
        message: edge(messageNode(own)),
        chat: chatNode(chat),
        botMessage: edge(messageNode(its)),
        bot: wordy,
        job: {jobId: 99},
        chatBreak: null,
        viewer: {id: 'Vmlld2VyOjA='},
      };
      answer(chat, its, query, !known);
      return {messageEdgeCreate: told};
    },
    regeneratemessagemutation({messageId}) {
      const chat = chats.find(({messages}) => messages.some((each) => each.messageId === messageId));
      const old = chat?.messages.at(-1);
      if (!chat || !old) return {messageRegenerate: null};
      Object.assign(old, {text: '', state: 'incomplete'});
      tell(messageEvent(chat, old));
      answer(chat, old, 'you again', false);
      return {messageRegenerate: {status: 'success', statusMessage: '', message: edge(messageNode(old))}};
    },
    handlebotlandingpagequery: ({botHandle}) => ({
      bot: String(botHandle).toLowerCase() === 'wordy' ? wordy : null,
      viewer: {
        shouldUseFinishUploadEndpoint: taste.takesFile !== undefined,
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
      const chat = {chatId: ++numbers % 1e10, code: `c0de${numbers}`, title: `Of ${botName}`, messages: []};
      chats.unshift(chat);
      const node = {...messageNode({messageId: ++numbers, text: '', isOwn: true, nonce: null, state: 'complete'})};
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
      const line = {messageId: ++numbers, text: '', isOwn: true, isBreak: true, nonce: clientNonce, state: 'complete'};
      chat?.messages.push(line);
      return {messageBreakEdgeCreate: chat ? {message: edge(messageNode(line))} : null};
    },
    usesharepreviewfrommessage_mutation: ({index}) => ({
      sharePreviewFromMessage: {
        sharedPreview: index === 0 ? {shareUrl: 'https://poe.com/preview/p0'} : null,
      },
    }),
  };

  /** What is wrong with a request, in words for whoever reads the failing test. */
  function faultOf({headers}: IncomingMessage, signed: string): string | undefined {
    const key = String(headers['poe-formkey']);
    const digest = createHash('md5').update(`${signed}${key}${salt}`).digest('hex');
    const tag = taste.isOld ? digest : swapped.map((place) => digest[place]).join('');
    const cookie = headers.cookie ?? '';
    if (!cookie.includes('p-b=some%3Dpb') || !cookie.includes('p-lat=some-plat')) return `cookies: ${cookie}`;
    if (key !== formKey) return `form key: ${key}`;
    if (headers['poe-tag-id'] !== tag) return 'tag id';
    return undefined;
  }

  const plain = (response: ServerResponse, text: string, type: string) =>
    void response.writeHead(200, {'Content-Type': type, 'Content-Length': Buffer.byteLength(text)}).end(text);
  const write = taste.write ?? plain;

  function operation(request: IncomingMessage, response: ServerResponse, signed: string) {
    const fault = faultOf(request, signed);
    if (fault !== undefined) {
      refused.push(fault);
      response.writeHead(400).end('{"success":false,"message":"Bad Request"}');
      return;
    }
    const {queryName, variables}: {queryName: string; variables: Variables} = JSON.parse(signed);
    asked.push({name: queryName, variables, headers: request.headers, body: signed});
    const data = operations[queryName.toLowerCase()]?.(variables);
    const whole: Json = data
      ? {data: dress(data, queryName), extensions: {is_final: true}}
      : {data: null, errors: [{message: 'Server Error'}], extensions: {is_final: true}};
    write(response, JSON.stringify((taste.envelope ?? ((told) => told))(whole)), 'application/json', request);
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
      ...taste.channel,
    };
    const told = {tchannelData, more: {}};
    return taste.settings?.(told) ?? {json: JSON.stringify(told)};
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    const path = (request.url ?? '').replace(/\?.*/, '');
    const file = files[path];
    if (file !== undefined) return write(response, file, 'text/javascript', request);
    if (path === '/') return write(response, html + (settings().page ?? ''), 'text/html; charset=utf-8', request);
    if (path === '/s/sh4red') {
      const data = {props: {share: {messages: [{bot: {__typename: 'Bot', botId: 901, nickname: 'wordy'}}]}}};
      const block = `<script type="application/json">${JSON.stringify(data)}</script>`;
      return write(response, block, 'text/html', request);
    }
    if (path === '/api/settings') {
      const {json} = settings();
      if (json !== undefined) return write(response, json, 'application/json', request);
    }
    if (path === '/api/gql_POST') return operation(request, response, body);
    if (path === '/api/gql_upload_POST') {
      return operation(request, response, /name="(?:operations|queryInfo)"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? '');
    }
    if (path === '/api/finish_upload_POST' && taste.takesFile) {
      const [status, text] = taste.takesFile(request, body);
      response.writeHead(status).end(text);
      return;
    }
    response.writeHead(404).end();
  }

  const server = createServer((request, response) => void serve(request, response));
  let refusals = taste.refuses?.sockets ?? 0;
  const live = new WebSocketServer({
    server,
    perMessageDeflate: taste.deflate ?? false,
    verifyClient: (_info, done) => done(--refusals < 0, taste.refuses?.status),
  });
  live.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '', 'http://x');
    const from = Number(url.searchParams.get('min_seq'));
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connections++;
    taste.onConnect?.(socket, connections, url);
    for (const {seq: at, frame} of log) if (at > from) send(socket, frame);
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
    asked,
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
