type Environment = Readonly<Record<string, string | undefined>>;

/** The environment for other programs: without poe's own variables, which contain secrets. */
export const childEnvironment = (env: Environment): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('POE_')));
