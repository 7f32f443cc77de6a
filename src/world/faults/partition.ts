import { defineFault, pairs } from './fault.ts';

/** Frames between the two sides are held, in one direction or both; connections stay open and nobody is told. */
export const partition = defineFault({
  name: 'partition',
  describe: 'Frames between the target and its peers are held until the partition heals.',
  inject: (world, at) => {
    for (const [from, to] of pairs(at, at.plan.direction)) world.network.hold(from, to);
  },
  heal: (world, at) => {
    for (const [from, to] of pairs(at, at.plan.direction)) world.network.release(from, to);
  },
});
