/** Chinese for what tables bring as data. A title of a column has room for three characters. */
export const words = {
  retries: 'retries',
  'idemp.': '幂等',
  any: '任意',
  max: '最大',
  off: '关',
  on: '开',
  'unclean on': 'unclean 开',
  '1 in flight, no id.': '1 个在途，无幂等',
  commit: '提交',
  handler: '处理',
  auto: '自动',
  before: '之前',
  after: '之后',
  'in sink': '在下游',
  'in the poll loop': '在轮询循环中',
  'handed to workers': '交给工作线程',
  'every batch': '每批',
  'every record': '每条记录',
  'in workers': '在工作线程中',
  '+ unique key in sink': '下游有唯一键',
  'offset+effect, one tx': '同事务存 offset',
  member: '成员',
  '>sess.': '>会话',
  '>poll': '>轮询',
  joins: '加入',
  throws: '抛错',
  leader: 'leader',
  crash: '崩溃',
  power: '断电',
  zombie: '僵尸',
  'ISR→1,': 'ISR→1,',
  ack: 'ack',
  lost: '丢失',
  moved: '切换',
  all: '全部',
  isolat: '隔离',
  paused: '停顿',
  slow: '缓慢',
  follow: '副本',
  torn: '残缺',
  write: '写入',
  fsync: 'fsync',
  error: '出错',
  nothing: '无',
  'whole number': '整数',
  number: '数字',
  object: '对象',
  array: '数组',
  string: '字符串',
  boolean: '布尔值',
  'every invariant holds': '每条不变式都成立',
  'every choice is asked for': '每个选择都被用到',
} as const;

/** The fault of a column in one sentence. */
export const columns = {
  'leader-crash': 'leader 的进程崩溃，20 s 后恢复；页缓存仍在。',
  'leader-power-loss': 'leader 所在的机器断电，20 s 后恢复，未刷盘的内容丢失。',
  'leader-cut-from-controller': 'leader 与 controller 互相不可达 20 s；其余各方与两者都相通。',
  'isr-shrunk-then-crash':
    'follower 有 60 s 无法从 leader 拉取，若其间 min.insync.replicas 会拒绝发送则为 122 s；25 s 时 ISR 只剩 leader，其进程崩溃，20 s 后恢复。',
  'isr-shrunk-then-power-loss': '同上，但 leader 所在的机器断电。',
  'ack-lost': 'leader 与客户端之间的连接被重置，恰在一次追加之后，或在任意时刻。',
  'leader-moved': '没有任何故障：运维人员把 leader 切换到下一个副本。',
  'all-power-loss': '所有 broker 同时断电，20 s 后恢复。',
  'leader-isolated': 'leader 有 20 s 连不上任何 broker 和 controller，只能连上客户端。',
  'leader-paused': 'leader 的进程停顿 20 s（一次长时间的垃圾回收）。',
  'slow-follower': '一个 follower 的延迟增加 300 ms，持续 20 s。',
  'torn-write': 'leader 在写入途中断电：磁盘上的最后一个批次残缺。',
  'fsync-error': 'leader 的一次 fsync 失败；该 broker 停止，20 s 后恢复。',
} as const;

/** The same in the consume table. */
export const consumeColumns = {
  'member-crash': '一个成员的进程在处理途中崩溃，10 s 后恢复。',
  'member-paused': '一个成员手里还有记录，停顿 15 s，长于 session.timeout.ms（此处为 6 s）。',
  'handler-past-poll-interval': '处理函数的一次调用卡住 12 s，长于 max.poll.interval.ms（此处为 6 s）。',
  'member-joins': '第一个成员正忙时，第二个成员加入。',
  'handler-throws': '处理函数对一个生产者的每第 50 条记录抛出异常；应用记下日志，继续处理。',
  'all-power-loss': '所有 broker 断电，10 s 后恢复，未刷盘的内容丢失：丢的是 offset，不是数据。',
} as const;

/** The same where the fault was fitted to settings of the user's own. */
export const ownColumns = {
  'member-paused': '一个成员手里还有记录，停顿 {seconds} s，长于 session.timeout.ms。',
  'handler-past-poll-interval': '处理函数的一次调用卡住 {seconds} s，长于 max.poll.interval.ms。',
} as const;

/** What stands between words and between sentences. */
export const punctuation = {
  list: '、',
  'list-end': '{most} 和 {last}',
  sentences: '；',
  clauses: '，',
  brackets: '（{text}）',
} as const;
