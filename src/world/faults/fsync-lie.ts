import { defineFault } from './fault.ts';

/** A device without a safe write cache: fsync succeeds, a power loss shows that it did nothing. */
export const fsyncLie = defineFault({
  name: 'fsync-lie',
  describe: 'fsync reports success and makes nothing durable.',
  inject: (world, { targets }) => {
    for (const host of targets) world.hosts[host]!.disk.lies = true;
  },
  heal: (world, { targets }) => {
    for (const host of targets) world.hosts[host]!.disk.lies = false;
  },
});
