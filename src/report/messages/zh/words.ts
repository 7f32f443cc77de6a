/** Chinese for single words, headings, legends and the sentences around a matrix. */
export const harms = {
  lost: '丢失',
  swallowed: '静默失败',
  missed: '漏处理',
  duplicated: '重复',
  reprocessed: '重复处理',
  appliedTwice: '重复生效',
  reordered: '乱序',
  phantom: '幽灵记录',
  dirtyRead: '脏读',
  diverged: '副本分歧',
  stuck: '停滞',
  unavailable: '发送报错',
} as const;

/** What each word means, for the report of every count. */
export const meanings = {
  lost: '已向生产者确认（acks=0：客户端报告成功），故障消除并平静之后却不在 leader 的日志中',
  swallowed: '从未确认，应用也从未得知',
  missed: '在日志中，提交的 offset 已越过它，消费组却从未处理',
  duplicated: '一次发送，出现在 topic 的两个 offset',
  reprocessed: '两次交给消费组的处理函数',
  appliedTwice: '它的副作用在下游出现了两次',
  reordered: '同一生产者和分区，或同一个 key，日志或处理的顺序与发送顺序不同',
  phantom: '每次尝试都以表示未写入的错误被拒绝，却能读到',
  dirtyRead: '读到过，后来却从日志中消失',
  diverged: '遵循同一 epoch 的两个副本在同一 offset 有不同的记录',
  stuck: '故障全部消除之后仍没有进展',
  unavailable: '故障期间被拒绝或没有完成的发送：这是代价，不是异常',
} as const;

/** Parts of the heading of a matrix, by the name of the workload's parameter. */
export const workload = {
  client: '{value} 客户端',
  metadata: '元数据 {value}',
  protocol: '{value} 消费组',
  brokers: '{value} 个 broker',
  members: '{value|个成员|个成员}',
  replicationFactor: 'RF {value}',
  partitions: '{value|个分区|个分区}',
  records: '{value|条记录|条记录}',
  recordsPerSecond: '{value:thousands} 条/秒',
  handlerMs: '每条记录处理 {value} ms',
  workersMs: '工作线程 {value} ms',
  sessionTimeoutSeconds: 'session.timeout.ms {value} s',
  flushMessages: '以 acks=all 和 flush.messages={value} 写入日志',
  clientLatencyMs: '客户端延迟 {value} ms',
  followerLagMs: 'follower 落后 {value} ms',
  shrinkingLagSeconds: 'd、e：replica.lag.time.max.ms {value} s',
  shrunkSeconds: 'd、e：follower 被切断 {value} s，leader 在 25 s 时宕掉',
  refusedSeconds: 'd、e：min ISR 拒绝发送时切断 {value} s',
  outageMs: 'broker 在 {value} ms 后恢复',
  outageSeconds: 'broker 在 {value} s 后恢复',
  batchSize: 'batch.size {value}',
} as const;

export const matrix = {
  publish: '发布',
  consume: '消费',
  kafka: 'kafka {version}',
  'own-row': '你的（{files|个文件|个文件}）',
  'one-change': '{row} 改一处',
  legend: '{letter} {word}',
  more: '+ 还有更多种，--json 给出全部',
  number: '{number} = 在故障生效的运行中占的百分比',
  none: '· = {n:thousands} 次中 0 次（95 %：< {bound}）',
  'none-range': '· = {least:thousands} 到 {most:thousands} 次中 0 次（95 %：< {bound}）',
  'too-few': '? = 生效太少',
  'not-applicable': 'n/a = 没有这种故障',
  default: '* 默认',
  refused: '被 Kafka 拒绝：开启幂等，同时 {combinations}',
  'refused-row': '拒绝：{why}',
  control: '没有故障：{runs:thousands} 次中 {harmed:thousands} 次异常',
  why: '原因：npx spillway explain {cell}',
  again: '重现：npx spillway replay {cell}',
  mutant: '变异体 {name} 已打开：这不是 Kafka',
  contradiction: '与真值表不符：{cell} 出现了{harms}，而规则认为不可能：npx spillway replay {again}',
  'never-bit': '无结论：故障在 {cells} 中从未生效',
} as const;

/** What is to be known of the rows of the user's own consumer file. */
export const matrixNotes = {
  'own-auto-commit': '{rows}：你的文件说不出处理函数在哪里运行；enable.auto.commit=true 按两种方式都运行了，与 {like} 相同。',
  'own-after-batch': '{rows}：你的文件说不出应用何时提交；enable.auto.commit=false 按 {like} 的方式运行，每批之后提交。',
  'own-reset': '{rows}：生效的是 auto.offset.reset={reset}；消费组形成之后才有记录到来，因为新的消费组会越过更早的记录。',
  'own-instance-id': '{rows}：运行时去掉了 group.instance.id，它只是一个成员的名字，不能同属两个成员。',
} as const;

