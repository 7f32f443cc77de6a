import { defineFault, pairs } from './fault.ts';

/** Every frame takes longer. */
export const slowLink = defineFault({
  name: 'slow-link',
  describe: 'Every frame between the target and its peers takes longer.',
  inject: (world, at) => {
    for (const [from, to] of pairs(at, at.plan.direction)) world.network.link(from, to).extraUs += at.plan.extraUs;
    world.network.framesTouched++;
  },
  heal: (world, at) => {
    for (const [from, to] of pairs(at, at.plan.direction)) world.network.link(from, to).extraUs -= at.plan.extraUs;
  },
});
