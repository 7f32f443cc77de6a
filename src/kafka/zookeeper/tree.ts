/**
 * ZooKeeper's tree of znodes: versions, ephemeral owners, transactions that are done as a whole or not at all. Source: ZooKeeper,
 * DataTree.java, PrepRequestProcessor.java.
 *
 * Left out: access rights, quotas, sequential and container nodes; a znode needs no parent.
 */
import { unreachable } from '../../base/assert.ts';
import {
  ZkCode,
  type ZkData,
  type ZkEvent,
  type ZkOp,
  type ZkOpResult,
  type ZkStat,
  type ZkTransactionResult,
} from '../protocol/zookeeper-messages.ts';

export interface Znode extends ZkStat {
  readonly data: ZkData;
}

export interface ZnodeTree {
  /** By path. A change puts another object there. */
  readonly nodes: Map<string, Znode>;
  /** Number of the last transaction that changed something. */
  zxid: number;
}

export function createTree(): ZnodeTree {
  return { nodes: new Map(), zxid: 0 };
}

/** Whether an operation may change the tree. */
export function isWrite(op: ZkOp): boolean {
  return op.type === 'create' || op.type === 'setData' || op.type === 'delete';
}

/** The path above, '/' at the top. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

const ok = (stat: ZkStat | null, data: ZkData = null, children: ZkOpResult['children'] = []): ZkOpResult => ({
  code: ZkCode.ok,
  data,
  stat,
  children,
});
const failed = (code: ZkCode): ZkOpResult => ({ code, data: null, stat: null, children: [] });

/** Does a transaction for a session; `events` gets what watches may wait for. */
export function transact(tree: ZnodeTree, sessionId: number, ops: readonly ZkOp[], events: ZkEvent[]): ZkTransactionResult {
  // A change to one path may be followed by another of the same transaction: all is tried on the side first.
  const changed = new Map<string, Znode | null>();
  const results: ZkOpResult[] = [];
  const seen: ZkEvent[] = [];
  const zxid = tree.zxid + 1;
  for (const op of ops) {
    const result = attempt(tree, changed, sessionId, op, zxid, seen);
    results.push(result);
    // A read that finds nothing is an answer; in a transaction of one it is the result.
    if (result.code !== ZkCode.ok) return { code: result.code, failedAt: results.length - 1, results };
  }
  if (changed.size > 0) {
    tree.zxid = zxid;
    for (const [path, node] of changed) {
      if (node === null) tree.nodes.delete(path);
      else tree.nodes.set(path, node);
    }
    events.push(...seen);
  }
  return { code: ZkCode.ok, failedAt: -1, results };
}

function attempt(
  tree: ZnodeTree,
  changed: Map<string, Znode | null>,
  sessionId: number,
  op: ZkOp,
  zxid: number,
  seen: ZkEvent[],
): ZkOpResult {
  const pending = changed.get(op.path);
  const node = pending === undefined ? (tree.nodes.get(op.path) ?? null) : pending;
  switch (op.type) {
    case 'create': {
      if (node !== null) return failed(ZkCode.nodeExists);
      const made: Znode = { version: 0, czxid: zxid, ephemeralOwner: op.ephemeral ? sessionId : 0, data: op.data };
      changed.set(op.path, made);
      seen.push({ type: 'created', path: op.path }, { type: 'childrenChanged', path: parentOf(op.path) });
      return ok(made);
    }
    case 'setData': {
      if (node === null) return failed(ZkCode.noNode);
      if (op.version >= 0 && op.version !== node.version) return failed(ZkCode.badVersion);
      const made: Znode = { ...node, data: op.data, version: node.version + 1 };
      changed.set(op.path, made);
      seen.push({ type: 'dataChanged', path: op.path });
      return ok(made);
    }
    case 'delete':
      if (node === null) return failed(ZkCode.noNode);
      if (op.version >= 0 && op.version !== node.version) return failed(ZkCode.badVersion);
      changed.set(op.path, null);
      seen.push({ type: 'deleted', path: op.path }, { type: 'childrenChanged', path: parentOf(op.path) });
      return ok(null);
    case 'check':
      if (node === null) return failed(ZkCode.noNode);
      return op.version >= 0 && op.version !== node.version ? failed(ZkCode.badVersion) : ok(node);
    case 'getData':
      return node === null ? failed(ZkCode.noNode) : ok(node, node.data);
    case 'getChildren':
      return ok(null, null, childrenOf(tree, op.path));
    default:
      return unreachable(op);
  }
}

/** In the order of their names, as numbers where they are such. */
function childrenOf({ nodes }: ZnodeTree, path: string): ZkOpResult['children'] {
  const children: { name: string; data: ZkData; stat: ZkStat }[] = [];
  for (const [at, node] of nodes) {
    if (parentOf(at) === path) children.push({ name: at.slice(path.length + 1), data: node.data, stat: node });
  }
  return children.sort((a, b) => Number(a.name) - Number(b.name) || (a.name < b.name ? -1 : 1));
}
