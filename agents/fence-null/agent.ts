import { success } from '../../src/model/index.ts';
import type { FenceAgent } from '../../src/ports/index.ts';

/** Does nothing and says that it has. A device that is asked says `on`, or nobody would believe it the switch. */
export function createNullFenceAgent(): FenceAgent {
  return {
    name: 'fence-null',
    perform: (verb, _parameters, context) => {
      if (verb === 'off') context.log('nothing was switched: this device is only for tests');
      return Promise.resolve(success(verb === 'status' ? 'on' : verb));
    },
  };
}
