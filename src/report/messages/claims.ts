/**
 * Statements about Kafka as study notes make them, and what becomes of each: confirmed, true only if, outdated since, wrong. Where
 * Spillway simulates what a statement is about, a scenario shows it; `docs/claims.md` is generated from this table, and a test runs
 * every scenario that it names. In English and Chinese.
 */

export type ClaimVerdict = 'confirmed' | 'only-if' | 'outdated' | 'wrong' | 'open';

/** A text in both languages. */
export interface Both {
  readonly en: string;
  readonly zh: string;
}

export interface KafkaClaim {
  readonly id: number;
  readonly statement: Both;
  readonly verdict: ClaimVerdict;
  /** Version from which, or up to which, the verdict holds; null when it always has. */
  readonly version: string | null;
  readonly reason: Both;
  /** The scenario that shows it; null where none can yet. */
  readonly scenario: string | null;
}

export interface ClaimSection {
  readonly title: Both;
  readonly claims: readonly KafkaClaim[];
}

function claim(
  id: number,
  verdict: ClaimVerdict,
  statement: readonly [en: string, zh: string],
  reason: readonly [en: string, zh: string],
  scenario: string | null = null,
  version: string | null = null,
): KafkaClaim {
  return {
    id,
    verdict,
    statement: { en: statement[0], zh: statement[1] },
    reason: { en: reason[0], zh: reason[1] },
    scenario,
    version,
  };
}

const notSimulated = ['Spillway does not simulate it yet.', 'Spillway 尚未模拟这一点。'] as const;

