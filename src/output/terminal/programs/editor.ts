import process from 'node:process';
import {childEnvironment} from './child-environment.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The command that opens the user's editor. It may have quotes and arguments. */
const editorOf = (env: Environment): string =>
  env.VISUAL || env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi');

/**
 * Opens a file in the user's editor and waits until it is closed. As with Git, the shell reads the command.
 * @returns why it failed, as a sentence without its period; undefined if it succeeded
 * @throws the system's error if the shell cannot be started
 */
export async function openEditor(path: string, env: Environment): Promise<string | undefined> {
  const {spawn} = await import('node:child_process');
  const editor = editorOf(env);
  const options = {env: childEnvironment(env), stdio: 'inherit'} as const;
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${path}"`, {...options, shell: true})
      : spawn('sh', ['-c', `${editor} "$@"`, editor, path], options);
  const status = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return status === 0 ? undefined : reasonOf(editor, status);
}

function reasonOf(editor: string, status: number | string): string {
  if (status === 127) return `The editor was not found: ${editor}`;
  if (status === 126) return `The editor cannot be executed: ${editor}`;
  return typeof status === 'number' ? `The editor exited with code ${status}` : `The editor was ended by ${status}`;
}
