import { defineFault } from './fault.ts';

/** The machine dies silently with its page cache. Healing starts it again with what was durable. */
export const powerLoss = defineFault({
  name: 'power-loss',
  describe: 'The machine loses power: silence on the network, and what was neither fsynced nor written back is gone.',
  inject: (world, { targets, plan }) => {
    for (const host of targets) world.losePower(host, plan.tornWrite === true);
  },
  heal: (world, { targets }) => {
    for (const host of targets) if (!world.hosts[host]!.up) world.start(host);
  },
});
