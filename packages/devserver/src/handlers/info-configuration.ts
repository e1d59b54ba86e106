import type { Namespace } from '../store/namespace.ts'
import type { InfoContext } from './info-context.ts'

/*
 * What `get-config` shows: the server's defaults, with the few settings that are real here. Captured from a server 8.1.2.
 */

/** Settings of the node. */
export function serviceConfiguration(context: InfoContext): string {
  return [
    'advertise-ipv6=false;auto-pin=none;batch-index-threads=2;batch-max-buffers-per-queue=255',
    'batch-max-requests=0;batch-max-unused-buffers=256;cgroup-mem-tracking=false',
    `cluster-name=${context.clusterName ?? 'null'};debug-allocations=false`,
    'disable-udf-execution=false;enable-benchmarks-fabric=false;enable-health-check=false',
    'enable-hist-info=false;enforce-best-practices=false;indent-allocations=false;info-max-ms=10000',
    'info-threads=16;keep-caps-ssd-health=false;log-local-time=false;log-millis=false',
    'microsecond-histograms=false;migrate-fill-delay=0;migrate-max-num-incoming=4;migrate-threads=1',
    `min-cluster-size=1;node-id=${context.nodeName};node-id-interface=null;os-group-perms=false`,
    'pidfile=null;poison-allocations=false;proto-fd-idle-ms=0;proto-fd-max=4096',
    'quarantine-allocations=0;query-max-done=100;query-threads-limit=128;run-as-daemon=false',
    'secrets-address-port=null;secrets-tls-context=null;secrets-uds-path=null;service-threads=2',
    'sindex-builder-threads=4;sindex-gc-period=10;stay-quiesced=false;ticker-interval=60',
    'tls-refresh-period=0;transaction-max-ms=1000;transaction-retry-ms=1002;vault-ca=null',
    'vault-namespace=null;vault-path=null;vault-token-file=null;vault-url=null',
    `work-directory=${context.workDirectory}`,
  ].join(';')
}

/** Settings of the sockets. */
export function networkConfiguration({ host, port }: InfoContext): string {
  return [
    `service.port=${port};service.address=${host};service.access-port=0`,
    `service.access-address=${host};service.alternate-access-port=0;service.tls-port=0`,
    'service.tls-access-port=0;service.tls-alternate-access-port=0;service.tls-name=null',
    `service.disable-localhost=false;admin.port=${port + 3};admin.address=${host};admin.tls-port=0`,
    `admin.tls-name=null;admin.disable-localhost=false;heartbeat.mode=mesh;heartbeat.address=${host}`,
    `heartbeat.port=${port + 2};heartbeat.tls-port=0;heartbeat.tls-name=null;heartbeat.interval=150`,
    'heartbeat.timeout=10;heartbeat.connect-timeout-ms=500;heartbeat.mtu=65536;heartbeat.protocol=v3',
    `fabric.address=${host};fabric.tls-port=0;fabric.tls-name=null;fabric.channel-bulk-fds=2`,
    'fabric.channel-bulk-recv-threads=4;fabric.channel-ctrl-fds=1;fabric.channel-ctrl-recv-threads=4',
    'fabric.channel-meta-fds=1;fabric.channel-meta-recv-threads=4;fabric.channel-rw-fds=8',
    'fabric.channel-rw-recv-pools=1;fabric.channel-rw-recv-threads=16;fabric.keepalive-enabled=true',
    'fabric.keepalive-intvl=1;fabric.keepalive-probes=10;fabric.keepalive-time=1',
    `fabric.latency-max-ms=5;fabric.port=${port + 1};fabric.recv-rearm-threshold=1024`,
    'fabric.send-threads=8',
  ].join(';')
}

/** Settings of a namespace. */
export function namespaceConfiguration(context: InfoContext, { settings }: Namespace): string {
  return [
    'active-rack=0;allow-ttl-without-nsup=true;apply-ttl-reductions=true;auto-revive=false',
    'background-query-max-rps=10000;conflict-resolution-policy=generation',
    `conflict-resolve-writes=false;default-read-touch-ttl-pct=0;default-ttl=${settings.defaultTtl}`,
    'disable-cold-start-eviction=false;disable-mrt-writes=false;disable-write-dup-res=false',
    'disallow-expunge=false;disallow-null-setname=false;enable-benchmarks-batch-sub=false',
    'enable-benchmarks-ops-sub=false;enable-benchmarks-read=false;enable-benchmarks-udf=false',
    'enable-benchmarks-udf-sub=false;enable-benchmarks-write=false;enable-hist-proxy=false',
    'evict-hist-buckets=10000;evict-indexes-memory-pct=0;evict-tenths-pct=5;force-long-queries=false',
    'ignore-migrate-fill-delay=false;index-stage-size=134217728;indexes-memory-budget=0',
    `inline-short-queries=false;max-record-size=${settings.maxRecordBytes};migrate-order=5`,
    'migrate-retransmit-ms=5000;migrate-skip-unreadable=false;migrate-sleep=1;mrt-duration=0',
    'nsup-hist-period=3600;nsup-period=30;nsup-threads=1;partition-tree-sprigs=256',
    'prefer-uniform-balance=false;rack-id=0;read-consistency-level-override=off',
    'reject-non-xdr-writes=false;reject-xdr-writes=false',
    `replication-factor=${context.replicationFactor};sindex-stage-size=134217728`,
    `single-query-threads=4;stop-writes-sys-memory-pct=90;strong-consistency=${settings.isStronglyConsistent}`,
    'strong-consistency-allow-expunge=false;tomb-raider-eligible-age=86400;tomb-raider-period=86400',
    'tomb-raider-unmark-threads=0;transaction-pending-limit=20;truncate-threads=4',
    'write-commit-level-override=off;xdr-bin-tombstone-ttl=86400;xdr-tomb-raider-period=120',
    'xdr-tomb-raider-threads=1;geo2dsphere-within.strict=true;geo2dsphere-within.min-level=1',
    'geo2dsphere-within.max-level=20;geo2dsphere-within.max-cells=12;geo2dsphere-within.level-mod=1',
    'geo2dsphere-within.earth-radius-meters=6371000;index-type=mem;sindex-type=mem',
    'storage-engine=memory;storage-engine.stripe[0]=stripe-0;storage-engine.stripe[1]=stripe-1',
    'storage-engine.stripe[2]=stripe-2;storage-engine.stripe[3]=stripe-3',
    'storage-engine.stripe[4]=stripe-4;storage-engine.stripe[5]=stripe-5',
    'storage-engine.stripe[6]=stripe-6;storage-engine.stripe[7]=stripe-7',
    'storage-engine.commit-to-device=false;storage-engine.compression=none',
    'storage-engine.compression-acceleration=0;storage-engine.compression-level=0',
    'storage-engine.data-size=2147483648;storage-engine.defrag-lwm-pct=50',
    'storage-engine.defrag-queue-min=0;storage-engine.defrag-sleep=1000',
    'storage-engine.defrag-startup-minimum=0;storage-engine.direct-files=false',
    'storage-engine.disable-odsync=false;storage-engine.enable-benchmarks-storage=false',
    'storage-engine.encryption-key-file=null;storage-engine.encryption-old-key-file=null',
    'storage-engine.evict-used-pct=0;storage-engine.filesize=0;storage-engine.flush-max-ms=1000',
    'storage-engine.max-write-cache=67108864;storage-engine.stop-writes-avail-pct=5',
    'storage-engine.stop-writes-used-pct=70;storage-engine.tomb-raider-sleep=1000',
  ].join(';')
}
