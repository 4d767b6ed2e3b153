import type {ContentBlock} from '@modelcontextprotocol/sdk/types.js';
import {basename} from 'node:path';
import {pathToFileURL} from 'node:url';
import {z} from 'zod';
import {PoeError} from '../../core/errors.js';
import type {ReplyResult} from '../../core/reply.js';
import {filesIn} from '../../output/format/file-names.js';
import {allowedFiles} from '../files/allowed-files.js';
import {imageContents} from '../files/image-content.js';
import {saveReplyFiles} from '../files/save-reply-files.js';
import {PartialReplyError, sendAndFollow} from '../messages.js';
import {costsOf, detailsOf} from './ask.js';
import {chatField, costFields, filesField, maxPointsField, parametersField, promptField, textOf} from './fields.js';
import {defineTool, type ToolCall, type ToolResult} from './tool.js';

const shared = {
  prompt: promptField.describe('What to make.'),
  files: filesField,
  params: parametersField,
  max_points: maxPointsField,
};

const size = z
  .string()
  .regex(/^(?:auto|[1-9]\d*x[1-9]\d*)$/)
  .optional()
  .describe('Width and height in pixels, such as 1024x1024.');

const output = z.object({
  files: z.array(z.object({path: z.string(), size: z.number().describe('Bytes.')})),
  text: z.string(),
  bot: z.string(),
  chat: chatField,
  ...costFields,
});

const costNote =
  'Costs points of the user, often many; bot_info shows the price, and the result the cost. The file is saved in the folder that the user chose, and its path is returned.';

export const makeImage = defineTool({
  name: 'make_image',
  title: 'Make images',
  description: `Have a bot of Poe make images from a description. ${costNote}`,
  input: z.strictObject({
    bot: z.string().min(1).describe('A bot that makes images. To find one, use search_bots.'),
    count: z.number().int().min(1).max(10).optional().describe('How many images to make, if the bot accepts that.'),
    size,
    ...shared,
  }),
  output,
  isPaid: true,
  run: ({count, size, ...input}, call) => make(call, input, {n: count, size}),
});

export const makeVideo = defineTool({
  name: 'make_video',
  title: 'Make a video',
  description: `Have a bot of Poe make a video from a description. Takes minutes. ${costNote}`,
  input: z.strictObject({
    bot: z.string().min(1).describe('A bot that makes videos. To find one, use search_bots.'),
    seconds: z.number().int().min(1).max(600).optional().describe('The length of the video, if the bot accepts that.'),
    size,
    ...shared,
  }),
  output,
  isPaid: true,
  run: ({seconds, size, ...input}, call) => make(call, input, {seconds, size}),
});

interface Input {
  bot: string;
  prompt: string;
  files: string[];
  params: Record<string, string | number | boolean>;
  max_points?: number | undefined;
}

async function make(
  call: ToolCall,
  {bot, prompt, files, params, max_points: maxPoints}: Input,
  options: Record<string, string | number | undefined>,
): Promise<ToolResult> {
  const set = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const paid = await sendAndFollow(call, {
    prompt,
    bot,
    files: await allowedFiles(files, call.limits),
    parameters: textOf({...Object.fromEntries(set), ...params}),
    maxPoints,
  });
  call.progress.update('Saving the files');
  const {reply} = paid;
  const saved = await saveReplyFiles(call.host, reply, {
    folder: call.limits.outputFolder,
    signal: call.signal,
  }).catch((error: unknown) => {
    throw error instanceof PoeError ? new PartialReplyError(error, reply) : error;
  });
  return {
    content: [
      ...saved.map(({path, size}): ContentBlock => linkTo(path, size)),
      ...(await imageContents(saved)),
      {type: 'text', text: `${saved.map(({path}) => `Saved: ${path}`).join('\n')}\n${detailsOf(paid)}`},
    ],
    structuredContent: {
      files: saved,
      text: textBeside(reply),
      bot: reply.bot,
      chat: reply.chat.chatCode,
      ...costsOf(paid),
    },
  };
}

/** The text, if it is more than the URL of a file. */
const textBeside = (reply: ReplyResult): string =>
  filesIn(reply).some(({url}) => url === reply.text.trim()) ? '' : reply.text;

const linkTo = (path: string, size: number): ContentBlock => ({
  type: 'resource_link',
  name: basename(path),
  uri: pathToFileURL(path).href,
  size,
});
