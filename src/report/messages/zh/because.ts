/** Chinese for the reasons of verdicts (`oracle/because.ts`), and for what would have changed each. */
export const because = {
  'acks-0-nobody-confirmed': 'acks=0 时，字节一交给套接字客户端就报告成功；从未有 broker 确认过这条记录',
  'acks-1-leader-only':
    '{leader:host} 独自确认了 offset {offset}（acks=1，epoch {epoch}）[；epoch {newEpoch} 当选的 {newLeader:host} 日志止于 {newLeaderEndOffset}，尚未拉取到它，于是日志从该处被截断]',
  'zombie-leader-acknowledged':
    '{leader:host} 已被取代，却仍以 epoch {epoch} 确认了 offset {offset}[：当时 {newLeader:host} 已在 epoch {newEpoch} 担任 leader]；得知之后，它截断了自己的日志[，截到 {newLeaderEndOffset}]',
  'isr-of-one-unclean-election':
    '提交 offset {offset} 时，ISR 中只有 {leader:host} 一个；随后 ISR 之外、日志止于 {newLeaderEndOffset} 的 {newLeader:host} 在 epoch {newEpoch} 当选，日志中没有这条记录',
  'unclean-election':
    'ISR 之外、日志止于 {newLeaderEndOffset} 的 {newLeader:host} 在 epoch {newEpoch} 当选；offset {offset} 已在 epoch {epoch} 由 {isrSize} 个副本的 ISR 提交，却不在它的日志里',
  'last-replica-lost-page-cache':
    'ISR 中只有 {newLeader:host} 一个，offset {offset} 还在它的页缓存里；断电之后它在 epoch {newEpoch} 当选，而日志止于 {newLeaderEndOffset}',
  'isr-member-lost-page-cache':
    '{newLeader:host} 断电，丢了日志末尾尚未刷盘的部分，却仍算在 ISR 之内；它在 epoch {newEpoch} 当选，日志止于 {newLeaderEndOffset}，offset {offset} 因此被截断',
  'all-replicas-lost-page-cache':
    '持有 offset {offset} 的每个副本都在刷盘之前断了电；{newLeader:host} 在 epoch {newEpoch} 当选，日志止于 {newLeaderEndOffset}',
  'replica-rotted':
    '{newLeader:host} 磁盘上的一个批次已损坏：加载时日志在 {newLeaderEndOffset} 处被截断，并从那里起在 epoch {newEpoch} 中担任 leader',
  'batch-rotted': 'leader 磁盘上 offset {offset} 处的批次已损坏：它还在，但无人能读',
  'replication-factor-1-lost-page-cache':
    'offset {offset} 只有 {leader:host} 的页缓存里这一份；断电之后它重新启动，日志止于 {newLeaderEndOffset}',
  'acknowledged-before-replicated':
    '高水位尚未越过 offset {offset}，{leader:host} 就答复了 acks=all：Kafka 不会这样做[；{newLeader:host} 在 epoch {newEpoch} 当选，日志止于 {newLeaderEndOffset}]',
  'acknowledged-never-appended': '确认中给出的是 offset {offset}，但没有任何 leader 追加过这条记录',
  'committed-not-on-elected-leader':
    'epoch {newEpoch} 从 ISR 中当选的 {newLeader:host} 日志止于 {newLeaderEndOffset}，缺少已提交的 offset {offset}，而它并非因断电丢失：Kafka 不会这样做',
  'read-above-high-watermark':
    'offset {offset} 尚未提交，{leader:host} 就把它给了消费者：Kafka 不会这样做[；{newLeader:host} 在 epoch {newEpoch} 当选，日志止于 {newLeaderEndOffset}]',
  'died-in-accumulator': '生产者进程退出时这条记录还没有结果；它的 callback 再也不会被调用',
  'record-too-large-ignored': '记录因 {errorCode:error} 被拒绝，而应用没有查看发送结果',
  'fire-and-forget': '发送因 {errorCode:error} 失败，而应用既不看 callback 也不看 future',
  'retry-after-unknown-outcome':
    '追加在 {firstOffset} 的那次尝试没有及时得到响应（{errorCode:error}）；重试又追加了一次，位于 {secondOffset}',
  'late-execution-of-a-timed-out-request':
    '客户端已经放弃这个请求（{errorCode:error}），broker 却仍然执行了它：记录同时位于 {firstOffset} 和 {secondOffset}',
  'retry-after-restart-new-producer-id':
    '重启后的应用用新的 producer id 再次发送了这条记录，broker 无法把它与旧的对应起来：它同时位于 {firstOffset} 和 {secondOffset}',
  'resent-after-restart': '重启后的应用再次发送了这条记录：它同时位于 {firstOffset} 和 {secondOffset}',
  'epoch-bumped-after-expiry':
    '生产者在 {errorCode:error} 之后提升了 epoch，并给在途批次重新编号，而其中一次尝试其实已经追加：记录同时位于 {firstOffset} 和 {secondOffset}',
  'retry-overtaken-in-flight':
    '这个批次失败（{errorCode:error}）后重发，而同时在途的 {overtaker} 已先追加在 {overtakerOffset}；它位于 {offset}',
  'disconnect-reversed-retries':
    '连接断开（{errorCode:error}）后，各批次以相反的顺序放回队列：{overtaker} 先发出，位于 {overtakerOffset}；这一条位于 {offset}',
  'late-execution-after-later-send':
    'broker 执行了客户端早已了结的请求（{errorCode:error}），此时 {overtaker} 已追加在 {overtakerOffset}；这一条位于 {offset}',
  'epoch-bumped-then-overtaken':
    '生产者在 {errorCode:error} 之后提升了 epoch；{overtaker} 先于这个重试的批次追加在 {overtakerOffset}，这一条位于 {offset}',
  'refused-yet-written': '每次尝试都被拒绝（{errorCode:error}），记录却能在 {offset} 读到：Kafka 不会这样做',
  'replicas-differ': '{replica:host} 与 {other:host} 都遵循 epoch {leaderEpoch}，在 offset {offset} 却是不同的记录',
  'epoch-led-again':
    '{replica:host} 与 {other:host} 在 offset {offset} 的记录不同：它们的 leader 断电丢失了记录，却仍在 epoch {leaderEpoch} 继续担任 leader',
  'not-yet-truncated':
    '{replica:host} 还没有从新 leader 拉取，运行就结束了：在 epoch {leaderEpoch} 的 offset {offset}，它与 {other:host} 仍不一致',
  'partition-offline': '分区没有 leader：最后一任是 {lastLeader:host}，记录在案的 ISR 有 {isrSize} 个副本，没有一个还在运行',
  'isr-below-minimum': 'ISR 一直只有 {isrSize} 个副本，低于 min.insync.replicas={minInsyncReplicas}：acks=all 被拒绝',
  'log-directory-failed': '一次 I/O 错误使 {broker:host} 的日志目录下线，此后它没有再启动',
  'corrupt-batch': '{leader:host} 日志中 offset {offset} 处批次的校验和不正确：follower 和消费者都无法越过它',
  'broker-deposed': '控制器在处理了 {broker:host} 当前实例的注册之后，又处理了它上一个实例的注册：重新启动之前它一直被隔离',
  'send-never-completed': '故障已全部消除，delivery.timeout.ms 也已过去，生产者却始终没有完成这次发送',
  'not-settled': '故障全部消除之后，集群没有在允许的时间内平静下来',
  'handler-threw': '{group} 的处理函数在 offset {offset} 抛出异常，提交的 offset 却照样越过了它',
  'committed-while-in-hand':
    '{member} 手里的这条记录还没处理完，{group} 提交的 offset 就已越过 {offset}；{member} 最终没有处理完它',
  'committed-before-handed': 'poll() 返回了 offset {offset}，而处理函数还没有拿到这条记录，{group} 提交的 offset 就已越过它',
  'reset-past-record': '{group} 没有已提交的 offset，auto.offset.reset 让它[从 {firstOffset} ]开始，落在 offset {offset} 之后',
  'deleted-before-read': 'offset {offset} 在 {group} 读到之前就已被删除：日志现在从 {logStartOffset} 开始',
  'written-below-position':
    '日志丢失了 {group} 从 offset {cut} 起已读过的记录；offset {offset} 是后来重新写入的，位于 {group} 继续读取的位置之前',
  'read-again-uncommitted':
    '{group} 的 offset {offset} 提交之前，{first} 已拿到这条记录；{second} 从已提交的 offset 开始，又读了一次',
  'read-again-after-cut':
    '日志丢失了 {group} 从 offset {cut} 起已读过的记录；{second} 从头开始，又读了 {first} 已处理过的 offset {offset}',
  'written-twice': '日志里有两份这条记录，{group} 两份都处理了：{first} 和 {second}，后一份位于 offset {offset}',
  'workers-overtook': '{member} 的一个工作线程先处理完了 {group} 的 {overtaker}，而 offset {offset} 本应在它之前',
  'read-again-behind': '{member} 处理完 {group} 的 {overtaker} 时，本应在前的 offset {offset} 还没有任何成员处理完',
  'key-moved':
    '{group} 先处理完了来自 {newPartition} 的 {overtaker}（分区增加后该 key 归它），而先发送的 offset {offset} 还没有处理完',
  'group-lags': '故障已全部消除，{group} 却仍[停在 offset {committed}，]落后于日志末尾（{endOffset}）',
  'no-evidence': '历史里没有这次运行的事件注记，无法说明记录遭遇了什么',
  unexplained: '这次运行的事件注记解释不了它：要么是 Spillway 的缺陷，要么是新发现',
} as const;

