import { defineFault } from './fault.ts';

/** A teaching shortcut: TCP cannot do this. The client notices the mismatch at the next response and closes the connection. */
export const dropResponse = defineFault({
  name: 'drop-response',
  describe: 'The next response of the host vanishes although its connection lives on (teaching only).',
  inject: (world, { targets }) => {
    world.network.dropResponseFrom = targets[0] ?? -1;
  },
  heal: (world) => {
    world.network.dropResponseFrom = -1;
  },
});
