/** Chinese for what a judge says of a history of operations: the kinds of anomalies, a sentence for each one found, the words around. */

/** What each kind means. */
export const anomalies = {
  'lost-write': '已生效，位于有人读到的位置之前，却无人读到',
  unseen: '已确认，至今无人读到：迟到或丢失',
  duplicate: '同一个值出现在多个 offset',
  'inconsistent-offsets': '同一个 offset 上有多个值',
  G1a: '写入已确定失败，却被读到',
  'precommitted-read': '被发送它的事务自己读到',
  'no-writer': '被读到，却无人发送',
  'int-nonmonotonic-poll': '同一操作内读回退，或重复读',
  'int-poll-skip': '同一操作内读取时跳过了记录',
  'nonmonotonic-poll': '同一进程的下一次 poll 回退或重复读',
  'poll-skip': '同一进程的下一次 poll 跳过了记录',
  'int-nonmonotonic-send': '同一操作的发送顺序与日志顺序不同',
  'nonmonotonic-send': '同一进程的发送顺序与日志顺序不同',
  'int-send-skip': '同一操作的两次发送之间夹有其他记录',
  G0: '多个日志中写入的先后互相矛盾',
  'G0-process': '写入顺序与进程内的先后矛盾',
  'G0-realtime': '写入顺序与时间先后矛盾',
  G1c: '操作互相读取，形成环',
  'G1c-process': '经由进程内先后形成的这种环',
  'G1c-realtime': '经由时间先后形成的这种环',
} as const;

/** One sentence for each anomaly found. Operations are named by their index in the history. */
export const findings = {
  'lost-write': '{key}：操作 {writer} 发送的 {value} 位于第 {index} 位；操作 {reader} 已读到第 {readUpTo} 位，却无人读到它',
  unseen: '{key}：{count|个值|个值}已确认却从未被读到：{list}',
  duplicate: '{key}：{value} 位于 offset {offsets}',
  'inconsistent-offsets': '{key}：offset {offset} 上有过 {list}',
  G1a: '{key}：操作 {reader} 读到 {value}，而它的发送在操作 {writer} 中失败',
  'precommitted-read': '{key}：操作 {operation} 发送了 {value}，并在结束之前读到它',
  'no-writer': '{key}：操作 {reader} 读到无人发送的 {value}',
  'int-nonmonotonic-poll': '{key}：操作 {operation} 读到 {first} 之后又读到 {second}，后者在前者之前 {back|位|位}',
  'int-repeated-poll': '{key}：操作 {operation} 紧接着又读到 {first}',
  'repeated-poll': '{key}：操作 {before} 已读到 {first}，同一进程的操作 {operation} 又读到它',
  'int-poll-skip': '{key}：操作 {operation} 读到 {first}，接着读到 {second}，跳过了 {skipped}',
  'nonmonotonic-poll': '{key}：操作 {before} 已读到 {first}；同一进程的操作 {operation} 却从 {second} 读起，退回 {back|位|位}',
  'poll-skip': '{key}：操作 {before} 已读到 {first}；同一进程的操作 {operation} 从 {second} 读起，跳过了 {skipped}',
  'int-nonmonotonic-send': '{key}：操作 {operation} 先发送 {first} 再发送 {second}，后者却在前者之前 {back|位|位}',
  'nonmonotonic-send':
    '{key}：操作 {before} 发送了 {first}；同一进程的操作 {operation} 随后发送 {second}，却在它之前 {back|位|位}',
  'int-send-skip': '{key}：操作 {operation} 先发送 {first} 再发送 {second}；两者之间有 {skipped}',
  // Of a cycle.
  operation: '{name} 是进程 {process} 的操作 {index}[：{what}]',
  ww: '{a} 先于 {b}：它向 {key} 发送了 {value}，紧随其后的是 {b} 的 {next}',
  wr: '{a} 先于 {b}：它向 {key} 发送了 {value}，{b} 读到了它',
  process: '{a} 先于 {b}：进程 {process} 先做前者，再做后者',
  realtime: '{a} 先于 {b}：{b} 开始时它已完成',
  contradiction: '于是 {a} 先于它自己，自相矛盾',
} as const;

export const judging = {
  size: '{operations|个操作|个操作}，{processes|个进程|个进程}',
  seen: '{keys|个 key|个 key} · {values|个值|个值} · {acknowledged:thousands} 个已确认 · {read:thousands} 个被读到',
  allowed: '{meaning}（允许）',
  more: '另有 {count:thousands} 个；--all 全部列出',
  valid: '没有 Kafka 不允许的异常',
  'valid-clean': '没有异常',
  invalid: '不允许：{kinds}',
  subscribed: '消费者使用 subscribe：再均衡之后，下一次 poll 可以跳过或重复读',
  assigned: '消费者使用 assign：进程的下一次 poll 从原处继续',
} as const;
