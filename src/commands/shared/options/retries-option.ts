import type {Command} from 'commander';
import {settingParser} from './setting-parser.js';

export interface RetriesFlags {
  retries?: number;
}

export const addRetries = (command: Command): Command =>
  command.option('--retries <n>', 'Resend up to n times even if each may be charged', settingParser('retries'));
