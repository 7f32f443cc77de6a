/** Chinese for what is wrong with settings (`kafka/config`). `{setting}` is the dotted name it is about. */
export const problems = {
  'unknown-setting': 'Kafka 没有 {setting} 这个配置项',
  'unknown-in-this-version': 'Kafka {kafka} 的客户端会忽略 {setting}[：它从 {since} 起才有]',
  'invalid-value': '{setting}={found} 不是 {type} 类型',
  'value-not-allowed': '不允许 {setting}={found}',
  'out-of-range': '{setting}={found} 超出范围[，最小 {atLeast}][，最大 {atMost}]',
  'not-modelled-yet': '{setting}={found} 可能影响消息，但尚未模拟；结果中看不出它的作用',
  'idempotence-needs-retries': 'enable.idempotence=true 要求 retries 大于 0（Kafka：ConfigException）',
  'idempotence-needs-acks-all': 'enable.idempotence=true 要求 acks=all，而你设置了 acks={acks}（Kafka：ConfigException）',
  'idempotence-needs-max-in-flight-5':
    'enable.idempotence=true 要求 max.in.flight.requests.per.connection 不超过 5，实际为 {found}（Kafka：ConfigException）',
  'idempotence-disabled-by-retries': 'retries=0 会悄悄关闭默认开启的 enable.idempotence',
  'idempotence-disabled-by-acks': 'acks={acks} 会悄悄关闭默认开启的 enable.idempotence',
  'idempotence-disabled-by-max-in-flight':
    'max.in.flight.requests.per.connection={found} 会悄悄关闭默认开启的 enable.idempotence',
  'acks-raised-by-idempotence': 'enable.idempotence=true 会把 acks 的默认值提升为 all',
  'transactional-id-needs-idempotence': 'transactional.id 要求 enable.idempotence=true（Kafka：ConfigException）',
  'delivery-timeout-too-small':
    'delivery.timeout.ms={found} 小于 linger.ms={lingerMs} + request.timeout.ms={requestTimeoutMs}（Kafka：ConfigException）',
  'delivery-timeout-raised': 'delivery.timeout.ms 被提升到 {to}，即 linger.ms={lingerMs} + request.timeout.ms={requestTimeoutMs}',
  'reconnect-backoff-constant': '只设置 reconnect.backoff.ms={found} 而没有 reconnect.backoff.max.ms，等待时间就固定不变',
  'retry-backoff-constant': 'retry.backoff.ms={found} 大于 retry.backoff.max.ms={max}，等待时间就固定不变',
  'connection-setup-timeout-constant':
    'socket.connection.setup.timeout.ms={found} 大于 socket.connection.setup.timeout.max.ms={max}，超时就固定不变',
  'auto-commit-without-group': 'enable.auto.commit=true 要求有 group.id（Kafka：InvalidConfigurationException）',
  'remote-assignor-needs-consumer-protocol': 'group.remote.assignor 要求 group.protocol=consumer（Kafka：ConfigException）',
  'replica-fetch-wait-exceeds-lag':
    'replica.fetch.wait.max.ms={found} 大于 replica.lag.time.max.ms={replicaLagTimeMaxMs}：topic 空闲时 ISR 会收缩',
  'replica-fetch-wait-exceeds-socket-timeout':
    'replica.fetch.wait.max.ms={found} 大于 replica.socket.timeout.ms={replicaSocketTimeoutMs}：拉取总会超时',
  'flush-interval-checked-once': '没有设置 log.flush.scheduler.interval.ms 时，{setting}={found} 只在启动 30 s 后检查一次',
  'min-insync-above-replication-factor': 'min.insync.replicas={found} 大于副本因子 {replicationFactor}；以副本因子为准',
} as const;
