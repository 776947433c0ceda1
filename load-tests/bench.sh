#!/usr/bin/env bash
# Tidepool beside Undertow, Tomcat, Jetty and nginx: throughput, processor time, latency, memory, start;
# writes bench.json and bench.svg to load-tests/target. Takes about 8 minutes.
#   --short    shows only that it runs
#   --full     more and longer rounds, 100 reloads
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

case "$*" in
  "" | --short | --full) ;;
  *)
    sed -n '2,/^set/s/^# //p' "$0" >&2
    exit 2
    ;;
esac
export PATH=$PATH:/usr/sbin:/sbin
command -v wrk >/dev/null || install_packages "the benchmark" wrk
command -v nginx >/dev/null || install_packages "the benchmark" nginx-light
need_jdk
JAVA_HOME=$(find_jdk)
export JAVA_HOME
if [ ! -x deploy/target/tidepool/bin/tidepool ] || [ ! -d load-tests/target/classes ] ||
  [ ! -d load-tests/peers/target/lib ]; then
  need_maven
  mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -pl deploy,load-tests,load-tests/peers -am package </dev/null
fi
work=$(mktemp -d)
running=
cleanup() {
  if [ -n "$running" ]; then
    kill -TERM "$running" 2>/dev/null || true
    wait "$running" || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -Djava.io.tmpdir="$work" -cp load-tests/target/classes \
  dev.tidepool.load.PeerBenchmark deploy/target/tidepool load-tests/peers load-tests/target "$@" &
running=$!
result=0
wait "$running" || result=$?
running=
exit "$result"
