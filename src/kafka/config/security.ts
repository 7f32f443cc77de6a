/**
 * Settings of clients and brokers alike that cannot change a verdict in Spillway: encryption, authentication, metrics,
 * buffers of the operating system. They are known by name, so that an unknown name really is unknown.
 */
import { family, type Registry } from './setting.ts';

const trusted = 'Encryption or authentication: the simulated network is trusted.';

/** TLS and SASL as clients and brokers share them. */
export const securitySettings: Registry = {
  ...family(
    `
    security.providers ssl.cipher.suites ssl.enabled.protocols ssl.endpoint.identification.algorithm
    ssl.engine.factory.class ssl.keymanager.algorithm ssl.keystore.location ssl.keystore.type ssl.protocol ssl.provider
    ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.location ssl.truststore.type`,
    { modelled: 'no effect', doc: trusted, source: 'SslConfigs.java' },
  ),
  ...family(
    `
    ssl.key.password ssl.keystore.certificate.chain ssl.keystore.key ssl.keystore.password ssl.truststore.certificates
    ssl.truststore.password`,
    { modelled: 'no effect', doc: trusted, source: 'SslConfigs.java', type: 'password' },
  ),
  ...family(
    `
    sasl.client.callback.handler.class sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin
    sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor
    sasl.login.callback.handler.class sasl.login.class sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
    sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
    sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
    sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds
    sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.jti.include
    sasl.oauthbearer.assertion.claim.nbf.seconds sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
    sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.template.file
    sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience
    sasl.oauthbearer.expected.issuer sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
    sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
    sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
    sasl.oauthbearer.scope sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name
    sasl.oauthbearer.token.endpoint.url`,
    { modelled: 'no effect', doc: trusted, source: 'SaslConfigs.java' },
  ),
  ...family(
    `
    sasl.jaas.config sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.client.credentials.client.secret`,
    { modelled: 'no effect', doc: trusted, source: 'SaslConfigs.java', type: 'password' },
  ),
};

/** What every client has besides, without effect on a verdict. */
export const clientPlumbing: Registry = {
  ...securitySettings,
  ...family('auto.include.jmx.reporter', {
    modelled: 'no effect',
    doc: 'Metrics: they watch and change nothing.',
    source: 'CommonClientConfigs.java, KIP-830',
    until: '3.9',
  }),
  ...family('security.protocol sasl.mechanism', { modelled: 'no effect', doc: trusted, source: 'CommonClientConfigs.java' }),
  ...family(
    `
    enable.metrics.push metric.reporters metrics.num.samples metrics.recording.level
    metrics.sample.window.ms metrics.context.*`,
    { modelled: 'no effect', doc: 'Metrics: they watch and change nothing.', source: 'CommonClientConfigs.java' },
  ),
  ...family('bootstrap.servers client.dns.lookup client.id', {
    modelled: 'no effect',
    doc: 'Names and addresses: simulated hosts are found by their names.',
    source: 'CommonClientConfigs.java',
  }),
  ...family('receive.buffer.bytes send.buffer.bytes', {
    modelled: 'no effect',
    doc: 'Buffers of the operating system, in bytes: a simulated link is limited by its latency.',
    source: 'CommonClientConfigs.java',
  }),
  ...family('interceptor.classes config.providers config.providers.*', {
    modelled: 'no effect',
    doc: 'Code of the application, which is not simulated.',
    source: 'CommonClientConfigs.java',
  }),
  ...family(
    `
    schema.registry.* auto.register.schemas use.latest.version specific.avro.reader key.subject.name.strategy
    value.subject.name.strategy basic.auth.* json.* spring.json.*`,
    {
      modelled: 'no effect',
      doc: 'Settings of a serializer, which Kafka passes on unread.',
      source: 'AbstractConfig.java, unused settings',
    },
  ),
};

/** Timing of connections, which producer and consumer share. Times in milliseconds. */
export const connectionSettings = {
  'request.timeout.ms': {
    type: 'int',
    default: 30000,
    atLeast: 0,
    modelled: 'yes',
    source: 'CommonClientConfigs.java',
    doc: 'How long a client waits for a response before it closes the connection and fails every request on it, in ms.',
  },
  'retry.backoff.ms': {
    type: 'long',
    default: 100,
    atLeast: 0,
    modelled: 'yes',
    source: 'CommonClientConfigs.java, KIP-580',
    doc: 'Wait before a failed request is tried again, in ms; doubled by each failure up to retry.backoff.max.ms.',
  },
  'retry.backoff.max.ms': {
    type: 'long',
    default: 1000,
    atLeast: 0,
    since: '3.9',
    modelled: 'yes',
    source: 'CommonClientConfigs.java, KIP-580 (3.7)',
    doc: 'Longest wait between two tries of a request, in ms.',
  },
  'reconnect.backoff.ms': {
    type: 'long',
    default: 50,
    atLeast: 0,
    modelled: 'yes',
    source: 'CommonClientConfigs.java',
    doc: 'Wait before a broken connection is opened again, in ms; doubled by each failure up to reconnect.backoff.max.ms.',
  },
  'reconnect.backoff.max.ms': {
    type: 'long',
    default: 1000,
    atLeast: 0,
    modelled: 'yes',
    source: 'CommonClientConfigs.java',
    doc: 'Longest wait between two attempts to connect, in ms.',
  },
  'metadata.max.age.ms': {
    type: 'long',
    default: 300000,
    atLeast: 0,
    modelled: 'yes',
    source: 'CommonClientConfigs.java',
    doc: 'Age at which a client asks for metadata again though nothing failed, in ms.',
  },
  'socket.connection.setup.timeout.ms': {
    type: 'long',
    default: 10000,
    modelled: 'yes',
    source: 'CommonClientConfigs.java, KIP-601',
    doc: 'How long a connection may take to open, in ms; doubled by each failure up to its maximum.',
  },
  'socket.connection.setup.timeout.max.ms': {
    type: 'long',
    default: 30000,
    modelled: 'yes',
    source: 'CommonClientConfigs.java, KIP-601',
    doc: 'Longest that a connection may take to open, in ms.',
  },
  'connections.max.idle.ms': {
    type: 'long',
    default: 540000,
    modelled: 'later',
    source: 'CommonClientConfigs.java',
    doc: 'Age at which an idle connection is closed, in ms; runs are shorter than the default.',
  },
  'metadata.recovery.strategy': {
    type: 'string',
    default: { '2.8': 'none', '3.9': 'none', '4.1': 'rebootstrap' },
    allowed: ['none', 'rebootstrap'],
    anyCase: true,
    since: '3.9',
    modelled: 'later',
    source: 'CommonClientConfigs.java, KIP-899',
    doc: 'What a client does when it knows no broker that answers.',
  },
  'metadata.recovery.rebootstrap.trigger.ms': {
    type: 'long',
    default: 300000,
    atLeast: 0,
    since: '4.1',
    modelled: 'later',
    source: 'CommonClientConfigs.java, KIP-1102',
    doc: 'How long a client does without metadata before it goes back to bootstrap.servers, in ms.',
  },
} as const;