export const claimSections: readonly ClaimSection[] = [
  {
    title: { en: 'Architecture', zh: '架构' },
    claims: [
      claim(
        1,
        'only-if',
        ['A broker is one machine; brokers are equals.', '一个 broker 就是一台机器，broker 之间地位相同。'],
        [
          'A broker is a process. Brokers are equals but for what they lead, and one process more, the controller, decides who leads.',
          'broker 是一个进程。除了各自领导的分区之外，broker 地位相同；但还有一个控制器进程决定谁是 leader。',
        ],
        'acks-all-waits-for-the-isr',
      ),
      claim(
        2,
        'confirmed',
        ['A topic is one logical thing spread over brokers.', 'topic 是一个逻辑概念，分布在多个 broker 上。'],
        [
          'Its partitions are what is placed, each on as many brokers as it has replicas.',
          '真正被放置的是它的分区，每个分区有几个副本就放在几个 broker 上。',
        ],
        'order-holds-in-a-partition',
      ),
      claim(
        3,
        'confirmed',
        [
          'A topic is split into partitions; every message gets a growing offset in its partition; order holds inside a partition only.',
          'topic 分为多个分区；每条消息在分区内得到递增的 offset；只在分区内有序。',
        ],
        [
          'The leader assigns offsets as it appends. Between partitions there is no order to keep.',
          'leader 在追加时分配 offset。分区之间没有顺序可言。',
        ],
        'order-holds-in-a-partition',
      ),
      claim(
        4,
        'only-if',
        [
          'A partition has N replicas, one leader and followers; the leader handles all reads and writes; followers sync from it periodically.',
          '一个分区有 N 个副本，一个 leader 和若干 follower；读写都由 leader 处理；follower 定期从它同步。',
        ],
        [
          'Followers fetch all the time, not periodically; and since 2.4 a consumer may read from a follower (KIP-392), if it is told to.',
          'follower 是持续拉取，而不是定期；并且从 2.4 起，若加以配置，消费者可以从 follower 读（KIP-392）。',
        ],
        'acks-all-waits-for-the-isr',
        '2.4',
      ),
      claim(
        5,
        'confirmed',
        [
          'Inside a group a partition is consumed by one member; groups consume independently.',
          '在一个消费组内，一个分区只由一个成员消费；各组互相独立。',
        ],
        [
          'As assigned, that is: a member that was paused goes on with what it has in hand while its successor reads the same.',
          '这是就分配而言：被暂停过的成员会继续处理手上的消息，而接替者同时也在读同样的消息。',
        ],
        'groups-are-independent',
      ),
      claim(
        6,
        'outdated',
        [
          'ZooKeeper stores topic state, broker state and consumption state.',
          'ZooKeeper 保存 topic 状态、broker 状态和消费状态。',
        ],
        [
          'Offsets have lived in __consumer_offsets since 0.9, metadata in a log of its own since KRaft (3.3); 4.0 has no ZooKeeper.',
          '从 0.9 起 offset 存放在 __consumer_offsets 中，从 KRaft（3.3）起元数据存放在自己的日志中；4.0 已没有 ZooKeeper。',
        ],
        'committed-offset-goes-back',
        '0.9, 3.3, 4.0',
      ),
    ],
  },
  {
    title: { en: 'Why it is fast', zh: '为什么快' },
    claims: [
      claim(
        7,
        'open',
        ['Sequential access: a partition is a file appended at its end.', '顺序访问：分区是一个在末尾追加的文件。'],
        notSimulated,
      ),
      claim(
        8,
        'open',
        ['Writes go to the page cache first, the operating system flushes later.', '写入先到页缓存，由操作系统稍后刷盘。'],
        [
          'That they do, and what it costs when the power goes, is shown; how fast it is, is not simulated yet.',
          '确实如此，断电时的代价可以演示；但有多快，尚未模拟。',
        ],
        'all-brokers-lose-power',
      ),
      claim(9, 'open', ['Zero copy with sendfile.', '用 sendfile 实现零拷贝。'], notSimulated),
      claim(
        10,
        'open',
        ['A partition is a folder of segments, each with an index file.', '分区是一个文件夹，由多个段组成，每段有索引文件。'],
        notSimulated,
      ),
      claim(11, 'open', ['Batches: fewer, larger network operations.', '批量：更少、更大的网络操作。'], notSimulated),
      claim(
        12,
        'open',
        ['A batch is compressed as a whole and stays compressed in the log.', '一批消息整体压缩，并在日志中保持压缩。'],
        notSimulated,
      ),
    ],
  },
  {
    title: { en: 'Acks', zh: 'acks' },
    claims: [
      claim(
        13,
        'only-if',
        [
          'acks=-1 waits until all followers in the ISR have the data: the most reliable.',
          'acks=-1 等到 ISR 中所有 follower 都有数据：最可靠。',
        ],
        [
          'It waits for the ISR as it is. An ISR that has shrunk to the leader acknowledges alone, unless min.insync.replicas says no.',
          '它等待的是当时的 ISR。ISR 缩小到只剩 leader 时，leader 会独自确认，除非 min.insync.replicas 不允许。',
        ],
        'isr-of-one-unclean-election',
      ),
      claim(
        14,
        'confirmed',
        ['acks=0 waits for nothing.', 'acks=0 什么也不等。'],
        [
          'It succeeds when the bytes are in the socket, and loses what a dying connection or leader swallows.',
          '字节进入套接字即算成功；连接或 leader 死亡时吞掉的消息就丢失了。',
        ],
        'acks-0-leader-crash',
      ),
      claim(
        15,
        'confirmed',
        ['acks=1 waits for the leader.', 'acks=1 等待 leader。'],
        [
          'And loses what the followers had not fetched, even in a planned leader move.',
          '并且会丢失 follower 尚未拉取的消息，即使是计划内的 leader 切换。',
        ],
        'acks-1-planned-leader-move',
      ),
    ],
  },
  {
    title: { en: 'Losing messages: producer', zh: '丢消息：生产者' },
    claims: [
      claim(
        16,
        'confirmed',
        ['send() is asynchronous; fire-and-forget does not care about the result.', 'send（） 是异步的；发后不管不关心结果。'],
        ['A failure is told to the callback and to nobody else.', '失败只会告诉回调函数，不告诉别人。'],
        'fire-and-forget-swallows',
      ),
      claim(
        17,
        'confirmed',
        ['Sends fail by network jitter or by size.', '发送会因网络抖动或消息过大而失败。'],
        [
          'Size fails at once, max.request.size; the network only after delivery.timeout.ms, for retries come first.',
          '过大立即失败（max.request.size）；网络问题要到 delivery.timeout.ms 之后才失败，因为先会重试。',
        ],
        'fire-and-forget-swallows',
      ),
      claim(
        18,
        'confirmed',
        ['Use send with a callback, always.', '总是使用带回调的 send。'],
        [
          'A callback shows what failed. It does not bring back what was in the accumulator when the process died.',
          '回调能显示失败的消息。但进程死亡时累加器里的消息回不来。',
        ],
        'accumulator-dies-with-the-process',
      ),
      claim(
        19,
        'only-if',
        ['Make the message smaller.', '把消息变小。'],
        [
          'That, or raise max.request.size and the topic’s max.message.bytes together.',
          '可以，或者同时调大 max.request.size 和 topic 的 max.message.bytes。',
        ],
        'fire-and-forget-swallows',
      ),
    ],
  },
  {
    title: { en: 'Losing messages: consumer', zh: '丢消息：消费者' },
    claims: [
      claim(
        20,
        'only-if',
        [
          'The consumer commits the offset automatically after pulling; if it dies before really processing, the message is lost.',
          '消费者拉取后自动提交 offset；若在真正处理之前死亡，消息就丢了。',
        ],
        [
          'Auto-commit acts inside poll(), on what the poll before returned: handled in the poll loop nothing is missed. Handed to workers, it is.',
          '自动提交发生在 poll（） 内部，提交的是上一次 poll 返回的消息：在 poll 循环中处理不会漏；交给工作线程才会漏。',
        ],
        'auto-commit-in-the-poll-loop',
      ),
      claim(
        21,
        'confirmed',
        ['Turn auto-commit off and commit after processing.', '关闭自动提交，处理之后再提交。'],
        ['A commit before processing misses, one after it does not.', '处理之前提交会漏，处理之后提交不会。'],
        'commit-before-processing',
      ),
      claim(
        22,
        'confirmed',
        [
          'Then a crash between processing and commit consumes twice; deduplicate in the business layer.',
          '这样在处理与提交之间崩溃会重复消费；在业务层去重。',
        ],
        ['At least once, and a unique key makes one effect of it.', '至少一次；唯一键使其只生效一次。'],
        'unique-key-in-the-sink',
      ),
    ],
  },
  {
    title: { en: 'Losing messages: broker', zh: '丢消息：broker' },
    claims: [
      claim(
        23,
        'only-if',
        [
          'If the leader dies and a follower that had not copied everything is elected, messages are lost.',
          '如果 leader 死亡，而当选的 follower 没有复制全部数据，消息就会丢失。',
        ],
        [
          'Acknowledged ones under acks=1, or under an unclean election. What acks=all acknowledged, every member of the ISR has.',
          '在 acks=1 或不干净选举下，已确认的消息会丢。acks=all 确认过的消息，ISR 中每个成员都有。',
        ],
        'acks-1-leader-crash',
      ),
      claim(
        24,
        'confirmed',
        ['Set acks=all.', '设置 acks=all。'],
        ['It keeps what a leader crash takes under acks=1.', '它保住了 acks=1 下 leader 崩溃会带走的消息。'],
        'acks-1-leader-crash',
      ),
      claim(
        25,
        'outdated',
        ['The default of acks is 1.', 'acks 的默认值是 1。'],
        ['It is all since 3.0 (KIP-679).', '从 3.0 起默认是 all（KIP-679）。'],
        'acks-default-2-8-and-4-1',
        '3.0',
      ),
      claim(
        26,
        'confirmed',
        ['replication.factor ≥ 3.', 'replication.factor ≥ 3。'],
        [
          'With one replica a loss of power takes acknowledged records with it, whatever acks says.',
          '只有一个副本时，断电会带走已确认的消息，无论 acks 是什么。',
        ],
        'replication-factor-1-or-3',
      ),
      claim(
        27,
        'only-if',
        [
          'min.insync.replicas > 1: the message must be in at least two replicas to count as sent; its default is 1.',
          'min.insync.replicas > 1：消息至少在两个副本中才算发送成功；默认值是 1。',
        ],
        [
          'Under acks=all alone; other acks never read it. It is a gate for writes, not a quorum: it does not bring back what the last replica loses.',
          '仅在 acks=all 时有效；其他 acks 根本不看它。它是写入的门槛，不是多数派：最后一个副本丢掉的数据它找不回来。',
        ],
        'last-isr-member-power-loss',
      ),
      claim(
        28,
        'confirmed',
        [
          'unclean.leader.election.enable=false lowers the chance of loss.',
          'unclean.leader.election.enable=false 降低丢失的可能。',
        ],
        [
          'It waits instead: the partition has no leader until a member of the ISR is back.',
          '代价是等待：在 ISR 成员回来之前，分区没有 leader。',
        ],
        'unclean-election-loses-clean-waits',
      ),
    ],
  },
  {
    title: { en: 'Duplicating: producer', zh: '重复：生产者' },
    claims: [
      claim(
        29,
        'confirmed',
        [
          'The broker stored the message, the response was lost, the producer retries: a duplicate.',
          'broker 已存消息，响应丢失，生产者重试：产生重复。',
        ],
        ['A lost response is a connection that dies between append and answer.', '所谓响应丢失，就是连接在追加与应答之间断开。'],
        'lost-ack-and-retry-duplicates',
      ),
      claim(
        30,
        'only-if',
        ['Turn idempotence on.', '打开幂等。'],
        [
          'It removes the duplicates of retries; not those of a producer that starts again and sends again. On by default since 3.0.',
          '它消除重试产生的重复；但生产者重启后再次发送的重复除外。从 3.0 起默认打开。',
        ],
        'idempotence-ends-with-the-process',
        '3.0',
      ),
      claim(
        31,
        'confirmed',
        [
          'acks=0 without retries avoids it, and may lose (logs, metrics).',
          'acks=0 且不重试可以避免重复，但可能丢失（日志、指标）。',
        ],
        ['It never duplicates, and loses.', '它从不重复，但会丢。'],
        'acks-0-loses-never-duplicates',
      ),
    ],
  },
  {
    title: { en: 'Duplicating: consumer', zh: '重复：消费者' },
    claims: [
      claim(
        32,
        'confirmed',
        ['Processed but not committed in time.', '处理了但没有及时提交。'],
        ['Whoever owns the partition next begins at the committed offset.', '下一个拥有该分区的成员从已提交的 offset 开始。'],
        'rebalance-repeats-what-was-not-committed',
      ),
      claim(
        33,
        'confirmed',
        [
          'It dies, another member starts from the older offset: a few repeats.',
          '它死了，另一个成员从较旧的 offset 开始：少量重复。',
        ],
        [
          'As many as lie between the last commit and the death; with the defaults up to five seconds of them.',
          '重复的数量是最后一次提交到死亡之间的消息；默认设置下最多是五秒的量。',
        ],
        'rebalance-repeats-what-was-not-committed',
      ),
      claim(
        34,
        'confirmed',
        [
          'Commit by hand after each batch and at exit; even so one repeat cannot be excluded.',
          '每批处理之后以及退出时手动提交；即便如此也不能排除一次重复。',
        ],
        [
          'A clean exit repeats nothing, a crash between effect and commit always may.',
          '正常退出不会重复；在生效与提交之间崩溃则总有可能。',
        ],
        'commit-after-processing',
      ),
      claim(
        35,
        'confirmed',
        ['Make downstream idempotent: primary key or unique index.', '让下游幂等：主键或唯一索引。'],
        ['Handled twice, done once.', '处理两次，生效一次。'],
        'unique-key-in-the-sink',
      ),
      claim(
        36,
        'only-if',
        [
          'In strict cases put the offset or a unique id and the state change in one database transaction for exactly-once.',
          '严格场景下，把 offset 或唯一 id 与状态变更放进同一个数据库事务，实现恰好一次。',
        ],
        [
          'If the transaction is conditional on the stored offset. Without the condition a paused member writes over its successor.',
          '前提是事务以已存的 offset 为条件。没有这个条件，被暂停过的成员会覆盖它的接替者。',
        ],
        'offset-and-effect-in-one-transaction',
      ),
    ],
  },
  {
    title: { en: 'Backlog', zh: '积压' },
    claims: [
      claim(
        37,
        'open',
        ['Causes: the consuming task is down; too few partitions; keys skewed.', '原因：消费任务停了；分区太少；key 倾斜。'],
        notSimulated,
      ),
      claim(
        38,
        'open',
        ['After an outage, consume the newest at once and backfill the gap offline.', '故障之后，先消费最新的，再离线补齐缺口。'],
        notSimulated,
      ),
      claim(
        39,
        'open',
        [
          'Or resume from the committed offset, with more capacity until caught up.',
          '或者从已提交的 offset 恢复，加大处理能力直到追上。',
        ],
        notSimulated,
      ),
      claim(
        40,
        'open',
        ['Add partitions and, with them, consumers.', '增加分区，同时增加消费者。'],
        [
          'That members beyond the number of partitions are idle is shown; partitions that are added later are not simulated yet.',
          '成员数超过分区数时会空闲，可以演示；之后再增加分区尚未模拟。',
        ],
        'groups-are-independent',
      ),
      claim(41, 'open', ['Salt the key with a random suffix.', '给 key 加随机后缀。'], notSimulated),
    ],
  },
  {
    title: { en: 'Leader and follower', zh: 'leader 与 follower' },
    claims: [
      claim(
        42,
        'only-if',
        ['Only the leader serves clients.', '只有 leader 为客户端服务。'],
        [
          'For writes, yes. Reads may go to a follower since 2.4 (KIP-392). And a deposed leader goes on serving whoever still reaches it.',
          '写是这样。从 2.4 起读可以走 follower（KIP-392）。而被罢免的 leader 会继续服务仍能连到它的客户端。',
        ],
        'zombie-leader-acknowledges',
        '2.4',
      ),
      claim(
        43,
        'confirmed',
        [
          'Followers pull, passively, and stand ready to be elected when the leader’s broker dies.',
          'follower 被动地拉取，并在 leader 所在 broker 死亡时随时准备当选。',
        ],
        [
          'In the order of assignment, among the members of the ISR; not by the longest log.',
          '按分配顺序在 ISR 成员中选出，而不是按日志最长。',
        ],
        'acks-all-waits-for-the-isr',
      ),
    ],
  },
  {
    title: { en: 'Order', zh: '顺序' },
    claims: [
      claim(
        44,
        'confirmed',
        ['Partition order, not topic order.', '分区有序，而不是 topic 有序。'],
        [
          'And within a partition only while retries do not overtake each other: idempotence, or one request in flight.',
          '而且分区内有序的前提是重试互不超越：幂等，或只有一个请求在途。',
        ],
        'in-flight-retry-reorders',
      ),
      claim(
        45,
        'confirmed',
        ['One partition gives total order and throws away Kafka’s strength.', '单分区给出全序，但丢掉了 Kafka 的优势。'],
        ['One partition orders all; the price in throughput is not simulated.', '单分区使全部有序；吞吐的代价没有模拟。'],
        'order-holds-in-a-partition',
      ),
      claim(
        46,
        'only-if',
        ['Hash the entity’s key so that one entity stays in one partition.', '对实体的 key 取哈希，使同一实体留在同一分区。'],
        [
          'As long as the number of partitions does not change; and order ends where records are handed to workers that do not own their keys.',
          '前提是分区数不变；而且消息一旦交给不按 key 归属的工作线程，顺序就到此为止。',
        ],
        'key-order-and-workers',
      ),
      claim(
        47,
        'confirmed',
        ['Global order is rarely needed.', '很少需要全局有序。'],
        [
          'What an application needs is mostly the order of a key, and that a partition keeps.',
          '应用需要的大多是单个 key 的顺序，而分区能保证这一点。',
        ],
        'order-holds-in-a-partition',
      ),
    ],
  },
];

/** Words of the verdicts. */
export const verdictWords: Readonly<Record<ClaimVerdict, Both>> = {
  confirmed: { en: 'confirmed', zh: '属实' },
  'only-if': { en: 'true only if', zh: '有条件成立' },
  outdated: { en: 'outdated since', zh: '已过时' },
  wrong: { en: 'wrong', zh: '错误' },
  open: { en: 'open', zh: '待定' },
};
