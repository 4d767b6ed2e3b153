import {existsSync} from 'node:fs';
import {attachFile, showNotice} from '../state/transitions.js';
import type {ChatSession} from './chat-session.js';

/** Attaches a file or a URL to the next message. */
export function attach({store}: Pick<ChatSession, 'store'>, path: string): void {
  if (!existsSync(path) && !/^https?:/.test(path)) return store.apply(showNotice(`File not found: ${path}`));
  store.apply(attachFile(path));
  store.apply(showNotice(`Attached to the next message: ${path}`));
}
