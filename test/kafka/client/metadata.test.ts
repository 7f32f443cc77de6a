/** A client's picture of the cluster. Sources: Metadata.java, NetworkClient.DefaultMetadataUpdater, KIP-320, KIP-580. */
import { describe, expect, test } from 'vitest';
import { createChannelTable, sendRequest } from '../../../src/kafka/client/channel.ts';
import {
  channelTo,
  createMetadata,
  leastLoaded,
  metadataDueMs,
  type NodeChannels,
  onMetadata,
  updateMetadata,
} from '../../../src/kafka/client/metadata.ts';
import type { Step } from '../../../src/kafka/machine.ts';
import type { MetadataResponse } from '../../../src/kafka/protocol/messages.ts';
import { ReplayChoices } from '../../../src/kernel/replay-choices.ts';
import { RecordingOut } from '../recording-out.ts';

const settings = { metadataMaxAgeMs: 300_000, retryBackoffMs: 100, retryBackoffMaxMs: 1000, requestTimeoutMs: 30_000 };
const noChance = new ReplayChoices([]);
const at = (ms: number): Step => ({ monotonicUs: ms * 1000, wallMs: ms, choices: noChance });

function answer(leaders: readonly (readonly [leader: number, epoch: number])[], errorCode = 0): MetadataResponse {
  const partitions = leaders.map(([leaderId, leaderEpoch], partitionIndex) => ({
    errorCode: 0,
    partitionIndex,
    leaderId,
    leaderEpoch,
    isrNodes: [],
  }));
  return {
    api: 3,
    brokers: [1, 2].map((nodeId) => ({ nodeId, host: nodeId })),
    topics: [{ errorCode, name: 'orders', topicId: 0, partitions }],
  };
}

function leaders(metadata: ReturnType<typeof createMetadata>): (readonly [number, number])[] {
  return metadata.topics.get('orders')!.partitions.map(({ leader, leaderEpoch }) => [leader, leaderEpoch] as const);
}

describe('an answer', () => {
  test('is taken over where its leader epoch is not older than what is known (KIP-320)', () => {
    const metadata = createMetadata([9], ['orders']);
    onMetadata(
      metadata,
      answer([
        [1, 5],
        [2, 5],
      ]),
      0,
    );
    onMetadata(
      metadata,
      answer([
        [2, 4],
        [1, 6],
      ]),
      0,
    );
    expect(leaders(metadata)).toEqual([
      [1, 5],
      [1, 6],
    ]);
    // The broker that answered lags behind: ask again.
    expect(metadata.updateRequested).toBe(true);
  });

  test('names the brokers to ask from now on', () => {
    const metadata = createMetadata([9], ['orders']);
    onMetadata(metadata, answer([[1, 0]]), 0);
    expect(metadata.nodes).toEqual([1, 2]);
  });

  test('without a leader, or without the topic, is asked for again', () => {
    for (const incomplete of [answer([[-1, 3]]), answer([], 3)]) {
      const metadata = createMetadata([9], ['orders']);
      onMetadata(metadata, incomplete, 0);
      expect(metadata.updateRequested).toBe(true);
    }
    const complete = createMetadata([9], ['orders']);
    onMetadata(complete, answer([[1, 3]]), 0);
    expect(complete.updateRequested).toBe(false);
  });
});

describe('the next request', () => {
  test('is due at once where something is missing, else when the picture is metadata.max.age.ms old', () => {
    const metadata = createMetadata([9], ['orders']);
    expect(metadataDueMs(metadata, settings)).toBe(0);
    onMetadata(metadata, answer([[1, 0]]), 7000);
    expect(metadataDueMs(metadata, settings)).toBe(307_000);
  });

  test('backs off when answers say nothing new, up to retry.backoff.max.ms', () => {
    const metadata = createMetadata([9], ['orders']);
    metadata.lastAttemptMs = 1000;
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      onMetadata(metadata, answer([[-1, 3]]), 1000);
      waits.push(metadataDueMs(metadata, settings) - 1000);
    }
    expect(waits).toEqual([100, 100, 200, 400, 800, 1000]);
    onMetadata(metadata, answer([[-1, 4]]), 1000);
    expect(metadataDueMs(metadata, settings) - 1000).toBe(100);
  });

  test('is one at a time, and asked again when its connection is lost', () => {
    const metadata = createMetadata([9], ['orders']);
    const table = createChannelTable('c', {
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
      socketConnectionSetupTimeoutMs: 10_000,
      socketConnectionSetupTimeoutMaxMs: 30000,
    });
    const channels: NodeChannels = [];
    const out = new RecordingOut();
    updateMetadata(metadata, table, channels, settings, at(0), out);
    channelTo(channels, 9).state = 'ready';
    updateMetadata(metadata, table, channels, settings, at(0), out);
    updateMetadata(metadata, table, channels, settings, at(500), out);
    expect(out.all('send')).toHaveLength(1);
    onMetadata(metadata, null, 600);
    updateMetadata(metadata, table, channels, settings, at(1000), out);
    expect(out.all('send')).toHaveLength(2);
  });
});

test('the node to ask is ready and has the fewest requests in flight; else one that is connecting; else one that may be tried', () => {
  const table = createChannelTable('c', {
    reconnectBackoffMs: 50,
    reconnectBackoffMaxMs: 1000,
    socketConnectionSetupTimeoutMs: 10_000,
    socketConnectionSetupTimeoutMaxMs: 30000,
  });
  const channels: NodeChannels = [];
  const metadata = createMetadata([1, 2, 3], []);
  const least = (ms: number): number => leastLoaded(metadata, table, channels, at(ms))?.node ?? -1;
  for (const node of [1, 2, 3]) channelTo(channels, node).nextAttemptMs = node === 3 ? 10 : 100;
  expect([least(0), least(10)]).toEqual([-1, 3]);
  channelTo(channels, 2).state = 'connecting';
  expect(least(200)).toBe(2);
  for (const node of [1, 3]) channelTo(channels, node).state = 'ready';
  const out = new RecordingOut();
  sendRequest(table, channelTo(channels, 1), 3, { api: 3, topics: [] }, 1, true, null, at(0), out);
  expect(least(200)).toBe(3);
});