export const remedies = {
  'acks-0-nobody-confirmed': 'acks=all：所有 ISR 副本都有了这条记录，send() 才算成功',
  'acks-1-leader-only': 'acks=all：所有 ISR 副本都有了这条记录才确认',
  'zombie-leader-acknowledged': 'acks=all：被取代的 leader 无法提交，因为它的 follower 已改从继任者拉取',
  'isr-of-one-unclean-election':
    'unclean.leader.election.enable=false 保住记录，代价是可用性；min.insync.replicas=2 则会拒绝这次写入',
  'unclean-election': 'unclean.leader.election.enable=false 保住记录，代价是可用性',
  'last-replica-lost-page-cache':
    'log.flush.interval.messages=1；min.insync.replicas=2 会拒绝之后的写入，但若这条写得更早，就救不了它',
  'isr-member-lost-page-cache': 'log.flush.interval.messages=1，或让各副本不会同时断电',
  'all-replicas-lost-page-cache': 'log.flush.interval.messages=1，或让各副本不会同时断电',
  'replica-rotted': 'ISR 中有第二个副本（min.insync.replicas=2）：届时由日志完好的副本担任 leader',
  'batch-rotted': '任何配置都无济于事：须由完好的副本担任 leader，并删除损坏的副本后重新复制',
  'replication-factor-1-lost-page-cache': '副本因子 3 加 acks=all，或 log.flush.interval.messages=1',
  'acknowledged-before-replicated': '无：broker 本身有错',
  'acknowledged-never-appended': '无：broker 本身有错',
  'committed-not-on-elected-leader': '无：集群本身有错',
  'read-above-high-watermark': '无：broker 本身有错',
  'died-in-accumulator': 'Kafka 里没有办法：应用要记住哪些记录还没有结果，并重新发送',
  'record-too-large-ignored': '使用 callback，或检查 send() 返回的 future',
  'fire-and-forget': '使用 callback，或检查 send() 返回的 future',
  'retry-after-unknown-outcome': 'enable.idempotence=true：broker 凭序列号认出重试的批次',
  'late-execution-of-a-timed-out-request': 'enable.idempotence=true：broker 凭序列号认出重试的批次',
  'retry-after-restart-new-producer-id': '使用读取方能识别的 key，或使用带固定 transactional.id 的事务',
  'resent-after-restart': '使用读取方能识别的 key，或使用带固定 transactional.id 的事务',
  'epoch-bumped-after-expiry': '若起因是过期，加长 delivery.timeout.ms 可使它更少见；使用读取方能识别的 key 才能杜绝',
  'retry-overtaken-in-flight': 'enable.idempotence=true，或 max.in.flight.requests.per.connection=1',
  'disconnect-reversed-retries': 'enable.idempotence=true，或 max.in.flight.requests.per.connection=1',
  'late-execution-after-later-send': 'enable.idempotence=true：broker 拒绝序列号不连续的批次',
  'epoch-bumped-then-overtaken': 'max.in.flight.requests.per.connection=1',
  'refused-yet-written': '无：broker 本身有错',
  'replicas-differ': '无：集群本身有错',
  'epoch-led-again': 'KRaft（恢复的 leader 进入新的 epoch），或 flush.messages=1',
  'not-yet-truncated': '不需要：下一次拉取之后就一致了',
  'partition-offline': '让 ISR 中有更多副本，或 unclean.leader.election.enable=true，代价是丢失记录',
  'isr-below-minimum': '让更多副本保持运行，或调低 min.insync.replicas，代价是丢失记录',
  'log-directory-failed': '换一块磁盘：broker 必须重新启动',
  'corrupt-batch': '任何配置都无济于事：须由完好的副本担任 leader；或让消费者 seek 越过该批次',
  'broker-deposed': '没有这样的设置：broker 必须重新启动',
  'send-never-completed': '无：客户端本身有错',
  'not-settled': '在场景中给集群更长的平静时间',
  'handler-threw': '不要越过处理失败的记录提交：重试、转存到别处，或停止且不提交',
  'committed-while-in-hand': '只提交已处理完的：先处理后提交，enable.auto.commit=false',
  'committed-before-handed': 'enable.auto.commit=false，并且只提交已处理完的',
  'reset-past-record': '不允许漏处理的消费组应使用 auto.offset.reset=earliest',
  'deleted-before-read': 'retention.ms 或 retention.bytes 要大于消费者组可能的最大积压，并对积压设置告警',
  'written-below-position': '先止住写入端的丢失：acks=all、min.insync.replicas=2、flush；消费者组自己无从得知',
  'read-again-uncommitted': '让副作用可以重复：使用唯一键，或把 offset 与副作用放进同一个事务',
  'read-again-after-cut': '先止住写入端的丢失；或在下游使用唯一键',
  'written-twice': '写入端用 enable.idempotence=true；下游用唯一键',
  'workers-overtook': '同一个 key 的记录都交给同一个工作线程',
  'read-again-behind': '把 offset 与副作用放进同一个事务，并以已存的 offset 为条件',
  'key-moved': '等日志消费完、producer 停下后再增加分区，或改用新的 topic',
  'group-lags': '减少每次 poll 的记录数（max.poll.records），加快处理，或加长 max.poll.interval.ms',
  'no-evidence': '保留事件注记，重新运行一次',
  unexplained: '尚不清楚',
} as const;
