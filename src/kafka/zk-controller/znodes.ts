/** Where Kafka keeps what in ZooKeeper. Source: ZkData.scala. */
import type { ZkOp } from '../protocol/zookeeper-messages.ts';

export const controllerPath = '/controller';
export const controllerEpochPath = '/controller_epoch';
export const brokerIdsPath = '/brokers/ids';
export const topicsPath = '/brokers/topics';
export const producerIdsPath = '/latest_producer_id_block';

export const brokerPath = (id: number): string => `${brokerIdsPath}/${id}`;
export const topicPath = (name: string): string => `${topicsPath}/${name}`;
export const partitionPath = (topic: string, index: number): string => `${topicsPath}/${topic}/partitions/${index}/state`;

/** A transaction that reads one znode. */
export function reads(path: string, watch = false): ZkOp[] {
  return [{ type: 'getData', path, watch }];
}

/** A transaction that reads the children of one, with a watch. */
export function lists(path: string): ZkOp[] {
  return [{ type: 'getChildren', path, watch: true }];
}
