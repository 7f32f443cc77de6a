/**
 * A broker is what it is by its ephemeral znode; the number of the transaction that made it is the epoch of this life (KIP-380). While the
 * session of a former life lasts its znode is in the way: Kafka's broker then stops with an error, and whoever supervises it starts it
 * again, until the session has run out. Source: KafkaZkClient.registerBroker, CheckedEphemeral (KAFKA-7165).
 */
import { ZkCode, type ZkOp, type ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { next, putEvent, type ZkBrokerContext } from './context.ts';
import { brokerPath, reads } from './znodes.ts';

/** Timer of the next attempt to register, and how long a supervisor takes to start the process again. */
export const registrationTimer = 1022;
const restartMs = 1000;

/** Creates the znode, and sees whose it is. */
export function register({ state }: ZkBrokerContext): ZkOp[][] {
  const path = brokerPath(state.id);
  return [[{ type: 'create', path, data: state.id, ephemeral: true }], reads(path)];
}

export function registered(b: ZkBrokerContext, [created, read]: readonly ZkTransactionResult[]): void {
  const { state, out } = b;
  const found = read!.results[0]!;
  if (found.code !== ZkCode.ok) {
    next(b, { kind: 'register' });
    return;
  }
  const { czxid, ephemeralOwner } = found.stat!;
  if (created!.code !== ZkCode.ok && ephemeralOwner !== state.zk.sessionId) {
    out.note('duplicate-registration-refused', state.id);
    out.setTimer(registrationTimer, restartMs * 1000);
    return;
  }
  const first = state.brokerEpoch < 0;
  state.brokerEpoch = czxid;
  out.note('broker-registered', state.id, czxid);
  if (first) {
    state.life = 'running';
    out.listen();
  }
  putEvent(b, { kind: 'elect' });
}
