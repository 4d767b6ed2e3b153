import type {CallToolResult, ToolAnnotations} from '@modelcontextprotocol/sdk/types.js';
import type {z} from 'zod';
import type {McpHost, McpLimits} from '../host.js';
import type {Progress} from '../progress.js';

/** One call of a tool. */
export interface ToolCall {
  host: McpHost;
  limits: McpLimits;
  /** Aborted if the client cancels the call or goes away. */
  signal: AbortSignal;
  progress: Progress;
  /**
   * Asks the user. Undefined if the client cannot do that.
   * @returns whether the user agreed
   */
  confirm: ((question: string, action: string) => Promise<boolean>) | undefined;
}

/** What a tool returns: content for people and models, and the same as data. */
export type ToolResult = Pick<CallToolResult, 'content'> & {structuredContent: Record<string, unknown>};

export interface Tool {
  name: string;
  title: string;
  description: string;
  /** Unknown fields are rejected. */
  input: z.ZodObject;
  output: z.ZodObject;
  annotations: ToolAnnotations;
  /** Whether it reads the archive. */
  needsArchive: boolean;
  /** @param input what `input` has parsed  @throws PoeError */
  run(input: unknown, call: ToolCall): Promise<ToolResult>;
}

interface ToolDefinition<Input extends z.ZodObject> extends Omit<
  Tool,
  'input' | 'run' | 'needsArchive' | 'annotations'
> {
  input: Input;
  /** Whether it costs points. Other tools change nothing. */
  isPaid?: boolean;
  needsArchive?: boolean;
  run(input: z.output<Input>, call: ToolCall): Promise<ToolResult>;
}

/** A tool whose function receives what its schema describes. */
export function defineTool<Input extends z.ZodObject>({
  run,
  isPaid = false,
  needsArchive = false,
  ...definition
}: ToolDefinition<Input>): Tool {
  return {
    ...definition,
    needsArchive,
    annotations: {readOnlyHint: !isPaid, destructiveHint: false, idempotentHint: !isPaid, openWorldHint: true},
    // The server parses with `input` first.
    run: (input, call) => run(input as z.output<Input>, call),
  };
}
