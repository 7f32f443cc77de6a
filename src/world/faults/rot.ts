import { defineFault } from './fault.ts';

/** A sector goes bad in silence: one durable extent of a directory fails its checksum from the next start of the process on. */
export const rot = defineFault({
  name: 'rot',
  describe: 'A durable extent of a log rots: its bytes are there, and wrong.',
  inject: (world, { targets, plan }) => {
    for (const host of targets) world.rot(host, plan.partition, plan.nth);
  },
});
