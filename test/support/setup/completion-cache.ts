import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {temporaryFolder} from '../harness.js';

/** Creates a configuration folder with cached bots, chats and categories, and two profiles. */
export function completionCache(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), JSON.stringify({profiles: {default: {email: 'me@x.org'}, work: {}}}));
  const cache = {
    'default https://poe.com': {
      bots: [
        {handle: 'DeepSeek-R1', name: 'DeepSeek R1'},
        {handle: 'DeepSeek-V3', name: 'DeepSeek-V3'},
        {handle: 'Odd:Name', name: null},
        {handle: 'a $(b)`c`', name: null},
        {handle: 'bad\u001b[31m', name: null},
      ],
      chats: [{chatCode: '2abc', title: 'It\'s a "quoted": title\u001b[31m\n\tof two lines'}],
      categories: ['Official', 'Image Generation'],
    },
    'work https://poe.com': {bots: [{handle: 'WorkBot', name: null}], chats: [], categories: []},
  };
  writeFileSync(join(folder, 'cache.json'), JSON.stringify(cache));
  return folder;
}
