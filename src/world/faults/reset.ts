import { defineFault } from './fault.ts';

/** Every open connection between the two sides is reset; what was on its way is lost, what had arrived is executed. */
export const reset = defineFault({
  name: 'reset',
  describe: 'Open connections between the target and its peers are reset.',
  inject: (world, { targets, peers }) => {
    for (const target of targets) for (const peer of peers) if (peer !== target) world.network.reset(target, peer);
  },
});
