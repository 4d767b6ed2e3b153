import * as v from 'valibot';
import type {RequestFile} from './chat-request.js';
import {fileAt, fileOf} from './data-url.js';
import {invalidRequest} from './invalid-request.js';

/** The content of a message. */
export interface Content {
  text: string;
  files: RequestFile[];
}

/** Results of tools may contain further parts. */
const maxPathLength = 500;

const text = v.fallback(v.nullish(v.string(), ''), '');
const record = v.fallback(v.record(v.string(), v.unknown()), {});

const Part = v.looseObject({type: v.string(), text});
type Part = v.InferOutput<typeof Part>;

/** Reads the content of a message in any of the formats: a text, or a list of parts. @throws PoeError `usage` */
export function readContent(content: unknown, where: string): Content {
  if (content === null || content === undefined) return {text: '', files: []};
  if (typeof content === 'string') return {text: content, files: []};
  if (!Array.isArray(content)) throw invalidRequest(where, 'must be a text or a list of parts');
  if (where.length > maxPathLength) throw invalidRequest(where.slice(0, 100), 'is nested too deeply');
  return joinContents(
    content.map((part: unknown, index) => {
      if (typeof part === 'string') return onlyText(part);
      const parsed = v.safeParse(Part, part);
      if (!parsed.success) throw invalidRequest(`${where}[${index}].type`, 'is required');
      return readPart(parsed.output, `${where}[${index}]`);
    }),
  );
}

const joinContents = (contents: readonly Content[]): Content => ({
  text: contents
    .map((content) => content.text)
    .filter((each) => each !== '')
    .join('\n'),
  files: contents.flatMap(({files}) => files),
});

const onlyText = (each: string): Content => ({text: each, files: []});
const onlyFile = (file: RequestFile): Content => ({text: '', files: [file]});

const readers: Readonly<Record<string, (part: Part, where: string) => Content>> = {
  text: (part) => onlyText(part.text),
  input_text: (part) => onlyText(part.text),
  output_text: (part) => onlyText(part.text),
  summary_text: (part) => onlyText(part.text),
  refusal: ({refusal}) => onlyText(v.parse(text, refusal)),
  // What a bot thought is not part of the conversation.
  thinking: () => onlyText(''),
  redacted_thinking: () => onlyText(''),
  reasoning: () => onlyText(''),
  image_url({image_url: image}, where) {
    const url = typeof image === 'string' ? image : v.parse(text, v.parse(record, image).url);
    return onlyFile(fileAt(url, '', `${where}.image_url`));
  },
  input_image(part, where) {
    rejectId(part, where);
    return onlyFile(fileAt(v.parse(text, part.image_url), '', `${where}.image_url`));
  },
  file: ({file}, where) => onlyFile(openAiFile(v.parse(record, file), `${where}.file`)),
  input_file: (part, where) => onlyFile(openAiFile(part, where)),
  input_audio({input_audio: audio}, where) {
    const {data, format} = v.parse(record, audio);
    const name = `audio.${v.parse(text, format) || 'wav'}`;
    return onlyFile(fileOf(v.parse(text, data), name, `${where}.input_audio.data`));
  },
  image: ({source}, where) => anthropicSource(v.parse(record, source), '', `${where}.source`),
  document: ({source, title}, where) =>
    anthropicSource(v.parse(record, source), v.parse(text, title), `${where}.source`),
  tool_use: ({name, input}) => onlyText(toolCall(v.parse(text, name), JSON.stringify(input ?? {}))),
  tool_result({content}, where) {
    const {text: result, files} = readContent(content, `${where}.content`);
    return {text: toolResult(result), files};
  },
};

function readPart(part: Part, where: string): Content {
  const read = Object.hasOwn(readers, part.type) ? readers[part.type] : undefined;
  if (!read) throw invalidRequest(`${where}.type`, `parts of the type ${JSON.stringify(part.type)} are not supported`);
  return read(part, where);
}

/** How the call of a tool in an earlier turn is written for a bot that has no tools. */
export const toolCall = (name: string, input: string): string => `[Called the tool ${name} with ${input}]`;

export const toolResult = (result: string): string => `[Result of the tool]\n${result}`;

function openAiFile(file: Readonly<Record<string, unknown>>, where: string): RequestFile {
  rejectId(file, where);
  const name = v.parse(text, file.filename);
  const url = v.parse(text, file.file_url);
  if (url !== '') return fileAt(url, name, `${where}.file_url`);
  return fileOf(v.parse(text, file.file_data), name, `${where}.file_data`);
}

function rejectId(part: Readonly<Record<string, unknown>>, where: string): void {
  if (part.file_id === undefined || part.file_id === null) return;
  throw invalidRequest(`${where}.file_id`, 'files cannot be uploaded first. Send the content of the file.');
}

function anthropicSource(source: Readonly<Record<string, unknown>>, name: string, where: string): Content {
  switch (source.type) {
    case 'base64':
      return onlyFile(fileOf(v.parse(text, source.data), name, `${where}.data`));
    case 'url':
      return onlyFile(fileAt(v.parse(text, source.url), name, `${where}.url`));
    case 'text':
      return onlyFile({name: withExtension(name), content: Buffer.from(v.parse(text, source.data))});
    case 'content':
      return readContent(source.content, `${where}.content`);
    default:
      throw invalidRequest(`${where}.type`, 'must be base64, url or text. Send the content of the file.');
  }
}

const withExtension = (name: string): string => (/\.\w+$/.test(name) || name === '' ? name : `${name}.txt`);
