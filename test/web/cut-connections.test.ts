import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {cuttingProxy, type Cut} from '../support/servers/cutting-proxy.js';
import {countSends, withSandbox} from '../support/harness.js';

/** A client that reaches a sandbox through a proxy that can cut connections. */
async function withCuttingProxy(pace = 0.02) {
  const {sandbox} = await withSandbox({pace});
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 10_000});
  onTestFinished(() => poe.close());
  return {sandbox, proxy, poe, sends: () => countSends(sandbox)};
}

const frames = 100;
const numbers = Array.from({length: frames}, (_, index) => String(index + 1)).join(' ');

/** Requests a reply of 100 frames for each cut, with several clients in parallel. */
async function sendThrough(cuts: readonly Cut[], lanes = 20) {
  const outcomes: {complete: number; cut: number; sends: number; wrong: unknown[]} = {
    complete: 0,
    cut: 0,
    sends: 0,
    wrong: [],
  };
  const remaining = [...cuts];
  await Promise.all(
    Array.from({length: Math.min(lanes, cuts.length)}, async () => {
      const {proxy, poe, sends} = await withCuttingProxy();
      for (let cut = remaining.shift(); cut; cut = remaining.shift()) {
        const before = sends();
        proxy.cut(cut);
        const appended: string[] = [];
        try {
          const reply = await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'});
          for await (const event of reply) {
            if (event.type === 'append') appended.push(event.text);
            if (event.type === 'replace') outcomes.wrong.push({cut, replaced: event.text});
          }
          const {text, state} = await reply.result();
          if (text === numbers && appended.join('') === numbers && state === 'complete') outcomes.complete++;
          else outcomes.wrong.push({cut, text, state});
        } catch (error) {
          outcomes.wrong.push({cut, error});
        }
        outcomes.sends += sends() - before;
        proxy.cut(undefined);
      }
      outcomes.cut += proxy.cuts;
    }),
  );
  return outcomes;
}

const everyFrame = Array.from({length: frames}, (_, index) => index);

test('a reply of 100 frames is complete and sent once, whichever frame the connection is cut after', async () => {
  const cuts = everyFrame.map((afterFrames) => ({afterFrames}));
  expect(await sendThrough(cuts)).toEqual({complete: 100, cut: 100, sends: 100, wrong: []});
});

test('a reply is complete if the connection is cut in the middle of a frame', async () => {
  const cuts = everyFrame.filter((frame) => frame % 10 === 5).map((afterFrames) => ({afterFrames, isMidFrame: true}));
  expect(await sendThrough(cuts)).toEqual({complete: 10, cut: 10, sends: 10, wrong: []});
});

test('a reply is complete if the channel no longer exists after the cut', async () => {
  const cuts = everyFrame
    .filter((frame) => frame % 10 === 3)
    .map((afterFrames) => ({afterFrames, isChannelGone: true}));
  expect(await sendThrough(cuts)).toEqual({complete: 10, cut: 10, sends: 10, wrong: []});
});

test('a reply is complete after several cuts', async () => {
  // Slowly enough that the reply goes on after each new connection.
  const {proxy, poe, sends} = await withCuttingProxy(0.4);
  const reply = await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'});
  let cuts = -1;
  for await (const _event of reply) {
    if (proxy.cuts === cuts || cuts === 3) continue;
    cuts = proxy.cuts;
    proxy.cut({afterFrames: 1});
  }
  expect(reply.text).toBe(numbers);
  expect(proxy.cuts).toBe(4);
  expect(sends()).toBe(1);
});

test('a reply is complete if Poe dropped events or asks to open a new channel', async () => {
  for (const fault of ['missedMessages', 'refetchChannel'] as const) {
    for (const frame of [1, 75]) {
      const {sandbox, poe, sends} = await withCuttingProxy();
      sandbox.faults[fault](frame);
      expect((await (await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'})).result()).text).toBe(numbers);
      expect(sends()).toBe(1);
    }
  }
});
