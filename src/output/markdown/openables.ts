import type {Message} from '../../core/model.js';
import {filesIn} from '../format/file-names.js';
import {codeBlocks} from './code-block.js';
import {type DiagramType, diagramType} from './diagram-type.js';
import {unlimitedParsing} from './syntax/context.js';
import type {Block, Inline} from './syntax/model.js';
import {parseBlocks} from './syntax/parse-blocks.js';
import {parseInline} from './syntax/parse-inline.js';

/** A part of a reply that another program can show. */
export type Openable = Diagram | Page;

export interface Diagram {
  type: DiagramType;
  /** As the bot wrote it. */
  source: string;
}

export interface Page {
  type: 'file' | 'link';
  name: string;
  /** With http or https. */
  url: string;
}

/** The diagrams of a reply, then its files and images, then its links, each once. */
export async function openablesIn(reply: Pick<Message, 'text' | 'attachments'>): Promise<Openable[]> {
  const diagrams = (await codeBlocks(reply.text)).flatMap(({info, text}): Diagram[] => {
    const type = diagramType(info);
    return type ? [{type, source: text}] : [];
  });
  const files = filesIn(reply).map(({name, url}): Page => ({type: 'file', name, url}));
  const context = unlimitedParsing();
  const urls = new Set(files.map(({url}) => url));
  const links: Page[] = [];
  for (const inline of sourcesIn(parseBlocks(reply.text, context)).flatMap((source) => parseInline(source, context))) {
    for (const {href, name} of linksIn(inline)) {
      if (!/^https?:\/\//i.test(href) || urls.has(href)) continue;
      urls.add(href);
      links.push({type: 'link', name, url: href});
    }
  }
  return [...diagrams, ...files, ...links];
}

/** The sources of all inline elements. */
function sourcesIn(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case 'heading':
      case 'paragraph':
        return [block.source];
      case 'quote':
        return sourcesIn(block.blocks);
      case 'list':
        return block.items.flatMap((item) => sourcesIn(item.blocks));
      case 'table':
        return [...block.header, ...block.rows.flat()];
      default:
        return [];
    }
  });
}

function linksIn(inline: Inline): {href: string; name: string}[] {
  if (inline.type === 'link') return [{href: inline.href, name: inline.children.map(textOf).join('')}];
  return 'children' in inline ? inline.children.flatMap(linksIn) : [];
}

const textOf = (inline: Inline): string =>
  'children' in inline ? inline.children.map(textOf).join('') : 'text' in inline ? inline.text : '';
