/**
 * English for what is wrong with settings (`kafka/config`). `{setting}` is the dotted name it is about. The nearest right name and the
 * place are added by who shows it.
 */
export const problems = {
  'unknown-setting': 'Kafka knows no setting {setting}',
  'unknown-in-this-version': '{setting} is ignored by the client of Kafka {kafka}[: it came with {since}]',
  'invalid-value': '{setting}={found} is not of type {type}',
  'value-not-allowed': '{setting}={found} is not allowed',
  'out-of-range': '{setting}={found} is out of range[, at least {atLeast}][, at most {atMost}]',
  'not-modelled-yet':
    '{setting}={found} can change what happens to messages, but is not simulated yet; the result does not show it',
  'idempotence-needs-retries': 'enable.idempotence=true needs retries greater than 0 (Kafka: ConfigException)',
  'idempotence-needs-acks-all': 'enable.idempotence=true needs acks=all, you set acks={acks} (Kafka: ConfigException)',
  'idempotence-needs-max-in-flight-5':
    'enable.idempotence=true needs max.in.flight.requests.per.connection of at most 5, found {found} (Kafka: ConfigException)',
  'idempotence-disabled-by-retries': 'retries=0 silently turns the default enable.idempotence off',
  'idempotence-disabled-by-acks': 'acks={acks} silently turns the default enable.idempotence off',
  'idempotence-disabled-by-max-in-flight':
    'max.in.flight.requests.per.connection={found} silently turns the default enable.idempotence off',
  'acks-raised-by-idempotence': 'enable.idempotence=true raises the default acks to all',
  'transactional-id-needs-idempotence': 'transactional.id needs enable.idempotence=true (Kafka: ConfigException)',
  'delivery-timeout-too-small':
    'delivery.timeout.ms={found} is less than linger.ms={lingerMs} + request.timeout.ms={requestTimeoutMs} (Kafka: ConfigException)',
  'delivery-timeout-raised':
    'delivery.timeout.ms is raised to {to}, which is linger.ms={lingerMs} + request.timeout.ms={requestTimeoutMs}',
  'reconnect-backoff-constant': 'reconnect.backoff.ms={found} without reconnect.backoff.max.ms makes the wait constant',
  'retry-backoff-constant': 'retry.backoff.ms={found} exceeds retry.backoff.max.ms={max}, which makes the wait constant',
  'connection-setup-timeout-constant':
    'socket.connection.setup.timeout.ms={found} exceeds socket.connection.setup.timeout.max.ms={max}, which makes it constant',
  'auto-commit-without-group': 'enable.auto.commit=true needs a group.id (Kafka: InvalidConfigurationException)',
  'remote-assignor-needs-consumer-protocol': 'group.remote.assignor needs group.protocol=consumer (Kafka: ConfigException)',
  'replica-fetch-wait-exceeds-lag':
    'replica.fetch.wait.max.ms={found} exceeds replica.lag.time.max.ms={replicaLagTimeMaxMs}: the ISR would shrink on a quiet topic',
  'replica-fetch-wait-exceeds-socket-timeout':
    'replica.fetch.wait.max.ms={found} exceeds replica.socket.timeout.ms={replicaSocketTimeoutMs}: fetches would always time out',
  'flush-interval-checked-once':
    '{setting}={found} is looked at only once, 30 s after a start, while log.flush.scheduler.interval.ms is not set',
  'min-insync-above-replication-factor':
    'min.insync.replicas={found} exceeds the replication factor {replicationFactor}; the replication factor counts',
} as const;
