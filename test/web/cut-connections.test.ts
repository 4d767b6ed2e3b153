import {expect, onTestFinished, test} from 'vitest';
import {connect} from '../../src/index.js';
import {cuttingProxy, type Cut} from '../support/cutting-proxy.js';
import {sendsOf, withSandbox} from '../support/harness.js';

/** A client, a sandbox and what can be cut between them. */
async function cuttable(pace = 0.02) {
  const {sandbox} = await withSandbox({pace});
  const proxy = await cuttingProxy(sandbox.url);
  const poe = await connect({...sandbox.tokens, formKey: sandbox.formKey, baseUrl: proxy.url, timeoutMs: 10_000});
  onTestFinished(() => poe.close());
  return {sandbox, proxy, poe, sends: () => sendsOf(sandbox)};
}

const frames = 200;
const numbers = Array.from({length: frames}, (_, index) => String(index + 1)).join(' ');

/** Asks for a reply of 200 frames once for each cut, on several clients at a time. */
async function askThrough(cuts: readonly Cut[], lanes = 20) {
  const outcomes: {whole: number; cut: number; sends: number; odd: unknown[]} = {whole: 0, cut: 0, sends: 0, odd: []};
  const left = [...cuts];
  await Promise.all(
    Array.from({length: Math.min(lanes, cuts.length)}, async () => {
      const {proxy, poe, sends} = await cuttable();
      for (let cut = left.shift(); cut; cut = left.shift()) {
        const before = sends();
        proxy.cut(cut);
        const steps: string[] = [];
        try {
          const reply = await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'});
          for await (const step of reply) {
            if (step.type === 'append') steps.push(step.text);
            if (step.type === 'replace') outcomes.odd.push({cut, replaced: step.text});
          }
          const {text, state} = await reply.result();
          if (text === numbers && steps.join('') === numbers && state === 'complete') outcomes.whole++;
          else outcomes.odd.push({cut, text, state});
        } catch (error) {
          outcomes.odd.push({cut, error});
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

test('cut at every frame of a reply of 200, it arrives whole, once, 200 times of 200', {timeout: 60_000}, async () => {
  const cuts = everyFrame.map((afterFrames) => ({afterFrames}));
  expect(await askThrough(cuts)).toEqual({whole: 200, cut: 200, sends: 200, odd: []});
});

test('cut in the midst of a frame, the reply arrives whole', {timeout: 60_000}, async () => {
  const cuts = everyFrame.filter((frame) => frame % 10 === 5).map((afterFrames) => ({afterFrames, isMidFrame: true}));
  expect(await askThrough(cuts)).toEqual({whole: 20, cut: 20, sends: 20, odd: []});
});

test('cut, and with the channel gone, the reply arrives whole over a new one', {timeout: 60_000}, async () => {
  const cuts = everyFrame
    .filter((frame) => frame % 10 === 3)
    .map((afterFrames) => ({afterFrames, isChannelGone: true}));
  expect(await askThrough(cuts)).toEqual({whole: 20, cut: 20, sends: 20, odd: []});
});

test('cut again and again, a reply still arrives whole', {timeout: 60_000}, async () => {
  const {proxy, poe, sends} = await cuttable(0.1);
  const reply = await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'});
  let made = -1;
  for await (const _step of reply) {
    if (proxy.cuts === made || made === 3) continue;
    made = proxy.cuts;
    proxy.cut({afterFrames: 1});
  }
  expect(reply.text).toBe(numbers);
  expect(proxy.cuts).toBe(4);
  expect(sends()).toBe(1);
});

test('told that messages were missed, or to fetch another channel, the reply arrives whole', async () => {
  for (const fault of ['missedMessages', 'refetchChannel'] as const) {
    for (const frame of [1, 150]) {
      const {sandbox, poe, sends} = await cuttable();
      sandbox.faults[fault](frame);
      expect((await (await poe.send(`count to ${frames}`, {bot: 'Sandbox-Count'})).result()).text).toBe(numbers);
      expect(sends()).toBe(1);
    }
  }
});
