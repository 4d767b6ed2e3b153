type Environment = Readonly<Record<string, string | undefined>>;

/** What other programs are given of the environment: all but poe's own variables, for those hold its secrets. */
export const forOthers = (env: Environment): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('POE_')));
