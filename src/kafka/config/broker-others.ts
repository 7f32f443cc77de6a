/**
 * Broker settings of Kafka 2.8 to 4.1 that the simulator does not read: those it will read later, of which a user is told,
 * and those that cannot change a verdict here.
 */
import { securitySettings } from './security.ts';
import { family, type Registry } from './setting.ts';

/** Broker settings that are known and not read. */
export const brokerOthers: Registry = {
  ...family(
    `
    num.replica.fetchers fetch.max.bytes max.incremental.fetch.session.cache.slots
    replica.alter.log.dirs.io.max.bytes.per.second leader.replication.throttled.rate follower.replication.throttled.rate`,
    {
      modelled: 'later',
      doc: 'How followers and consumers fetch; one fetcher a broker is modelled.',
      source: 'ReplicationConfigs.java',
    },
  ),
  ...family(
    `
    eligible.leader.replicas.enable`,
    {
      modelled: 'later',
      doc: 'Elections beyond those of 3.9 without eligible leader replicas (KIP-966).',
      source: 'ReplicationConfigs.java, KRaftConfigs.java',
    },
  ),
  ...family(
    `
    log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size log.cleaner.delete.retention.ms log.cleaner.enable
    log.cleaner.io.buffer.load.factor log.cleaner.io.buffer.size log.cleaner.io.max.bytes.per.second
    log.cleaner.max.compaction.lag.ms log.cleaner.min.cleanable.ratio log.cleaner.min.compaction.lag.ms log.cleaner.threads`,
    {
      modelled: 'later',
      doc: 'Compaction: nothing is compacted.',
      source: 'ServerLogConfigs.java, CleanerConfig.java',
    },
  ),
  ...family(
    `
    compression.type compression.gzip.level compression.lz4.level compression.zstd.level log.message.timestamp.type
    log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms log.message.timestamp.difference.max.ms
    log.message.format.version log.message.downconversion.enable log.max.id.map.snapshots
    producer.id.expiration.check.interval.ms`,
    { modelled: 'later', doc: 'Codec, timestamps and producer snapshots of the log.', source: 'ServerLogConfigs.java' },
  ),
  ...family(
    `
    group.coordinator.new.enable group.coordinator.rebalance.protocols group.coordinator.append.linger.ms
    group.coordinator.threads group.coordinator.cached.buffer.max.bytes group.consumer.assignors
    group.consumer.heartbeat.interval.ms group.consumer.max.heartbeat.interval.ms group.consumer.max.session.timeout.ms
    group.consumer.max.size group.consumer.migration.policy group.consumer.min.heartbeat.interval.ms
    group.consumer.min.session.timeout.ms group.consumer.session.timeout.ms group.consumer.regex.refresh.interval.ms
    group.streams.heartbeat.interval.ms group.streams.initial.rebalance.delay.ms group.streams.max.heartbeat.interval.ms
    group.streams.max.session.timeout.ms group.streams.max.size group.streams.max.standby.replicas
    group.streams.min.heartbeat.interval.ms group.streams.min.session.timeout.ms group.streams.num.standby.replicas
    group.streams.session.timeout.ms group.share.assignors group.share.delivery.count.limit group.share.enable
    group.share.heartbeat.interval.ms group.share.max.groups group.share.max.heartbeat.interval.ms
    group.share.max.record.lock.duration.ms group.share.max.session.timeout.ms group.share.max.share.sessions
    group.share.max.size group.share.min.heartbeat.interval.ms group.share.min.record.lock.duration.ms
    group.share.min.session.timeout.ms group.share.partition.max.record.locks group.share.persister.class.name
    group.share.record.lock.duration.ms group.share.session.timeout.ms share.coordinator.append.linger.ms
    share.coordinator.cold.partition.snapshot.interval.ms share.coordinator.load.buffer.size
    share.coordinator.snapshot.update.records.per.snapshot share.coordinator.state.topic.compression.codec
    share.coordinator.state.topic.min.isr share.coordinator.state.topic.num.partitions
    share.coordinator.state.topic.prune.interval.ms share.coordinator.state.topic.replication.factor
    share.coordinator.state.topic.segment.bytes share.coordinator.threads share.coordinator.write.timeout.ms
    share.fetch.max.fetch.records share.fetch.purgatory.purge.interval.requests offset.metadata.max.bytes
    offsets.load.buffer.size offsets.retention.check.interval.ms offsets.retention.minutes
    offsets.topic.compression.codec offsets.topic.segment.bytes`,
    {
      modelled: 'later',
      doc: 'Groups and committed offsets.',
      source: 'GroupCoordinatorConfig.java, KIP-848, KIP-932, KIP-1071',
    },
  ),
  ...family(
    `
    transaction.abort.timed.out.transaction.cleanup.interval.ms transaction.max.timeout.ms
    transaction.partition.verification.enable transaction.remove.expired.transaction.cleanup.interval.ms
    transaction.state.log.load.buffer.size transaction.state.log.min.isr transaction.state.log.num.partitions
    transaction.state.log.replication.factor transaction.state.log.segment.bytes transaction.two.phase.commit.enable
    transactional.id.expiration.ms add.partitions.to.txn.retry.backoff.max.ms add.partitions.to.txn.retry.backoff.ms`,
    {
      modelled: 'later',
      doc: 'Transactions.',
      source: 'TransactionLogConfigs.java, TransactionStateManagerConfigs.java, KIP-98',
    },
  ),
  ...family(
    `
    remote.fetch.max.wait.ms remote.list.offsets.request.timeout.ms remote.log.* log.local.retention.bytes
    log.local.retention.ms rsm.config.* rlmm.config.*`,
    { modelled: 'later', doc: 'Tiered storage.', source: 'RemoteLogManagerConfig.java, KIP-405' },
  ),
  ...family(
    `
    controller.quorum.append.linger.ms controller.quorum.auto.join.enable controller.quorum.bootstrap.servers
    controller.quorum.retry.backoff.ms controller.quorum.voters controller.quorum.fetch.snapshot.max.bytes
    controller.socket.timeout.ms initial.broker.registration.timeout.ms metadata.log.max.record.bytes.between.snapshots
    metadata.log.max.snapshot.interval.ms metadata.log.segment.bytes metadata.log.segment.min.bytes metadata.log.segment.ms
    metadata.max.retention.bytes metadata.max.retention.ms server.max.startup.time.ms log.dir.failure.timeout.ms
    connections.max.idle.ms`,
    {
      modelled: 'later',
      doc: 'The quorum of controllers and its log.',
      source: 'QuorumConfig.java, KRaftConfigs.java',
    },
  ),

  ...family(
    `
    advertised.host.name advertised.listeners advertised.port control.plane.listener.name controller.listener.names
    early.start.listeners host.name inter.broker.listener.name listener.name.* listener.security.protocol.map listeners
    port broker.id broker.id.generation.enable broker.rack node.id process.roles reserved.broker.max.id cluster.id
    inter.broker.protocol.version unstable.api.versions.enable unstable.feature.versions.enable allow.plaintext.listener
    confluent.*`,
    {
      modelled: 'no effect',
      doc: 'Names, addresses and versions: simulated brokers are numbered from 1 and speak 3.9.',
      source: 'SocketServerConfigs.java, ServerConfigs.java',
    },
  ),
  ...family(
    `
    background.threads num.io.threads num.network.threads num.recovery.threads.per.data.dir
    num.replica.alter.log.dirs.threads queued.max.request.bytes queued.max.requests socket.listen.backlog.size
    socket.receive.buffer.bytes socket.request.max.bytes socket.send.buffer.bytes replica.socket.receive.buffer.bytes
    max.connection.creation.rate max.connections max.connections.per.ip max.connections.per.ip.overrides
    max.request.partition.size.limit fetch.purgatory.purge.interval.requests producer.purgatory.purge.interval.requests
    delete.records.purgatory.purge.interval.requests log.preallocate log.index.interval.bytes log.index.size.max.bytes
    log.segment.delete.delay.ms log.dir log.dirs metadata.log.dir num.partitions auto.create.topics.enable delete.topic.enable
    create.topic.policy.class.name alter.config.policy.class.name controller.performance.always.log.threshold.ms
    controller.performance.sample.period.ms`,
    {
      modelled: 'no effect',
      doc: 'Capacity and housekeeping: simulated topics are created as the scenario says, on one log directory.',
      source: 'ServerConfigs.java, SocketServerConfigs.java',
    },
  ),
  ...family(
    `
    alter.log.dirs.replication.quota.window.num alter.log.dirs.replication.quota.window.size.seconds
    client.quota.callback.class controller.quota.window.num controller.quota.window.size.seconds quota.consumer.default
    quota.producer.default quota.window.num quota.window.size.seconds replication.quota.window.num
    replication.quota.window.size.seconds`,
    { modelled: 'no effect', doc: 'Quotas: nothing is throttled.', source: 'QuotaConfig.java' },
  ),
  ...family(
    `
    authorizer.class.name connection.failed.authentication.delay.ms connections.max.reauth.ms
    delegation.token.expiry.check.interval.ms delegation.token.expiry.time.ms delegation.token.max.lifetime.ms
    password.encoder.cipher.algorithm password.encoder.iterations password.encoder.key.length
    password.encoder.keyfactory.algorithm principal.builder.class sasl.enabled.mechanisms
    sasl.kerberos.principal.to.local.rules sasl.mechanism.controller.protocol sasl.mechanism.inter.broker.protocol
    sasl.server.callback.handler.class sasl.server.max.receive.size security.inter.broker.protocol ssl.allow.dn.changes
    ssl.allow.san.changes ssl.client.auth ssl.principal.mapping.rules super.users allow.everyone.if.no.acl.found`,
    {
      modelled: 'no effect',
      doc: 'Encryption, authentication, authorisation: the simulated network is trusted.',
      source: 'BrokerSecurityConfigs.java',
    },
  ),
  ...family(
    `
    delegation.token.master.key delegation.token.secret.key password.encoder.old.secret password.encoder.secret`,
    {
      modelled: 'no effect',
      doc: 'Secrets.',
      source: 'DelegationTokenManagerConfigs.java',
      type: 'password',
    },
  ),
  ...family(
    `
    auto.include.jmx.reporter kafka.metrics.polling.interval.secs kafka.metrics.reporters metric.reporters
    metrics.num.samples metrics.recording.level metrics.sample.window.ms metrics.context.* telemetry.max.bytes
    config.providers config.providers.*`,
    { modelled: 'no effect', doc: 'Metrics: they watch and change nothing.', source: 'MetricConfigs.java' },
  ),
  ...family('zookeeper.*', {
    modelled: 'no effect',
    doc: 'Addresses and access of ZooKeeper: it is simulated, and trusted; cluster.metadata says whether there is one.',
    source: 'ZkConfigs.java',
  }),
  ...securitySettings,
};
