import type {ElicitRequestFormParams, ElicitResult} from '@modelcontextprotocol/sdk/types.js';
import {interruption} from '../../core/errors.js';

/** How long the user may take to answer. */
const maxWaitMs = 10 * 60_000;

type Request = (
  params: ElicitRequestFormParams,
  options: {signal: AbortSignal; timeout: number},
) => Promise<ElicitResult>;

/**
 * Asks the user through the client.
 * @param request sends the question
 * @param options.action what happens if the user agrees
 * @returns whether the user has agreed: also false without an answer. Clients may accept a form that nobody has filled in
 * @throws PoeError `interrupted` if the call was cancelled meanwhile: a late answer is not one
 */
export async function elicit(
  request: Request,
  {question, action, signal}: {question: string; action: string; signal: AbortSignal},
): Promise<boolean> {
  const params: ElicitRequestFormParams = {
    mode: 'form',
    message: question,
    requestedSchema: {
      type: 'object',
      properties: {confirm: {type: 'boolean', title: action, default: false}},
      required: ['confirm'],
    },
  };
  const answer = await request(params, {signal, timeout: maxWaitMs}).catch((error: unknown) => {
    if (signal.aborted) throw interruption(signal);
    // The client has refused to ask, or the user has not answered.
    if (error instanceof Error) return undefined;
    throw error;
  });
  if (signal.aborted) throw interruption(signal);
  return answer?.action === 'accept' && answer.content?.confirm === true;
}
