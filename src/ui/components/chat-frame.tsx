import {Box} from 'ink';
import {useLayoutEffect} from 'react';
import {type StateSource, useFrame} from '../hooks/use-frame.js';
import type {Frame} from '../screen/layout.js';
import type {Compose} from '../screen/screen.js';
import {Attachments} from './attachments.js';
import {Composer} from './composer.js';
import {Header} from './header.js';
import {Menu} from './menu.js';
import {Notice} from './notice.js';
import {Offers} from './offers.js';
import {Progress} from './progress.js';
import {Reply} from './reply.js';
import {StatusBar} from './status-bar.js';

interface ChatFrameProps {
  state: StateSource;
  compose: Compose;
  columns: number;
  rows: number;
  /** Called with each frame before Ink draws it. */
  onDraw: (frame: Frame) => void;
}

/** Everything below the scrollback. */
export function ChatFrame({state, compose, columns, rows, onDraw}: ChatFrameProps) {
  const frame = useFrame(state, compose, {columns, rows});
  useLayoutEffect(() => onDraw(frame));
  const {header, tail, progress, offers, notice, attachments, prompt, menu, status, caret} = frame;
  return (
    <Box flexDirection="column">
      <Header rows={header} />
      <Reply rows={tail} />
      <Progress rows={progress} />
      <Offers rows={offers} />
      <Notice rows={notice} />
      <Attachments rows={attachments} />
      <Composer rows={prompt} caret={caret} />
      <Menu rows={menu} />
      <StatusBar rows={status} />
    </Box>
  );
}
