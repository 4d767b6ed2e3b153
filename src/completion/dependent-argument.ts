import {Argument} from 'commander';

/** An argument whose completions depend on the argument before it: words, or a name whose kind completes it, such as `bot`. */
export class DependentArgument extends Argument {
  constructor(
    name: string,
    description: string,
    readonly completions: Readonly<Record<string, readonly string[] | string>>,
  ) {
    super(name, description);
  }
}