/** What surprises in a matrix. Each is said only where its cells show it. */
export const surprises = {
  'planned-move-loses':
    'acks={acks} 在 {n:thousands} 次计划内的 leader 切换中有 {count:thousands} 次丢失已确认的记录：不需要任何崩溃。',
  'default-loses': '默认配置也会丢失已确认的记录，见于 {columns}：最坏时 {n:thousands} 次运行中有 {count:thousands} 次。',
  'retries-duplicate':
    '没有幂等时，重试把丢失的确认变成了重复，{n:thousands} 次运行中有 {count:thousands} 次；有幂等时一次也没有。',
  'handed-over-misses':
    '默认的自动提交，只要处理函数把记录交给工作线程，在 {n:thousands} 次成员崩溃中就有 {count:thousands} 次漏处理；在轮询循环中则一次也没有。',
  'flushed-repeats':
    '每条记录都已刷盘，所有 broker 断电仍会让 {rows} 重复生效：已提交的 offset 还在页缓存里，最坏时 {n:thousands} 次运行中有 {count:thousands} 次。',
  'every-record-repeats':
    '每条记录之后都提交，在 {n:thousands} 次成员崩溃中仍有 {count:thousands} 次重复生效；下游的唯一键使它不再发生，{none:thousands} 次中 0 次。',
  'throwing-misses':
    '处理函数抛出异常后继续，{rows} 行全都漏处理，{n:thousands} 次运行中至少 {count:thousands} 次：怎样提交都无济于事。',
  'min-isr-refuses':
    'min.insync.replicas=2 在默认配置会独自确认的情况下拒绝写入，但在 {column} 的 {n:thousands} 次运行中仍有 {count:thousands} 次丢失。',
} as const;

/** The words of a run's summary. */
export const run = {
  check: '[{case}，]种子 {seed}',
  identity: '种子 {seed} · kafka {kafka} · {events:thousands} 个事件 · 虚拟时间 {virtual:us} · 轨迹 {hash}',
  publish: '发送 {sent:thousands} · 确认 {acknowledged:thousands} · 失败 {failed:thousands} · 未知 {unknown:thousands}',
  'as-expected': '符合预期',
  'expectation-broken': '不符合预期',
  inconclusive: '无结论',
  'nothing-happened': '没有异常',
  'and-more': '等，另有 {count:thousands} 条',
  price: '故障期间有 {count|次发送|次发送}报错',
  unpermitted: '按这些配置和已生效的故障，这不应发生：要么是 Spillway 的缺陷，要么是新发现',
  fault: '{name}（{target}），{atUs:us} 时：{bit}',
  'fault-never': '{name}：没有发生',
  bit: '已生效',
  'not-bit': '没有触及任何东西',
  held: '成立，实际为 {found}',
  broken: '不成立，实际为 {found}',
  'label-publish': '发布',
  'label-fault': '故障',
  'label-expect': '预期',
  'label-because': '原因',
  'label-mend': '对策',
  'label-again': '重现',
  'label-why': '缘由',
  'a-fault-never-bit': '有故障没有生效，因此这次运行说明不了什么',
  'a-choice-matched-nothing': '场景中有选择没有被用到，因此这已是另一次运行',
  'budget-ended': '运行结束之前，事件预算已用尽',
  'cannot-tell': '结束时有分区没有 leader 可查，因此无法判断是否丢失',
  'not-settled': '集群没有在允许的时间内平静下来',
  summary: '{scenarios|个场景|个场景}，{cases|个用例|个用例}：{good:thousands} 个符合预期',
  'summary-broken': '{count:thousands} 个不符合预期',
  'summary-inconclusive': '{count:thousands} 个无结论',
  share: '{of:thousands} 次运行中有 {count:thousands} 次{word}（95 %：{low} 至 {high}）',
  'share-none': '{of:thousands} 次运行中有 {count:thousands} 次没有异常[（95 %：出现异常的低于 {bound}）]',
  'share-idle': '{of:thousands} 次运行中有 {count:thousands} 次故障没有生效',
  'first-wrong': '第一个不符合预期的：{replay}',
  joy: '一切都如论断所言。',
} as const;

/** The words of a replay. */
export const replay = {
  'same-again': '同一次运行做了两遍，第二遍带完整轨迹：两次都是 {hash}',
  'not-deterministic': '不确定：{run} 先给出轨迹 {first}，后给出 {second}',
  history: '已写入 {file}；判定：npx spillway judge {file}',
  'left-out': '省略了 {count|行轨迹|行轨迹}；--trace 会全部打印',
  dirty: '此时（{at}）断电最多会失去',
  'nothing-dirty': '此时（{at}）断电不会失去任何东西：全部已落盘',
  'dirty-log':
    '{broker:host}  {partition}  从 offset {fromOffset} 到 {endOffset} 的 {records|条记录|条记录}，{bytes:thousands} 字节',
} as const;

export const shrink = {
  minimal: '用 {runs|次|次}运行缩到最小：再去掉任何一样，异常就消失',
  'not-minimal': '用了 {runs|次|次}运行，尚未缩到最小',
  change: '{what} {from:thousands} → {to:thousands}',
  brokers: 'broker',
  clients: '客户端',
  records: '记录',
  faults: '故障',
  choices: '随机选择',
  topic: '{partitions|个分区|个分区}，{replicas|个副本|个副本}',
  sends: '向 {topic} 发送 {count|条记录|条记录}',
  reads: '读取 {topic}',
  group: '{members|个成员|个成员}读取 {topic} · 提交 {commit} · 下游 {sink}',
  choice: '随机选择',
} as const;

export const diff = {
  same: '同一次运行：轨迹的 {lines:thousands} 行全部相同，{hash}',
  'same-for': '轨迹有 {lines|行|行}相同，然后分岔：',
  'at-once': '从第一行起就不同：',
  'first-turn': '第一处不同的转折：',
  ended: '已结束',
} as const;

/** The words around a life story. */
/** `list` 在场景之间所说的话。 */
export const list = {
  canon: '已发表的故障案例，按编号排列（docs/canon.md）',
} as const;

export const explain = {
  heading: '{partition} 中的 {record}[，offset {offset}]',
  harmless: '{record} 没有遭遇任何异常',
  records: '{count|条记录|条记录}受害：{list}',
  cluster: '集群',
  'cluster-too': '{harms} 与单条记录无关：用 cluster 代替记录名',
  because: '原因',
  weaker: '比以为的弱',
  permitted: '允许它的规则',
  mend: '如何避免',
  again: '重现',
} as const;
