import { defineFault, pairs } from './fault.ts';

/** A partition that everybody expects to end soon: both directions stop, then go on. */
export const stall = defineFault({
  name: 'stall',
  describe: 'Frames between the target and its peers stop for a while, then go on.',
  inject: (world, at) => {
    for (const [from, to] of pairs(at, 'both')) world.network.hold(from, to);
  },
  heal: (world, at) => {
    for (const [from, to] of pairs(at, 'both')) world.network.release(from, to);
  },
});
