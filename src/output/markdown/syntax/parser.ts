import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import {addBareUrls} from './bare-urls.js';
import {addLineIndent} from './line-indent.js';
import {addLimits} from './limit-rules.js';
import {addMailAddresses} from './mail-addresses.js';
import {addMath} from './math.js';
import {addEmphasis} from './emphasis.js';
import {addTableBars} from './table-bars.js';
import {addWindowsPaths} from './windows-paths.js';

/** GitHub's Markdown with formulas. */
export const parser = new MarkdownIt({html: true})
  .disable(['reference', 'inline', 'text_join', 'replacements', 'smartquotes'])
  .use(cjkFriendly)
  .use(addEmphasis)
  .use(addLineIndent)
  .use(addTableBars)
  .use(addBareUrls)
  .use(addMath)
  .use(addMailAddresses)
  .use(addWindowsPaths)
  .use(addLimits);

// URLs are shown as they were written. Those that a page may link to are chosen where it is made.
parser.normalizeLink = (url) => url;
parser.normalizeLinkText = (url) => url;
parser.validateLink = () => true;
