import { defineFault } from './fault.ts';

/** No room is left: whatever is written next fails (ENOSPC), and Kafka's broker halts. Healing makes room and starts it again. */
export const diskFull = defineFault({
  name: 'disk-full',
  describe: 'The disk of the host is full: the next write fails.',
  inject: (world, { targets }) => {
    for (const host of targets) world.hosts[host]!.disk.full = true;
  },
  heal: (world, { targets }) => {
    for (const host of targets) {
      world.hosts[host]!.disk.full = false;
      if (!world.hosts[host]!.up) world.start(host);
    }
  },
});
